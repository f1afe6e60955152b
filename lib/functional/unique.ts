/** The distinct elements of a tensor. */
import { type Arguments, signature } from '../arguments.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';

interface UniqueOptions {
  sorted?: boolean;
  return_inverse?: boolean;
  return_counts?: boolean;
  dim?: number | null;
}

interface UniqueParameters extends UniqueOptions {
  input: Tensor;
}

type ConsecutiveOptions = Omit<UniqueOptions, 'sorted'>;
type ConsecutiveParameters = Omit<UniqueParameters, 'sorted'>;

/** What a call gives: the elements, and after them what `return_inverse` and `return_counts` ask for. */
type Unique<O> = O extends { return_inverse: true; return_counts: true }
  ? [output: Tensor, inverse_indices: Tensor, counts: Tensor]
  : O extends { return_inverse: true }
    ? [output: Tensor, inverse_indices: Tensor]
    : O extends { return_counts: true }
      ? [output: Tensor, counts: Tensor]
      : Tensor;

const unique_arguments = signature<UniqueParameters>('unique', [
  'input',
  ['sorted', true],
  ['return_inverse', false],
  ['return_counts', false],
  ['dim', null],
]);

const unique_consecutive_arguments = signature<ConsecutiveParameters>('unique_consecutive', [
  'input',
  ['return_inverse', false],
  ['return_counts', false],
  ['dim', null],
]);

function asked_for(
  [output, inverse, counts]: readonly [Tensor, Tensor, Tensor],
  return_inverse: boolean,
  return_counts: boolean,
): Tensor | Tensor[] {
  if (!return_inverse && !return_counts) return output;
  const result = [output];
  if (return_inverse) result.push(inverse);
  if (return_counts) result.push(counts);
  return result;
}

/** The forms of `torch.unique`; those of the method are the same without `input`. */
export interface UniqueFunction {
  <const O extends UniqueOptions = {}>(input: Tensor, kwargs?: O): Unique<O>;
  <const O extends UniqueParameters>(kwargs: O): Unique<O>;
  (input: Tensor, sorted: boolean, kwargs?: Omit<UniqueOptions, 'sorted'>): Tensor | Tensor[];
  (
    input: Tensor,
    sorted: boolean,
    return_inverse: boolean,
    return_counts?: boolean,
    dim?: number | null,
  ): Tensor | Tensor[];
}

export interface UniqueMethod {
  <const O extends UniqueOptions = {}>(kwargs?: O): Unique<O>;
  (sorted: boolean, kwargs?: Omit<UniqueOptions, 'sorted'>): Tensor | Tensor[];
  (sorted: boolean, return_inverse: boolean, return_counts?: boolean, dim?: number | null): Tensor | Tensor[];
}

export interface UniqueConsecutiveFunction {
  <const O extends ConsecutiveOptions = {}>(input: Tensor, kwargs?: O): Unique<O>;
  <const O extends ConsecutiveParameters>(kwargs: O): Unique<O>;
  (input: Tensor, return_inverse: boolean, return_counts?: boolean, dim?: number | null): Tensor | Tensor[];
}

export interface UniqueConsecutiveMethod {
  <const O extends ConsecutiveOptions = {}>(kwargs?: O): Unique<O>;
  (return_inverse: boolean, return_counts?: boolean, dim?: number | null): Tensor | Tensor[];
}

/**
 * The distinct elements of the tensor, or its distinct slices along `dim`.
 *
 * @param sorted whether they come in ascending order; on the CPU and with `dim` they do anyway
 * @param return_inverse give, in a second tensor, where in the result each element of the input is
 * @param return_counts give, in a last tensor, how often each element of the result is in the input
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unique.html
 */
export const unique: UniqueFunction = ((...args: Arguments<UniqueParameters, ['input', 'sorted', 'return_inverse', 'return_counts', 'dim']>) => {
  const { input, sorted, return_inverse, return_counts, dim } = unique_arguments(args);
  const found =
    dim === null
      ? aten._unique2(input, sorted, return_inverse, return_counts)
      : aten.unique_dim(input, dim, sorted, return_inverse, return_counts);
  return asked_for(found, return_inverse, return_counts);
}) as UniqueFunction;

/**
 * The elements of the tensor, or its slices along `dim`, without those that are equal to the one before them.
 *
 * @param return_inverse give, in a second tensor, where in the result each element of the input is
 * @param return_counts give, in a last tensor, how many equal elements each of the result stands for
 * @see https://docs.pytorch.org/docs/stable/generated/torch.unique_consecutive.html
 */
export const unique_consecutive: UniqueConsecutiveFunction = ((
  ...args: Arguments<ConsecutiveParameters, ['input', 'return_inverse', 'return_counts', 'dim']>
) => {
  const { input, return_inverse, return_counts, dim } = unique_consecutive_arguments(args);
  return asked_for(
    aten.unique_consecutive(input, return_inverse, return_counts, dim),
    return_inverse,
    return_counts,
  );
}) as UniqueConsecutiveFunction;
