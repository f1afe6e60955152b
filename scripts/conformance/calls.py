"""How a user calls what op_db calls: a function's public name, and the calls that a wrapper in op_db is made of."""

import types

import torch
from torch.overrides import TorchFunctionMode, resolve_name


class NotPublic(Exception):
    """A call that has no public name, or an argument that has no form outside Python."""


# Earlier ones win where a function has several names.
NAMESPACES = {
    "torch": torch,
    "torch.nn.functional": torch.nn.functional,
    "torch.linalg": torch.linalg,
    "torch.special": torch.special,
    "torch.fft": torch.fft,
    "torch.signal.windows": torch.signal.windows,
    "torch.masked": torch.masked,
    "torch.sparse": torch.sparse,
    "torch.nested": torch.nested,
}


def _by_function():
    names = {}
    for path, module in NAMESPACES.items():
        # A name with an underscore only where there is no other.
        for name in sorted(dir(module), key=lambda name: name.startswith("_")):
            value = getattr(module, name)
            if callable(value) and not isinstance(value, (type, types.ModuleType)):
                names.setdefault(value, f"{path}.{name}")
    for name in dir(torch.Tensor):
        value = getattr(torch.Tensor, name)
        if callable(value) and not isinstance(value, type):
            names.setdefault(value, f"Tensor.{name}")
    return names


NAMES = _by_function()


def public_name(function, wanted=None):
    """The name of a function in Python's namespaces, `wanted` where that is one of its names."""
    if isinstance(function, torch._ops.OpOverload):
        return f"torch.ops.{function.namespace}.{function._opname}.{function._overloadname}"
    if isinstance(function, torch._ops.OpOverloadPacket):
        return "torch.ops." + function._qualified_op_name.replace("::", ".")
    if wanted is not None and find(wanted) is function and not wanted.startswith("_"):
        return f"torch.{wanted}"
    try:
        name = NAMES.get(function)
    except TypeError:
        name = None
    if name is None:
        name = resolve_name(function) or ""
        if name.startswith("torch.Tensor.") and name.endswith(".__get__"):
            name = "Tensor." + name.split(".")[2] + " (attribute)"
        elif name.startswith("torch.Tensor."):
            name = name.removeprefix("torch.")
    if not name.startswith(("torch.", "Tensor.")):
        raise NotPublic(f"{getattr(function, '__name__', type(function).__name__)} is no public function")
    return name


def find(path):
    """What stands at `path` in torch, or None."""
    value = torch
    for part in path.split("."):
        value = getattr(value, part, None)
    return value


class Call:
    """One call of a public function."""

    def __init__(self, name, args, kwargs, result):
        self.name = name
        self.args = args
        self.kwargs = kwargs
        self.result = result


class Recorder(TorchFunctionMode):
    """Notes the outermost calls of torch's functions, and makes them."""

    def __init__(self):
        super().__init__()
        self.calls = []

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        result = func(*args, **kwargs)
        self.calls.append((func, args, kwargs, result))
        return result


def tensors_in(value):
    """All tensors in a value, depth first."""
    if isinstance(value, torch.Tensor):
        yield value
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from tensors_in(one)
    elif isinstance(value, dict):
        for one in value.values():
            yield from tensors_in(one)


def _needed(calls, result):
    """The recorded calls that `result` hangs on, in order; those that only looked at a shape are left out."""
    wanted = {id(one) for one in tensors_in(result)}
    kept = []
    for func, args, kwargs, outcome in reversed(calls):
        written = getattr(func, "__name__", "").endswith("_") and not getattr(func, "__name__", "").endswith("__")
        if not (wanted & {id(one) for one in tensors_in(outcome)}) and outcome is not result and not written:
            continue
        wanted |= {id(one) for one in tensors_in((args, kwargs))}
        kept.append((func, args, kwargs, outcome))
    return kept[::-1]


def record(function, wanted, args, kwargs):
    """Calls `function` and gives the public calls that it consists of, with its result."""
    try:
        name = public_name(function, wanted)
    except NotPublic:
        name = None
    if name is not None:
        result = function(*args, **kwargs)
        return [Call(name, args, kwargs, result)], result
    with Recorder() as recorder:
        result = function(*args, **kwargs)
    return named(_needed(recorder.calls, result), wanted), result


def named(calls, wanted=None):
    return [Call(public_name(func, wanted), args, kwargs, result) for func, args, kwargs, result in calls]


def record_after(function, value):
    """As `record` for what op_db does with a result before its gradient; no calls where that is nothing."""
    with Recorder() as recorder:
        result = function(value)
    return named(_needed(recorder.calls, result)), result
