"""Writing and reading state dicts, as in serialization.mjs."""

import atexit
import io
import os
import shutil
import tempfile
from collections import OrderedDict

import torch

from case import Case
from networks.vision import torchvision

folder = tempfile.mkdtemp(prefix='tstorch-bench-')
atexit.register(shutil.rmtree, folder, ignore_errors=True)


def resnet18():
    return torchvision().models.resnet18()


# What is saved, and one of its keys.
STATES = {
    'ResNet-18': lambda: (resnet18().state_dict(), 'fc.weight'),
    '1,000 tensors of 4 x 4': lambda: (
        OrderedDict((f'tensors.{i}', torch.rand(4, 4)) for i in range(1000)),
        'tensors.999',
    ),
}


def save_to_memory(make):
    def setup():
        state, _ = make()

        def save():
            buffer = io.BytesIO()
            torch.save(state, buffer)
            return buffer.tell()

        return {'save': save}

    return Case(setup, 'save()')


def load_from_memory(make):
    def setup():
        state, key = make()
        buffer = io.BytesIO()
        torch.save(state, buffer)
        return {'bytes_': buffer.getvalue(), 'key': key, 'BytesIO': io.BytesIO, 'load': torch.load}

    return Case(setup, 'load(BytesIO(bytes_))[key]')


def save_to_file(make, path):
    return Case(lambda: {'state': make()[0], 'path': path, 'save': torch.save}, 'save(state, path)')


def load_from_file(make, path):
    def setup():
        state, key = make()
        torch.save(state, path)
        return {'path': path, 'key': key, 'load': torch.load}

    return Case(setup, 'load(path)[key]')


def loading():
    model = resnet18()
    state = resnet18().state_dict()

    def run():
        model.load_state_dict(state)
        return model.fc.weight

    return {'run': run}


cases = {}
for i, (name, make) in enumerate(STATES.items()):
    cases[f'{name}, save to memory'] = save_to_memory(make)
    cases[f'{name}, load from memory'] = load_from_memory(make)
    cases[f'{name}, save to a file'] = save_to_file(make, os.path.join(folder, f'saved_{i}.pth'))
    cases[f'{name}, load from a file'] = load_from_file(make, os.path.join(folder, f'loaded_{i}.pth'))
cases['ResNet-18, state_dict()'] = Case(lambda: {'model': resnet18()}, "model.state_dict()['fc.weight']")
cases['ResNet-18, load_state_dict()'] = Case(loading, 'run()')
