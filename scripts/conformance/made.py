"""How objects that are arguments were made themselves: modules, and the options of a loss."""

import dataclasses
import functools
import weakref

import torch

_CONSTRUCTED = weakref.WeakKeyDictionary()


def watch():
    """Notes from now on what each public module is constructed with."""
    for value in vars(torch.nn).values():
        if isinstance(value, type) and issubclass(value, torch.nn.Module) and "__init__" in vars(value):
            value.__init__ = _noting(value.__init__)


def _noting(initialize):
    @functools.wraps(initialize)
    def noting(self, *args, **kwargs):
        # The first is the constructor of the class itself, those after it are the classes' that it inherits from.
        _CONSTRUCTED.setdefault(self, (args, kwargs))
        initialize(self, *args, **kwargs)

    return noting


def how(value):
    """The public class, the arguments and the keyword arguments that `value` was made with; None for all else."""
    if isinstance(value, torch.nn.Module) and value in _CONSTRUCTED:
        return (type(value), *_CONSTRUCTED[value])
    if dataclasses.is_dataclass(value) and not isinstance(value, type) and type(value).__module__.startswith("torch.nn"):
        fields = {field.name: field.default for field in dataclasses.fields(value)}
        return type(value), (), {name: getattr(value, name) for name, d in fields.items() if getattr(value, name) != d}
    return None


def again(value):
    """`value`, and what is in it, made once more where it is a module, so that its parameters are drawn now."""
    if isinstance(value, torch.nn.Module):
        make, args, kwargs = how(value)
        return make(*again(args), **again(kwargs))
    if type(value) in (list, tuple):
        return type(value)(map(again, value))
    if type(value) is dict:
        return {key: again(one) for key, one in value.items()}
    return value
