/**
 * Functions that are called often get a reader of their arguments that is compiled (lib/compiled_reader.ts): it answers
 * every call as the one before it did.
 */
import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import torch, { nn } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { signature } from '../lib/arguments.ts';
import { thrown_by } from './expected.ts';

interface Parameters {
  input: unknown;
  dim?: unknown;
  keep?: boolean;
  eps?: number;
  out?: unknown;
}

const number = { expected: 'float', fits: (value: unknown) => typeof value === 'number' };

function make_reader() {
  return signature<Parameters>(
    'mean',
    ['input', ['dim', null], ['keep', false]],
    ['eps', ['out', null]],
    (spec) => (spec === 'eps' || spec[0] === 'dim' ? number : undefined),
  );
}

function revoked(): object {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return proxy;
}

const throwing = {
  get dim() {
    throw new Error('no');
  },
};

const VALUES: unknown[] = [undefined, null, 0, 1.5, NaN, 'x', true, [], [1], {}, new Map(), Symbol('s'), revoked(), () => 1];
const KWARGS: unknown[] = [
  {},
  { eps: 1 },
  { eps: 'x' },
  { eps: undefined },
  { eps: 1, dim: 2 },
  { eps: 1, dim: null, keep: true, out: [3] },
  { eps: 1, input: 'named' },
  { eps: 1, input: undefined },
  { eps: 1, other: 2 },
  { eps: 1, toString: 2 },
  { eps: 1, dim: revoked() },
  { eps: 1, keep: revoked() },
  Object.assign(Object.create(null), { eps: 1, keep: 2 }),
  throwing,
  revoked(),
];

function answer(call: () => unknown): unknown {
  let result: unknown;
  const thrown = thrown_by(() => (result = call()));
  if (thrown === undefined) return result;
  return [(thrown as Error).constructor.name, (thrown as Error).message];
}

test('a compiled reader answers every call as the other does', () => {
  const compiled = make_reader();
  for (let i = 0; i < 1100; i++) compiled(['x', { eps: 1 }]);
  const rows: unknown[][] = [[]];
  for (const a of VALUES) {
    rows.push([a]);
    for (const b of VALUES) {
      rows.push([a, b]);
      for (const c of [undefined, true, 'x', {}]) rows.push([a, b, c], [a, b, c, 1]);
    }
  }
  let right = 0;
  for (const row of rows) {
    for (const args of [row, ...KWARGS.map((kwargs) => [...row, kwargs])]) {
      const expected = answer(() => make_reader()(args));
      expect(answer(() => compiled(args))).toStrictEqual(expected);
      if (!Array.isArray(expected)) right++;
    }
  }
  expect(right).toBeGreaterThan(500);
});

describe('a function that is called often', () => {
  const x = torch.tensor([[-1.5, 2], [3, -4]]);
  const F = nn.functional;

  test('gives what it gave', () => {
    for (let i = 0; i < 1100; i++) F.leaky_relu(x);
    expect(F.leaky_relu(x, 0.5).tolist()).toEqual([[-0.75, 2], [3, -2]]);
    expect(F.leaky_relu(x, { negative_slope: 0.5 }).tolist()).toEqual([[-0.75, 2], [3, -2]]);
    expect(F.leaky_relu({ input: x, negative_slope: 0.5 }).tolist()).toEqual([[-0.75, 2], [3, -2]]);
    expect(F.leaky_relu(x, 0.5, true)).toBe(x);
  });

  test('refuses what it refused', () => {
    for (let i = 0; i < 1100; i++) F.leaky_relu(x);
    const call = F.leaky_relu as (...args: unknown[]) => unknown;
    expect(() => call()).toThrow("leaky_relu() missing 1 required positional argument: 'input'");
    expect(() => call(3)).toThrow("leaky_relu(): argument 'input' must be Tensor, not int");
    expect(() => call(x, 'x')).toThrow("leaky_relu(): argument 'negative_slope' must be float, not str");
    expect(() => call(x, 0.5, { negative_slope: 1 })).toThrow("leaky_relu() got multiple values for argument 'negative_slope'");
    expect(() => call(x, { slope: 1 })).toThrow("leaky_relu() got an unexpected keyword argument 'slope'");
    expect(() => call(x, 1, true, 2)).toThrow('leaky_relu() takes from 1 to 3 positional arguments but 4 were given');
  });
});

test('works where Node makes no code out of text', () => {
  const program = `
    import torch, { nn } from ${JSON.stringify(pathToFileURL(require.resolve('tstorch')).href)};
    const x = torch.tensor([-1, 2.5]);
    let y;
    for (let i = 0; i < 1100; i++) y = nn.functional.relu(x, { inplace: false });
    console.log(y.tolist().join());`;
  const flags = ['--disallow-code-generation-from-strings', '--input-type=module', '--eval', program];
  expect(execFileSync(process.execPath, flags, { encoding: 'utf8' })).toBe('0,2.5\n');
});
