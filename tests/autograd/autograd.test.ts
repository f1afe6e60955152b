/** Gradients. Numbers and messages are Python's PyTorch's. */
import torch, { autograd } from 'tstorch';
import type { Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';

const leaf = (values: unknown = [1.5, 2.5]): Tensor =>
  torch.tensor(values as number[], { dtype: torch.float32, requires_grad: true });

function expect_close(x: Tensor | null, expected: number[]): void {
  const values = x!.flatten().tolist() as number[];
  expect(values.length).toBe(expected.length);
  values.forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
}

describe('backward', () => {
  test('through a small graph', () => {
    const x = leaf([1.5, -2, 0.25]);
    const w = leaf([
      [0.5, -1, 2],
      [1, 0, -0.5],
    ]);
    const y = w.matmul(x).tanh().pow(2).sum().add(x.exp().mul(x.sin()).sum());
    y.backward();
    expect(y.item()).toBeCloseTo(6.4331746101379395, 5);
    expect_close(x.grad, [5.190976619720459, -0.19133472442626953, 1.3869346380233765]);
    expect_close(
      w.grad,
      [
        0.01793302781879902, -0.023910703137516975, 0.002988837892189622, 0.5962716341018677, -0.795028805732727,
        0.09937860071659088,
      ],
    );
  });

  test('gradients add up until they are cleared', () => {
    const x = leaf();
    x.mul(2).sum().backward();
    const first = x.grad!;
    expect(first.tolist()).toEqual([2, 2]);
    x.pow(2).sum().backward();
    expect(x.grad).toBe(first);
    expect(first.tolist()).toEqual([5, 7]);
    x.grad = null;
    expect(x.grad).toBeNull();
    x.sum().backward();
    expect(x.grad!.tolist()).toEqual([1, 1]);
    expect(first.tolist()).toEqual([5, 7]);
  });

  test('the gradient is the same object each time, and can be set', () => {
    const x = leaf();
    x.sum().backward();
    expect(x.grad).toBe(x.grad);
    const mine = torch.tensor([5.5, 6.5]);
    x.grad = mine;
    expect(x.grad).toBe(mine);
    x.sum().backward();
    expect(x.grad).toBe(mine);
    expect(mine.tolist()).toEqual([6.5, 7.5]);
  });

  test('retain_graph', () => {
    const x = leaf();
    const y = x.pow(2).sum();
    y.backward({ retain_graph: true });
    y.backward();
    expect(x.grad!.tolist()).toEqual([6, 10]);
    expect(() => y.backward()).toThrow(/^Trying to backward through the graph a second time/);
    const z = x.pow(2).sum();
    z.backward(null, true);
    z.backward();
    expect(x.grad!.tolist()).toEqual([12, 20]);
  });

  test('gradient, by position and by name', () => {
    const x = leaf();
    x.pow(2).backward(torch.tensor([1, 10], { dtype: torch.float32 }));
    expect(x.grad!.tolist()).toEqual([3, 50]);
    x.grad = null;
    x.pow(2).backward({ gradient: torch.ones(2, { dtype: torch.float64 }) });
    expect(x.grad!.tolist()).toEqual([3, 5]);
  });

  test('inputs', () => {
    const x = leaf();
    const w = leaf();
    const y = x.mul(w).sum();
    y.backward({ inputs: [w], retain_graph: true });
    expect([x.grad, w.grad!.tolist()]).toEqual([null, [1.5, 2.5]]);
    y.backward({ inputs: x });
    expect(x.grad!.tolist()).toEqual([1.5, 2.5]);
  });

  test('create_graph', () => {
    const x = leaf(2);
    x.pow(3).backward({ create_graph: true });
    const gradient = x.grad!;
    expect([gradient.item(), gradient.requires_grad]).toEqual([12, true]);
    x.grad = null;
    gradient.backward();
    expect(x.grad!.item()).toBe(12);
  });

  test('writing through views, and sorting', () => {
    const x = leaf([1, 2, 3]);
    const y = x.clone();
    y[0] = torch.tensor(0);
    y['1:']!.mul_(3);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([0, 3, 3]);
    const u = leaf([3, 1, 2]);
    const { values } = u.sort();
    values
      .mul(torch.tensor([1, 10, 100]))
      .sum()
      .backward();
    expect(u.grad!.tolist()).toEqual([100, 1, 10]);
  });

  test('complex numbers', () => {
    const z = torch.tensor([new torch.Complex(1, 2), new torch.Complex(3, -1)], { requires_grad: true });
    z.mul(z.conj()).real.sum().backward();
    expect(z.grad!.tolist()).toEqual([new torch.Complex(2, 4), new torch.Complex(6, -2)]);
    expect(() => z.mul(2).sum().backward()).toThrow(
      'grad can be implicitly created only for real scalar outputs but got torch.complex64',
    );
  });

  test('several tensors at once', () => {
    const x = leaf([1, 2]);
    autograd.backward([x.mul(2), x.mul(3)], [torch.tensor([1.5, 2]), torch.tensor([10.5, 20])]);
    expect(x.grad!.tolist()).toEqual([34.5, 64]);
    x.grad = null;
    autograd.backward({ tensors: [x.sum(), x.mul(2).sum()] });
    expect(x.grad!.tolist()).toEqual([3, 3]);
    x.grad = null;
    autograd.backward(x.pow(2), { grad_tensors: torch.ones(2), inputs: [x] });
    expect(x.grad!.tolist()).toEqual([2, 4]);
  });

  test('a graph of 100,000 steps', () => {
    const x = leaf();
    let y = x;
    for (let i = 0; i < 100_000; i++) y = y.add(1);
    y.sum().backward();
    expect(x.grad!.tolist()).toEqual([1, 1]);
    expect(y[0]!.item()).toBe(100_001.5);
  });

  test.each<[string, () => unknown, string]>([
    ['no scalar', () => leaf().backward(), 'grad can be implicitly created only for scalar outputs'],
    [
      'nothing to follow',
      () => torch.tensor(1.5).backward(),
      'element 0 of tensors does not require grad and does not have a grad_fn',
    ],
    [
      'a gradient that does not fit',
      () => leaf().pow(2).backward(torch.ones(3)),
      'Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a shape of torch.Size([2]).',
    ],
    ['no inputs', () => leaf().sum().backward({ inputs: [] }), '`inputs` argument to `backward()` cannot be empty.'],
    [
      'no inputs, autograd.backward',
      () => autograd.backward(leaf().sum(), { inputs: [] }),
      '`inputs` argument to `backward()` cannot be empty.',
    ],
    [
      'too many gradients',
      () => autograd.backward([leaf()], [torch.ones(2), torch.ones(2)]),
      'got 1 tensors and 2 gradients',
    ],
    [
      'changed in place',
      () => {
        const y = leaf().mul(1);
        const z = y.pow(2);
        y.add_(1);
        z.sum().backward();
      },
      'one of the variables needed for gradient computation has been modified by an inplace operation',
    ],
    [
      'a leaf changed in place',
      () => leaf().add_(1),
      'a leaf Variable that requires grad is being used in an in-place operation.',
    ],
  ])('%s', (_, action, message) => {
    expect(action).toThrow(torch.RuntimeError);
    expect(action).toThrow(message);
  });

  test.each<[string, () => unknown, string]>([
    ['a number as gradient', () => leaf().backward(5 as never), "argument 'gradient' must be a Tensor, not number"],
    [
      'a string as flag',
      () =>
        leaf()
          .sum()
          .backward({ retain_graph: 'yes' as never }),
      "argument 'retain_graph' must be bool, not str",
    ],
    [
      'an unknown name',
      () =>
        leaf()
          .sum()
          .backward({ retain: true } as never),
      "unexpected keyword argument 'retain'",
    ],
    [
      'numbers as inputs',
      () =>
        leaf()
          .sum()
          .backward({ inputs: [5 as never] }),
      "argument 'inputs' must be a Tensor, not number",
    ],
    ['no tensors', () => autograd.backward(5 as never), "argument 'tensors' must be a Tensor"],
    [
      'numbers as gradients',
      () => autograd.backward(leaf().sum(), [5 as never]),
      "argument 'grad_tensors' must be a Tensor",
    ],
  ])('%s', (_, action, message) => {
    expect(action).toThrow(torch.TypeError);
    expect(action).toThrow(message);
  });
});

describe('grad', () => {
  test('gives gradients and leaves .grad alone', () => {
    const x = leaf();
    const [gradient] = autograd.grad(x.pow(2).sum(), x);
    expect(gradient!.tolist()).toEqual([3, 5]);
    expect(x.grad).toBeNull();
    expect(autograd.grad(x.pow(2), [x], torch.tensor([1.5, 10]))[0]!.tolist()).toEqual([4.5, 50]);
    expect(autograd.grad({ outputs: x.pow(2), inputs: x, grad_outputs: [torch.ones(2)] })[0]!.tolist()).toEqual([3, 5]);
  });

  test('of higher order', () => {
    const x = leaf(2);
    const [first] = autograd.grad(x.pow(4), x, { create_graph: true });
    const [second] = autograd.grad(first!, x, { create_graph: true });
    const [third] = autograd.grad(second!, x);
    expect([first, second, third].map((one) => one!.item())).toEqual([32, 48, 48]);
    expect(third!.requires_grad).toBe(false);
  });

  test('inputs that were not used', () => {
    const x = leaf();
    const other = leaf();
    const unused =
      'The differentiated Tensor at index 1 appears to not have been used in the graph. ' +
      'Set allow_unused=True if this is the desired behavior.';
    expect(() => autograd.grad(x.sum(), [x, other])).toThrow(unused);
    expect(autograd.grad(x.sum(), [x, other], { allow_unused: true })[1]).toBeNull();
    expect(autograd.grad(x.sum(), [other], { materialize_grads: true })[0]!.tolist()).toEqual([0, 0]);
    const contradiction = () => autograd.grad(x.sum(), other, { materialize_grads: true, allow_unused: false });
    expect(contradiction).toThrow(torch.ValueError);
    expect(contradiction).toThrow(
      'Expected allow_unused to be True or not passed when materialize_grads=True, but got: allow_unused=False.',
    );
  });

  test.each<[string, () => unknown, string]>([
    ['no inputs', () => autograd.grad(leaf().sum(), []), '`inputs` argument to `grad()` cannot be empty.'],
    [
      'an input without gradient',
      () => autograd.grad(leaf().sum(), torch.ones(2)),
      'One of the differentiated Tensors does not require grad',
    ],
    [
      'an output without gradient',
      () => autograd.grad(torch.ones(1), leaf()),
      'element 0 of tensors does not require grad and does not have a grad_fn',
    ],
    ['no scalar', () => autograd.grad(leaf().mul(2), leaf()), 'grad can be implicitly created only for scalar outputs'],
    [
      'one gradient missing',
      () => {
        const x = leaf();
        return autograd.grad([x.pow(2), x.mul(3)], x, [torch.ones(2), null]);
      },
      'grad can be implicitly created only for scalar outputs',
    ],
    [
      'a gradient that does not fit',
      () => {
        const x = leaf();
        return autograd.grad(x.mul(2), x, torch.ones(3));
      },
      'Mismatch in shape: grad_output[0] has a shape of torch.Size([3]) and output[0] has a shape of torch.Size([2]).',
    ],
  ])('%s', (_, action, message) => {
    expect(action).toThrow(torch.RuntimeError);
    expect(action).toThrow(message);
  });

  test('wrong types', () => {
    expect(() => autograd.grad(5 as never, leaf())).toThrow(
      "argument 'outputs' must be a Tensor or an array of Tensors",
    );
    expect(() => autograd.grad(leaf().sum(), 'x' as never)).toThrow(
      "argument 'inputs' must be a Tensor or an array of Tensors",
    );
    expect(() => autograd.grad(leaf().sum(), leaf(), { create_graph: 1 as never })).toThrow(
      "argument 'create_graph' must be bool, not int",
    );
  });
});

describe('leaves and the graph', () => {
  test('grad_fn', () => {
    const x = leaf();
    expect([x.is_leaf, x.grad_fn]).toEqual([true, null]);
    const y = x.mul(2).sum();
    expect(y.is_leaf).toBe(false);
    expect(String(y.grad_fn)).toBe('<SumBackward0>');
    const [[times, input]] = y.grad_fn!.next_functions as [[autograd.graph.Node, number]];
    expect([times.name(), input]).toEqual(['MulBackward0', 0]);
    expect(times.next_functions.map(([node]) => node?.name() ?? null)).toEqual(['AccumulateGrad', null]);
  });

  test('retain_grad keeps the gradient of what is no leaf', () => {
    const x = leaf();
    const y = x.mul(2);
    y.retain_grad();
    y.pow(2).sum().backward();
    expect([y.retains_grad, y.grad!.tolist()]).toEqual([true, [6, 10]]);
    expect(() => torch.ones(2).retain_grad()).toThrow("can't retain_grad on Tensor that has requires_grad=False");
  });

  test('requires_grad', () => {
    const x = torch.ones(2);
    expect(x.requires_grad_()).toBe(x);
    expect(x.requires_grad).toBe(true);
    x.requires_grad = false;
    expect(x.requires_grad).toBe(false);
    expect(x.requires_grad_({ requires_grad: true }).mul(2).requires_grad).toBe(true);
    expect(() => (leaf().mul(2).requires_grad = false)).toThrow(
      /^you can only change requires_grad flags of leaf variables/,
    );
    expect(() => torch.arange(2).requires_grad_()).toThrow(torch.RuntimeError);
    expect(() => torch.ones(2).requires_grad_(1 as never)).toThrow(torch.TypeError);
  });

  test('detach, data and clone', () => {
    const x = leaf();
    const y = x.detach();
    expect([y.requires_grad, y.data_ptr() === x.data_ptr()]).toEqual([false, true]);
    x.data.fill_(7);
    expect(x.tolist()).toEqual([7, 7]);
    x.data = torch.zeros(3);
    expect([x.tolist(), x.requires_grad, x.is_leaf]).toEqual([[0, 0, 0], true, true]);
    expect(() => (x.data = torch.arange(3))).toThrow(
      'data set to a tensor that requires gradients must be floating point or complex dtype',
    );
    expect(() => (x.data = 5 as never)).toThrow(torch.TypeError);
    const z = leaf().mul(2);
    expect(z.detach_()).toBe(z);
    expect([z.requires_grad, z.is_leaf]).toEqual([false, true]);
    expect(leaf().clone().requires_grad).toBe(true);
  });

  test('what cannot be a gradient', () => {
    const x = leaf();
    expect(() => (x.grad = torch.ones(3))).toThrow(
      "attempting to assign a gradient of size '[3]' to a tensor of size '[2]'. Please ensure that the gradient and the tensor are the same size",
    );
    expect(() => (x.grad = torch.arange(2))).toThrow(
      "attempting to assign a gradient with dtype 'Long' to a tensor with grad_dtype 'Float'.",
    );
    expect(() => (x.grad = x)).toThrow("can't assign Variable as its own grad");
    expect(() => (x.grad = 5 as never)).toThrow(torch.TypeError);
    expect(() => (x.grad = undefined as never)).toThrow(torch.TypeError);
    expect(x.grad).toBeNull();
  });

  test('a disposed gradient is read anew', () => {
    const x = leaf();
    x.sum().backward();
    x.grad!.dispose();
    expect(x.grad!.tolist()).toEqual([1, 1]);
  });
});
