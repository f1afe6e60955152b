/** How inputs and targets of losses fit together. */
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { check_tensor } from '../checked_arguments.ts';

/** Whether two tensors have the same sizes. */
export function same_size(a: Tensor, b: Tensor): boolean {
  return a.shape.equals(b.shape);
}

/**
 * Input and target in one size. They are broadcast to it, with a warning, since that is hardly ever meant.
 *
 * The operators would do it, too, but some add up too few gradients when they do.
 */
export function broadcast(input: Tensor, target: Tensor): readonly [input: Tensor, target: Tensor] {
  check_tensor('forward', 'input', input);
  check_tensor('forward', 'target', target);
  if (same_size(input, target)) return [input, target];
  warn(
    `Using a target size (${String(target.shape)}) that is different to the input size (${String(input.shape)}). ` +
      'This will likely lead to incorrect results due to broadcasting. Please ensure they have the same size.',
  );
  return aten.broadcast_tensors([input, target]) as [Tensor, Tensor];
}

/** @throws ValueError unless input and target have the same sizes */
export function check_logit_sizes(input: Tensor, target: Tensor): void {
  check_tensor('forward', 'input', input);
  check_tensor('forward', 'target', target);
  if (same_size(input, target)) return;
  throw new ValueError(
    `Target size (${String(target.shape)}) must be the same as input size (${String(input.shape)})`,
  );
}
