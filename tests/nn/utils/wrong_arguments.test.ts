/**
 * Whatever is put in the place of an argument, the functions of `nn.utils` and `nn.init` and the methods of modules
 * answer or throw an error of the library's own. The calls are those of the sessions, each argument replaced in turn.
 */
import torch, { nn } from 'tstorch';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { evaluate, is_typed_error, read_fixture, thrown_by } from '../../expected.ts';
import { make_scope as module_scope } from '../scope.ts';
import { make_scope as utils_scope } from './scope.ts';
import { replaced } from '../replaced_arguments.ts';

type AnyFunction = (...args: unknown[]) => unknown;

interface Fixture {
  sessions: Record<string, [code: string, ...unknown[]][]>;
}

beforeAll(() => {
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});
afterAll(() => {
  vi.restoreAllMocks();
});

/** What does not belong anywhere, or only in some places. */
function oddities(): unknown[] {
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  return [null, 'x', '', {}, [], NaN, -1, 3, true, 2n ** 70n, Symbol('s'), () => 1, [null], ['a'], new Map(),
    revoked.proxy, torch.float32, torch.ones(0), torch.ones(2, 2, 2), new nn.ReLU()]; // prettier-ignore
}

/** A namespace whose functions, and those of the namespaces in it, tell of their calls. */
function recording(namespace: object, record: (call: AnyFunction, args: unknown[]) => void): object {
  return new Proxy(namespace, {
    get: (target, name): unknown => {
      const value = (target as Record<PropertyKey, unknown>)[name];
      if (typeof value === 'object' && value !== null) return recording(value, record);
      // Classes are made with `new`, and methods of them want their class.
      if (typeof value !== 'function' || /^[A-Z]/.test(String(name))) return value;
      return (...args: unknown[]): unknown => {
        record(value as AnyFunction, args);
        return (value as AnyFunction)(...args);
      };
    },
  });
}

/** A copy, so that a call does not change what the session goes on with. */
function copied(value: unknown): unknown {
  try {
    if (value instanceof nn.Module) return value.__deepcopy__();
    return torch.is_tensor(value) ? value.detach().clone() : value;
  } catch {
    return value; // weight norm cannot be copied, a revoked proxy not even be asked
  }
}

/** Runs a session; before a line's function is called, calls it with each of its arguments replaced. */
function untyped_errors(lines: Fixture['sessions'][string], scope: Record<string, unknown>): string[] {
  const found = new Set<string>();
  const record = (call: AnyFunction, args: unknown[]): void => {
    for (const wrong of replaced(args, oddities)) {
      const error = thrown_by(() => call(...wrong.map(copied)));
      if (error === undefined || is_typed_error(error)) continue;
      const place = wrong.findIndex((arg, i) => arg !== args[i]);
      // What a module makes of its arguments is its own affair.
      if (call.name === 'functional_call' && place >= 2) continue;
      found.add(`${call.name}: argument ${place}: ${(error as Error).constructor.name}: ${(error as Error).message}`);
    }
  };
  const names = ['utils', 'prune', 'parametrize', 'parametrizations', 'init', 'func'];
  const recorded = Object.fromEntries(
    names.filter((name) => name in scope).map((name) => [name, recording(scope[name] as object, record)]),
  );
  const all: Record<string, unknown> = { ...scope, ...recorded };
  for (const [line] of lines) {
    const code = line.replaceAll('torch.nn.utils.', 'utils.').replaceAll('torch.func.', 'func.');
    const assignment = /^(\w+) = (.*)$/s.exec(code);
    thrown_by(() => {
      if (assignment === null) evaluate(code, all);
      else all[assignment[1]!] = evaluate(assignment[2]!, all);
    });
  }
  return [...found];
}

describe('functions', () => {
  const { sessions } = read_fixture<Fixture>('nn_utils');
  test.each(Object.keys(sessions))('%s', (name) => {
    expect(untyped_errors(sessions[name]!, { ...utils_scope(), func: torch.func })).toEqual([]);
  });

  test('init', () => {
    expect(untyped_errors(read_fixture<Fixture>('nn_module').sessions['init']!, module_scope())).toEqual([]);
  });
});
