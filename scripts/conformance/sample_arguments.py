"""A sample's arguments as JavaScript has them: its numbers, and tensors that the reader can make again."""

import inspect

import torch

from bundle import window
from calls import NotPublic

MOST_WHOLE = 2**53


def as_javascript(value):
    """A value as JavaScript reads it: 2.0 is the whole number 2."""
    if isinstance(value, float) and value.is_integer() and abs(value) < MOST_WHOLE and str(value) != "-0.0":
        return int(value)
    if type(value) in (list, tuple):
        return type(value)(as_javascript(one) for one in value)
    if type(value) is dict:
        return {key: as_javascript(one) for key, one in value.items()}
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


def detached(value):
    if isinstance(value, torch.Tensor):
        return value.detach()
    if type(value) in (list, tuple):
        return type(value)(detached(one) for one in value)
    if type(value) is dict:
        return {key: detached(one) for key, one in value.items()}
    return value
