/** Products of several tensors. */
import { type Arguments, is_array, is_instance, signature } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { check_tensor, spread_tensors, split_kwargs, tensors_or_list } from './tensors.ts';

/** Numbers for the dimensions of an operand of `einsum`, `'...'` among them for those that are left. */
export type Subscripts = readonly (number | '...')[];

/** The letters that stand for subscripts given as numbers. */
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

function letters_of(subscripts: Subscripts, which: string): string {
  let text = '';
  for (const one of subscripts) {
    if (one === '...') {
      text += '...';
      continue;
    }
    if (typeof one !== 'number' || !Number.isInteger(one)) {
      throw new ValueError(`einsum(): unable to convert the subscripts list ${which} to an equation`);
    }
    const letter = LETTERS[one];
    if (letter === undefined) {
      throw new ValueError('einsum(): subscript in subscript list is not within the valid range [0, 52)');
    }
    text += letter;
  }
  return text;
}

/**
 * Sums of products along dimensions that an equation names: `torch.einsum('ij,jk->ik', a, b)`.
 *
 * The operands may stand in an array; numbers may name dimensions in place of letters, each operand being followed by
 * its subscripts, and the last perhaps by the result's: `torch.einsum(a, [0, 1], b, [1, 2], [0, 2])`.
 *
 * @throws RuntimeError if the equation does not fit the operands
 * @see https://docs.pytorch.org/docs/stable/generated/torch.einsum.html
 */
export function einsum(equation: string, ...operands: readonly Tensor[]): Tensor;
export function einsum(equation: string, operands: readonly Tensor[]): Tensor;
export function einsum(...operands_and_subscripts: readonly (Tensor | Subscripts)[]): Tensor;
export function einsum(...args: readonly unknown[]): Tensor {
  if (args.length < 2) {
    throw new ValueError(
      'einsum(): must specify the equation string and at least one operand, or at least one operand and its ' +
        'subscripts list',
    );
  }
  if (!is_instance(args[0], Tensor)) {
    return aten.einsum(args[0] as string, tensors_or_list(args.slice(1), 1));
  }
  const operands: Tensor[] = [];
  const inputs: string[] = [];
  for (let i = 0; i + 1 < args.length; i += 2) {
    operands.push(args[i] as Tensor);
    if (!is_array(args[i + 1])) throw new TypeError('einsum(): each operand must be followed by its subscripts list');
    inputs.push(letters_of(args[i + 1] as Subscripts, 'of an operand'));
  }
  let equation = inputs.join(',');
  if (args.length % 2 === 1) {
    const last = args[args.length - 1];
    if (!is_array(last)) throw new TypeError('einsum(): the subscripts of the result must be a list');
    equation += `->${letters_of(last as Subscripts, 'of the result')}`;
  }
  return aten.einsum(equation, spread_tensors(operands, 1));
}

interface TensordotParameters {
  a: Tensor;
  b: Tensor;
  dims?: number | readonly [readonly number[], readonly number[]] | Tensor;
  out?: Tensor | null;
}

const tensordot_arguments = signature<TensordotParameters>('tensordot', ['a', 'b', ['dims', 2], ['out', null]]);

/** The dimensions of both operands that `dims` means. */
function contracted(a: Tensor, b: Tensor, dims: unknown): [readonly number[], readonly number[]] {
  let given = dims;
  if (is_instance(given, Tensor)) {
    if (given.numel() > 1 && given.size(0) !== 2) throw new RuntimeError('tensordot expects dims to have two rows');
    given = given.numel() > 1 ? given.tolist() : given.item();
  }
  if (Array.isArray(given) && given.length === 2) return given as [number[], number[]];
  if (typeof given !== 'number' || !Number.isInteger(given)) {
    throw new RuntimeError(
      'tensordot expects dims to be int or tuple[list[int], list[int]] or list[list[int]] containing two lists, ' +
        `but got dims=${String(given)}`,
    );
  }
  if (given < 0) throw new RuntimeError(`tensordot expects dims >= 0, but got dims=${given}`);
  if (given > Math.min(a.dim(), b.dim())) {
    throw new RuntimeError(`tensordot expects dims < ndim_a or ndim_b, but got dims=${given}`);
  }
  const count = given;
  return [Array.from({ length: count }, (_, i) => i - count), Array.from({ length: count }, (_, i) => i)];
}

/**
 * The product of two tensors, summed over some dimensions of each.
 *
 * @param dims how many of the last of `a` and the first of `b`, or those of `a` and those of `b`
 * @throws RuntimeError if the dimensions to be summed over differ in size
 * @see https://docs.pytorch.org/docs/stable/generated/torch.tensordot.html
 */
export function tensordot(...args: Arguments<TensordotParameters, ['a', 'b', 'dims', 'out']>): Tensor {
  const { a, b, dims, out } = tensordot_arguments(args);
  check_tensor('tensordot', 'a', a);
  check_tensor('tensordot', 'b', b);
  const [dims_a, dims_b] = contracted(a, b, dims);
  return out === null ? aten.tensordot(a, b, dims_a, dims_b) : aten.tensordot(a, b, dims_a, dims_b, { out });
}

/**
 * All ways of taking one element of each vector, as rows; of one vector the vector itself.
 * @throws RuntimeError if one of the tensors is no vector
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cartesian_prod.html
 */
export function cartesian_prod(...tensors: readonly Tensor[]): Tensor {
  return aten.cartesian_prod(spread_tensors(tensors));
}

/**
 * A matrix with the given ones along its diagonal and zeros elsewhere; vectors count as rows.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.block_diag.html
 */
export function block_diag(...tensors: readonly Tensor[]): Tensor {
  return aten.block_diag(spread_tensors(tensors));
}

/**
 * The product of matrices in the cheapest order.
 * @deprecated as in PyTorch: `torch.linalg.multi_dot` is its successor
 * @see https://docs.pytorch.org/docs/stable/generated/torch.chain_matmul.html
 */
export function chain_matmul(...args: readonly (Tensor | { out?: Tensor | null })[]): Tensor {
  const [matrices, { out }] = split_kwargs(args);
  const tensors = spread_tensors(matrices);
  return out == null ? aten.chain_matmul(tensors) : aten.chain_matmul(tensors, { out: out as Tensor });
}
