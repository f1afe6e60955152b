"""Training steps on a GPU, as in cuda_training.mjs."""

import os

import torch
from torch import nn, optim
from torch.nn import functional as F

from case import Case
from networks.gpt import GPT
from networks.tinyvgg import TinyVGG
from networks.vision import torchvision

device = os.environ.get('TSTORCH_BENCH_DEVICE', 'cpu')
small = device == 'cpu'

GPT_SIZE = (
    {'vocabulary': 100, 'length': 16, 'width': 32, 'depth': 2, 'heads': 2}
    if small
    else {'vocabulary': 50257, 'length': 512, 'width': 768, 'depth': 12, 'heads': 12}
)


def mlp():
    width = 32 if small else 512
    model = nn.Sequential(
        nn.Linear(width, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(), nn.Linear(width, 10)
    )
    return model, torch.rand(64, width), torch.randint(0, 10, [64])


def tinyvgg():
    return TinyVGG(), torch.rand(32, 1, 28, 28), torch.randint(0, 10, [32])


def resnet50():
    batch, size = (2, 64) if small else (64, 224)
    return torchvision().models.resnet50(), torch.rand(batch, 3, size, size), torch.randint(0, 1000, [batch])


def vit():
    batch = 1 if small else 64
    return torchvision().models.vit_b_16(), torch.rand(batch, 3, 224, 224), torch.randint(0, 1000, [batch])


def gpt():
    shape = [2 if small else 8, GPT_SIZE['length']]
    vocabulary = GPT_SIZE['vocabulary']
    return GPT(**GPT_SIZE), torch.randint(0, vocabulary, shape), torch.randint(0, vocabulary, shape).flatten()


MODELS = {'MLP': mlp, 'TinyVGG': tinyvgg, 'ResNet-50': resnet50, 'ViT-B/16': vit, 'GPT-2 small': gpt}


def training(name, tf32=False, bf16=False, graph=False):
    def setup():
        model, x, y = (part.to(device) for part in MODELS[name]())
        optimizer = optim.SGD(model.parameters(), lr=1e-3, momentum=0.9)

        def step():
            torch.set_float32_matmul_precision('high' if tf32 else 'highest')
            torch.backends.cudnn.allow_tf32 = tf32
            optimizer.zero_grad()
            if bf16:
                with torch.autocast(device, dtype=torch.bfloat16):
                    loss = F.cross_entropy(model(x), y)
            else:
                loss = F.cross_entropy(model(x), y)
            loss.backward()
            optimizer.step()
            return loss

        if not graph or small:
            return {'step': step}
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(3):
                step()
        torch.cuda.current_stream().wait_stream(side)
        recorded = torch.cuda.CUDAGraph()
        with torch.cuda.graph(recorded):
            loss = step()

        def replay():
            recorded.replay()
            return loss

        return {'step': replay}

    return Case(setup, 'step()')


PRECISIONS = {'float32': {}, 'TF32': {'tf32': True}, 'bfloat16 autocast': {'bf16': True}}

cases = {
    f'{name}, {precision}': training(name, **options) for name in MODELS for precision, options in PRECISIONS.items()
}
# The other side has graphs from 2.13 on.
if int(torch.__version__.split('.')[1]) >= 13:
    for name in ('MLP', 'TinyVGG', 'ResNet-50'):
        cases[f'{name}, float32, as a graph'] = training(name, graph=True)
