"""Makes modules and calls them, and writes down what PyTorch gives: see `ModuleSample` in tests/conformance/bundle.ts."""

import dataclasses
from typing import Any

import torch

from sample_arguments import Fresh, as_javascript, forms
from bundle import Bundle, digest, name_of, plain
from calls import NotPublic, tensors_in
from made import again
from writer import MOST_ELEMENTS, cotangent, reseed, results_with_gradient


@dataclasses.dataclass
class Construction:
    """A module to make and to call."""

    make: type
    # module_db's FunctionInputs.
    constructor: Any
    forward: Any
    dtype: torch.dtype
    training: bool

    @property
    def arguments(self):
        forward = self.forward
        call = None if forward is None else (tuple(forward.args), dict(forward.kwargs))
        return (tuple(self.constructor.args), dict(self.constructor.kwargs)), call


class ModuleWriter:
    """Turns samples of modules into records of a bundle."""

    def __init__(self, bundle: Bundle, adjust=None):
        self._bundle = bundle
        self._adjust = adjust

    def record(self, construction):
        """The record of a module; raises what making or calling it raises."""
        made, called = construction.arguments
        if sum(one.numel() for one in tensors_in([*made, *called])) > MOST_ELEMENTS:
            raise NotPublic("more elements than a test needs")
        try:
            record = self._record(construction, *as_javascript((made, called)))
        except NotPublic:
            raise
        except Exception:
            # Some modules insist on a float of Python's.
            record = self._record(construction, made, called)
        # 2.0 and 2 are one number in JavaScript: what is printed is what Python prints for one or the other.
        texts = (repr(self._make(construction, form)) for form in forms(construction.make, made))
        record["repr"] = list(dict.fromkeys(texts))
        return record

    def _make(self, construction, made):
        args, kwargs = again(made)
        return construction.make(*args, **kwargs)

    def _begin(self, construction, made, called):
        fresh = Fresh(self._adjust)
        made, called = fresh(made), None if called is None else fresh(called)
        inputs = [self._bundle.input(one) for one in fresh.tensors]
        references = {id(one): {"in": i} for i, one in enumerate(fresh.tensors)}
        described = {"kind": "module", "dtype": name_of(construction.dtype)}
        described["mode"] = "train" if construction.training else "eval"
        if inputs:
            described["inputs"] = inputs
        name = f"torch.nn.{construction.make.__name__}"
        described["make"] = {"f": name, **self._arguments(made, references)}
        if called is not None:
            described["call"] = self._arguments(called, references)
        return described, made, called, fresh.tensors

    def _arguments(self, given, references):
        args, kwargs = given

        def known(tensor):
            return references[id(tensor)]

        entry = {"a": plain(args, known)}
        if kwargs:
            entry["k"] = {key: plain(value, known) for key, value in kwargs.items()}
        return entry

    def _record(self, construction, made, called):
        described, made, called, tensors = self._begin(construction, made, called)
        args, kwargs = called
        reseed()
        module = self._make(construction, made)
        text = repr(module)
        described["initial"] = self._state(module)
        module.to(construction.dtype)
        module.train(construction.training)

        result = module(*args, **kwargs)
        described["expect"] = self._bundle.expected(result)
        if not construction.training:
            with torch.no_grad():
                described["no_grad"] = self._bundle.expected(module(*args, **kwargs))
        self._add_gradient(described, module, result, tensors)
        if repr(module) != text:
            described["became"] = [repr(module), self._state(module)]
        buffers = [[name, self._bundle.expected(one)] for name, one in module.named_buffers()]
        if buffers:
            described["buffers"] = buffers
        described["random"] = torch.rand(()).item()
        return described

    def _state(self, module):
        """The entries of the state dict in their order: dtype, shape and a digest, or text for what has no shape yet."""
        return [[name, self._entry(one)] for name, one in module.state_dict().items()]

    def _entry(self, tensor):
        if torch.nn.parameter.is_lazy(tensor):
            return repr(tensor)
        return [name_of(tensor.dtype), list(tensor.shape), digest(tensor)]

    def _add_gradient(self, described, module, result, tensors):
        results = results_with_gradient(result)
        if not results:
            return
        torch.autograd.backward(results, [cotangent(one, i) for i, one in enumerate(results)])

        def gradient(tensor):
            return None if tensor.grad is None else self._bundle.expected(tensor.grad)

        described["gradient"] = {
            "inputs": [gradient(one) for one in tensors],
            "parameters": [[name, gradient(one)] for name, one in module.named_parameters()],
        }

    def error(self, construction):
        """The record of a module that cannot be made, or called."""
        made, called = construction.arguments
        described, *_ = self._begin(construction, *as_javascript((made, called)))
        described.update(kind="module_error", dtype="error")
        errors = [self._refusal(construction, form, called) for form in forms(construction.make, made)]
        described["error"] = [type(errors[0]).__name__, *dict.fromkeys(map(str, errors))]
        return described

    def _refusal(self, construction, made, called):
        reseed()
        try:
            module = self._make(construction, made)
            if called is None:
                raise NotPublic("a float that is a whole number, which JavaScript cannot tell from an integer")
            module.to(construction.dtype)
            module.train(construction.training)
            module(*called[0], **called[1])
        except NotPublic:
            raise
        except Exception as error:
            return error
        raise NotPublic("PyTorch takes what module_db expects it to refuse")
