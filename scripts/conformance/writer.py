"""Makes calls, and writes them down with what PyTorch gives for them."""

import dataclasses
import random
from collections.abc import Callable
from typing import Any

import numpy
import torch

from sample_arguments import Fresh, as_javascript
from bundle import Bundle, bytes_of, plain
from calls import Call, NotPublic, public_name, record, record_after, tensors_in

SEED = 42
# Larger samples take long and show nothing new.
MOST_ELEMENTS = 2**18


def reseed():
    torch.manual_seed(SEED)
    random.seed(SEED)
    numpy.random.seed(SEED)


@dataclasses.dataclass
class Request:
    """A call to make."""

    function: Callable
    # The function's name in op_db, where it has one.
    wanted: str | None
    # op_db's SampleInput.
    sample: Any
    # function, method, inplace, out or alias.
    kind: str
    with_gradient: bool = False
    # What op_db does with the result before its gradient.
    process: Callable | None = None
    # Is the result memory that nobody has written?
    unwritten: bool = False


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

    def record(self, request):
        """The record of a call; raises what the call raises."""
        sample = request.sample
        args = (sample.input, *sample.args)
        kwargs = dict(sample.kwargs)
        if sum(one.numel() for one in tensors_in((args, kwargs)) if one.layout == torch.strided) > MOST_ELEMENTS:
            raise NotPublic("more elements than a test needs")
        if request.kind == "inplace":
            args = (sample.input.detach(), *args[1:])
        try:
            return self._record(request, *as_javascript((args, kwargs)))
        except NotPublic:
            raise
        except Exception:
            # Some functions insist on a float of Python's.
            return self._record(request, args, kwargs)

    def _record(self, request, args, kwargs):
        fresh = Fresh(self._adjust)
        args, kwargs = fresh(args), fresh(kwargs)
        inputs = [self._bundle.input(one) for one in fresh.tensors]
        references = {id(one): {"in": i} for i, one in enumerate(fresh.tensors)}

        reseed()
        calls, result = record(request.function, request.wanted, args, kwargs)
        described = {"kind": request.kind, "inputs": inputs, "calls": []}
        self._add_calls(described["calls"], calls, references)
        if result is None and request.kind == "out":
            # A few functions give nothing back; what they have written counts.
            result = kwargs["out"]
        described["out"] = self._reference(result, references, described["calls"], calls)
        unwritten = request.unwritten or self._differs(request, args, kwargs, result)
        described["expect"] = self._bundle.expected(result, unwritten)
        if request.with_gradient:
            self._add_gradient(described, result, fresh.tensors, references, request.process)
        if not inputs:
            del described["inputs"]
        return described

    def _differs(self, request, args, kwargs, result):
        """Does a second call, with the same seed, give something else?"""
        if request.kind in ("inplace", "out"):
            return False
        reseed()
        try:
            again = request.function(*args, **kwargs)
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

    def error(self, function, wanted, sample):
        """The record of a call that PyTorch refuses."""
        name = public_name(function, wanted)
        fresh = Fresh(self._adjust)
        args = fresh(as_javascript((sample.input, *sample.args)))
        kwargs = fresh(as_javascript(dict(sample.kwargs)))
        described = {"kind": "error", "dtype": "error", "inputs": [self._bundle.input(one) for one in fresh.tensors]}
        references = {id(one): {"in": i} for i, one in enumerate(fresh.tensors)}
        described["calls"] = []
        self._add_calls(described["calls"], [Call(name, args, kwargs, None)], references)
        reseed()
        try:
            function(*args, **kwargs)
        except Exception as error:
            described["error"] = [type(error).__name__, str(error)]
            return described
        raise NotPublic("PyTorch takes what op_db expects it to refuse")
