/**
 * Batches of sequences of different lengths: padded to the longest, or packed without padding.
 * @see https://docs.pytorch.org/docs/stable/nn.html#utility-functions
 */
import { inspect } from 'node:util';
import { is_instance, wrong_type } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import { as_tensor } from '../../creation.ts';
import type { DeviceLike } from '../../device.ts';
import { float16, float32, float64, int16, int32, int64, int8, uint8 } from '../../dtype.ts';
import type { dtype as DType } from '../../dtype.ts';
import { AssertionError, RuntimeError, ValueError } from '../../errors.ts';
import { contiguous_format } from '../../layout.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { check_tensor, signature } from '../checked_arguments.ts';

export interface PackedSequenceOptions {
  data: Tensor | readonly [data: Tensor, batch_sizes: Tensor];
  batch_sizes?: Tensor | null;
  sorted_indices?: Tensor | null;
  unsorted_indices?: Tensor | null;
}
const packed_sequence_arguments = signature<PackedSequenceOptions>('PackedSequence', [
  'data',
  ['batch_sizes', null],
  ['sorted_indices', null],
  ['unsorted_indices', null],
]);

/** Where to, and into what, `packed.to(...)` moves the elements. */
export interface PackedToOptions {
  device?: DeviceLike | null;
  dtype?: DType | null;
  non_blocking?: boolean;
  copy?: boolean;
}

/**
 * Sequences of different lengths, packed: all first elements, then all second ones, and so on. {@link pack_sequence}
 * and {@link pack_padded_sequence} make them, recurrent layers take and give them.
 *
 * It can be taken apart: `const [data, batch_sizes, sorted_indices, unsorted_indices] = packed`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.PackedSequence.html
 */
export class PackedSequence {
  /** The elements. */
  readonly data: Tensor;
  /** How many sequences there are at each step; on the CPU. */
  readonly batch_sizes: Tensor;
  /** In which order of the batch the sequences stand, if not in its own. */
  readonly sorted_indices: Tensor | null;
  /** The way back to the order of the batch. */
  readonly unsorted_indices: Tensor | null;

  constructor(
    ...args: Arguments<PackedSequenceOptions, ['data', 'batch_sizes', 'sorted_indices', 'unsorted_indices']>
  ) {
    const { data, batch_sizes, sorted_indices, unsorted_indices } = packed_sequence_arguments(args);
    if (batch_sizes === null) {
      if (!Array.isArray(data) || data.length !== 2) {
        throw new AssertionError('Expected data to be a list or tuple of length 2');
      }
      [this.data, this.batch_sizes] = data as unknown as [Tensor, Tensor];
    } else {
      check_tensor('PackedSequence', 'batch_sizes', batch_sizes);
      if (batch_sizes.device.type !== 'cpu') {
        throw new ValueError(
          'batch_sizes should always be on CPU. Instances of PackedSequence should never be created manually. They ' +
            'should be instantiated by functions like pack_sequence and pack_padded_sequences in nn.utils.rnn. ' +
            'https://pytorch.org/docs/stable/nn.html#torch.nn.utils.rnn.pack_sequence',
        );
      }
      check_tensor('PackedSequence', 'data', data);
      this.data = data;
      this.batch_sizes = batch_sizes;
    }
    this.sorted_indices = sorted_indices;
    this.unsorted_indices = unsorted_indices ?? invert_permutation(sorted_indices);
  }

  *[Symbol.iterator](): Generator<Tensor | null, void> {
    yield* [this.data, this.batch_sizes, this.sorted_indices, this.unsorted_indices];
  }

  /** The same with its elements on a device, or of a dtype; itself if they are already. */
  to(device: DeviceLike | null, dtype?: DType | null, non_blocking?: boolean, copy?: boolean): PackedSequence;
  to(dtype: DType, non_blocking?: boolean, copy?: boolean): PackedSequence;
  to(other: Tensor, non_blocking?: boolean, copy?: boolean): PackedSequence;
  to(kwargs: PackedToOptions): PackedSequence;
  to(...args: unknown[]): PackedSequence {
    const data = (this.data.to as (...args: unknown[]) => Tensor)(...args);
    if (data === this.data) return this;
    const { device } = data;
    const move = (indices: Tensor | null): Tensor | null => indices?.to({ device }) ?? null;
    return new PackedSequence(data, this.batch_sizes, move(this.sorted_indices), move(this.unsorted_indices));
  }

  /** The same with its elements on the CPU. */
  cpu(): PackedSequence {
    return this.to('cpu');
  }

  /** The same with its elements on a GPU, the current one unless told which. */
  cuda(device: DeviceLike | null = null): PackedSequence {
    return this.to(device ?? 'cuda');
  }

  /** The same with elements of type `float64`. */
  double(): PackedSequence {
    return this.to(float64);
  }

  /** The same with elements of type `float32`. */
  float(): PackedSequence {
    return this.to(float32);
  }

  /** The same with elements of type `float16`. */
  half(): PackedSequence {
    return this.to(float16);
  }

  /** The same with elements of type `int64`. */
  long(): PackedSequence {
    return this.to(int64);
  }

  /** The same with elements of type `int32`. */
  int(): PackedSequence {
    return this.to(int32);
  }

  /** The same with elements of type `int16`. */
  short(): PackedSequence {
    return this.to(int16);
  }

  /** The same with elements of type `int8`. */
  char(): PackedSequence {
    return this.to(int8);
  }

  /** The same with elements of type `uint8`. */
  byte(): PackedSequence {
    return this.to(uint8);
  }

  /** Whether the elements are on a GPU. */
  get is_cuda(): boolean {
    return this.data.is_cuda;
  }

  /** Whether the elements are in pinned memory. */
  is_pinned(): boolean {
    return this.data.is_pinned();
  }

  /** The same with its elements and indices in pinned memory, from which GPUs copy faster. */
  pin_memory(): PackedSequence {
    const { data, batch_sizes, sorted_indices, unsorted_indices } = this;
    return new PackedSequence(
      data.pin_memory(),
      batch_sizes,
      sorted_indices?.pin_memory() ?? null,
      unsorted_indices?.pin_memory() ?? null,
    );
  }

  toString(): string {
    const text = (tensor: Tensor | null): string => (tensor === null ? 'None' : inspect(tensor));
    return (
      `PackedSequence(data=${text(this.data)}, batch_sizes=${text(this.batch_sizes)}, ` +
      `sorted_indices=${text(this.sorted_indices)}, unsorted_indices=${text(this.unsorted_indices)})`
    );
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

const invert_permutation_arguments = signature<{ permutation?: Tensor | null }>('invert_permutation', [
  ['permutation', null],
]);

/** The permutation that undoes another; null for none. */
export function invert_permutation(permutation: Tensor | { permutation: Tensor }): Tensor;
export function invert_permutation(
  permutation: Tensor | null | { permutation: Tensor | null },
): Tensor | null;
export function invert_permutation(...args: unknown[]): Tensor | null {
  const { permutation } = invert_permutation_arguments(args);
  if (permutation === null) return null;
  check_tensor('invert_permutation', 'permutation', permutation);
  const output = aten.empty_like(permutation, { memory_format: contiguous_format });
  const places = aten.arange(0, permutation.numel(), { device: permutation.device });
  return output.scatter_(0, permutation, places);
}

export interface PackPaddedSequenceOptions {
  input: Tensor;
  lengths: Tensor | readonly number[];
  batch_first?: boolean;
  enforce_sorted?: boolean;
}
const pack_padded_sequence_arguments = signature<PackPaddedSequenceOptions>('pack_padded_sequence', [
  'input',
  'lengths',
  ['batch_first', false],
  ['enforce_sorted', true],
]);

/**
 * Packs a padded batch, `(T, B, *)`, or `(B, T, *)` with `batch_first`.
 * @param lengths how long each sequence is
 * @param batch_first whether the batch is the first dimension (default: false)
 * @param enforce_sorted whether the sequences stand in decreasing order of their lengths already (default: true)
 * @throws RuntimeError if they should and do not, or for a length that is not positive
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_padded_sequence.html
 */
export function pack_padded_sequence(
  ...args: Arguments<PackPaddedSequenceOptions, ['input', 'lengths', 'batch_first', 'enforce_sorted']>
): PackedSequence {
  const options = pack_padded_sequence_arguments(args);
  const { batch_first, enforce_sorted } = options;
  let { input } = options;
  let lengths: Tensor;
  if (is_instance(options.lengths, Tensor)) {
    lengths = options.lengths.to(int64);
  } else {
    if (!Array.isArray(options.lengths)) {
      throw wrong_type('pack_padded_sequence', 'lengths', 'Tensor or list of ints', options.lengths);
    }
    lengths = as_tensor(options.lengths as readonly number[], { dtype: int64, device: 'cpu' });
  }
  let sorted_indices: Tensor | null = null;
  if (!enforce_sorted) {
    const sorted = lengths.sort({ descending: true });
    lengths = sorted.values;
    sorted_indices = sorted.indices.to(input.device);
    input = input.index_select(batch_first ? 0 : 1, sorted_indices);
  }
  const [data, batch_sizes] = aten._pack_padded_sequence(input, lengths, batch_first);
  return new PackedSequence(data, batch_sizes, sorted_indices);
}

/** @throws TypeError unless an argument is a `PackedSequence` */
function check_packed(name: string, argument: string, value: unknown): void {
  if (!is_instance(value, PackedSequence)) throw wrong_type(name, argument, 'PackedSequence', value);
}

export interface PadPackedSequenceOptions {
  sequence: PackedSequence;
  batch_first?: boolean;
  padding_value?: number;
  total_length?: number | null;
}
const pad_packed_sequence_arguments = signature<PadPackedSequenceOptions>('pad_packed_sequence', [
  'sequence',
  ['batch_first', false],
  ['padding_value', 0],
  ['total_length', null],
]);

/**
 * The reverse of {@link pack_padded_sequence}.
 * @param batch_first whether the batch is to be the first dimension (default: false)
 * @param padding_value what stands behind the ends (default: 0)
 * @param total_length the length to pad to (default: that of the longest sequence)
 * @returns the padded batch, and the lengths of the sequences
 * @throws ValueError if a sequence is longer than `total_length`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_packed_sequence.html
 */
export function pad_packed_sequence(
  ...args: Arguments<PadPackedSequenceOptions, ['sequence', 'batch_first', 'padding_value', 'total_length']>
): [padded: Tensor, lengths: Tensor] {
  const { sequence, batch_first, padding_value, total_length } = pad_packed_sequence_arguments(args);
  check_packed('pad_packed_sequence', 'sequence', sequence);
  const longest = sequence.batch_sizes.size(0);
  if (total_length !== null && total_length < longest) {
    throw new ValueError(
      'Expected total_length to be at least the length of the longest sequence in input, but got ' +
        `total_length=${total_length} and max sequence length being ${longest}`,
    );
  }
  const { data, batch_sizes, unsorted_indices } = sequence;
  const [padded, lengths] = aten._pad_packed_sequence(
    data,
    batch_sizes,
    batch_first,
    padding_value,
    total_length ?? longest,
  );
  if (unsorted_indices === null) return [padded, lengths];
  return [
    padded.index_select(batch_first ? 0 : 1, unsorted_indices),
    lengths.index_select(0, unsorted_indices.cpu()),
  ];
}

export interface PadSequenceOptions {
  sequences: Iterable<Tensor>;
  batch_first?: boolean;
  padding_value?: number;
  padding_side?: 'right' | 'left';
}
const pad_sequence_arguments = signature<PadSequenceOptions>('pad_sequence', [
  'sequences',
  ['batch_first', false],
  ['padding_value', 0],
  ['padding_side', 'right'],
]);

/**
 * Stacks sequences `(L, *)` of different lengths: gives `(T, B, *)`, or `(B, T, *)` with `batch_first`.
 * @param batch_first whether the batch is to be the first dimension (default: false)
 * @param padding_value what stands behind the ends (default: 0)
 * @param padding_side on which side the padding goes (default: `'right'`)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pad_sequence.html
 */
export function pad_sequence(
  ...args: Arguments<PadSequenceOptions, ['sequences', 'batch_first', 'padding_value', 'padding_side']>
): Tensor {
  const { sequences, batch_first, padding_value, padding_side } = pad_sequence_arguments(args);
  if (typeof (sequences as { [Symbol.iterator]?: unknown } | null)?.[Symbol.iterator] !== 'function') {
    throw new RuntimeError(
      'pad_sequence: Expected iterable for input sequences, but got arg of type: ' +
        `<class '${type_name(sequences)}'>`,
    );
  }
  return aten.pad_sequence(Array.isArray(sequences) ? sequences : [...sequences], batch_first, padding_value, padding_side);
}

export interface UnpadSequenceOptions {
  padded_sequences: Tensor;
  lengths: Tensor;
  batch_first?: boolean;
}
const unpad_sequence_arguments = signature<UnpadSequenceOptions>('unpad_sequence', [
  'padded_sequences',
  'lengths',
  ['batch_first', false],
]);

/**
 * The sequences of a padded batch, each as long as it is.
 * @param padded_sequences the batch, `(T, B, *)`, or `(B, T, *)` with `batch_first`
 * @param lengths how long each sequence is
 * @param batch_first whether the batch is the first dimension (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpad_sequence.html
 */
export function unpad_sequence(
  ...args: Arguments<UnpadSequenceOptions, ['padded_sequences', 'lengths', 'batch_first']>
): Tensor[] {
  const { padded_sequences, lengths, batch_first } = unpad_sequence_arguments(args);
  check_tensor('unpad_sequence', 'lengths', lengths);
  const batch = batch_first ? padded_sequences : padded_sequences.transpose(0, 1);
  const count = batch.size(0);
  if (count !== lengths.size(0)) {
    const [shorter, longer] = count < lengths.size(0) ? [1, 2] : [2, 1];
    throw new ValueError(
      shorter > longer
        ? `zip() argument ${shorter} is shorter than argument ${longer}`
        : `zip() argument ${longer} is longer than argument ${shorter}`,
    );
  }
  const sizes = lengths.tolist() as number[];
  const longest = batch.size(1);
  // Copies, as all that Python gives here.
  return sizes.map((size, i) => batch.select(0, i).narrow(0, 0, Math.min(size, longest)).clone());
}

export interface PackSequenceOptions {
  sequences: readonly Tensor[];
  enforce_sorted?: boolean;
}
const pack_sequence_arguments = signature<PackSequenceOptions>('pack_sequence', ['sequences', ['enforce_sorted', true]]);

/**
 * Packs sequences `(L, *)` of different lengths.
 * @param enforce_sorted whether they stand in decreasing order of their lengths already (default: true)
 * @throws RuntimeError if they should and do not
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.pack_sequence.html
 */
export function pack_sequence(
  ...args: Arguments<PackSequenceOptions, ['sequences', 'enforce_sorted']>
): PackedSequence {
  const { sequences, enforce_sorted } = pack_sequence_arguments(args);
  if (!Array.isArray(sequences)) throw wrong_type('pack_sequence', 'sequences', 'list of Tensors', sequences);
  const lengths = sequences.map((sequence) => {
    check_tensor('pack_sequence', 'sequences', sequence);
    return sequence.size(0);
  });
  return pack_padded_sequence(pad_sequence(sequences), lengths, { enforce_sorted });
}

const unpack_sequence_arguments = signature<{ packed_sequences: PackedSequence }>('unpack_sequence', [
  'packed_sequences',
]);

/**
 * The sequences of a packed batch, each as long as it is.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.rnn.unpack_sequence.html
 */
export function unpack_sequence(
  ...args: Arguments<{ packed_sequences: PackedSequence }, ['packed_sequences']>
): Tensor[] {
  const { packed_sequences } = unpack_sequence_arguments(args);
  check_packed('unpack_sequence', 'packed_sequences', packed_sequences);
  const [padded, lengths] = pad_packed_sequence(packed_sequences, true);
  return unpad_sequence(padded, lengths, true);
}
