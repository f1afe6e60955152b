/** Small models trained in mixed precision go where they go in Python, and gradient scalers with them. */
import { expect, test } from 'vitest';
import { read_fixture } from '../expected.ts';
import { HAS_AVX512 } from '../processor.ts';
import { type Trained, train, type Training } from './training.ts';

const { trainings } = read_fixture<{ trainings: (Training & Trained)[] }>('amp');

/**
 * Processors with matrix units of their own for narrow dtypes add up in another order, and then a result is rounded to
 * another of that dtype's few numbers: a two-hundredth away in bfloat16.
 */
const TOLERANCE = 0.01;

function name_of({ kind, optimizer, options, dtype, scaler, clip }: Training): string {
  return [kind, optimizer, JSON.stringify(options), dtype, scaler && 'scaled', clip && 'clipped'].filter(Boolean).join(' ');
}

const possible = trainings.filter(({ kind }) => HAS_AVX512 || kind !== 'recurrent');

test.each(possible.map((one) => [name_of(one), one] as const))('%s', (_, expected) => {
  const trained = train(expected, expected.losses.length);
  expect(trained.scales).toEqual(expected.scales);
  for (const part of ['losses', 'sums'] as const) {
    expect(trained[part].length).toBe(expected[part].length);
    for (const [i, value] of trained[part].entries()) {
      const wanted = expected[part][i]!;
      expect(Math.abs(value - wanted), `${part}[${i}] is ${value}, in Python ${wanted}`).toBeLessThan(
        TOLERANCE * Math.max(1, Math.abs(wanted)),
      );
    }
  }
});
