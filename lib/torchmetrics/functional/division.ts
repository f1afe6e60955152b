/** Divisions in which there may be nothing to divide by. */
import { float32 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';

/** A tensor of fractions: whole numbers become float32. */
export function as_float(tensor: Tensor): Tensor {
  return tensor.is_floating_point() ? tensor : tensor.to(float32);
}

/** `a / b`, and `zero_division` where `b` is 0. */
export function safe_divide(a: Tensor, b: Tensor, zero_division = 0): Tensor {
  const [x, y] = [as_float(a), as_float(b)];
  return aten.where(y.ne(0), x.div(y), aten.full([], zero_division, { dtype: x.dtype, device: x.device }));
}
