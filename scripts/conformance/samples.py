"""Samples of one operator of op_db: how it is called, and what PyTorch gives for it."""

import random
import warnings

import numpy
import torch
from torch.testing._internal.common_methods_invocations import op_db  # noqa: F401  the scripts take it from here

from bundle import Bundle, bytes_of, plain, window
from calls import Call, NotPublic, find, public_name, record, record_after, tensors_in

warnings.filterwarnings("ignore")

DTYPES = (torch.float32, torch.float64, torch.int64, torch.bool, torch.complex64)
SEED = 42
# Larger samples take long and show nothing new.
MOST_ELEMENTS = 2**18
MOST_WHOLE = 2**53

# What they give is memory that nobody has written.
UNWRITTEN = {
    "empty", "empty_like", "empty_strided", "empty_permuted", "new_empty", "new_empty_strided", "resize_", "resize_as_",
}


def is_unwritten(op, sample):
    """Does the result hang on what is in memory that nobody has written?"""
    # LAPACK's gelsy reads a list of pivots that PyTorch leaves empty.
    return op.name in UNWRITTEN or (op.name == "linalg.lstsq" and sample.kwargs.get("driver") == "gelsy")


def reseed():
    torch.manual_seed(SEED)
    random.seed(SEED)
    numpy.random.seed(SEED)


def op_name(op):
    return f"{op.name}.{op.variant_test_name}" if op.variant_test_name else op.name


def as_javascript(value):
    """A value as JavaScript reads it: 2.0 is the whole number 2."""
    if isinstance(value, float) and value.is_integer() and abs(value) < MOST_WHOLE and str(value) != "-0.0":
        return int(value)
    if type(value) in (list, tuple):
        return type(value)(as_javascript(one) for one in value)
    if type(value) is dict:
        return {key: as_javascript(one) for key, one in value.items()}
    return value


class Fresh:
    """Copies of a sample's tensors as the reader will make them; the same tensor stays the same."""

    def __init__(self, adjust=None):
        self.tensors = []
        self._copies = {}
        self._originals = []
        self._adjust = adjust

    def __call__(self, value):
        if isinstance(value, torch.Tensor):
            if id(value) not in self._copies:
                self._originals.append(value)
                self._copies[id(value)] = self._copy(value)
                self.tensors.append(self._copies[id(value)])
            return self._copies[id(value)]
        if isinstance(value, torch.Size):
            return value
        if type(value) in (list, tuple):
            return type(value)(self(one) for one in value)
        if type(value) is dict:
            return {key: self(one) for key, one in value.items()}
        return value

    def _copy(self, tensor):
        if type(tensor) not in (torch.Tensor, torch.nn.Parameter):
            raise NotPublic(f"a tensor of type {type(tensor).__name__}")
        return self._strided(tensor).requires_grad_(tensor.requires_grad)

    def _strided(self, tensor):
        plain_tensor = tensor.detach()
        if plain_tensor.layout != torch.strided:
            return plain_tensor.clone()
        if plain_tensor.is_conj():
            return self._strided(plain_tensor.conj()).conj()
        if plain_tensor.is_neg():
            return self._strided(plain_tensor._neg_view())._neg_view()
        memory = window(plain_tensor).clone()
        if self._adjust is not None:
            memory = self._adjust(memory)
        if plain_tensor.is_contiguous():
            return memory.reshape(plain_tensor.shape)
        return memory.as_strided(plain_tensor.shape, plain_tensor.stride(), 0)


def results_with_gradient(value):
    return [one for one in tensors_in(value) if one.requires_grad and one.layout == torch.strided]


def cotangent(result, position):
    """What the result at `position` is weighted with; the reader makes the same numbers."""
    weights = ((torch.arange(result.numel()) * 7 + 3 * position) % 11 - 5) / 8
    return weights.to(result.dtype).reshape(result.shape)


class Writer:
    """Turns samples into records of a bundle."""

    def __init__(self, bundle: Bundle, adjust=None):
        self._bundle = bundle
        self._adjust = adjust

    def record(self, function, wanted, sample, kind, with_gradient=False, process=None, unwritten=False):
        """The record of a call of `function` with the sample's arguments; raises what the call raises."""
        args = (sample.input, *sample.args)
        kwargs = dict(sample.kwargs)
        if sum(one.numel() for one in tensors_in((args, kwargs)) if one.layout == torch.strided) > MOST_ELEMENTS:
            raise NotPublic("more elements than a test needs")
        kwargs = {key: value for key, value in kwargs.items() if value is not ...}
        if kind == "inplace":
            args = (sample.input.detach(), *args[1:])
        try:
            return self._record(function, wanted, *as_javascript((args, kwargs)), kind, with_gradient, process, unwritten)
        except NotPublic:
            raise
        except Exception:
            # Some functions insist on a float of Python's.
            return self._record(function, wanted, args, kwargs, kind, with_gradient, process, unwritten)

    def _record(self, function, wanted, args, kwargs, kind, with_gradient, process, unwritten):
        fresh = Fresh(self._adjust)
        args, kwargs = fresh(args), fresh(kwargs)
        inputs = [self._bundle.input(one) for one in fresh.tensors]
        references = {id(one): {"in": i} for i, one in enumerate(fresh.tensors)}

        reseed()
        calls, result = record(function, wanted, args, kwargs)
        described = {"kind": kind, "inputs": inputs, "calls": []}
        self._add_calls(described["calls"], calls, references)
        described["out"] = self._reference(result, references, described["calls"], calls)
        unwritten = unwritten or self._differs(function, args, kwargs, result, kind)
        described["expect"] = self._bundle.expected(result, unwritten)
        if with_gradient:
            self._add_gradient(described, result, fresh.tensors, references, process)
        if not inputs:
            del described["inputs"]
        return described

    def _differs(self, function, args, kwargs, result, kind):
        """Does a second call, with the same seed, give something else?"""
        if kind in ("inplace", "out"):
            return False
        reseed()
        try:
            again = function(*args, **kwargs)
        except Exception:
            return False
        for one, other in zip(tensors_in(result), tensors_in(again)):
            if one.layout != torch.strided or one.is_meta:
                return False
            if bytes_of(one) != bytes_of(other):
                return True
        return False

    def _add_calls(self, into, calls, references):
        for call in calls:
            args, kwargs = list(call.args), call.kwargs
            if call.name in ("Tensor.__getitem__", "Tensor.__setitem__") and not isinstance(args[1], tuple):
                args[1] = (args[1],)

            def known(tensor):
                if id(tensor) not in references:
                    raise NotPublic("a tensor that the function made for itself")
                return references[id(tensor)]

            entry = {"f": call.name, "a": plain(args, known)}
            if kwargs:
                entry["k"] = {key: plain(value, known) for key, value in kwargs.items()}
            into.append(entry)
            self._refer(call.result, [len(into) - 1], references)

    def _refer(self, value, path, references):
        if isinstance(value, torch.Tensor):
            references.setdefault(id(value), {"res": path})
        elif isinstance(value, (list, tuple)):
            for i, one in enumerate(value):
                self._refer(one, [*path, i], references)

    def _reference(self, value, references, into, calls):
        """Where a result is found among those of the calls."""
        if calls and value is calls[-1].result:
            return {"res": [len(into) - 1]}
        if isinstance(value, torch.Tensor):
            if id(value) not in references:
                raise NotPublic("a result that none of the calls gave")
            return references[id(value)]
        if isinstance(value, (list, tuple)):
            return [self._reference(one, references, into, []) for one in value]
        return plain(value)

    def _add_gradient(self, described, result, tensors, references, process):
        leaves = [i for i, one in enumerate(tensors) if one.requires_grad]
        gradient = {"wrt": leaves}
        if process is not None:
            try:
                calls, processed = record_after(process, result)
            except Exception:
                calls, processed = [], result
            if processed is not result:
                gradient["calls"] = []
                into = list(described["calls"])
                self._add_calls(into, calls, references)
                gradient["calls"] = into[len(described["calls"]) :]
                gradient["out"] = self._reference(processed, references, into, calls)
                result = processed
        results = results_with_gradient(result)
        if not leaves or not results:
            return
        gradient["results"] = [i for i, one in enumerate(tensors_in(result)) if any(one is other for other in results)]
        try:
            found = torch.autograd.grad(
                results,
                [tensors[i] for i in leaves],
                [cotangent(one, i) for i, one in enumerate(results)],
                allow_unused=True,
            )
        except Exception as error:
            # Not every function has a gradient for every argument.
            described["no_gradient"] = str(error).split("\n")[0][:120]
            return
        gradient["expect"] = [self._bundle.expected(one) for one in found]
        described["gradient"] = gradient


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
            process = sample.output_process_fn_grad
            unwritten = is_unwritten(self.op, sample)
            yield from self._one(
                writer,
                self.op.op,
                self.op.name,
                sample,
                "function",
                dtype,
                with_gradient and not unwritten,
                process,
                unwritten,
            )
            if number < variants and not unwritten:
                yield from self._variants(writer, sample, dtype)

    def _variants(self, writer, sample, dtype):
        op = self.op
        if isinstance(sample.input, torch.Tensor):
            if op.method_variant is not None and op.op is not op.method_variant:
                yield from self._one(writer, op.method_variant, None, sample, "method", dtype)
            if op.inplace_variant is not None:
                yield from self._one(writer, op.inplace_variant, None, sample, "inplace", dtype)
        for alias in op.aliases:
            name = alias.name.removeprefix("torch.")
            function = find(name)
            if function is not None:
                yield from self._one(writer, function, name, sample, "alias", dtype)
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
        kwargs = _detached({**sample.kwargs, "out": out})
        detached = type(sample)(_detached(sample.input), args=_detached(tuple(sample.args)), kwargs=kwargs)
        yield from self._one(writer, self.op.op, self.op.name, detached, "out", dtype)

    def _one(self, writer, function, wanted, sample, kind, dtype, with_gradient=False, process=None, unwritten=False):
        try:
            record_ = writer.record(function, wanted, sample, kind, with_gradient, process, unwritten)
        except NotPublic as reason:
            self.skip(str(reason))
            return
        except Exception as error:
            if kind in ("function", "method"):
                self.skip(f"PyTorch refuses the sample: {type(error).__name__}")
            return
        record_["dtype"] = str(dtype).removeprefix("torch.")
        yield record_

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
            sample = error.sample_input
            try:
                yield self._error(writer, sample)
            except NotPublic as reason:
                self.skip(str(reason))

    def _error(self, writer, sample):
        name = public_name(self.op.op, self.op.name)
        fresh = Fresh(writer._adjust)
        args = fresh(as_javascript((sample.input, *sample.args)))
        kwargs = fresh(as_javascript(dict(sample.kwargs)))
        described = {"kind": "error", "dtype": "error", "inputs": [writer._bundle.input(one) for one in fresh.tensors]}
        references = {id(one): {"in": i} for i, one in enumerate(fresh.tensors)}
        described["calls"] = []
        writer._add_calls(described["calls"], [Call(name, args, kwargs, None)], references)
        reseed()
        try:
            self.op.op(*args, **kwargs)
        except Exception as error:
            described["error"] = [type(error).__name__, str(error)]
            return described
        raise NotPublic("PyTorch takes what op_db expects it to refuse")


def _detached(value):
    if isinstance(value, torch.Tensor):
        return value.detach()
    if type(value) in (list, tuple):
        return type(value)(_detached(one) for one in value)
    if type(value) is dict:
        return {key: _detached(one) for key, one in value.items()}
    return value
