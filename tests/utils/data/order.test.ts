/**
 * The order in which samples are taken, and what is left of the random stream, compared with Python's for the same
 * seeds (scripts/fixtures/utils_data.py).
 */
import { readFileSync } from 'node:fs';
import torch, { type Tensor } from 'tstorch';
import { range } from 'tstorch/python';
import {
  BatchSampler,
  DataLoader,
  type DataLoaderOptions,
  IterableDataset,
  random_split,
  RandomSampler,
  type Sampler,
  SubsetRandomSampler,
  TensorDataset,
  WeightedRandomSampler,
} from 'tstorch/utils/data';
import { describe, expect, test } from 'vitest';

type Generator = InstanceType<typeof torch.Generator>;

interface Walked {
  seed: number;
  with_generator: boolean;
  length: number;
  after: number[];
  after_generator: number[] | null;
}
interface Fixture {
  loaders: (Walked & { n: number; options: DataLoaderOptions; epochs: (number | number[])[][] })[];
  samplers: Record<string, (Walked & { walks: (number | number[])[][] })[]>;
  random_split: { n: number; lengths: number[]; seed: number | null; parts: number[][]; after: number[] }[];
  mixed: { seed: number; stream: number[][][]; turns: number[][]; after: number[] };
  tensor_dataset: { seed: number; batches: [number[][], number[]][] };
}

const fixture = JSON.parse(readFileSync(new URL('../../fixtures/utils_data.json', import.meta.url), 'utf8')) as Fixture;

/** Where the random stream stands now. */
function after(generator: Generator | null = null): unknown {
  return torch.rand(2, { generator }).tolist();
}

function generator_for(walked: Walked): Generator | null {
  torch.manual_seed(walked.seed);
  return walked.with_generator ? new torch.Generator().manual_seed(walked.seed + 1) : null;
}

function check_streams(walked: Walked, generator: Generator | null): void {
  expect(after()).toEqual(walked.after);
  if (generator !== null) expect(after(generator)).toEqual(walked.after_generator);
}

describe('DataLoader', () => {
  test.each(fixture.loaders)('n=$n $options, generator: $with_generator', (walked) => {
    const generator = generator_for(walked);
    const loader = new DataLoader(torch.arange(walked.n), { ...walked.options, generator });
    expect(loader.length).toBe(walked.length);
    for (const epoch of walked.epochs) {
      expect(Array.from(loader as Iterable<Tensor>, (batch) => batch.tolist())).toEqual(epoch);
    }
    check_streams(walked, generator);
  });

  test('a stream, and two loaders walked in turns', () => {
    class Count extends IterableDataset<number> {
      override __iter__(): Iterable<number> {
        return range(10);
      }
    }
    torch.manual_seed(fixture.mixed.seed);
    const stream = new DataLoader(new Count(), { batch_size: 4 });
    for (const epoch of fixture.mixed.stream) expect([...stream].map((batch) => batch.tolist())).toEqual(epoch);

    const walk = (): Iterator<Tensor> =>
      new DataLoader(torch.arange(6), { batch_size: 2, shuffle: true })[Symbol.iterator]();
    const [first, second] = [walk(), walk()];
    const turns = [first, second, first, second, first, second].map((turn) => (turn.next().value as Tensor).tolist());
    expect(turns).toEqual(fixture.mixed.turns);
    expect(after()).toEqual(fixture.mixed.after);
  });

  test('features and labels side by side', () => {
    torch.manual_seed(fixture.tensor_dataset.seed);
    const dataset = new TensorDataset(torch.randn(8, 2), torch.arange(8));
    const loader = new DataLoader(dataset, { batch_size: 3, shuffle: true });
    expect(Array.from(loader, ([X, y]) => [X.tolist(), y.tolist()])).toEqual(fixture.tensor_dataset.batches);
  });
});

describe('samplers', () => {
  const weights = [0.1, 0.9, 0.4, 0.7, 3.0, 0.6];
  const makers: Record<string, (generator: Generator | null) => Sampler<unknown> & { length: number }> = {
    random: (generator) => new RandomSampler(range(12), { generator }),
    replacement: (generator) => new RandomSampler(range(10), { replacement: true, num_samples: 70, generator }),
    replacement_32: (generator) => new RandomSampler(range(5), true, 32, generator),
    repeated: (generator) => new RandomSampler(range(10), { num_samples: 25, generator }),
    fewer: (generator) => new RandomSampler({ data_source: range(10), num_samples: 4, generator }),
    subset: (generator) => new SubsetRandomSampler([3, 1, 4, 15, 9, 2, 6], { generator }),
    weighted: (generator) => new WeightedRandomSampler(weights, 8, { generator }),
    weighted_once: (generator) => new WeightedRandomSampler(weights, 4, { replacement: false, generator }),
    batch: (generator) => new BatchSampler(new RandomSampler(range(10), { generator }), 4, false),
    batch_drop_last: (generator) => new BatchSampler(new RandomSampler(range(10), { generator }), 4, true),
  };

  test('all of the fixture are here', () => {
    expect(Object.keys(makers)).toEqual(Object.keys(fixture.samplers));
  });

  for (const [name, cases] of Object.entries(fixture.samplers)) {
    test.each(cases)(`${name}, generator: $with_generator`, (walked) => {
      const generator = generator_for(walked);
      const sampler = makers[name]!(generator);
      expect(sampler.length).toBe(walked.length);
      for (const walk of walked.walks) expect([...sampler]).toEqual(walk);
      check_streams(walked, generator);
    });
  }
});

test.each(fixture.random_split)(
  'random_split of $n into $lengths, seed $seed',
  ({ n, lengths, seed, parts, after: left }) => {
    torch.manual_seed(5);
    const generator = seed === null ? null : new torch.Generator().manual_seed(seed);
    const split = generator === null ? random_split(range(n), lengths) : random_split(range(n), lengths, { generator });
    expect(split.map((part) => part.indices)).toEqual(parts);
    expect(after()).toEqual(left);
  },
);
