/** What it takes to start operators on a GPU: tensors so small that the GPU waits for the program. */
import torch, { nn, optim } from 'tstorch';

const device = process.env.TSTORCH_BENCH_DEVICE;
const rand = (...shape) => torch.rand(...shape, { device });

export const cases = {
  'a.add(b)': () => {
    const [a, b] = [rand(4, 4), rand(4, 4)];
    return () => a.add(b);
  },
  'a.matmul(b)': () => {
    const [a, b] = [rand(4, 4), rand(4, 4)];
    return () => a.matmul(b);
  },
  'a.sum(0)': () => {
    const a = rand(4, 4);
    return () => a.sum(0);
  },
  'a.add(b), with grad': () => {
    const [a, b] = [rand(4, 4).requires_grad_(), rand(4, 4).requires_grad_()];
    return () => a.add(b);
  },
  'nn.Linear(4, 4)(x)': () => {
    const x = rand(4, 4);
    const layer = new nn.Linear(4, 4, { device });
    return () => layer(x);
  },
  's.item()': () => {
    const s = rand(4).sum();
    return () => s.item();
  },
  'x.to(device), 4 KB': () => {
    const x = torch.rand(1024);
    return () => x.to(device);
  },
  'Adam, 100 parameters of 4 x 4': () => {
    const parameters = Array.from({ length: 100 }, () => new nn.Parameter(rand(4, 4)));
    for (const parameter of parameters) parameter.grad = rand(4, 4);
    const optimizer = new optim.Adam(parameters);
    return () => optimizer.step();
  },
};
