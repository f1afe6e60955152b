/** Makes JavaScript's values, tensors among them, of those in a bundle. */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import type { Call, Data, TensorInput, Value } from './bundle.ts';

/** The package lacks what a sample calls. */
export class Missing extends Error {}

type Namespace = Record<string, unknown>;
type AnyFunction = (...args: unknown[]) => unknown;

const ARRAYS = {
  float32: Float32Array,
  float64: Float64Array,
  int64: BigInt64Array,
  int32: Int32Array,
  int16: Int16Array,
  int8: Int8Array,
  uint8: Uint8Array,
  uint16: Uint16Array,
  uint32: Uint32Array,
  uint64: BigUint64Array,
} as const;

type Elements = InstanceType<(typeof ARRAYS)[keyof typeof ARRAYS]>;

/** Dtypes whose elements are written as those of another one; complex ones as pairs. */
const WRITTEN_AS: Readonly<Record<string, keyof typeof ARRAYS>> = {
  bool: 'uint8',
  float16: 'float32',
  bfloat16: 'float32',
  complex32: 'float32',
  complex64: 'float32',
  complex128: 'float64',
};

/** The elements as they are written, without a copy. */
export function elements_at(bytes: ArrayBuffer, dtype: string, [offset, length]: Data): Elements {
  const array = ARRAYS[WRITTEN_AS[dtype] ?? (dtype as keyof typeof ARRAYS)];
  return new array(bytes, offset, length / array.BYTES_PER_ELEMENT);
}

/** What stands at a name such as `torch.nn.functional.pad`. */
export function resolve(name: string): unknown {
  // Functions that Python's torch has for itself are LibTorch's operators, and here no more than that.
  const path = name.startsWith('torch._') ? name.replace('torch.', 'torch.ops.aten.') : name;
  let value: unknown = torch;
  for (const part of path.split('.').slice(1)) value = (value as Namespace | undefined)?.[part];
  if (value === undefined) throw new Missing(`no ${path}`);
  return value;
}

/** torch's constant of that name, such as a dtype. */
function constant(name: string): never {
  return (torch as unknown as Namespace)[name] as never;
}

/** The tensor that a sample begins with. */
export function tensor_of(bytes: ArrayBuffer, input: TensorInput): Tensor {
  const made = input.layout === undefined ? dense(bytes, input) : sparse(bytes, input);
  return input.grad === true ? made.detach().requires_grad_() : made;
}

function dense(bytes: ArrayBuffer, { dtype, shape, stride, data, conj, neg }: TensorInput): Tensor {
  let made = torch.tensor(elements_at(bytes, dtype, data));
  if (dtype.startsWith('complex')) made = torch.view_as_complex(made.reshape(-1, 2)).clone();
  made = made.to(constant(dtype));
  made = stride === undefined ? made.reshape(shape) : made.as_strided(shape, stride);
  // Views that LibTorch negates when they are read, as it makes them itself.
  if (neg === true) made = torch.complex(torch.zeros_like(made), made).conj().imag;
  if (conj === true) made = made.conj();
  return made;
}

function sparse(bytes: ArrayBuffer, { dtype, layout, shape, parts, coalesced }: TensorInput): Tensor {
  const tensors = parts!.map((part) => tensor_of(bytes, part));
  const make = resolve(layout === 'sparse_coo' ? 'torch.sparse_coo_tensor' : `torch.${layout}_tensor`) as AnyFunction;
  const made = make(...tensors, shape, { dtype: constant(dtype) }) as Tensor;
  if (coalesced === true) (made as unknown as Record<string, AnyFunction>)['_coalesced_']!(true);
  return made;
}

/** What a sample's calls have given so far, and how its values are read. */
export class Scope {
  readonly inputs: readonly Tensor[];
  readonly results: unknown[] = [];

  constructor(inputs: readonly Tensor[]) {
    this.inputs = inputs;
  }

  value(described: Value): unknown {
    if (typeof described !== 'object' || described === null) return described;
    if (Array.isArray(described)) return described.map((one: Value) => this.value(one));
    const [kind, content] = Object.entries(described)[0]! as [string, never];
    switch (kind) {
      case 'in':
        return this.inputs[content];
      case 'res':
        return this.#result(content);
      case 'int':
        return BigInt(content);
      case 'float':
        return Number((content as string).replace('inf', 'Infinity'));
      case 'complex': {
        const [real, imag] = (content as Value[]).map((one) => this.value(one) as number);
        return new torch.Complex(real, imag);
      }
      case 'dict':
        return this.#dict(content);
      case 'dtype':
      case 'layout':
      case 'memory_format':
        return constant(content);
      case 'device':
        return content;
      case 'slice':
        return torch.slice(...(content as [null, null, null]));
      case 'ellipsis':
        return '...';
      case 'function':
        return resolve(content);
      case 'new':
        return this.make(content);
    }
    throw new Error(`a value of unknown kind ${kind}`);
  }

  #result([call, ...path]: [call: number, ...path: number[]]): unknown {
    return path.reduce<unknown>((value, i) => (value as unknown[])[i], this.results[call]);
  }

  #dict(entries: Record<string, Value>): Record<string, unknown> {
    return Object.fromEntries(Object.entries(entries).map(([key, one]) => [key, this.value(one)]));
  }

  /** The arguments of a call, those with names in an object behind the others. */
  arguments({ a, k }: Pick<Call, 'a' | 'k'>): unknown[] {
    const args = a.map((one) => this.value(one));
    if (k !== undefined) args.push(this.#dict(k));
    return args;
  }

  /** An object of a class. */
  make(call: Call): unknown {
    return new (resolve(call.f) as new (...args: unknown[]) => unknown)(...this.arguments(call));
  }

  /** Makes a call and keeps its result. */
  call(call: Call): void {
    const { f } = call;
    const args = this.arguments(call);
    this.results.push(f.startsWith('Tensor.') ? call_method(f, args) : (resolve(f) as AnyFunction)(...args));
  }
}

/** What op_db's own helpers write with Python's operators and functions, `x[i]` and `abs(x)`, is a method here. */
const METHODS: Readonly<Record<string, string>> = {
  __getitem__: 'index',
  __setitem__: 'index_put_',
  __abs__: 'abs',
  __neg__: 'neg',
  __pos__: 'positive',
};

function call_method(full_name: string, args: unknown[]): unknown {
  const [, name, attribute] = /^Tensor\.(\w+)( \(attribute\))?$/.exec(full_name)!;
  const [self, ...rest] = args;
  const found = (self as Namespace)[METHODS[name!] ?? name!];
  if (found === undefined) throw new Missing(`no ${full_name}`);
  if (attribute !== undefined) return found;
  if (typeof found !== 'function') throw new Missing(`${full_name} is no method`);
  return (found as AnyFunction).apply(self, rest);
}
