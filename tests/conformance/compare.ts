/** Compares what a call gave with what it gives in Python. */
import { createHash } from 'node:crypto';
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import type { TensorResult, Value } from './bundle.ts';
import { elements_at, Scope } from './values.ts';

/** How far numbers may be apart, as in torch.testing.assert_close: where other kernels run the last digits differ. */
const TOLERANCE: Readonly<Record<string, readonly [relative: number, absolute: number]>> = {
  float16: [1e-3, 1e-5],
  bfloat16: [1.6e-2, 1e-5],
  // Convolutions of it add up in half precision, each processor in its own order.
  complex32: [4e-3, 1e-2],
  float32: [1.3e-6, 1e-5],
  complex64: [1.3e-6, 1e-5],
  float64: [1e-7, 1e-7],
  complex128: [1e-7, 1e-7],
};

const CONSTANTS = new Scope([]);

type Elements = ArrayLike<number | bigint>;

/** Compares results with those in a bundle; `exact` tells whether all numbers were the same to the last bit. */
export class Comparison {
  exact = true;
  readonly #bytes: ArrayBuffer;

  constructor(bytes: ArrayBuffer) {
    this.#bytes = bytes;
  }

  /** What is wrong with `actual`; null if nothing is. */
  difference(actual: unknown, expected: Value): string | null {
    if (Array.isArray(expected)) return this.#of_lists(actual, expected as readonly Value[]);
    if (typeof expected === 'object' && expected !== null) {
      const described = expected as { readonly [key: string]: unknown };
      if ('tensor' in described) return this.#of_tensors(actual, described['tensor'] as TensorResult);
      if ('named' in described) return this.#of_named(actual, described as { named: string[]; items: Value[] });
      if ('device' in described) return String(actual) === described['device'] ? null : `device ${String(actual)}`;
    }
    return this.#of_scalars(actual, CONSTANTS.value(expected));
  }

  #of_lists(actual: unknown, expected: readonly Value[]): string | null {
    if (!Array.isArray(actual)) return `${show(actual)} where a list was expected`;
    if (actual.length !== expected.length) return `${actual.length} items, in Python ${expected.length}`;
    for (const [i, one] of expected.entries()) {
      const wrong = this.difference(actual[i], one);
      if (wrong !== null) return `item ${i}: ${wrong}`;
    }
    return null;
  }

  #of_named(actual: unknown, { named, items }: { named: string[]; items: Value[] }): string | null {
    const wrong = this.#of_lists(actual, items);
    if (wrong !== null) return wrong;
    for (const [i, name] of named.entries()) {
      if ((actual as Record<string, unknown>)[name] !== (actual as unknown[])[i]) return `no field ${name}`;
    }
    return null;
  }

  #of_scalars(actual: unknown, expected: unknown): string | null {
    if (expected instanceof torch.Complex) {
      if (!(actual instanceof torch.Complex)) return `${show(actual)}, in Python ${expected.toString()}`;
      return this.#of_scalars(actual.real, expected.real) ?? this.#of_scalars(actual.imag, expected.imag);
    }
    if (Object.is(actual, expected)) return null;
    if (typeof actual === 'number' && typeof expected === 'number') {
      this.exact = false;
      if (is_close(actual, expected, 1e-7, 1e-7)) return null;
    }
    return `${show(actual)}, in Python ${show(expected)}`;
  }

  #of_tensors(actual: unknown, { dtype, shape, grad, layout, device, data }: TensorResult): string | null {
    if (!torch.is_tensor(actual)) return `${show(actual)} where a tensor was expected`;
    const properties = [
      ['dtype', actual.dtype.name, dtype],
      ['shape', `[${actual.shape.join(', ')}]`, `[${shape.join(', ')}]`],
      ['layout', actual.layout.name, layout ?? 'strided'],
      ['device', actual.device.type, device ?? 'cpu'],
      ['requires_grad', String(actual.requires_grad), String(grad ?? false)],
    ] as const;
    for (const [name, ours, pythons] of properties) {
      if (ours !== pythons) return `${name} is ${ours}, in Python ${pythons}`;
    }
    if (data === undefined) return null;
    return this.#of_elements(elements_of(actual), elements_at(this.#bytes, dtype, data), dtype);
  }

  #of_elements(actual: Elements, expected: Elements, dtype: string): string | null {
    const [relative, absolute] = TOLERANCE[dtype] ?? [0, 0];
    for (let i = 0; i < expected.length; i++) {
      const x = actual[i]!;
      const y = expected[i]!;
      if (x === y || (Number.isNaN(x) && Number.isNaN(y))) continue;
      this.exact = false;
      if (typeof x !== 'number' || typeof y !== 'number' || !is_close(x, y, relative, absolute)) {
        return `element ${i} is ${x}, in Python ${y}`;
      }
    }
    return null;
  }
}

function is_close(actual: number, expected: number, relative: number, absolute: number): boolean {
  return Number.isFinite(expected) && Math.abs(actual - expected) <= absolute + relative * Math.abs(expected);
}

/** What tells the elements of a tensor from all others, as `digest` in scripts/conformance/bundle.py. */
export function digest(tensor: Tensor): string {
  const { buffer, byteOffset, byteLength } = elements_of(tensor) as unknown as Uint8Array;
  return createHash('sha1').update(new Uint8Array(buffer, byteOffset, byteLength)).digest('hex').slice(0, 16);
}

/** The elements of a tensor in the form in which a bundle has them. */
function elements_of(tensor: Tensor): Elements {
  let source = tensor.detach();
  if (source.layout !== torch.strided) source = source.to_dense();
  source = source.resolve_conj().resolve_neg();
  if (source.dtype === torch.complex32) source = source.to(torch.complex64);
  if (source.dtype.is_complex) source = torch.view_as_real(source);
  if (source.dtype === torch.float16 || source.dtype === torch.bfloat16) source = source.to(torch.float32);
  // A copy, since some gradients are zeros without memory.
  return torch.empty(source.shape, { dtype: source.dtype }).copy_(source).flatten().numpy() as unknown as Elements;
}

function show(value: unknown): string {
  if (torch.is_tensor(value)) return 'a tensor';
  if (Array.isArray(value)) return `a list of ${value.length}`;
  return typeof value === 'function' ? 'a function' : String(value);
}
