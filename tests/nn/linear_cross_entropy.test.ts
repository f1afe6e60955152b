/** The loss of a linear layer that divides its batch. What is expected here is what Python says and gives. */
import torch, { nn } from 'tstorch';
import { beforeEach, describe, expect, test } from 'vitest';

const F = nn.functional;
type Options = ConstructorParameters<typeof nn.LinearCrossEntropyOptions>[0];

let x: torch.Tensor;
let w: torch.Tensor;
let target: torch.Tensor;

beforeEach(() => {
  torch.manual_seed(0);
  x = torch.randn(6, 4, { requires_grad: true });
  w = torch.randn(5, 4, { requires_grad: true });
  target = torch.tensor([0, 1, 2, 3, 4, 1]);
});

function loss(options: Options = {}, reduction: 'mean' | 'none' = 'mean'): torch.Tensor {
  return F.linear_cross_entropy(x, w, target, { options: new nn.LinearCrossEntropyOptions(options), reduction });
}

describe('the backward pass', () => {
  test('can be gone through once', () => {
    const once = loss();
    once.backward({ retain_graph: true });
    expect(() => once.backward()).toThrow(
      'linear_cross_entropy chunked backward called twice; retain_graph=True / double backward are not supported.',
    );
  });

  test('can be gone through more often where that is said, or where the loss is not reduced', () => {
    const losses = [loss({ allow_retain_graph: true }), loss({}, 'none').sum()];
    for (const one of losses) {
      x.grad = null;
      const gradient = () => x.grad!;
      one.backward({ retain_graph: true });
      const first = gradient().clone();
      one.backward({ retain_graph: true });
      expect(torch.equal(gradient(), first.mul(2))).toBe(true);
    }
  });

  test('gives the gradient of the undivided batch, each piece its part', () => {
    const expected = torch.autograd.grad(F.linear_cross_entropy(x, w, target), [x, w]) as torch.Tensor[];
    for (const options of [{ batch_chunk_size: 1 }, { batch_chunk_size: 4 }, { acc_policy: 'accurate' }] as const) {
      const actual = torch.autograd.grad(loss(options), [x, w]) as torch.Tensor[];
      actual.forEach((one, i) => expect(torch.allclose(one, expected[i]!, { atol: 1e-6 })).toBe(true));
    }
  });

  test('has no gradient of its own', () => {
    expect(torch.autograd.grad(loss(), x, { create_graph: true })[0]!.requires_grad).toBe(false);
  });
});

test('an empty batch', () => {
  x = x.narrow(0, 0, 0);
  target = target.narrow(0, 0, 0);
  expect(loss().item()).toBeNaN();
  expect([...loss({}, 'none').shape]).toEqual([0]);
});

test('what cannot be', () => {
  expect(() => loss({ batch_chunk_size: 3, chunking_method: 'aspect_ratio' })).toThrow(
    "batch_chunk_size (=3) and chunking_method ('aspect_ratio') give different chunk sizes (3 vs 4); pass only one.",
  );
  expect(() => loss({ acc_dtype: torch.float64 })).toThrow(
    'linear_cross_entropy supports float32 acc_dtype with float16/bfloat16 inputs, but got torch.float64 acc_dtype ' +
      'and torch.float32 inputs.',
  );
  expect(() => F.linear_cross_entropy(x, w, target, { options: 5 as never })).toThrow(
    "'int' object has no attribute '_adjust'",
  );
});

test('never are there more logits than those of one piece', () => {
  const [rows, classes] = [1024, 4096];
  const [input, weight] = [torch.randn(rows, 8), torch.randn(classes, 8, { requires_grad: true })];
  const labels = torch.randint(0, classes, [rows]);
  const peak = (options: nn.LinearCrossEntropyOptions | null): number => {
    torch.memory.collect();
    torch.memory.reset_peak();
    const before = torch.memory.stats().live_bytes;
    F.linear_cross_entropy(input, weight, labels, { options }).backward();
    return torch.memory.stats().peak_bytes - before;
  };
  const all_logits = 4 * rows * classes;
  expect(peak(null)).toBeGreaterThan(all_logits);
  expect(peak(new nn.LinearCrossEntropyOptions({ batch_chunk_size: 16 }))).toBeLessThan(all_logits / 8);
});
