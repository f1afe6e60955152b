/** Reads tests/fixtures/nn.json (scripts/fixtures/nn.py), and makes and compares what its cases speak of. */
import { readFileSync } from 'node:fs';
import torch, { nn, type Tensor } from 'tstorch';
import { expect } from 'vitest';

export interface Numbers {
  dtype: string;
  shape: number[];
  data: (number | boolean | string)[];
}

type InputSpec = [kind: string, shape: unknown, ...rest: unknown[]];

type Kwargs = Record<string, unknown>;

interface Case {
  name: string;
  args: unknown[];
  kwargs: Kwargs;
}

export interface ModuleCase extends Case {
  inputs: InputSpec[];
  repr: string;
  /** Text for what has no shape yet. */
  initial: Record<string, Numbers | string>;
  /** What a lazy module is after its first call, and its parameters. */
  became?: string;
  drawn?: Record<string, Numbers>;
  outputs: Numbers[];
  input_grads?: (Numbers | null)[];
  grads?: Record<string, Numbers>;
  buffers?: Record<string, Numbers>;
  evaluated?: Numbers[];
  after: number;
}

export interface ErrorCase extends Case {
  inputs: InputSpec[] | null;
  error: string;
  message: string;
}

/** A call in evaluation mode, unless it is in training mode, and without gradients, unless with them. */
export interface InferenceCase extends Case {
  inputs: InputSpec[];
  autocast: boolean;
  train: boolean;
  grad: boolean;
  outputs?: Numbers[];
  error?: string;
  message?: string;
}

export interface InitCase extends Case {
  shape: number[];
  dtype: string;
  result: Numbers;
  after: number;
}

export interface FunctionCase extends Case {
  inputs: InputSpec[];
  outputs: Numbers[];
  after: number;
}

export interface Fixtures {
  seed: number;
  modules: ModuleCase[];
  errors: ErrorCase[];
  inference: InferenceCase[];
  inits: InitCase[];
  functions: FunctionCase[];
}

export const fixtures = JSON.parse(
  readFileSync(new URL('../fixtures/nn.json', import.meta.url), 'utf8'),
) as Fixtures;

/** A name for a case that says what is in it. */
export function title({ name, args, kwargs }: Case): string {
  const named = Object.entries(kwargs).map(([key, value]) => `${key}=${JSON.stringify(value)}`);
  return `${name}(${[...args.map((arg) => JSON.stringify(arg)), ...named].join(', ')})`;
}

/** An argument of a case: `{ tensor: values }` is a tensor, `{ module: [...] }` a module; JSON has no infinity. */
function argument(value: unknown): unknown {
  if (value === 'inf') return Infinity;
  if (value === '-inf') return -Infinity;
  const { tensor, module } = (value ?? {}) as { tensor?: number[]; module?: [string, unknown[], Kwargs] };
  if (module !== undefined) return make_module({ name: module[0], args: module[1], kwargs: module[2] });
  return tensor === undefined ? value : torch.tensor(tensor, { dtype: torch.float32 });
}

/** The arguments of a case, the named ones in a trailing object. */
export function arguments_of({ args, kwargs }: Case): unknown[] {
  const named = Object.entries(kwargs).map(([key, value]) => [key, argument(value)]);
  return named.length === 0 ? args.map(argument) : [...args.map(argument), Object.fromEntries(named)];
}

type Constructor = new (...args: unknown[]) => nn.Module;

/** Makes the module of a case. */
export function make_module(of: Case): nn.Module {
  const cls = (nn as unknown as Record<string, Constructor>)[of.name];
  if (cls === undefined) throw new Error(`there is no nn.${of.name}`);
  return new cls(...arguments_of(of));
}

/** Draws the inputs of a case, as `make_inputs` of the script does. */
export function make_inputs(specs: readonly InputSpec[]): unknown[] {
  const made: unknown[] = [];
  for (const spec of specs) made.push(...make_input(spec, made));
  return made;
}

/** One input, or several that belong together; `made` are those before. */
function make_input([kind, what, ...rest]: InputSpec, made: readonly unknown[]): unknown[] {
  const shape = what as number[];
  switch (kind) {
    case 'randn':
      return [torch.randn(shape, { requires_grad: true })];
    case 'rand':
      return [torch.rand(shape, { requires_grad: true })];
    case 'nested':
      return [torch.nested.nested_tensor(shape.map((length) => torch.randn(length, rest[0] as number)))];
    case 'double':
      return [torch.randn(shape, { dtype: torch.float64 })];
    case 'tuple':
      return [make_inputs(what as InputSpec[])];
    case 'pack': {
      const features = rest[0] as number;
      const sequences = shape.map((length) => torch.randn(length, features, { requires_grad: true }));
      return [nn.utils.rnn.pack_sequence(sequences, { enforce_sorted: false })];
    }
    case 'padding':
      return [
        torch
          .arange(rest[0] as number)
          .expand(shape.length, -1)
          .ge(torch.tensor(shape).unsqueeze(1)),
      ];
    case 'causal':
      return [nn.Transformer.generate_square_subsequent_mask(what as number)];
    case 'same':
      return [made[what as number]];
    case 'randint':
      return [torch.randint(0, rest[0] as number, shape)];
    case 'signs':
      return [torch.randint(0, 2, shape).mul(2).sub(1).float()];
    case 'log_softmax':
      return [torch.randn(shape).log_softmax(-1).requires_grad_()];
    case 'integers':
      return [torch.tensor(what as number[])];
    case 'fixed':
      return [what];
    case 'max_pool': {
      const pool = nn.functional[rest[0] as 'max_pool2d'];
      return [...pool(torch.randn(shape), rest[1] as number, { return_indices: true })].map((x) => x.detach());
    }
    default:
      throw new Error(`unknown kind of input ${kind}`);
  }
}

/** The tensors that a call gave, or was given: those in arrays, whose nulls are left out, and in packed sequences. */
export function outputs_of(value: unknown): Tensor[] {
  if (value instanceof nn.utils.rnn.PackedSequence) return [value.data];
  if (Array.isArray(value)) return value.filter((inner) => inner !== null).flatMap(outputs_of);
  return [value as Tensor];
}

function element(value: number | boolean | string): number | boolean {
  return typeof value === 'string' ? Number(value === 'nan' ? NaN : value.replace('inf', 'Infinity')) : value;
}

/** Checks a tensor against PyTorch's: to the last digit, or but for rounding. */
export function expect_numbers(actual: Tensor, expected: Numbers, what: string, exact = false): void {
  expect(actual.dtype.name, `${what}: dtype`).toBe(expected.dtype);
  expect([...actual.shape], `${what}: shape`).toEqual(expected.shape);
  const values = actual.detach().flatten().tolist() as (number | boolean)[];
  for (const [i, raw] of expected.data.entries()) {
    const wanted = element(raw);
    const value = values[i]!;
    const place = `${what}: element ${i}`;
    if (typeof wanted === 'boolean' || typeof value === 'boolean' || !Number.isFinite(wanted)) {
      expect(value, place).toBe(wanted);
    } else if (exact) {
      // Nine digits are enough to tell one float32 from all others.
      expect(value, place).toBe(actual.dtype === torch.float64 ? wanted : Math.fround(wanted));
    } else {
      // Another processor may add up in another order.
      expect(Math.abs(value - wanted), `${place}: ${value} for ${wanted}`).toBeLessThanOrEqual(
        2e-6 * Math.max(1, Math.abs(wanted)),
      );
    }
  }
}
