"""The file format of the conformance samples: JSON for the calls, one block of bytes for the elements of all tensors.

A value in JSON is itself where JSON has it; everything else is an object with one key that says what it is. The reader
is tests/conformance/bundle.ts.
"""

import gzip
import hashlib
import json
import math

import torch

import made
from calls import NotPublic, public_name

MOST_EXACT = 2**53

# Dtypes that no typed array of JavaScript holds, and the wider one that their elements are written in.
WRITTEN_AS = {
    torch.float16: torch.float32,
    torch.bfloat16: torch.float32,
    torch.complex32: torch.complex64,
    torch.bool: torch.uint8,
}


def name_of(value):
    return str(value).removeprefix("torch.")


def bytes_of(tensor):
    """The elements of a dense tensor in row-major order, in the dtype that they are written in."""
    if tensor.device.type != "cpu":
        raise NotPublic(f"a tensor on {tensor.device}")
    dense = tensor.detach().resolve_conj().resolve_neg().contiguous()
    dense = dense.to(WRITTEN_AS.get(dense.dtype, dense.dtype))
    if dense.dtype.is_complex:
        dense = torch.view_as_real(dense)
    if str(dense.dtype).startswith(("torch.q", "torch.float8")):
        raise NotPublic(f"a tensor of {dense.dtype}")
    # A copy: memory that numpy has seen can no longer be resized, and some gradients are zeros without memory.
    return torch.empty(dense.shape, dtype=dense.dtype).copy_(dense).flatten().numpy().tobytes()


def digest(tensor):
    """What tells the elements of a tensor from all others, in little space."""
    return hashlib.sha1(bytes_of(tensor)).hexdigest()[:16]


class Bundle:
    """Collects samples of operators, and writes them to `<path>.json.gz` and `<path>.bin.gz`."""

    def __init__(self):
        self.ops = []
        self._bytes = bytearray()
        self._known = {}

    def write(self, path, level=9):
        text = json.dumps({"torch": torch.__version__, "ops": self.ops}, separators=(",", ":"), allow_nan=False)
        for suffix, data in ((".json.gz", text.encode()), (".bin.gz", bytes(self._bytes))):
            # Without a time in it, so that the same samples make the same file.
            with open(f"{path}{suffix}", "wb") as file:
                file.write(gzip.compress(data, compresslevel=level, mtime=0))

    def data(self, tensor):
        """Where the elements of a dense tensor lie: [offset, bytes]."""
        raw = bytes_of(tensor)
        # Aligned, so that the reader can lay a typed array over them.
        place = self._known.get(raw)
        if place is None:
            self._bytes.extend(b"\0" * (-len(self._bytes) % 8))
            place = self._known[raw] = [len(self._bytes), len(raw)]
            self._bytes.extend(raw)
        return place

    def input(self, tensor):
        """A tensor as the reader can make it again: elements, sizes, strides where they matter, flags."""
        described = {"dtype": name_of(tensor.dtype), "shape": list(tensor.shape)}
        if tensor.requires_grad:
            described["grad"] = True
        if tensor.layout == torch.strided:
            if tensor.is_conj():
                return {**self.input(tensor.detach().conj()), **described, "conj": True}
            if tensor.is_neg():
                return {**self.input(tensor.detach()._neg_view()), **described, "neg": True}
            if not tensor.is_contiguous():
                described["stride"] = list(tensor.stride())
            described["data"] = self.data(window(tensor))
            return described
        detached = tensor.detach()
        described["layout"] = name_of(tensor.layout)
        if tensor.layout == torch.sparse_coo:
            described["coalesced"] = tensor.is_coalesced()
            parts = [detached._indices(), detached._values()]
        elif tensor.layout in (torch.sparse_csr, torch.sparse_bsr):
            parts = [detached.crow_indices(), detached.col_indices(), detached.values()]
        elif tensor.layout in (torch.sparse_csc, torch.sparse_bsc):
            parts = [detached.ccol_indices(), detached.row_indices(), detached.values()]
        else:
            raise NotPublic(f"a tensor of layout {tensor.layout}")
        described["parts"] = [self.input(part) for part in parts]
        return described

    def expected(self, value, unwritten=False):
        """A result; of one that nobody has written without its elements."""
        if isinstance(value, torch.Tensor):
            described = {"dtype": name_of(value.dtype), "shape": list(value.shape)}
            if value.requires_grad:
                described["grad"] = True
            if value.is_meta:
                return {"tensor": {**described, "device": "meta"}}
            if value.layout != torch.strided:
                described["layout"] = name_of(value.layout)
                value = value.detach().to_dense()
            if not unwritten:
                described["data"] = self.data(value)
            return {"tensor": described}
        if isinstance(value, tuple) and type(value).__module__ == "torch.return_types":
            return {"named": list(type(value).__match_args__), "items": self.expected(list(value), unwritten)}
        if isinstance(value, (list, tuple)):
            return [self.expected(one, unwritten) for one in value]
        return plain(value)


def window(tensor):
    """The memory that a dense tensor reaches, from its first element on."""
    if tensor.is_contiguous():
        return tensor.detach()
    if tensor.numel() == 0:
        return tensor.detach().flatten()
    span = 1 + sum((size - 1) * stride for size, stride in zip(tensor.shape, tensor.stride()))
    return tensor.detach().as_strided((span,), (1,), tensor.storage_offset())


def plain(value, tensors=lambda tensor: None):
    """A value in JSON; `tensors` says what stands for a tensor."""
    if value is None or isinstance(value, (bool, str)):
        return value
    if isinstance(value, int):
        return value if abs(value) < MOST_EXACT else {"int": str(int(value))}
    if isinstance(value, float):
        if not math.isfinite(value) or (value == 0 and math.copysign(1, value) < 0):
            return {"float": str(value)}
        return int(value) if value.is_integer() and abs(value) < MOST_EXACT else value
    if isinstance(value, complex):
        return {"complex": [plain(value.real), plain(value.imag)]}
    if isinstance(value, torch.Tensor):
        described = tensors(value)
        if described is None:
            raise NotPublic("a tensor where none is expected")
        return described
    if isinstance(value, (list, tuple, range)):
        return [plain(one, tensors) for one in value]
    if isinstance(value, dict):
        return {"dict": {str(key): plain(one, tensors) for key, one in value.items()}}
    if isinstance(value, torch.dtype):
        return {"dtype": name_of(value)}
    if isinstance(value, torch.device):
        return {"device": str(value)}
    if isinstance(value, torch.layout):
        return {"layout": name_of(value)}
    if isinstance(value, torch.memory_format):
        return {"memory_format": name_of(value)}
    if isinstance(value, slice):
        return {"slice": [plain(one, tensors) for one in (value.start, value.stop, value.step)]}
    if value is Ellipsis:
        return {"ellipsis": True}
    if type(value).__module__ == "numpy":
        return plain(value.item(), tensors)
    if callable(value) and not isinstance(value, (type, torch.nn.Module)):
        return {"function": public_name(value)}
    construction = made.how(value)
    if construction is not None:
        make, args, kwargs = construction
        entry = {"f": f"torch.nn.{make.__name__}", "a": plain(args, tensors)}
        return {"new": {**entry, "k": {key: plain(one, tensors) for key, one in kwargs.items()}}}
    raise NotPublic(f"an argument of type {type(value).__name__}")
