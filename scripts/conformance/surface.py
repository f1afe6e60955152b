"""Prints the public names of Python's `torch`, `torch.Tensor` and the namespaces below `torch` as JSON, for surface.mjs.

    python scripts/conformance/surface.py

`kind` tells modules, classes, dtypes and constants from functions, so that the list of gaps reads well.
"""

import importlib
import json
import types

import torch

# The namespaces that people import from; what of a module is only imported there (`Optional`, `warnings`) is no part.
NAMESPACES = [
    "nn.functional",
    "linalg",
    "fft",
    "special",
    "signal.windows",
    "masked",
    "sparse",
    "nested",
    "testing",
    "autograd",
    "autograd.forward_ad",
    "autograd.function",
    "autograd.functional",
    "autograd.grad_mode",
    "autograd.graph",
    "func",
    "utils.checkpoint",
    "random",
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


def belongs(module, name):
    """Is it one of the module's own: listed in `__all__`, or made by this part of PyTorch?"""
    if name in getattr(module, "__all__", ()):
        return True
    value = getattr(module, name)
    if isinstance(value, types.ModuleType):
        return value.__name__.startswith(module.__name__ + ".")
    if isinstance(value, types.BuiltinFunctionType):
        # An operator; pieces of the bindings are named with an underscore where they are at home.
        return not value.__name__.startswith("_")
    origin = getattr(value, "__module__", None) or ""
    return origin == module.__name__ or origin.startswith(module.__name__ + ".")


result = {"torch": names_of(torch), "Tensor": names_of(torch.Tensor)}
for namespace in NAMESPACES:
    module = importlib.import_module("torch." + namespace)
    result[namespace] = {name: kind for name, kind in names_of(module).items() if belongs(module, name)}
print(json.dumps(result))
