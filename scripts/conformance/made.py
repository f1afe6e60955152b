"""How objects that are arguments were made themselves: modules, and the options of a loss."""

import dataclasses
import functools
import inspect
import weakref

import torch

from arguments import as_javascript

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


def forms(make, made):
    """The ways in which Python may be given the numbers in a constructor's arguments, which JavaScript has one for."""
    args, kwargs = made
    yield as_javascript(made)
    yield made
    parameters = inspect.signature(make.__init__).parameters
    names = [name for name in parameters if name != "self"]

    def widened(name, value):
        parameter = parameters.get(name)
        wants_float = parameter is not None and (parameter.annotation is float or type(parameter.default) is float)
        return float(value) if wants_float and type(value) is int else value

    yield tuple(map(widened, names, args)), {name: widened(name, value) for name, value in kwargs.items()}
