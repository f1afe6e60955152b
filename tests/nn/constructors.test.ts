/** Every public class of torch.nn, made in several ways, beside Python's (scripts/fixtures/nn_constructors.py). */
import torch, { nn } from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';
import type { StateEntry } from '../conformance/bundle.ts';
import { digest } from '../conformance/compare.ts';
import { evaluate, read_fixture } from '../expected.ts';

type Entry = StateEntry | readonly [dtype: string, shape: number[]];
type Case = [call: string, repr: string, state: Record<string, Entry>, after: number];

const fixture = read_fixture<{ seed: number; classes: number; cases: Case[] }>('nn_constructors');

beforeAll(() => {
  // Some of the classes are deprecated.
  process.removeAllListeners('warning');
});

/** An entry of a state dict as the script describes it. */
function described(tensor: torch.Tensor): Entry {
  if (tensor instanceof nn.UninitializedParameter || tensor instanceof nn.UninitializedBuffer) return String(tensor);
  const about: [string, number[]] = [tensor.dtype.name, [...tensor.shape]];
  return tensor.device.type === 'meta' ? about : [...about, digest(tensor)];
}

describe('constructors', () => {
  test.each(fixture.cases.map((one) => [one[0], one] as const))('%s', (_, [call, repr, state, after]) => {
    torch.manual_seed(fixture.seed);
    const made = evaluate(call, {});
    // A tensor of one number prints as that number in a template, so not String(made).
    expect((made as { __repr__?(): string }).__repr__?.() ?? String(made)).toBe(repr);
    if (made instanceof nn.Module) {
      const entries = [...made.state_dict()].map(([name, tensor]) => [name, described(tensor)]);
      expect(entries).toEqual(Object.entries(state));
    }
    expect(torch.rand([]).item()).toBe(after);
  });

  test('of all public classes', () => {
    const made = new Set(fixture.cases.map(([call]) => /^new torch\.nn\.(\w+)/.exec(call)![1]!));
    // DataParallel is not there.
    expect(made.size).toBe(fixture.classes - 1);
  });
});
