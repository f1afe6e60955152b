/** Reads what the scripts in scripts/fixtures wrote: tensors, and the results that calls should have. */
import { readFileSync } from 'node:fs';
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { expect } from 'vitest';

/** A number in a fixture: text for what JSON cannot hold, a pair for a complex number. */
export type Element = number | boolean | string | [Element, Element];

export interface ExpectedTensor {
  dtype: string;
  shape: number[];
  values: Element[];
}

export type Expected =
  | ExpectedTensor
  | { items: Expected[]; names?: string[] }
  | { number: Element }
  | { text: string | null }
  | { is_dtype: string };

export function read_fixture<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`fixtures/${name}.json`, import.meta.url), 'utf8')) as T;
}

type Scalar = number | boolean | bigint | InstanceType<typeof torch.Complex>;

export function decode(element: Element): Scalar {
  if (Array.isArray(element)) return new torch.Complex(Number(decode(element[0])), Number(decode(element[1])));
  if (typeof element !== 'string') return element;
  if (/^-?\d+$/.test(element)) return BigInt(element);
  return Number(element.replace('inf', 'Infinity'));
}

/** The dtype that a fixture names. */
export function dtype_named(name: string): typeof torch.float32 {
  return (torch as unknown as Record<string, typeof torch.float32>)[name]!;
}

/** The tensor that a fixture describes. */
export function tensor_of({ dtype, shape, values }: ExpectedTensor): Tensor {
  return torch.tensor(values.map(decode), { dtype: dtype_named(dtype) }).reshape(shape);
}

/** Are two numbers the same, but for what another processor may make of the last digits? */
function close(actual: unknown, expected: Scalar, tolerance: number): boolean {
  if (expected instanceof torch.Complex) {
    if (!(actual instanceof torch.Complex)) return false;
    return close(actual.real, expected.real, tolerance) && close(actual.imag, expected.imag, tolerance);
  }
  if (typeof actual !== typeof expected) return false;
  if (typeof expected !== 'number' || !Number.isFinite(expected)) return Object.is(actual, expected);
  return Math.abs((actual as number) - expected) <= tolerance * Math.max(1, Math.abs(expected));
}

const TOLERANCE: Readonly<Record<string, number>> = { float16: 2e-3, bfloat16: 2e-2 };

/** Fails unless `actual` is what Python's PyTorch gave, with its dtype, its shape and the names of its fields. */
export function expect_result(actual: unknown, expected: Expected): void {
  if ('items' in expected) {
    expect(Array.isArray(actual), `an array and not ${String(actual)}`).toBe(true);
    const items = actual as unknown[];
    expect(items.length).toBe(expected.items.length);
    expected.items.forEach((item, i) => expect_result(items[i], item));
    for (const [i, name] of (expected.names ?? []).entries()) {
      expect((actual as Record<string, unknown>)[name], `field ${name}`).toBe(items[i]);
    }
  } else if ('number' in expected) {
    const number = decode(expected.number);
    expect(close(actual, number, 1e-6), `${String(actual)} is ${String(number)}`).toBe(true);
  } else if ('text' in expected) {
    expect(actual).toBe(expected.text);
  } else if ('is_dtype' in expected) {
    expect(String(actual)).toBe(`torch.${expected.is_dtype}`);
  } else {
    if (!torch.is_tensor(actual)) return expect.fail(`not a tensor: ${String(actual)}`);
    const dense = actual.layout === torch.strided ? actual : actual.to_dense();
    expect(String(actual.dtype)).toBe(`torch.${expected.dtype}`);
    expect([...actual.shape]).toEqual(expected.shape);
    const values = dense.detach().flatten().tolist() as unknown[];
    const tolerance = TOLERANCE[expected.dtype] ?? 1e-6;
    const wrong = values.findIndex((value, i) => !close(value, decode(expected.values[i]!), tolerance));
    if (wrong >= 0) {
      expect.fail(`element ${wrong} is ${String(values[wrong])}, in Python ${String(decode(expected.values[wrong]!))}`);
    }
  }
}

/** Evaluates an expression of a fixture with `torch` and `scope` in reach. */
export function evaluate(expression: string, scope: Readonly<Record<string, unknown>>): unknown {
  const names = Object.keys(scope);
  return new Function('torch', ...names, `return (${expression});`)(
    torch,
    ...names.map((name) => scope[name]),
  ) as unknown;
}

/** What `action` throws; undefined if it does not. */
export function thrown_by(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}

/** The name and the message of what a function throws; fails where it throws nothing. */
export function error_of(action: () => unknown): [name: string, message: string] {
  const error = thrown_by(action);
  if (error === undefined) throw new Error('nothing was thrown');
  return [(error as Error).name, (error as Error).message];
}

const ERROR_CLASSES = new Set<unknown>(
  Object.values(torch).filter((value) => typeof value === 'function' && value.prototype instanceof Error),
);

/** Is it an error of the library, and not one that JavaScript threw because nothing checked the input? */
export function is_typed_error(error: unknown): boolean {
  return ERROR_CLASSES.has((error as Error | undefined)?.constructor);
}
