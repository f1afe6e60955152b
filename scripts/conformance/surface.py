"""Prints the public names of Python's torch as JSON, for surface.mjs.

    python scripts/conformance/surface.py

Those of `torch` and `torch.Tensor`; those of the modules in MODULES, with what their classes and functions take and
what instances of the classes have. `kind` tells modules, classes, dtypes and constants from functions, so that the list
of gaps reads well.
"""

import importlib
import inspect
import json
import types

import torch

MODULES = [
    "torch.autograd",
    "torch.autograd.forward_ad",
    "torch.autograd.function",
    "torch.autograd.functional",
    "torch.autograd.grad_mode",
    "torch.autograd.graph",
    "torch.distributions",
    "torch.distributions.constraints",
    "torch.distributions.relaxed_bernoulli",
    "torch.distributions.relaxed_categorical",
    "torch.distributions.transforms",
    "torch.fft",
    "torch.func",
    "torch.linalg",
    "torch.masked",
    "torch.nested",
    "torch.nn",
    "torch.nn.functional",
    "torch.nn.init",
    "torch.nn.parallel",
    "torch.nn.parameter",
    "torch.nn.utils",
    "torch.nn.utils.fusion",
    "torch.nn.utils.parametrizations",
    "torch.nn.utils.parametrize",
    "torch.nn.utils.prune",
    "torch.nn.utils.rnn",
    "torch.nn.utils.stateless",
    "torch.optim",
    "torch.optim.lr_scheduler",
    "torch.optim.swa_utils",
    "torch.random",
    "torch.signal.windows",
    "torch.sparse",
    "torch.special",
    "torch.testing",
    "torch.utils.checkpoint",
]


def kind_of(value):
    if isinstance(value, types.ModuleType):
        return "module"
    if isinstance(value, type):
        return "class"
    if isinstance(value, torch.dtype):
        return "dtype"
    return "function" if callable(value) else "constant"


def names_of(owner):
    return {name: kind_of(getattr(owner, name, None)) for name in dir(owner) if not name.startswith("_")}


def parameters_of(function):
    """The names of what a function takes by name; None where Python does not know."""
    try:
        parameters = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return None
    taken = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return [parameter.name for parameter in parameters if parameter.kind in taken and parameter.name != "self"]


def is_public(module, name, value):
    """Is it of the module's own, and not what the module's file has imported?"""
    if name.startswith("_") or isinstance(value, types.ModuleType):
        return False
    if name in getattr(module, "__all__", ()):
        return True
    source = getattr(value, "__module__", None)
    # Some of nn.functional are functions of C++, which know of no module.
    if source in (module.__name__, "torch._C._nn", None):
        return callable(value)
    return hasattr(module, "__path__") and source.startswith(module.__name__ + ".")


def is_method(cls, name):
    """Is it a method or a property? Fields are there in instances alone, and constants are for Python's type checkers."""
    value = inspect.getattr_static(cls, name)
    return isinstance(value, (property, staticmethod, classmethod)) or inspect.isroutine(value)


def described(value):
    kind = kind_of(value)
    if kind == "class":
        members = [member for member in dir(value) if not member.startswith("_") and is_method(value, member)]
        return {"kind": kind, "takes": parameters_of(value), "members": members}
    return {"kind": kind, "takes": parameters_of(value) if kind == "function" else None}


def contents_of(name):
    module = importlib.import_module(name)
    members = {member: getattr(module, member) for member in dir(module)}
    return {member: described(value) for member, value in members.items() if is_public(module, member, value)}


print(
    json.dumps(
        {
            "torch": names_of(torch),
            "Tensor": names_of(torch.Tensor),
            "modules": {name.removeprefix("torch."): contents_of(name) for name in MODULES},
        }
    )
)
