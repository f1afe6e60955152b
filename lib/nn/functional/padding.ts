import type { Arguments } from '../../arguments.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';

export interface PadOptions {
  input: Tensor;
  pad: readonly number[];
  mode?: 'constant' | 'reflect' | 'replicate' | 'circular';
  value?: number | null;
}
const pad_arguments = signature<PadOptions>('pad', ['input', 'pad', ['mode', 'constant'], ['value', null]]);

/**
 * Adds elements before and after some of the last dimensions.
 * @param pad how many: before and after the last dimension, before and after the one before it, and so on
 * @param mode what they are: `'constant'`, `'reflect'`, `'replicate'` or `'circular'` (default: `'constant'`)
 * @param value the constant (default: 0)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pad.html
 */
export function pad(...args: Arguments<PadOptions, ['input', 'pad', 'mode', 'value']>): Tensor {
  const options = pad_arguments(args);
  return aten.pad(options.input, options.pad, options.mode, options.value);
}
