/** `torchvision.ops` on boxes: what Python's gives for the same arguments (scripts/fixtures/torchvision_ops.py). */
import torch, { type Tensor } from 'tstorch';
import { ops } from 'tstorch/torchvision';
import { describe, expect, test } from 'vitest';
import { error_of, type ExpectedTensor, read_fixture, tensor_of } from '../expected.ts';

interface Call {
  name: keyof typeof ops;
  kwargs: Record<string, unknown>;
  result?: ExpectedTensor;
  error?: string;
}

function revive(value: unknown): unknown {
  const tensor = typeof value === 'object' && value !== null && 'dtype' in value;
  return tensor ? tensor_of(value as ExpectedTensor).reshape((value as ExpectedTensor).shape) : value;
}

const calls = read_fixture<Call[]>('torchvision_ops');

describe('as in Python', () => {
  test.each(calls.map((call, i) => [`${i} ${call.name}`, call] as const))('%s', (_, { name, kwargs, result, error }) => {
    const call = ops[name] as unknown as (...args: unknown[]) => Tensor;
    const given = Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, revive(value)]));
    if (result === undefined) {
      expect(error_of(() => call(given)).join(': ')).toBe(error);
      return;
    }
    const expected = revive(result) as Tensor;
    const actual = call(given);
    expect(actual.dtype).toBe(expected.dtype);
    expect([...actual.shape]).toEqual([...expected.shape]);
    if (expected.dtype === torch.int64) expect(actual.tolist()).toEqual(expected.tolist());
    else expect(torch.allclose(actual, expected, { rtol: 1e-6, atol: 1e-6 })).toBe(true);
    // By position too, where none is left out.
    if (!('reduction' in given)) expect(call(...Object.values(given)).tolist()).toEqual(actual.tolist());
  });
});

test('other shapes are errors', () => {
  const [boxes, scores] = [torch.rand(3, 4), torch.rand(3)];
  const message = (b: Tensor, s: Tensor): string => error_of(() => ops.nms(b, s, 0.5))[1];
  expect(message(boxes.select(0, 0), scores)).toBe('boxes should be a 2d tensor, got 1D');
  expect(message(boxes.narrow(1, 0, 3), scores)).toBe('boxes should have 4 elements in dimension 1, got 3');
  expect(message(boxes, boxes)).toBe('scores should be a 1d tensor, got 2D');
  expect(message(boxes, scores.narrow(0, 0, 2))).toBe(
    'boxes and scores should have same number of elements in dimension 0, got 3 and 2',
  );
});

test('boxes that are turned are not supported', () => {
  const boxes = torch.rand(3, 4);
  const turned = 'xywhr' as 'xywh';
  expect(error_of(() => ops.box_convert(boxes, 'xyxy', turned))[0]).toBe('NotImplementedError');
  expect(error_of(() => ops.box_iou(boxes, boxes, turned))[0]).toBe('NotImplementedError');
});

test('overlaps pass gradients on', () => {
  const boxes = torch.tensor([[0, 0, 2, 2.5]], { requires_grad: true });
  ops.complete_box_iou(boxes, torch.tensor([[1, 1, 3, 4.5]])).sum().backward();
  // Python's.
  const expected = torch.tensor([[0.04575775936245918, 0.044026389718055725, 0.16309159994125366, 0.1331932246685028]]);
  expect(torch.allclose(boxes.grad!, expected, { rtol: 1e-5 })).toBe(true);
});
