/**
 * How arguments are read, compared with Python's parser to the last character of its messages
 * (scripts/fixtures/arguments.py), and functions that Python composes of others.
 */
import torch from 'tstorch';
import { beforeEach, describe, expect, test } from 'vitest';
import { evaluate, type Expected, expect_result, type ExpectedTensor, read_fixture, tensor_of, thrown_by } from './expected.ts';

type Case = [call: string, result: Expected | null, error?: string, message?: string];

const cases = read_fixture<Case[]>('arguments');
const described = read_fixture<{ inputs: Record<string, ExpectedTensor> }>('operators').inputs;
let inputs: Record<string, unknown> = {};

beforeEach(() => {
  inputs = Object.fromEntries(Object.entries(described).map(([name, value]) => [name, tensor_of(value)]));
  torch.manual_seed(0);
});

describe('gives what Python gives', () => {
  test.each(cases.filter(([, result]) => result !== null))('%s', (call, result) => {
    expect_result(evaluate(call, inputs), result!);
  });
});

describe('refuses what Python refuses, in its words', () => {
  test.each(cases.filter(([, result]) => result === null))('%s', (call, _, error, message) => {
    const thrown = thrown_by(() => evaluate(call, inputs)) as Error;
    expect(thrown, String(thrown)).toBeInstanceOf((torch as unknown as Record<string, new () => Error>)[error!]!);
    // An unknown name is answered with those that there are, which Python leaves out.
    if (message!.includes('unexpected keyword')) expect(thrown.message.startsWith(message!)).toBe(true);
    else expect(thrown.message).toBe(message);
  });
});
