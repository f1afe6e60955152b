# Imported before torchvision and torchmetrics: stand-ins for the operators of torchvision's own library, which does not
# load beside every build of PyTorch. The chapters call none of them, but the import asks for them.
import torch

for _name in ("nms", "qnms", "roi_align", "qroi_align", "roi_pool", "ps_roi_align", "ps_roi_pool", "deform_conv2d"):
    for _operator in (_name, f"_{_name}_backward"):
        if not hasattr(torch.ops.torchvision, _operator):
            torch.library.define(f"torchvision::{_operator}", "(Tensor input) -> Tensor")
