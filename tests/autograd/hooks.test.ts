/** Functions that a backward pass calls. The numbers and the messages are those of the same calls in Python. */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { expect, test } from 'vitest';
import { thrown_by } from '../expected.ts';

function leaf(): Tensor {
  return torch.ones(2, { requires_grad: true });
}

function message_of(action: () => unknown): string {
  const error = thrown_by(action) as Error;
  return `${error.constructor.name}: ${error.message}`;
}

test('a hook on a tensor sees its gradient and may give another, until it is removed', () => {
  const x = leaf();
  const seen: number[][] = [];
  const handle = x.register_hook((grad) => {
    seen.push(grad.tolist() as number[]);
    return grad.mul(2);
  });
  x.mul(3).sum().backward();
  expect([seen, x.grad!.tolist()]).toEqual([[[3, 3]], [6, 6]]);
  handle.remove();
  x.grad = null;
  x.mul(3).sum().backward();
  expect([seen.length, x.grad!.tolist()]).toEqual([1, [3, 3]]);
});

test('hooks of a tensor that is no leaf, in the order in which they were registered', () => {
  const x = leaf();
  const y = x.mul(2);
  y.register_hook((grad) => grad.add(1));
  y.register_hook((grad) => grad.mul(10));
  y.register_hook(() => null);
  y.sum().backward();
  expect(x.grad!.tolist()).toEqual([40, 40]);
});

test('what a hook gives has to be like the gradient', () => {
  const x = leaf();
  const errors = [5, torch.ones(3), torch.ones(2, { dtype: torch.float64 }), [torch.ones(2)], 'a'].map((result) => {
    const handle = x.register_hook((() => result) as never);
    const message = message_of(() => x.sum().backward());
    handle.remove();
    return message;
  });
  expect(errors).toEqual([
    "TypeError: expected Variable, but hook returned 'int'",
    "RuntimeError: hook '<lambda>' has changed the size of value",
    "RuntimeError: hook '<lambda>' has changed the type of value (was torch.FloatTensor got torch.DoubleTensor)",
    "TypeError: expected Variable, but hook returned 'list'",
    "TypeError: expected Variable, but hook returned 'str'",
  ]);
  expect(message_of(() => torch.ones(2).register_hook(() => null))).toBe(
    "RuntimeError: cannot register a hook on a tensor that doesn't require gradient",
  );
});

test('what a hook throws, the backward pass throws, be it an error or not', () => {
  const x = leaf();
  const mine = new RangeError('mine');
  for (const thrown of [mine, 5, null]) {
    const handle = x.register_hook(() => {
      throw thrown;
    });
    let caught: unknown = 'nothing';
    try {
      x.sum().backward();
    } catch (error) {
      caught = error;
    }
    handle.remove();
    expect(caught).toBe(thrown);
  }
  x.sum().backward();
  expect(x.grad!.tolist()).toEqual([1, 1]);
});

test('a hook after the gradient has been added up', () => {
  const x = leaf();
  const seen: unknown[] = [];
  const handle = x.register_post_accumulate_grad_hook((param) => {
    seen.push(param === x, param.grad!.tolist());
    param.grad = null;
  });
  x.mul(3).sum().backward();
  expect([seen, x.grad]).toEqual([[true, [3, 3]], null]);
  handle.remove();
  x.sum().backward();
  expect(seen.length).toBe(2);
  expect(message_of(() => x.mul(2).register_post_accumulate_grad_hook(() => {}))).toBe(
    'RuntimeError: post accumulate grad hooks cannot be registered on non-leaf tensors',
  );
  expect(message_of(() => torch.ones(2).register_post_accumulate_grad_hook(() => {}))).toBe(
    "RuntimeError: cannot register a hook on a tensor that doesn't require gradient",
  );
});

test('hooks on the steps of the backward pass', () => {
  const x = leaf();
  const y = x.mul(2);
  const node = y.grad_fn!;
  expect(y.grad_fn).toBe(node);
  const [[accumulate, input], second] = node.next_functions as [[typeof node, number], [null, number]];
  expect([accumulate.name(), input, second]).toEqual(['AccumulateGrad', 0, [null, 0]]);
  expect(accumulate.variable!.tolist()).toEqual([1, 1]);
  const seen: unknown[] = [];
  node.register_hook((grad_inputs, grad_outputs) => {
    seen.push(grad_inputs.map((one) => one?.tolist() ?? null), grad_outputs.map((one) => one?.tolist() ?? null));
  });
  node.register_prehook(([grad]) => [grad!.mul(10)]);
  y.sum().backward();
  expect([seen, x.grad!.tolist()]).toEqual([[[[20, 20], null], [[10, 10]]], [20, 20]]);
  const errors = [5, [], [torch.ones(2)], [torch.ones(3), null]].map((result) => {
    const z = x.mul(2);
    z.grad_fn!.register_hook((() => result) as never);
    return message_of(() => z.sum().backward());
  });
  expect(errors).toEqual([
    "TypeError: expected tuple, but hook returned 'int'",
    "RuntimeError: hook '<lambda>' has returned an incorrect number of values (got 0, but expected 2)",
    "RuntimeError: hook '<lambda>' has returned an incorrect number of values (got 1, but expected 2)",
    "RuntimeError: hook '<lambda>' has changed the size of value",
  ]);
});

test('a hook may go through another graph, and gradients are recorded in it only with create_graph', () => {
  const x = leaf();
  const modes: boolean[] = [];
  const inner = leaf();
  const y = x.mul(3);
  y.register_hook(() => {
    modes.push(torch.is_grad_enabled());
    torch.enable_grad(() => inner.mul(4).sum().backward());
  });
  y.sum().backward({ retain_graph: true });
  torch.autograd.grad(y.pow(2).sum(), x, { create_graph: true, retain_graph: true });
  expect([modes, inner.grad!.tolist(), x.grad!.tolist()]).toEqual([[false, true], [8, 8], [3, 3]]);
});
