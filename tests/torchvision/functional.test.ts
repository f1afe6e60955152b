/** `torchvision.transforms.functional` against Python's (scripts/fixtures/torchvision_functional.py). */
import torch, { type Tensor } from 'tstorch';
import { transforms } from 'tstorch/torchvision';
import { beforeAll, expect, test } from 'vitest';
import { evaluate, read_fixture } from '../expected.ts';
import { expect_outcome, type Outcome, picture, tensor } from './pictures.ts';

const cases = read_fixture<[call: string, expected: Outcome][]>('torchvision_functional');
const F = transforms.functional;
const floats = (channels: number): Tensor => tensor(channels, 30, 20, torch.float32);
const scope = { F, torch, picture, tensor, floats, mode: (name: string) => name };

beforeAll(() => torch.set_num_threads(1));

test.each(cases.filter(([, expected]) => !('error' in expected)))('%s', (call, expected) => {
  expect_outcome(evaluate(call, scope), expected);
});

test.each(cases.filter(([, expected]) => 'error' in expected))('refuses %s', (call, expected) => {
  const [name, message] = (expected as { error: [string, string] }).error;
  let thrown: unknown = null;
  try {
    evaluate(call, scope);
  } catch (error) {
    thrown = error;
  }
  expect(thrown).toBeInstanceOf(Error);
  // A class is named without its module, and what follows LibTorch's message is where it was in C++.
  const text = message.replace(/<class '(?:\w+\.)*(\w+)'>/, '$1').split('\nException raised')[0];
  expect([(thrown as Error).name, (thrown as Error).message]).toEqual([name, text]);
});
