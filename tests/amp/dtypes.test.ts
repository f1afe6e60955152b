/** The dtypes that operators, functions and modules have under autocasting on the CPU, as in Python. */
import torch from 'tstorch';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { evaluate, read_fixture, thrown_by } from '../expected.ts';
import { HAS_AVX512 } from '../processor.ts';

/** A call, and its tensors' dtypes or the class of its error, with bfloat16 and perhaps with float16. */
type Case = [call: string, ...results: (string[] | string)[]];
interface Fixture {
  inputs: Record<string, string>;
  dtypes: Case[];
  dtypes_with_avx512: Case[];
}

const { inputs, dtypes, dtypes_with_avx512 } = read_fixture<Fixture>('amp');

beforeAll(() => {
  // Some calls warn, as they do without autocasting.
  vi.spyOn(process, 'emitWarning').mockImplementation(() => {});
});

function dtypes_of(result: unknown): string[] {
  if (torch.is_tensor(result)) return [String(result.dtype).replace('torch.', '')];
  return Array.isArray(result) ? result.flatMap(dtypes_of) : [];
}

function check(call: string, dtype: typeof torch.bfloat16, expected: string[] | string): void {
  const scope: Record<string, unknown> = {};
  for (const [name, text] of Object.entries(inputs)) scope[name] = evaluate(text, scope);
  const action = () => torch.autocast('cpu', { dtype }, () => evaluate(call, scope));
  if (typeof expected === 'string') expect(thrown_by(action)).toBeInstanceOf(torch[expected as 'RuntimeError']);
  else expect(dtypes_of(action())).toEqual(expected);
  expect(torch.is_autocast_enabled('cpu')).toBe(false);
}

describe('bfloat16', () => {
  test.each(dtypes)('%s', (call, expected) => check(call, torch.bfloat16, expected!));
});

describe('float16', () => {
  test.each(dtypes)('%s', (call, _, expected) => check(call, torch.float16, expected!));
});

describe.skipIf(!HAS_AVX512)('bfloat16, where the processor has AVX-512', () => {
  test.each(dtypes_with_avx512)('%s', (call, expected) => check(call, torch.bfloat16, expected!));
});
