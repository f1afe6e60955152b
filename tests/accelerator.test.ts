/** What `torch.cuda`, `torch.accelerator` and `torch.backends` answer without a GPU (scripts/fixtures/accelerator.py). */
import torch from 'tstorch';
import { describe, expect, test } from 'vitest';
import { memory_table } from '../lib/cuda/memory_table.ts';
import { error_of, evaluate, read_fixture } from './expected.ts';

interface Outcome {
  call: string;
  value?: unknown;
  error?: [name: string, message: string];
}

const fixtures = read_fixture<{
  calls: Outcome[];
  settings: { statement: string; reads: Outcome[] }[];
  summaries: {
    names: string[];
    cases: { values: number[]; index: number; abbreviated: boolean; text: string }[];
  };
}>('accelerator');

function expect_outcome({ call, value, error }: Outcome): void {
  if (error !== undefined) expect(error_of(() => evaluate(call, {})), call).toEqual(error);
  else expect(evaluate(call, {}) ?? null, call).toEqual(value);
}

describe.skipIf(torch.backends.cuda.is_built())('as Python’s PyTorch without CUDA', () => {
  test.each(fixtures.calls.map((one) => [one.call, one] as const))('%s', (_, outcome) => expect_outcome(outcome));

  test.each(fixtures.settings.map((one) => [one.statement, one] as const))('%s', (_, { statement, reads }) => {
    new Function('torch', statement)(torch);
    reads.forEach(expect_outcome);
  });
});

describe('memory_summary', () => {
  const { names, cases } = fixtures.summaries;
  test.each(cases)('$values, abbreviated: $abbreviated', ({ values, index, abbreviated, text }) => {
    const stats: Record<string, number> = { num_ooms: index, num_alloc_retries: 10 ** index };
    for (const name of names) {
      ['current', 'peak', 'allocated', 'freed'].forEach((leaf, i) => (stats[`${name}.${leaf}`] = values[i]!));
    }
    expect(memory_table(stats, index, abbreviated)).toBe(text);
  });
});

describe('scopes', () => {
  test('flags of cuDNN and oneDNN are set back', () => {
    const { cudnn, mkldnn } = torch.backends;
    expect(cudnn.flags({ enabled: true, deterministic: true }, () => [cudnn.enabled, cudnn.deterministic])).toEqual([
      true,
      true,
    ]);
    expect([cudnn.enabled, cudnn.deterministic]).toEqual([true, false]);
    {
      using _ = mkldnn.flags();
      expect(mkldnn.enabled).toBe(false);
    }
    expect(mkldnn.enabled).toBe(true);
  });

  test('null names no device and no stream', () => {
    expect(torch.cuda.device(null, () => 1)).toBe(1);
    expect(torch.cuda.device(-1, () => 2)).toBe(2);
    expect(torch.cuda.stream(null, () => 3)).toBe(3);
    expect(torch.accelerator.device_index(null, () => 4)).toBe(4);
  });

  test('fork_rng', () => {
    torch.manual_seed(3);
    const before = torch.get_rng_state();
    torch.random.fork_rng({ devices: [] }, () => torch.rand(3));
    expect(torch.get_rng_state().equal(before)).toBe(true);
    torch.random.fork_rng({ enabled: false }, () => torch.rand(3));
    expect(torch.get_rng_state().equal(before)).toBe(false);
  });
});

describe('wrong arguments', () => {
  test('name the argument', () => {
    expect(error_of(() => void (torch.backends.cudnn.enabled = 1 as unknown as boolean))).toEqual([
      'TypeError',
      'torch.backends.cudnn.enabled must be a bool, not int',
    ]);
    expect(error_of(() => new torch.Event({ interprocess: true }))[0]).toBe('RuntimeError');
    expect(error_of(() => new torch.Stream('cuda:999'))[0]).toBe('RuntimeError');
    expect(error_of(() => torch.rand(2).record_stream(7 as unknown as torch.Stream))).toEqual([
      'TypeError',
      'expected a torch.Stream, not number',
    ]);
  });
});
