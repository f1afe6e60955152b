"""Steps of optimizers, as in optim.mjs."""

import torch
from torch import optim

from case import Case

NAMES = [
    'Adadelta', 'Adafactor', 'Adagrad', 'Adam', 'Adamax', 'AdamW', 'ASGD', 'LBFGS', 'Muon', 'NAdam', 'RAdam', 'RMSprop',
    'Rprop', 'SGD',
]


def step_of(name):
    def setup():
        params = [torch.ones(4, 4).requires_grad_() for _ in range(100)]
        for param in params:
            param.grad = torch.full([4, 4], 0.01)
        options = {'max_iter': 1} if name == 'LBFGS' else {}
        optimizer = getattr(optim, name)(params, **options)
        closure = (lambda: 1) if name == 'LBFGS' else None

        def step():
            optimizer.step(closure)
            return params[0]

        return {'step': step}

    return Case(setup, 'step()')


cases = {name: step_of(name) for name in NAMES}
