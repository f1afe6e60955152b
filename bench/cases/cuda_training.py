"""Training steps on a GPU, as in cuda_training.mjs."""

import os
import sys

import torch
from torch import nn, optim
from torch.nn import functional as F

from case import Case

device = os.environ.get('TSTORCH_BENCH_DEVICE', 'cpu')
small = device == 'cpu'


def models():
    if torch.version.cuda is None:
        # PyPI's torchvision is built for CUDA: its operators do not load beside a PyTorch without it.
        sys.path.append(os.path.join(os.path.dirname(__file__), '..', '..', 'scripts', 'fixtures'))
        import torchvision_operators  # noqa: F401
    import torchvision

    return torchvision.models


class TinyVGG(nn.Module):
    def __init__(self, hidden=10):
        super().__init__()

        def block(channels):
            return nn.Sequential(
                nn.Conv2d(channels, hidden, 3, padding=1),
                nn.ReLU(),
                nn.Conv2d(hidden, hidden, 3, padding=1),
                nn.ReLU(),
                nn.MaxPool2d(2),
            )

        self.block_1 = block(1)
        self.block_2 = block(hidden)
        self.classifier = nn.Sequential(nn.Flatten(), nn.Linear(hidden * 7 * 7, 10))

    def forward(self, x):
        return self.classifier(self.block_2(self.block_1(x)))


class Attention(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(width, 3 * width)
        self.proj = nn.Linear(width, width)

    def forward(self, x):
        batch, length, width = x.shape
        q, k, v = self.qkv(x).view(batch, length, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4).unbind(0)
        y = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        return self.proj(y.transpose(1, 2).reshape(batch, length, width))


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.norm_1 = nn.LayerNorm(width)
        self.attention = Attention(width, heads)
        self.norm_2 = nn.LayerNorm(width)
        self.mlp = nn.Sequential(nn.Linear(width, 4 * width), nn.GELU(), nn.Linear(4 * width, width))

    def forward(self, x):
        x = x + self.attention(self.norm_1(x))
        return x + self.mlp(self.norm_2(x))


class GPT(nn.Module):
    def __init__(self, vocabulary, length, width, depth, heads):
        super().__init__()
        self.tokens = nn.Embedding(vocabulary, width)
        self.positions = nn.Embedding(length, width)
        self.blocks = nn.Sequential(*[Block(width, heads) for _ in range(depth)])
        self.norm = nn.LayerNorm(width)
        self.head = nn.Linear(width, vocabulary, bias=False)

    def forward(self, x):
        positions = torch.arange(x.size(1), device=x.device)
        return self.head(self.norm(self.blocks(self.tokens(x) + self.positions(positions)))).flatten(0, 1)


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
    return models().resnet50(), torch.rand(batch, 3, size, size), torch.randint(0, 1000, [batch])


def vit():
    batch = 1 if small else 64
    return models().vit_b_16(), torch.rand(batch, 3, 224, 224), torch.randint(0, 1000, [batch])


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
