/** `torchvision.utils`: the images that torchvision makes of the same arguments. */
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import torch, { type Tensor } from 'tstorch';
import { Image, utils } from 'tstorch/torchvision';
import { describe, expect, test } from 'vitest';
import { dtype_named, read_fixture } from '../expected.ts';

interface StoredTensor {
  dtype: string;
  shape: number[];
  values?: number[];
  hex?: string;
}
interface Call {
  name: keyof typeof utils;
  kwargs: Record<string, unknown>;
  result?: StoredTensor;
  error?: string;
}
const calls = read_fixture<Call[]>('torchvision_utils');

/** What a fixture's argument stands for. */
function revive(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(revive);
  if (typeof value !== 'object' || value === null) return value;
  const { dtype, shape, hex, values = [...Buffer.from(hex!, 'hex')] } = value as StoredTensor;
  return torch.tensor(values, { dtype: dtype_named(dtype) }).reshape(shape);
}

describe('as in Python', () => {
  test.each(calls.map((call, i) => [`${i} ${call.name}`, call] as const))('%s', (_, { name, kwargs, result, error }) => {
    const given = Object.fromEntries(Object.entries(kwargs).map(([key, value]) => [key, revive(value)]));
    const call = utils[name] as unknown as (kwargs: Record<string, unknown>) => Tensor;
    if (result === undefined) {
      let thrown: unknown;
      try {
        call(given);
      } catch (caught) {
        thrown = caught;
      }
      expect(`${(thrown as Error).name}: ${(thrown as Error).message}`).toBe(error);
      return;
    }
    const expected = revive(result) as Tensor;
    const before = (Object.values(given)[0] as Tensor).clone?.();
    const actual = call(given);
    expect(actual.dtype).toBe(expected.dtype);
    expect([...actual.shape]).toEqual([...expected.shape]);
    if (expected.dtype === torch.uint8) expect(actual.tolist()).toEqual(expected.tolist());
    else expect(torch.allclose(actual, expected, { rtol: 1e-6, atol: 1e-7 })).toBe(true);
    // What was given is as it was.
    if (before !== undefined) expect(torch.equal(Object.values(given)[0] as Tensor, before)).toBe(true);
  });
});

test('labels leave their mark inside of boxes', () => {
  const image = torch.zeros(3, 20, 40, { dtype: torch.uint8 });
  const boxes = torch.tensor([[0, 0, 39, 19]]);
  const plain = utils.draw_bounding_boxes(image, boxes, { colors: 'red' });
  const labelled = utils.draw_bounding_boxes(image, boxes, ['Cat'], { colors: 'red', label_colors: 'white' });
  const changed = labelled.ne(plain).any(0).nonzero();
  expect(changed.size(0)).toBeGreaterThan(20);
  expect(changed.min().item()).toBeGreaterThanOrEqual(2);
  const filled = utils.draw_bounding_boxes(image, boxes, ['Cat'], { fill_labels: true, label_background_colors: 'blue' });
  expect(filled.select(0, 2).eq(255).sum().item()).toBeGreaterThan(100);
});

// Image gets its save() with the rest of what Pillow's has.
test.skipIf(!('save' in Image.prototype))('save_image writes a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tstorch-utils-'));
  try {
    const path = join(folder, 'grid.png');
    utils.save_image(torch.rand(4, 3, 5, 6), path, { nrow: 2 });
    expect(statSync(path).size).toBeGreaterThan(100);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
