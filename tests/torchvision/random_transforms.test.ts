/** Transforms as objects beside Python's: what they draw, give and print (scripts/fixtures/torchvision_transforms.py). */
import torch, { type Tensor } from 'tstorch';
import * as random from 'tstorch/python/random';
import { transforms as T } from 'tstorch/torchvision';
import { beforeAll, describe, expect, test } from 'vitest';
import { evaluate, read_fixture } from '../expected.ts';
import { expect_outcome, type Outcome, picture, tensor } from './pictures.ts';

type Results = [input: string, outcomes: Outcome[], next: number][];
type Case = [call: string, description: string, results: Results | string];

const cases = read_fixture<Case[]>('torchvision_transforms');
const floats = (channels: number): Tensor => tensor(channels, 30, 20, torch.float32);
const word = (name: string): string => name;
const scope = { T, torch, picture, tensor, floats, mode: word, policy: word };

/** A class without its module, as messages name it here. */
const plain = (message: string): string => message.replace(/<class '(?:\w+\.)*(\w+)'>/g, '$1');

function thrown_by(call: () => unknown): [string, string] {
  try {
    call();
  } catch (error) {
    return [(error as Error).name, (error as Error).message];
  }
  return expect.unreachable('nothing was thrown');
}

beforeAll(() => torch.set_num_threads(1));

describe.each(cases.filter(([, , results]) => Array.isArray(results)))('%s', (call, description, results) => {
  test('prints', () => {
    expect(String(evaluate(call, scope))).toBe(description);
  });

  test.each(results as Results)('%s', (input, outcomes, next) => {
    const x = evaluate(input, scope);
    const transform = evaluate(call, scope) as (x: unknown) => unknown;
    torch.manual_seed(7);
    random.seed(7);
    for (const one of outcomes) {
      if ('error' in one) expect(thrown_by(() => transform(x))).toEqual([one.error[0], plain(one.error[1])]);
      else expect_outcome(transform(x), one);
    }
    expect(torch.rand([]).item()).toBe(next);
  });
});

test.each(cases.filter(([, , results]) => !Array.isArray(results)))('refuses %s', (call, name, message) => {
  expect(thrown_by(() => evaluate(call, scope))).toEqual([name, plain(message as string)]);
});
