import type { Arguments } from '../../arguments.ts';
import { bfloat16, float16, float32, float64 } from '../../dtype.ts';
import type { dtype as DType } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { repr } from '../../repr.ts';
import { signature } from '../checked_arguments.ts';

/** How precisely, and with how much memory, the pieces are added up. */
export type AccumulationPolicy = 'accurate' | 'balanced' | 'compact' | 'auto';

export interface LinearCrossEntropyOptionValues {
  allow_retain_graph?: boolean;
  batch_chunk_size?: number | null;
  chunking_method?: string | null;
  acc_policy?: AccumulationPolicy;
  acc_dtype?: DType | null;
}
const options_arguments = signature<LinearCrossEntropyOptionValues>('LinearCrossEntropyOptions', [
  ['allow_retain_graph', false],
  ['batch_chunk_size', null],
  ['chunking_method', 'auto'],
  ['acc_policy', 'auto'],
  ['acc_dtype', null],
]);

const POLICIES: readonly unknown[] = ['auto', 'accurate', 'balanced', 'compact'];
const ACC_DTYPES: readonly DType[] = [float16, bfloat16, float32, float64];

/**
 * How `F.linear_cross_entropy` may divide its batch in order to save memory.
 *
 * They are checked as in Python, and kept; what is computed is the same with and without them.
 * @param allow_retain_graph whether the gradients may be computed more than once (default: false)
 * @param batch_chunk_size how many samples there are in a piece (default: all)
 * @param chunking_method `'auto'`, `'aspect_ratio'`, `'aspect_ratio:N'`, or null (default: `'auto'`)
 * @param acc_policy how pieces are added up (default: `'auto'`)
 * @param acc_dtype in which type they are (default: that of the input, or a wider one)
 * @throws ValueError for a value that is none of these
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LinearCrossEntropyOptions.html
 */
export class LinearCrossEntropyOptions {
  readonly allow_retain_graph: boolean;
  readonly batch_chunk_size: number | null;
  readonly chunking_method: string | null;
  readonly acc_policy: AccumulationPolicy;
  readonly acc_dtype: DType | null;

  constructor(
    ...args: Arguments<
      LinearCrossEntropyOptionValues,
      ['allow_retain_graph', 'batch_chunk_size', 'chunking_method', 'acc_policy', 'acc_dtype']
    >
  ) {
    const { allow_retain_graph, batch_chunk_size, chunking_method, acc_policy, acc_dtype } = options_arguments(args);
    if (!POLICIES.includes(acc_policy)) throw new ValueError(`invalid acc_policy: ${repr(acc_policy)}`);
    if (chunking_method !== null && !/^(auto|aspect_ratio(:0*[1-9]\d*)?)$/.test(chunking_method)) {
      throw new ValueError(`invalid chunking_method: ${repr(chunking_method)}`);
    }
    if (batch_chunk_size !== null && !(Number.isInteger(batch_chunk_size) && batch_chunk_size > 0)) {
      throw new ValueError(`batch_chunk_size must be positive int or None, got ${repr(batch_chunk_size)}`);
    }
    if (acc_dtype !== null && !ACC_DTYPES.includes(acc_dtype)) {
      throw new ValueError(
        'acc_dtype must be one of {None, torch.float16, torch.bfloat16, torch.float32, torch.float64}, got ' +
          `${repr(acc_dtype)}. Pass acc_dtype=None to let the op pick automatically.`,
      );
    }
    this.allow_retain_graph = allow_retain_graph;
    this.batch_chunk_size = batch_chunk_size;
    this.chunking_method = chunking_method;
    this.acc_policy = acc_policy;
    this.acc_dtype = acc_dtype;
  }

  toString(): string {
    const fields = Object.entries(this).map(([name, value]) => `${name}=${repr(value)}`);
    return `LinearCrossEntropyOptions(${fields.join(', ')})`;
  }
}
