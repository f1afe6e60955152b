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

cases['torch.add(a, b)'] = Case(lambda: {**tensors(False), 'torch': torch}, 'torch.add(a, b)')
cases['torch.zeros(4, 4)'] = Case(lambda: {'torch': torch}, 'torch.zeros(4, 4)')
cases['torch.tensor([1.5, 2, 3, 4])'] = Case(lambda: {'torch': torch}, 'torch.tensor([1.5, 2, 3, 4])')
