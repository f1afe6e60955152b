/** What batch and instance normalization refuse, as functions and as layers. */
import { ValueError } from '../../errors.ts';
import { float_str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { size_text } from '../modules/sizes.ts';

/** Refuses an input with another number of dimensions than one of `allowed`. */
export function verify_dimensions(input: Tensor, ...allowed: readonly number[]): void {
  const dimensions = input.dim();
  if (allowed.includes(dimensions)) return;
  const wanted = allowed.map((count) => `${count}D`).join(' or ');
  throw new ValueError(`expected ${wanted} input (got ${dimensions}D input)`);
}

/** One value has no variance. */
export function verify_batch_size(size: readonly number[]): void {
  let values = size[0]!;
  for (let i = 2; i < size.length; i++) values *= size[i]!;
  if (values === 1) {
    throw new ValueError(`Expected more than 1 value per channel when training, got input size ${size_text(size)}`);
  }
}

/** Refuses an `eps` with which a division by zero would be possible. */
export function verify_batch_norm_eps(training: boolean, eps: number): void {
  if (training && eps <= 0) {
    throw new ValueError(`batch_norm eps must be positive during training, but got ${float_str(eps)}`);
  }
  if (eps < 0) throw new ValueError(`batch_norm eps must be non-negative, but got ${float_str(eps)}`);
}
