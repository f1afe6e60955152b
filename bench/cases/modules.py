"""Small modules, as in modules.mjs."""

import torch
from torch import nn, optim

from case import Case


def mlp():
    return nn.Sequential(
        nn.Linear(8, 16),
        nn.ReLU(),
        nn.Linear(16, 16),
        nn.ReLU(),
        nn.Linear(16, 4),
    )


def training(make_optimizer):
    def setup():
        x = torch.rand(8, 8)
        y = torch.randint(0, 4, [8])
        model = mlp()
        loss_fn = nn.CrossEntropyLoss()
        optimizer = make_optimizer(model.parameters())

        def step():
            optimizer.zero_grad()
            loss = loss_fn(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        return {'step': step}

    return Case(setup, 'step()')


cases = {
    'nn.Linear(4, 4)(x)': Case(lambda: {'x': torch.rand(4, 4), 'layer': nn.Linear(4, 4)}, 'layer(x)'),
    'MLP, forward': Case(lambda: {'x': torch.rand(8, 8), 'model': mlp()}, 'model(x)'),
    'MLP, training step, SGD': training(lambda parameters: optim.SGD(parameters, lr=0.01)),
    'MLP, training step, Adam': training(lambda parameters: optim.Adam(parameters, lr=0.001)),
}
