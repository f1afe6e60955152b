/** Random numbers: the same seed draws what Python's PyTorch draws (scripts/fixtures/random_draws.py). */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { evaluate, type Expected, expect_result, read_fixture } from './expected.ts';

interface Stream {
  seed: string;
  initial_seed: string;
  draws: [call: string, result: Expected][];
}

const as_seed = (text: string): number | bigint => (Number.isSafeInteger(Number(text)) ? Number(text) : BigInt(text));

describe('the same numbers as in Python', () => {
  test('torch.manual_seed(42); torch.rand(3, 4), to the last digit', () => {
    torch.manual_seed(42);
    expect(torch.rand(3, 4).tolist()).toEqual([
      [0.8822692632675171, 0.9150039553642273, 0.38286375999450684, 0.9593056440353394],
      [0.3904482126235962, 0.600895345211029, 0.2565724849700928, 0.7936413288116455],
      [0.9407714605331421, 0.13318592309951782, 0.9345980882644653, 0.5935796499252319],
    ]);
  });

  test.each(read_fixture<Stream[]>('random_draws'))('after manual_seed($seed)', ({ seed, initial_seed, draws }) => {
    torch.manual_seed(as_seed(seed));
    expect(String(torch.initial_seed())).toBe(initial_seed);
    for (const [call, result] of draws) expect_result(evaluate(call, {}), result);
  });
});

describe('manual_seed', () => {
  test('gives the default generator, and takes its argument by name', () => {
    expect(torch.manual_seed(3)).toBe(torch.default_generator);
    const first = torch.rand(3).tolist();
    expect(torch.manual_seed({ seed: 3n }).initial_seed()).toBe(3);
    expect(torch.rand(3).tolist()).toEqual(first);
    torch.default_generator.manual_seed(3);
    expect(torch.rand(3).tolist()).toEqual(first);
  });

  test.each<[unknown, keyof typeof torch]>([
    [2n ** 64n, 'ValueError'],
    [-(2n ** 63n) - 1n, 'ValueError'],
    [1.5, 'TypeError'],
    [NaN, 'TypeError'],
    ['a', 'TypeError'],
    [null, 'TypeError'],
    [undefined, 'TypeError'],
    [{}, 'TypeError'],
    [torch.ones(2), 'TypeError'],
  ])('%o is no seed', (seed, error) => {
    expect(() => torch.manual_seed(seed as never)).toThrow(torch[error] as never);
    expect(() => new torch.Generator().manual_seed(seed as never)).toThrow(torch[error] as never);
  });

  test('seed draws one at random', () => {
    const seeds = [torch.seed(), torch.seed(), new torch.Generator().seed()];
    expect(new Set(seeds).size).toBe(3);
    expect(torch.seed()).toBe(torch.initial_seed());
  });
});

describe('Generator', () => {
  test('has a stream of its own', () => {
    torch.manual_seed(7);
    const expected = torch.rand(5).tolist() as number[];
    torch.manual_seed(1);
    const before = torch.rand(2).tolist();
    torch.manual_seed(1);
    const generator = new torch.Generator().manual_seed(7);
    expect(torch.rand(3, { generator }).tolist()).toEqual(expected.slice(0, 3));
    expect(torch.rand(2).tolist()).toEqual(before);
    expect(torch.rand([2], { generator }).tolist()).toEqual(expected.slice(3));
  });

  test('starts with the seed that Python starts with', () => {
    const generator = new torch.Generator();
    expect(generator.initial_seed()).toBe(67280421310721);
    expect([
      generator.device.type,
      new torch.Generator('cpu').device.type,
      new torch.Generator({ device: 'cpu' }).device.type,
    ]).toEqual(['cpu', 'cpu', 'cpu']);
  });

  test('every operator that draws takes it', () => {
    const draw = (generator: InstanceType<typeof torch.Generator>): unknown[] =>
      [
        torch.randperm(4, { generator }),
        torch.empty(2).normal_({ generator }),
        torch.multinomial(torch.ones(3), 2, { generator }),
        torch.bernoulli(torch.tensor([0.5, 0.5]), { generator }),
        torch.randint(9, [3], { generator }),
        torch.randn(2, 2, { generator, dtype: torch.float64 }),
      ].map((x: Tensor) => x.tolist());
    const first = draw(new torch.Generator().manual_seed(3));
    expect(draw(new torch.Generator().manual_seed(3))).toEqual(first);
    expect(first[0]).toEqual([2, 3, 1, 0]);
  });

  test('null is the default generator', () => {
    torch.manual_seed(5);
    const expected = torch.rand(2).tolist();
    torch.manual_seed(5);
    expect(torch.rand(2, { generator: null }).tolist()).toEqual(expected);
  });

  test('the state can be kept and gone back to', () => {
    const generator = new torch.Generator().manual_seed(42);
    torch.rand(3, { generator });
    const state = generator.get_state();
    expect([state.dtype, [...state.shape]]).toEqual([torch.uint8, [5056]]);
    const expected = torch.randn(20, { generator }).tolist();
    generator.set_state(state);
    expect(torch.randn(20, { generator }).tolist()).toEqual(expected);
    const other = new torch.Generator();
    other.set_state({ new_state: state });
    expect(torch.randn(20, { generator: other }).tolist()).toEqual(expected);
    expect(other.initial_seed()).toBe(42);
  });

  test('so can that of the default generator', () => {
    torch.manual_seed(42);
    const state = torch.get_rng_state();
    const expected = torch.rand(2).tolist();
    torch.rand(100);
    torch.set_rng_state(state);
    expect(torch.rand(2).tolist()).toEqual(expected);
  });

  test('what is no state is refused, and the stream goes on', () => {
    const generator = new torch.Generator().manual_seed(1);
    expect(() => generator.set_state(5 as never)).toThrow(torch.TypeError);
    expect(() => generator.set_state(torch.ones(5056))).toThrow('RNG state must be a torch.ByteTensor');
    expect(() => generator.set_state(torch.zeros(3, { dtype: torch.uint8 }))).toThrow(
      'Expected a CPUGeneratorImplState of size 5056 but found the input RNG state size to be 3',
    );
    expect(() => torch.set_rng_state(torch.ones(5056, { dtype: torch.uint8 }))).toThrow('Invalid mt19937 state');
    expect(torch.rand(1, { generator }).tolist()).toEqual(
      torch.rand(1, { generator: new torch.Generator().manual_seed(1) }).tolist(),
    );
  });

  test('a generator that is none', () => {
    for (const wrong of [5, 'cpu', {}, torch.ones(1), torch.float32, Symbol('x')]) {
      expect(() => torch.rand(2, { generator: wrong as never })).toThrow(torch.TypeError);
    }
    expect(() => new torch.Generator('nowhere')).toThrow(torch.RuntimeError);
    expect(() => new torch.Generator(torch.default_generator as never)).toThrow(torch.TypeError);
    expect(() => new torch.Generator('cpu', 'cpu' as never)).toThrow(torch.TypeError);
  });
});
