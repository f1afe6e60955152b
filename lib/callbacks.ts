/** Functions of JavaScript that make the elements of tensors: what `apply_`, `map_` and `map2_` do. */
import { Complex } from './complex.ts';
import { tensor } from './creation.ts';
import { RuntimeError, TypeError } from './errors.ts';
import { aten } from './ops.ts';
import { type_name } from './repr.ts';
import type { Scalar, Tensor } from './tensor.ts';

type Element = number & boolean;

function is_scalar(value: unknown): value is Scalar {
  return ['number', 'boolean', 'bigint'].includes(typeof value) || value instanceof Complex;
}

/**
 * Writes to `x` what `callback` makes of its elements and those of `others`, in row-major order.
 * @param name the method, for messages
 */
export function write_elements(
  name: string,
  x: Tensor,
  others: readonly Tensor[],
  callback: (...elements: Element[]) => Scalar,
): void {
  if (typeof callback !== 'function') throw new TypeError(`'${type_name(callback)}' object is not callable`);
  for (const one of [x, ...others]) {
    if (one.requires_grad) {
      throw new RuntimeError(`Can't call ${name}() on Variable that requires grad. Use var.detach().${name}() instead.`);
    }
    if (one.dtype !== x.dtype || !one.device.equals(x.device)) {
      throw new TypeError(`${name}: expected ${x.type()} for 'other' (got ${one.type()})`);
    }
  }
  if (x.is_meta) return;
  if (!x.is_cpu) throw new TypeError(`${name} is only implemented on CPU tensors`);
  const operands = [x, ...others.map((one) => aten.expand_as(one, x))].map((one) => one.flatten().tolist() as Element[]);
  const results = operands[0]!.map((_, i) => {
    const result: unknown = callback(...operands.map((elements) => elements[i]!));
    if (!is_scalar(result)) throw new TypeError(`must be real number, not ${type_name(result)}`);
    return result;
  });
  x.copy_(tensor(results, { dtype: x.dtype }).reshape(x.shape));
}
