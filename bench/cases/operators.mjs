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
const F = torch.nn.functional;
const OTHERS = {
  'torch.add(a, b)': (a, b) => () => torch.add(a, b),
  'torch.cat([a, b])': (a, b) => () => torch.cat([a, b]),
  'torch.stack([a, b])': (a, b) => () => torch.stack([a, b]),
  'torch.zeros(4, 4)': () => () => torch.zeros(4, 4),
  'torch.tensor([1.5, 2, 3, 4])': () => () => torch.tensor([1.5, 2, 3, 4]),
  'a[:2]': (a) => () => a[':2'],
  'a.expand(2, 4, 4)': (a) => () => a.expand(2, 4, 4),
  'a.max(1)': (a) => () => a.max(1)[0],
  'a.topk(2)': (a) => () => a.topk(2)[0],
  "a.to('cpu')": (a) => () => a.to('cpu'),
  'a.size(0)': (a) => () => a.size(0),
  'a.tolist()': (a) => () => a.tolist()[0][0],
  'F.softmax(a, 1)': (a) => () => F.softmax(a, 1),
  'F.layer_norm(a, [4])': (a) => () => F.layer_norm(a, [4]),
  'F.embedding(i, a)': (a, b, s, i) => () => F.embedding(i, a),
  'F.cross_entropy(a, i)': (a, b, s, i) => () => F.cross_entropy(a, i),
};
for (const [name, form] of Object.entries(OTHERS)) {
  cases[name] = () => form(...tensors(false), torch.tensor([0, 3, 1, 2]));
}
