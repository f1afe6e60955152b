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
    "torch.nn",
    "torch.nn.functional",
    "torch.nn.init",
    "torch.nn.parameter",
    "torch.nn.parallel",
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
    return str(getattr(value, "__module__", "")).startswith(("torch.nn", "torch.optim", "torch._C"))


def described(value):
    kind = kind_of(value)
    if kind == "class":
        methods = {
            member: parameters_of(getattr(value, member)) if callable(getattr(value, member, None)) else None
            for member in dir(value)
            if not member.startswith("_")
        }
        return {"kind": kind, "takes": parameters_of(value), "members": methods}
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
