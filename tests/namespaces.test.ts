/** torch.linalg, fft, special, signal, masked, sparse, nested, testing beside Python's (scripts/fixtures/namespaces.py). */
import torch from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';
import {
  evaluate,
  type Expected,
  expect_result,
  type ExpectedTensor,
  read_fixture,
  tensor_of,
  thrown_by,
} from './expected.ts';

type Case = [call: string, result: Expected | null, error?: string, message?: string];

const fixture = read_fixture<{ inputs: Record<string, ExpectedTensor>; cases: Case[]; seeded: Case[] }>('namespaces');

/** Python's names for errors, where ours differ. */
const ERROR_NAMES: Readonly<Record<string, string>> = { _LinAlgError: 'LinAlgError' };
/** Their messages are this library's: they list what may be given. */
const OWN_MESSAGE =
  /^torch\.(nested\.as_nested_tensor|sparse_coo_tensor\(\)|linalg\.norm\(a, 'foo'\)|special\.erf\('x'\))/;

const scope: Record<string, unknown> = { str: String };

beforeAll(() => {
  for (const [name, value] of Object.entries(fixture.inputs)) scope[name] = tensor_of(value);
});

function check([call, result, error, message]: Case): void {
  if (result !== null) return expect_result(evaluate(call, scope) ?? null, result);
  const thrown = thrown_by(() => evaluate(call, scope)) as Error;
  const error_class = (torch as unknown as Record<string, new () => Error>)[ERROR_NAMES[error!] ?? error!]!;
  expect(thrown, String(thrown)).toBeInstanceOf(error_class);
  if (!OWN_MESSAGE.test(call)) expect(thrown.message).toBe(message);
}

describe('gives what Python gives', () => {
  test.each(fixture.cases.map((one) => [one[0], one] as const))('%s', (_, one) => check(one));
});

describe('draws what Python draws', () => {
  test.each(fixture.seeded.map((one) => [one[0], one] as const))('%s', (_, one) => {
    torch.manual_seed(0);
    check(one);
  });
});
