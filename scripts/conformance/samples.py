"""Samples of one operator of op_db: how it is called, and what PyTorch gives for it."""

import warnings

import torch
from torch.testing._internal.common_methods_invocations import op_db  # noqa: F401  the scripts take it from here

from sample_arguments import detached
from calls import NotPublic, find
from writer import Request, reseed

warnings.filterwarnings("ignore")

DTYPES = (torch.float32, torch.float64, torch.int64, torch.bool, torch.complex64)

# What they give is memory that nobody has written.
UNWRITTEN = {
    "empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided", "resize_", "resize_as_",
}


def is_unwritten(op, sample):
    """Does the result hang on what is in memory that nobody has written?"""
    # LAPACK's gelsy reads a list of pivots that PyTorch leaves empty.
    return op.name in UNWRITTEN or (op.name == "linalg.lstsq" and sample.kwargs.get("driver") == "gelsy")


def op_name(op):
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name


class OpSamples:
    """All samples of one operator, in the order in which they are worth having."""

    def __init__(self, op):
        self.op = op
        self.skipped = {}

    def skip(self, reason):
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def inputs(self, dtype):
        """The sample inputs for a dtype, and whether gradients are defined for it."""
        op = self.op
        with_gradient = op.supports_autograd and dtype in op.supported_backward_dtypes("cpu")
        reseed()
        try:
            samples = list(op.sample_inputs("cpu", dtype, requires_grad=with_gradient))
        except Exception as error:
            self.skip(f"no sample inputs: {type(error).__name__}")
            samples = []
        return samples, with_gradient

    def records(self, writer, samples, with_gradient, dtype, variants):
        """Records of the samples; the first `variants` of them also as method, in place and by other names."""
        for number, sample in enumerate(samples):
            unwritten = is_unwritten(self.op, sample)
            request = Request(self.op.op, self.op.name, sample, "function")
            request.with_gradient = with_gradient and not unwritten
            request.process = sample.output_process_fn_grad
            request.unwritten = unwritten
            yield from self._one(writer, request, dtype)
            if number < variants and not unwritten:
                yield from self._variants(writer, sample, dtype)

    def _variants(self, writer, sample, dtype):
        op = self.op
        if isinstance(sample.input, torch.Tensor):
            if op.method_variant is not None and op.op is not op.method_variant:
                yield from self._one(writer, Request(op.method_variant, None, sample, "method"), dtype)
            if op.inplace_variant is not None:
                yield from self._one(writer, Request(op.inplace_variant, None, sample, "inplace"), dtype)
        for alias in op.aliases:
            name = alias.name.removeprefix("torch.")
            function = find(name)
            if function is not None:
                yield from self._one(writer, Request(function, name, sample, "alias"), dtype)
        if op.supports_out and find(op.name) is op.op:
            yield from self._out(writer, sample, dtype)

    def _out(self, writer, sample, dtype):
        """The call with `out=`, an empty tensor for each result."""
        try:
            result = self.op.op(sample.input, *sample.args, **sample.kwargs)
        except Exception:
            return
        if isinstance(result, torch.Tensor):
            out = torch.empty(0, dtype=result.dtype)
        elif isinstance(result, tuple) and all(isinstance(one, torch.Tensor) for one in result):
            out = tuple(torch.empty(0, dtype=one.dtype) for one in result)
        else:
            return
        kwargs = detached({**sample.kwargs, "out": out})
        with_out = type(sample)(detached(sample.input), args=detached(tuple(sample.args)), kwargs=kwargs)
        yield from self._one(writer, Request(self.op.op, self.op.name, with_out, "out"), dtype)

    def _one(self, writer, request, dtype):
        try:
            described = writer.record(request)
        except NotPublic as reason:
            self.skip(str(reason))
            return
        except Exception as error:
            if request.kind in ("function", "method"):
                self.skip(f"PyTorch refuses the sample: {type(error).__name__}")
            return
        described["dtype"] = str(dtype).removeprefix("torch.")
        yield described

    def error_records(self, writer, most):
        """What PyTorch refuses, with the class of the error and its message."""
        op = self.op
        if op.error_inputs_func is None:
            return
        reseed()
        # What op_db leaves empty is filled, so that two runs write the same.
        torch.use_deterministic_algorithms(True)
        try:
            errors = list(op.error_inputs("cpu"))
        except Exception:
            return
        finally:
            torch.use_deterministic_algorithms(False)
        for error in errors[:most]:
            try:
                yield writer.error(op.op, op.name, error.sample_input)
            except NotPublic as reason:
                self.skip(str(reason))
