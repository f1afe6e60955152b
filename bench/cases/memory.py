"""Results that are dropped at once, as in memory.mjs."""

import torch

from case import Case


def add(kilobytes):
    numbers = kilobytes * 1024 // 4
    return Case(lambda: {'a': torch.rand(numbers), 'b': torch.rand(numbers)}, 'a.add(b)')


cases = {
    '64 KB': add(64),
    '256 KB': add(256),
    '4 MB': add(4096),
}
