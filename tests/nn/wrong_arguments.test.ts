/**
 * Whatever is put in the place of an argument, functions and modules answer or throw an error of the library's own. The
 * calls are those of the fixtures, each argument of each replaced in turn.
 */
import torch, { nn } from 'tstorch';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { evaluate, is_typed_error, thrown_by } from '../expected.ts';
import { arguments_of, fixtures, make_inputs, make_module, title } from './fixtures.ts';
import { fixture, make_scope } from './functional_inputs.ts';
import { replaced } from './replaced_arguments.ts';

type AnyFunction = (...args: unknown[]) => unknown;

beforeAll(() => {
  torch.set_num_threads(1);
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** What does not belong anywhere, or only in some places. */
function oddities(): unknown[] {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  return [
    null,
    'x',
    {},
    [],
    NaN,
    -1,
    0,
    3,
    true,
    2n ** 70n,
    Symbol('s'),
    () => 1,
    [null],
    ['a'],
    [[1]],
    [-1, -1],
    [1e18],
    new Map(),
    revoked.proxy,
    torch.float32,
    torch.ones(0),
    torch.ones(2, 2, 2, 2, 2, 2),
    torch.tensor(true),
  ];
}

/** The calls that end in an error which is not the library's. */
function untyped_errors(call: AnyFunction, args: readonly unknown[]): string[] {
  const found: string[] = [];
  for (const wrong of replaced(args, oddities)) {
    const error = thrown_by(() => call(...wrong));
    if (error === undefined || is_typed_error(error)) continue;
    const place = wrong.findIndex((arg, i) => arg !== args[i]);
    found.push(`argument ${place}: ${(error as Error).constructor.name}: ${(error as Error).message}`);
  }
  return [...new Set(found)];
}

/** The functions of a namespace, each of which tells of its calls. */
function recording(namespace: object, calls: [AnyFunction, unknown[]][]): object {
  return new Proxy(namespace, {
    get: (target, name) => {
      const call = (target as Record<PropertyKey, unknown>)[name] as AnyFunction;
      return (...args: unknown[]) => {
        calls.push([call, args]);
        return call(...args);
      };
    },
  });
}

describe('functions', () => {
  test.each(fixture.cases.map(([call]) => call))('%s', (call) => {
    const calls: [AnyFunction, unknown[]][] = [];
    const { scope } = make_scope();
    const recorded = { F: recording(nn.functional, calls), rnn: recording(nn.utils.rnn, calls) };
    thrown_by(() => evaluate(call, { ...scope, ...recorded }));
    const last = calls.at(-1);
    if (last !== undefined) expect(untyped_errors(...last)).toEqual([]);
  });
});

describe('modules', () => {
  test.each(fixtures.modules.map((one) => [title(one), one] as const))('%s', (_, one) => {
    torch.manual_seed(fixtures.seed);
    const cls = nn[one.name as 'Linear'] as unknown as new (...args: unknown[]) => nn.Module;
    expect(untyped_errors((...args) => new cls(...args), arguments_of(one))).toEqual([]);
    const call: AnyFunction = (...args) => make_module(one)(...args);
    expect(untyped_errors(call, make_inputs(one.inputs))).toEqual([]);
  });
});
