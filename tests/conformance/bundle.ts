/**
 * The samples that scripts/conformance/op_db.py and module_db.py wrote; scripts/conformance/bundle.py describes the
 * format.
 */
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** Where the elements of a tensor lie among the bytes. */
export type Data = readonly [offset: number, bytes: number];

export interface TensorInput {
  dtype: string;
  shape: number[];
  /** Does it require a gradient? */
  grad?: boolean;
  /** Not there where the elements lie one after the other. */
  stride?: number[];
  data: Data;
  conj?: boolean;
  neg?: boolean;
  /** Not there for dense tensors; `parts` are what a sparse one is made of. */
  layout?: string;
  parts?: TensorInput[];
  coalesced?: boolean;
}

export interface TensorResult {
  dtype: string;
  shape: number[];
  grad?: boolean;
  layout?: string;
  device?: string;
  /** Not there where the elements do not count, since nobody has written them. */
  data?: Data;
}

/** A value as JSON has it, or an object with one key that says what it is. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [key: string]: unknown };

export interface Call {
  /** The public name: `torch.linalg.svd`, `Tensor.expand`, `Tensor.T (attribute)`. */
  f: string;
  a: Value[];
  k?: Record<string, Value>;
}

export interface GradientSample {
  /** Which inputs gradients are taken for. */
  wrt: number[];
  /** Calls between the result and what gradients are taken of. */
  calls?: Call[];
  out?: Value;
  /** Which of the tensors in the result have gradients. */
  results: number[];
  expect: Value[];
}

export interface Sample {
  kind: 'function' | 'method' | 'inplace' | 'out' | 'alias' | 'error';
  dtype: string;
  inputs?: TensorInput[];
  calls: Call[];
  /** Where the result is found among those of the calls. */
  out?: Value;
  expect?: Value;
  gradient?: GradientSample;
  /** The class and message of the error that Python throws. */
  error?: [name: string, message: string];
}

/** An entry of a state dict: dtype, shape and a digest of the elements; text for what has no shape yet. */
export type StateEntry = readonly [dtype: string, shape: number[], digest: string] | string;

/** The entries of a state dict in their order. */
export type State = readonly (readonly [name: string, entry: StateEntry])[];

/** A module that is made after seeding, converted to `dtype`, put into `mode`, called and differentiated. */
export interface ModuleSample {
  kind: 'module' | 'module_error';
  dtype: string;
  mode: 'train' | 'eval';
  /** The tensors among the arguments. */
  inputs?: TensorInput[];
  make: Call;
  call: Pick<Call, 'a' | 'k'>;
  /** What is printed; several forms where Python tells 2.0 from 2. */
  repr: string[];
  initial: State;
  expect: Value;
  /** What a second call gives without gradients, in evaluation mode. */
  no_grad?: Value;
  gradient?: { inputs: Value[]; parameters: [name: string, gradient: Value][] };
  /** What is printed after the calls, and the state dict then, where a lazy module has become another one. */
  became?: [repr: string, state: State];
  /** The buffers after the calls. */
  buffers?: [name: string, buffer: Value][];
  /** The next random number. */
  random: number;
  /** The class of the error that Python throws, and its message; further ones where Python tells 2.0 from 2. */
  error?: [name: string, ...messages: string[]];
}

/** What a data base says of one operator or module. */
export interface Entry<S> {
  name: string;
  samples: S[];
  /** Why PyTorch's other samples are not here, with how many they are. */
  skipped: Record<string, number>;
}

export type Operator = Entry<Sample>;

export interface Bundle<S = Sample> {
  /** PyTorch's version. */
  torch: string;
  ops: Entry<S>[];
  bytes: ArrayBuffer;
}

/** Reads `<path>.json.gz` and `<path>.bin.gz`. */
export function read_bundle<S = Sample>(path: string): Bundle<S> {
  const read = (suffix: string) => gunzipSync(readFileSync(path + suffix));
  const described = JSON.parse(read('.json.gz').toString('utf8')) as Omit<Bundle<S>, 'bytes'>;
  const { buffer, byteOffset, byteLength } = read('.bin.gz');
  return { ...described, bytes: buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer };
}
