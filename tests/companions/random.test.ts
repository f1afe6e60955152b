/** Python's `random` and `numpy.random`, as sessions in Python went: scripts/fixtures/companions_random.py. */
import { createHash } from 'node:crypto';
import torch, { TypeError } from 'tstorch';
import * as np from 'tstorch/numpy';
import { range } from 'tstorch/python';
import * as random from 'tstorch/python/random';
import { describe, expect, test } from 'vitest';
import { test_sessions } from '../sessions.ts';

type Numbers = Iterable<number | bigint>;

function digest(values: Numbers): string {
  return createHash('sha256').update(Float64Array.from(values as Iterable<number>, Number)).digest('hex').slice(0, 16);
}

describe('sessions', () => {
  test_sessions('companions_random', () => ({
    random,
    np,
    digest,
    t: torch.from_numpy,
    range,
    repeat: (count: number, draw: () => number) => Array.from({ length: count }, () => draw()),
    words: () => ['a', 'b', 'c', 'd', 'e'],
    sequence: (n: number) => Array.from(range(n)),
    f64: (values: number[]) => Float64Array.from(values),
    matrix: () => torch.arange(12, { dtype: torch.float64 }).reshape(4, 3).numpy(),
    shuffled: (generator: typeof random, x: unknown[]) => {
      generator.shuffle(x);
      return x;
    },
    plain: (x: unknown) => x,
  }));
});

test('a seed that is no number', () => {
  expect(() => random.seed(1.5)).toThrow(TypeError);
  expect(() => np.random.seed('x' as unknown as number)).toThrow(TypeError);
  expect(() => np.random.rand(-1)).toThrow('negative dimensions are not allowed');
  expect(() => np.random.permutation({} as unknown as number)).toThrow('x must be an integer');
});

test('without a seed nobody knows', () => {
  expect(new random.Random().random()).not.toBe(new random.Random().random());
  expect(new np.random.RandomState().rand()).not.toBe(new np.random.RandomState().rand());
});

test('getstate and setstate', () => {
  random.gauss();
  const state = random.getstate();
  const drawn = [random.gauss(), random.random(), random.gauss()];
  random.setstate(state);
  expect([random.gauss(), random.random(), random.gauss()]).toEqual(drawn);
});
