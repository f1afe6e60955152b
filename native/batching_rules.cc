// How vmap computes losses for which LibTorch has no batching rule of its own, and would go through the batch one by one:
// in terms of operators that have one.
#include <ATen/ATen.h>
#include <torch/library.h>

#include <tuple>

namespace tstorch {

namespace {

using at::Tensor;
using OptionalTensor = std::optional<Tensor>;

// What the gradient of each element is multiplied with.
Tensor scaled(const Tensor& grad_output, const Tensor& self, int64_t reduction) {
  return reduction == at::Reduction::Mean ? grad_output / self.numel() : grad_output;
}

Tensor mse_loss_backward(const Tensor& grad_output, const Tensor& self, const Tensor& target, int64_t reduction) {
  return (self - target) * scaled(grad_output, self, reduction) * 2;
}

Tensor smooth_l1_loss_backward(const Tensor& grad_output, const Tensor& self, const Tensor& target, int64_t reduction,
                               double beta) {
  Tensor difference = self - target;
  Tensor slope = at::where(difference.abs() < beta, difference / beta, difference.sign());
  return slope * scaled(grad_output, self, reduction);
}

Tensor huber_loss_backward(const Tensor& grad_output, const Tensor& self, const Tensor& target, int64_t reduction,
                           double delta) {
  return (self - target).clamp(-delta, delta) * scaled(grad_output, self, reduction);
}

// Classes lie along the second dimension, or along the only one. Positions to be ignored point at class 0.
struct Classes {
  Classes(const Tensor& self, const Tensor& target, const c10::SymInt& ignore_index)
      : dim(self.dim() < 2 ? 0 : 1), counted(target.ne(ignore_index)), target(at::where(counted, target, 0)) {}

  Tensor pick(const Tensor& values) const { return values.gather(dim, target.unsqueeze(dim)).squeeze(dim); }
  // A weight for each class, shaped to be multiplied with values.
  Tensor shaped(const Tensor& weight, const Tensor& values) const {
    std::vector<int64_t> shape(static_cast<size_t>(values.dim()), 1);
    shape[static_cast<size_t>(dim)] = -1;
    return weight.reshape(shape);
  }

  int64_t dim;
  Tensor counted;
  Tensor target;
};

std::tuple<Tensor, Tensor> nll_loss_forward(const Tensor& self, const Tensor& target, const OptionalTensor& weight,
                                            int64_t reduction, c10::SymInt ignore_index) {
  Classes classes(self, target, ignore_index);
  Tensor weights = weight.has_value() && weight->defined()
                       ? classes.pick(classes.shaped(*weight, self).expand_as(self))
                       : at::ones_like(classes.target, self.options());
  weights = weights.masked_fill(classes.counted.logical_not(), 0);
  Tensor losses = classes.pick(self).neg() * weights;
  // Infinite where it is ignored, the product is not a number.
  losses = losses.masked_fill(classes.counted.logical_not(), 0);
  if (reduction == at::Reduction::None && self.dim() > 1) return {losses, at::zeros({}, self.options())};
  Tensor total = weights.sum();
  Tensor sum = losses.sum();
  return {reduction == at::Reduction::Mean ? sum / total : sum, total};
}

Tensor nll_loss_backward(const Tensor& grad_output, const Tensor& self, const Tensor& target,
                         const OptionalTensor& weight, int64_t reduction, c10::SymInt ignore_index,
                         const Tensor& total_weight) {
  Classes classes(self, target, ignore_index);
  Tensor grad = reduction == at::Reduction::Mean ? grad_output / total_weight : grad_output;
  if (grad.dim() > 0 && grad.dim() < self.dim()) grad = grad.unsqueeze(classes.dim);
  grad = grad.masked_fill(classes.counted.logical_not().unsqueeze(classes.dim), 0);
  if (weight.has_value() && weight->defined()) grad = grad * classes.shaped(*weight, self);
  Tensor chosen = at::zeros_like(self).scatter(classes.dim, classes.target.unsqueeze(classes.dim), -1);
  return chosen * grad;
}

TORCH_LIBRARY_IMPL(aten, FuncTorchBatchedDecomposition, library) {
  library.impl("mse_loss_backward", mse_loss_backward);
  library.impl("smooth_l1_loss_backward", smooth_l1_loss_backward);
  library.impl("huber_loss_backward", huber_loss_backward);
  library.impl("nll_loss_forward", nll_loss_forward);
  library.impl("nll_loss_backward", nll_loss_backward);
  library.impl("nll_loss2d_forward", nll_loss_forward);
  library.impl("nll_loss2d_backward", nll_loss_backward);
}

}  // namespace

}  // namespace tstorch
