"""A walk over 6,400 images, as in data.mjs; the data set is the short one of tinyvgg.py."""

import os

from torch.utils.data import DataLoader, Subset

from case import Case
from tinyvgg import Images

SAMPLES = 6400


def make_loader(batch_size, num_workers):
    images = Subset(Images(os.environ['TSTORCH_BENCH_IMAGES']), range(SAMPLES))
    return DataLoader(
        images, batch_size=batch_size, shuffle=True, num_workers=num_workers, persistent_workers=num_workers > 0
    )


def walk(batch_size, num_workers):
    return Case(
        lambda: {'loader': make_loader(batch_size, num_workers)},
        'sum(len(x) for x, _ in loader)',
    )


cases = {
    'batches of 32': walk(32, 0),
    'batches of 128': walk(128, 0),
    'batches of 32, 2 workers': walk(32, 2),
    'batches of 128, 2 workers': walk(128, 2),
}
