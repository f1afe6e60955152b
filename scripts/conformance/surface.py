"""Prints the public names of Python's `torch` and `torch.Tensor` as JSON, for surface.mjs.

    python scripts/conformance/surface.py

`kind` tells modules, classes, dtypes and constants from functions, so that the list of gaps reads well.
"""

import json
import types

import torch


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


print(json.dumps({"torch": names_of(torch), "Tensor": names_of(torch.Tensor)}))
