"""What it takes to start operators on a GPU, as in cuda_operators.mjs."""

import os

import torch
from torch import nn, optim

from case import Case

device = os.environ.get('TSTORCH_BENCH_DEVICE', 'cpu')


def rand(*shape):
    return torch.rand(*shape, device=device)


def pair():
    return {'a': rand(4, 4), 'b': rand(4, 4)}


def pair_with_grad():
    return {'a': rand(4, 4).requires_grad_(), 'b': rand(4, 4).requires_grad_()}


def adam():
    parameters = [nn.Parameter(rand(4, 4)) for _ in range(100)]
    for parameter in parameters:
        parameter.grad = rand(4, 4)
    return {'optimizer': optim.Adam(parameters)}


cases = {
    'a.add(b)': Case(pair, 'a.add(b)'),
    'a.matmul(b)': Case(pair, 'a.matmul(b)'),
    'a.sum(0)': Case(lambda: {'a': rand(4, 4)}, 'a.sum(0)'),
    'a.add(b), with grad': Case(pair_with_grad, 'a.add(b)'),
    'nn.Linear(4, 4)(x)': Case(lambda: {'x': rand(4, 4), 'layer': nn.Linear(4, 4, device=device)}, 'layer(x)'),
    's.item()': Case(lambda: {'s': rand(4).sum()}, 's.item()'),
    'x.to(device), 4 KB': Case(lambda: {'x': torch.rand(1024), 'device': device}, 'x.to(device)'),
    'Adam, 100 parameters of 4 x 4': Case(adam, 'optimizer.step()'),
}
