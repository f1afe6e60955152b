"""Whole models, as in models.mjs."""

import math

import torch
from torch import nn, optim
from torch.nn import functional as F

from case import Case
from networks.gpt import GPT
from networks.vision import torchvision

GPT_SIZE = {'vocabulary': 256, 'length': 64, 'width': 128, 'depth': 4, 'heads': 4}


def resnet():
    model = torchvision().models.resnet18()
    optimizer = optim.SGD(model.parameters(), lr=0.01, momentum=0.9)
    return model, torch.rand(8, 3, 64, 64), torch.randint(0, 1000, [8]), F.cross_entropy, optimizer


def gpt():
    model = GPT(**GPT_SIZE)
    optimizer = optim.AdamW(model.parameters(), lr=3e-4)
    tokens = torch.randint(0, GPT_SIZE['vocabulary'], [8, GPT_SIZE['length'] + 1])
    return model, tokens[:, :-1], tokens[:, 1:].flatten(), F.cross_entropy, optimizer


def linear_regression():
    model = nn.Linear(1, 1)
    x = torch.arange(0, 0.8, 0.02).unsqueeze(1)
    y = x * 0.7 + 0.3
    return model, x, y, nn.L1Loss(), optim.SGD(model.parameters(), lr=0.01)


def circles():
    model = nn.Sequential(nn.Linear(2, 10), nn.ReLU(), nn.Linear(10, 10), nn.ReLU(), nn.Linear(10, 1))
    # Two circles, one within the other, with some noise.
    angle = torch.rand(800) * (2 * math.pi)
    y = torch.randint(0, 2, [800]).float()
    radius = (y * -0.2 + 1).unsqueeze(1)
    x = torch.stack([angle.cos(), angle.sin()], 1) * radius + torch.randn(800, 2) * 0.03
    return model, x, y.unsqueeze(1), nn.BCEWithLogitsLoss(), optim.SGD(model.parameters(), lr=0.1)


# Each gives a model, its input, what it should give for that, the loss and the optimizer.
MODELS = {
    'ResNet-18, 8 images of 64 x 64': resnet,
    'GPT of 4 layers, 8 x 64 tokens': gpt,
    'course 01, linear regression': linear_regression,
    'course 02, MLP of 2-10-10-1 on circles': circles,
}


def training(name):
    def setup():
        model, x, y, loss_fn, optimizer = MODELS[name]()

        def step():
            loss = loss_fn(model(x), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            return loss.item()

        return {'step': step}

    return Case(setup, 'step()')


def inference(name):
    def setup():
        model, x, *_ = MODELS[name]()
        model.eval()

        def run():
            with torch.inference_mode():
                return model(x)

        return {'run': run}

    return Case(setup, 'run()')


cases = {}
for name in MODELS:
    cases[f'{name}, training step'] = training(name)
    cases[f'{name}, inference'] = inference(name)
