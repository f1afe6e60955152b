/** Single operators on small tensors: what is measured is the way to LibTorch and back. */
import torch from 'tstorch';

const FORMS = {
  'a.add(b)': (a, b) => () => a.add(b),
  'a.mul(b)': (a, b) => () => a.mul(b),
  'a.mul(2.5)': (a) => () => a.mul(2.5),
  'a.matmul(b)': (a, b) => () => a.matmul(b),
  'a.sum(0)': (a) => () => a.sum(0),
  'a.sum({ dim: 0, keepdim: true })': (a) => () => a.sum({ dim: 0, keepdim: true }),
  'a.add(b, { alpha: 2 })': (a, b) => () => a.add(b, { alpha: 2 }),
  'a.reshape(2, 8)': (a) => () => a.reshape(2, 8),
  'a[0]': (a) => () => a[0],
  's.item()': (a, b, s) => () => s.item(),
};

function tensors(requires_grad) {
  const made = [torch.rand(4, 4), torch.rand(4, 4), torch.rand([])];
  for (const tensor of made) tensor.requires_grad_(requires_grad);
  return made;
}

export const cases = {};
for (const [name, form] of Object.entries(FORMS)) {
  cases[name] = () => form(...tensors(false));
  cases[`${name}, with grad`] = () => form(...tensors(true));
}

// Not held to a target: other ways that often stand in inner loops.
cases['torch.add(a, b)'] = () => {
  const [a, b] = tensors(false);
  return () => torch.add(a, b);
};
cases['torch.zeros(4, 4)'] = () => () => torch.zeros(4, 4);
cases['torch.tensor([1.5, 2, 3, 4])'] = () => () => torch.tensor([1.5, 2, 3, 4]);
