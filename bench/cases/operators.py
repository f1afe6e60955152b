"""Single operators on small tensors, as in operators.mjs."""

import torch

from case import Case

FORMS = {
    'a.add(b)': 'a.add(b)',
    'a.mul(b)': 'a.mul(b)',
    'a.mul(2.5)': 'a.mul(2.5)',
    'a.matmul(b)': 'a.matmul(b)',
    'a.sum(0)': 'a.sum(0)',
    'a.sum({ dim: 0, keepdim: true })': 'a.sum(dim=0, keepdim=True)',
    'a.add(b, { alpha: 2 })': 'a.add(b, alpha=2)',
    'a.reshape(2, 8)': 'a.reshape(2, 8)',
    'a[0]': 'a[0]',
    's.item()': 's.item()',
}


def tensors(requires_grad):
    made = {'a': torch.rand(4, 4), 'b': torch.rand(4, 4), 's': torch.rand([])}
    for tensor in made.values():
        tensor.requires_grad_(requires_grad)
    return made


cases = {}
for name, statement in FORMS.items():
    cases[name] = Case(lambda: tensors(False), statement)
    cases[f'{name}, with grad'] = Case(lambda: tensors(True), statement)

OTHERS = {
    'torch.add(a, b)': 'torch.add(a, b)',
    'torch.cat([a, b])': 'torch.cat([a, b])',
    'torch.stack([a, b])': 'torch.stack([a, b])',
    'torch.zeros(4, 4)': 'torch.zeros(4, 4)',
    'torch.tensor([1.5, 2, 3, 4])': 'torch.tensor([1.5, 2, 3, 4])',
    'a[:2]': 'a[:2]',
    'a.expand(2, 4, 4)': 'a.expand(2, 4, 4)',
    'a.max(1)': 'a.max(1)[0]',
    'a.topk(2)': 'a.topk(2)[0]',
    "a.to('cpu')": "a.to('cpu')",
    'a.size(0)': 'a.size(0)',
    'a.tolist()': 'a.tolist()[0][0]',
    'F.softmax(a, 1)': 'F.softmax(a, 1)',
    'F.layer_norm(a, [4])': 'F.layer_norm(a, [4])',
    'F.embedding(i, a)': 'F.embedding(i, a)',
    'F.cross_entropy(a, i)': 'F.cross_entropy(a, i)',
}


def others():
    return {**tensors(False), 'i': torch.tensor([0, 3, 1, 2]), 'torch': torch, 'F': torch.nn.functional}


for name, statement in OTHERS.items():
    cases[name] = Case(others, statement)
