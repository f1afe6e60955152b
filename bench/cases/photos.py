"""A walk over photographs with torchvision and Pillow, as in photos.mjs."""

import os

from torch.utils.data import DataLoader

from case import Case
from networks.vision import torchvision


def make_loader(size, num_workers):
    package = torchvision()
    transforms = package.transforms
    transform = transforms.Compose(
        [
            transforms.Resize((size, size)),
            transforms.TrivialAugmentWide(num_magnitude_bins=31),
            transforms.ToTensor(),
        ]
    )
    images = package.datasets.ImageFolder(os.environ['TSTORCH_BENCH_PHOTOS'], transform)
    return DataLoader(
        images, batch_size=32, shuffle=True, num_workers=num_workers, persistent_workers=num_workers > 0
    )


def walk(size, num_workers):
    return Case(
        lambda: {'loader': make_loader(size, num_workers)},
        'sum(len(x) for x, _ in loader)',
    )


cases = {
    'to 64 x 64': walk(64, 0),
    'to 224 x 224': walk(224, 0),
    'to 64 x 64, 2 workers': walk(64, 2),
    'to 224 x 224, 2 workers': walk(224, 2),
}
