"""The course's convolutional network, as in tinyvgg.mjs."""

import os

import numpy
import torch
from torch import nn, optim
from torch.utils.data import DataLoader, Dataset

from case import Case
from networks.tinyvgg import TinyVGG

BATCH = 32


class Images(Dataset):
    """
    FashionMNIST without torchvision, which would go through a PIL image for each sample. This is the shortest way that
    gives the same tensors, so Python is faster here than in the course.
    """

    def __init__(self, root):
        folder = os.path.join(root, 'FashionMNIST', 'raw')
        self.images = self.read(os.path.join(folder, 'train-images-idx3-ubyte'), header=16).view(-1, 28, 28)
        self.labels = self.read(os.path.join(folder, 'train-labels-idx1-ubyte'), header=8).long()

    @staticmethod
    def read(path, header):
        return torch.from_numpy(numpy.fromfile(path, dtype=numpy.uint8, offset=header))

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        image = self.images[index].unsqueeze(0).to(torch.float32).div(255)
        return image, int(self.labels[index])


def make_step():
    model = TinyVGG()
    loss_fn = nn.CrossEntropyLoss()
    optimizer = optim.SGD(model.parameters(), lr=0.1)

    def step(x, y):
        loss = loss_fn(model(x), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def epoch():
    data = Images(os.environ['TSTORCH_BENCH_IMAGES'])
    loader = DataLoader(data, batch_size=BATCH, shuffle=True)
    step = make_step()

    def run():
        loss = 0.0
        for x, y in loader:
            loss += step(x, y)
        return loss / len(loader)

    return {'run': run}


def one_batch():
    return {'x': torch.rand(BATCH, 1, 28, 28), 'y': torch.randint(0, 10, [BATCH]), 'step': make_step()}


def inference():
    x = torch.rand(BATCH, 1, 28, 28)
    model = TinyVGG().eval()

    def run():
        with torch.inference_mode():
            return model(x)

    return {'run': run}


cases = {
    'training step, batch of 32': Case(one_batch, 'step(x, y)'),
    'inference, batch of 32': Case(inference, 'run()'),
    'epoch of 60,000 images': Case(epoch, 'run()'),
    'epoch of 60,000 images, all threads': Case(epoch, 'run()'),
}
