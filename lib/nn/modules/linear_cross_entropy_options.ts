import type { Arguments } from '../../arguments.ts';
import type { device as Device } from '../../device.ts';
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

/** The options of a call: nothing in them is open. */
export interface ResolvedLinearCrossEntropyOptions {
  allow_retain_graph: boolean;
  batch_chunk_size: number;
  acc_policy: Exclude<AccumulationPolicy, 'auto'>;
  acc_dtype: DType;
}

/** What options are resolved for. */
export interface LinearCrossEntropySizes {
  num_batches: number;
  in_features: number;
  num_classes: number;
  dtype: DType;
  device: Device;
}

const POLICIES: readonly unknown[] = ['auto', 'accurate', 'balanced', 'compact'];
const ACC_DTYPES: readonly DType[] = [float16, bfloat16, float32, float64];

/**
 * How `F.linear_cross_entropy` divides its batch in order to save memory: the logits of one piece at a time are there,
 * and the gradients are computed along with the loss. A second pass of `backward` needs `allow_retain_graph`, and
 * there are no gradients of the gradients.
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

  /** What the options mean for a call. */
  resolve(sizes: LinearCrossEntropySizes): ResolvedLinearCrossEntropyOptions {
    const { dtype, device } = sizes;
    const is_half = dtype === float16 || dtype === bfloat16;
    const widens = is_half && ['cpu', 'cuda'].includes(device.type);
    const picks_accuracy = is_half && device.type === 'cpu';
    const acc_policy = this.acc_policy === 'auto' ? (picks_accuracy ? 'accurate' : 'compact') : this.acc_policy;
    let { chunking_method } = this;
    if (chunking_method === 'auto') {
      const method = picks_accuracy ? 'aspect_ratio' : 'aspect_ratio:2';
      chunking_method = this.batch_chunk_size === null ? method : null;
    }
    return {
      allow_retain_graph: this.allow_retain_graph,
      batch_chunk_size: this.#chunk_size(chunking_method, sizes),
      acc_policy,
      acc_dtype: this.acc_dtype ?? (this.acc_policy === 'auto' && widens ? float32 : dtype),
    };
  }

  #chunk_size(method: string | null, { num_batches, in_features, num_classes }: LinearCrossEntropySizes): number {
    const { batch_chunk_size } = this;
    if (method === null) return Math.max(1, Math.min(batch_chunk_size ?? num_batches, num_batches));
    const factor = Number(method.split(':')[1] ?? 1);
    // As many logits as the input has elements, rounded up to a power of two.
    const rows = Math.ceil(num_batches / Math.ceil(num_classes / in_features));
    const power = rows === 0 ? 2 : 2 ** Math.ceil(Math.log2(rows));
    const size = Math.min(Math.floor(power / factor), num_batches);
    if (batch_chunk_size !== null && batch_chunk_size !== size) {
      throw new ValueError(
        `batch_chunk_size (=${batch_chunk_size}) and chunking_method ('${method}') give different chunk sizes ` +
          `(${batch_chunk_size} vs ${size}); pass only one.`,
      );
    }
    return Math.max(1, size);
  }

  toString(): string {
    const fields = Object.entries(this).map(([name, value]) => `${name}=${repr(value)}`);
    return `LinearCrossEntropyOptions(${fields.join(', ')})`;
  }
}
