/**
 * Reductions and normalisations that leave out the elements where `mask` is false. The mask broadcasts to the input.
 *
 * What all functions here take by name: `mask`, a boolean tensor or null for no mask; `dtype`, that of the result;
 * `keepdim`, whether reduced dimensions stay, with size 1. Masks can be sparse. `sum`, `prod`, `amax` and `amin` take
 * sparse COO and CSR tensors too (CSR with `keepdim: true`), `mean` CSR ones; the result is sparse as the input is. There
 * is no `MaskedTensor`.
 * @see https://docs.pytorch.org/docs/stable/masked.html
 */
import { type Arguments, type ParameterSpec, signature } from '../arguments.ts';
import { bool, type dtype as DType, float32, int16, int32, int64, int8, uint8 } from '../dtype.ts';
import { AssertionError, ValueError } from '../errors.ts';
import { strided } from '../layout.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { canonical_dims, check_input, check_strided, input_mask, masked_input } from './inputs.ts';
import { sparse_reduction } from './sparse.ts';

type Dims = number | readonly number[] | null;

interface Options {
  dtype?: DType | null;
  mask?: Tensor | null;
}

interface ReductionParameters extends Options {
  input: Tensor;
  dim?: Dims;
  keepdim?: boolean | null;
}

interface DimensionParameters extends Options {
  input: Tensor;
  dim: number;
}

const OPTIONS: readonly ParameterSpec[] = [['dtype', null], ['mask', null]];
const REDUCTION: readonly ParameterSpec[] = [['keepdim', false], ...OPTIONS];

type ReductionArguments = Arguments<ReductionParameters, ['input', 'dim']>;
type DimensionArguments = Arguments<DimensionParameters, ['input', 'dim']>;

/** @param sparse is there a reduction of sparse tensors? */
function reduction_arguments(
  name: string,
  sparse = false,
): (args: readonly unknown[]) => Required<ReductionParameters> {
  const parse = signature<ReductionParameters>(name, ['input', ['dim', null]], REDUCTION);
  const check = sparse ? check_input : check_strided;
  return (args) => {
    const given = parse(args);
    check(name, given.input, given.dtype);
    return given;
  };
}

function dimension_arguments(name: string): (args: readonly unknown[]) => Required<DimensionParameters> {
  const parse = signature<DimensionParameters>(name, ['input', 'dim'], OPTIONS);
  return (args) => {
    const given = parse(args);
    check_strided(name, given.input, given.dtype);
    return given;
  };
}

/** The dtype of sums and products: small integers are added up in 64 bits. */
function accumulating(kind: DType): DType {
  return [uint8, bool, int8, int16, int32].includes(kind) ? int64 : kind;
}

const sum_arguments = reduction_arguments('sum', true);

/**
 * The sum over the dimensions `dim`, over all by default; 0 where everything is masked.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.sum.html
 */
export function sum(...args: ReductionArguments): Tensor {
  const { input, dim, keepdim, dtype, mask } = sum_arguments(args);
  if (input.layout !== strided) {
    return sparse_reduction('sum', input, { dim, keepdim: keepdim === true, dtype: dtype ?? accumulating(input.dtype), mask });
  }
  const dims = canonical_dims(dim, input.ndim);
  return aten.sum(masked_input('sum', input, mask), dims, keepdim === true, {
    dtype: dtype ?? accumulating(input.dtype),
  });
}

const prod_arguments = reduction_arguments('prod', true);

/**
 * The product over the dimensions `dim`, over all by default; 1 where everything is masked.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.prod.html
 */
export function prod(...args: ReductionArguments): Tensor {
  const { input, dim, keepdim, dtype, mask } = prod_arguments(args);
  if (input.layout !== strided) {
    return sparse_reduction('prod', input, { dim, keepdim: keepdim === true, dtype: dtype ?? accumulating(input.dtype), mask });
  }
  let result = masked_input('prod', input, mask).to(dtype ?? accumulating(input.dtype));
  for (const one of canonical_dims(dim, input.ndim).reverse()) result = aten.prod(result, one, keepdim === true);
  return result;
}

const cumsum_arguments = dimension_arguments('cumsum');

/**
 * The sums of the elements so far along `dim`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.cumsum.html
 */
export function cumsum(...args: DimensionArguments): Tensor {
  const { input, dim, dtype, mask } = cumsum_arguments(args);
  const [along] = canonical_dims(dim, input.ndim);
  return aten.cumsum(masked_input('sum', input, mask), along!, { dtype: dtype ?? input.dtype });
}

const cumprod_arguments = dimension_arguments('cumprod');

/**
 * The products of the elements so far along `dim`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.cumprod.html
 */
export function cumprod(...args: DimensionArguments): Tensor {
  const { input, dim, dtype, mask } = cumprod_arguments(args);
  const [along] = canonical_dims(dim, input.ndim);
  return aten.cumprod(masked_input('prod', input, mask), along!, { dtype: dtype ?? input.dtype });
}

const amax_arguments = reduction_arguments('amax', true);

/**
 * The largest element over the dimensions `dim`, over all by default.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.amax.html
 */
export function amax(...args: ReductionArguments): Tensor {
  const { input, dim, keepdim, dtype, mask } = amax_arguments(args);
  if (input.layout !== strided) {
    return sparse_reduction('amax', input, { dim, keepdim: keepdim === true, dtype: dtype ?? input.dtype, mask });
  }
  const filled = masked_input('amax', input, mask);
  return aten.amax(filled, canonical_dims(dim, input.ndim), keepdim === true).to(dtype ?? input.dtype);
}

const amin_arguments = reduction_arguments('amin', true);

/**
 * The smallest element over the dimensions `dim`, over all by default.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.amin.html
 */
export function amin(...args: ReductionArguments): Tensor {
  const { input, dim, keepdim, dtype, mask } = amin_arguments(args);
  if (input.layout !== strided) {
    return sparse_reduction('amin', input, { dim, keepdim: keepdim === true, dtype: dtype ?? input.dtype, mask });
  }
  const filled = masked_input('amin', input, mask);
  return aten.amin(filled, canonical_dims(dim, input.ndim), keepdim === true).to(dtype ?? input.dtype);
}

interface PositionParameters extends Options {
  input: Tensor;
  dim?: number | null;
  keepdim?: boolean | null;
}

type PositionArguments = Arguments<PositionParameters, ['input', 'dim']>;

const argmax_arguments = signature<PositionParameters>('argmax', ['input', ['dim', null]], REDUCTION);

/**
 * Where the largest element along `dim` is, or in the flattened input. As in Python the result has the input's dtype
 * unless another is asked for.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.argmax.html
 */
export function argmax(...args: PositionArguments): Tensor {
  const { input, dim, keepdim, dtype, mask } = argmax_arguments(args);
  check_strided('argmax', input, dtype);
  return aten.argmax(masked_input('argmax', input, mask), dim, keepdim === true).to(dtype ?? input.dtype);
}

const argmin_arguments = signature<PositionParameters>('argmin', ['input', ['dim', null]], REDUCTION);

/**
 * Where the smallest element along `dim` is, or in the flattened input. As in Python the result has the input's dtype
 * unless another is asked for.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.argmin.html
 */
export function argmin(...args: PositionArguments): Tensor {
  const { input, dim, keepdim, dtype, mask } = argmin_arguments(args);
  check_strided('argmin', input, dtype);
  return aten.argmin(masked_input('argmin', input, mask), dim, keepdim === true).to(dtype ?? input.dtype);
}

/** How many elements count, and their sum. */
function count_and_total(
  input: Tensor,
  dim: Dims,
  keepdim: boolean,
  dtype: DType,
  mask: Tensor | null,
): [count: Tensor, total: Tensor] {
  if (mask === null) {
    const ones = aten.ones(input.shape, { dtype: int64, device: input.device });
    return [sum(ones, dim, { keepdim }), sum(input, dim, { keepdim, dtype })];
  }
  const own = input_mask(input, mask);
  return [aten.sum(own, dim, keepdim), sum(input, dim, { keepdim, dtype, mask: own })];
}

const mean_arguments = reduction_arguments('mean', true);

/**
 * The mean over the dimensions `dim`, over all by default; NaN where everything is masked.
 * @throws ValueError if the result's dtype is neither floating-point nor complex
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.mean.html
 */
export function mean(...args: ReductionArguments): Tensor {
  const { input, dim, keepdim, dtype, mask } = mean_arguments(args);
  const kind = dtype ?? input.dtype;
  if (!kind.is_floating_point && !kind.is_complex) {
    throw new ValueError(
      `mean(): Could not infer output dtype. ${dtype === null ? 'Input' : 'Optional'} dtype must be either a floating ` +
        `point or complex dtype. Got: ${kind}`,
    );
  }
  if (input.layout !== strided) return sparse_reduction('mean', input, { dim, keepdim: keepdim === true, dtype: kind, mask });
  const [count, total] = count_and_total(input, dim, keepdim === true, kind, mask);
  return total.div(count);
}

interface MedianParameters extends Options {
  input: Tensor;
  dim?: number;
  keepdim?: boolean;
}

const median_arguments = signature<MedianParameters>('median', ['input', ['dim', -1]], REDUCTION);

/**
 * The median along `dim`, the last dimension by default; NaN where everything is masked.
 * @throws ValueError if the input has whole numbers and everything is masked somewhere
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.median.html
 */
export function median(...args: Arguments<MedianParameters, ['input', 'dim']>): Tensor {
  const { input, dim, keepdim, dtype, mask } = median_arguments(args);
  check_strided('median', input, dtype);
  const [along] = canonical_dims(dim, input.ndim);
  const is_float = input.dtype.is_floating_point;
  const filled = masked_input('median', is_float ? input : input.to(float32), mask);
  const { values } = aten.nanmedian(filled, along!, keepdim);
  if (is_float) return values;
  if (aten.any(aten.isnan(values)).item() as unknown as boolean) {
    throw new ValueError('masked median expects no fully masked out rows if dtype is not floating point');
  }
  return values.to(dtype ?? input.dtype);
}

const logsumexp_arguments = reduction_arguments('logsumexp');

/**
 * The logarithm of the sum of exponentials over the dimensions `dim`, over all by default.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.logsumexp.html
 */
export function logsumexp(...args: ReductionArguments): Tensor {
  const { input, dim, keepdim, dtype, mask } = logsumexp_arguments(args);
  const filled = masked_input('logsumexp', input, mask);
  return aten.logsumexp(filled, canonical_dims(dim, input.ndim), keepdim === true).to(dtype ?? input.dtype);
}

interface LogaddexpParameters {
  input: Tensor;
  other: Tensor;
  dtype?: DType | null;
  input_mask?: Tensor | null;
  other_mask?: Tensor | null;
}

const logaddexp_arguments = signature<LogaddexpParameters>(
  'logaddexp',
  ['input', 'other'],
  [['dtype', null], ['input_mask', null], ['other_mask', null]],
);

/**
 * The logarithm of the sum of two tensors' exponentials, each with a mask of its own.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.logaddexp.html
 */
export function logaddexp(...args: Arguments<LogaddexpParameters, ['input', 'other']>): Tensor {
  const { input, other, dtype, input_mask: mask, other_mask } = logaddexp_arguments(args);
  check_strided('logaddexp', input, dtype);
  check_strided('logaddexp', other, dtype);
  const a = masked_input('logaddexp', input, mask);
  return aten.logaddexp(a, masked_input('logaddexp', other, other_mask)).to(dtype ?? input.dtype);
}

interface NormParameters extends ReductionParameters {
  ord?: number | null;
}

const norm_arguments = signature<NormParameters>('norm', ['input', ['ord', 2], ['dim', null]], REDUCTION);

/**
 * The vector norm of order `ord` over the dimensions `dim`, over all by default.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.norm.html
 */
export function norm(...args: Arguments<NormParameters, ['input', 'ord', 'dim']>): Tensor {
  const { input, ord, dim, keepdim, dtype, mask } = norm_arguments(args);
  check_strided('norm', input, dtype);
  const filled = masked_input('norm', input, mask, ord);
  const dims = canonical_dims(dim, input.ndim);
  return aten.linalg_vector_norm(filled, ord ?? 2, dims, keepdim === true, { dtype: dtype ?? input.dtype });
}

interface VarianceParameters extends ReductionParameters {
  unbiased?: boolean | null;
  correction?: number | null;
}

type VarianceArguments = Arguments<VarianceParameters, ['input', 'dim', 'unbiased']>;

function variance_arguments(name: string) {
  return signature<VarianceParameters>(
    name,
    ['input', ['dim', null], ['unbiased', null]],
    [['correction', null], ...REDUCTION],
  );
}

function variance(given: Required<VarianceParameters>): Tensor {
  const { input, dim, keepdim, mask, unbiased } = given;
  check_strided('std/var', input, given.dtype);
  if (unbiased !== null && given.correction !== null) {
    throw new AssertionError('Only one of unbiased and correction may be given');
  }
  const correction = given.correction ?? (unbiased === false ? 0 : 1);
  const is_inexact = (kind: DType): boolean => kind.is_floating_point || kind.is_complex;
  const dtype = given.dtype ?? (is_inexact(input.dtype) ? input.dtype : float32);
  const computed = is_inexact(dtype) ? dtype : float32;
  const counted = count_and_total(input, dim, true, dtype, mask);
  let [count] = counted;
  const centred = input.sub(counted[1].div(count));
  const squares = centred.mul(centred.conj());
  const own = mask === null ? null : input_mask(input, mask);
  const total = sum(squares, dim, { keepdim: keepdim === true, dtype: computed, mask: own });
  if (keepdim !== true) count = count.reshape(total.shape);
  if (correction !== 0) {
    count = count.to(computed.to_real()).sub(correction);
    count = aten.maximum(count, count.new_zeros([]));
  }
  return total.div(count).to(dtype);
}

const var_arguments = variance_arguments('var');

/**
 * The variance over the dimensions `dim`, over all by default.
 * @param unbiased whether to divide by one less than the number of elements; true unless `correction` is given
 * @param correction by how much less than the number of elements to divide
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.var.html
 */
function var_function(...args: VarianceArguments): Tensor {
  return variance(var_arguments(args));
}
export { var_function as var };

const std_arguments = variance_arguments('std');

/**
 * The standard deviation, the square root of `var` with the same arguments.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.std.html
 */
export function std(...args: VarianceArguments): Tensor {
  return variance(std_arguments(args)).sqrt();
}

const softmax_arguments = dimension_arguments('softmax');

/**
 * The softmax along `dim` over the elements that are not masked; masked ones become 0.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.softmax.html
 */
export function softmax(...args: DimensionArguments): Tensor {
  const { input, dim, dtype, mask } = softmax_arguments(args);
  const [along] = canonical_dims(dim, input.ndim);
  return aten.softmax(masked_input('amax', input, mask), along!, dtype ?? input.dtype);
}

const log_softmax_arguments = dimension_arguments('log_softmax');

/**
 * The logarithm of `softmax`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.log_softmax.html
 */
export function log_softmax(...args: DimensionArguments): Tensor {
  const { input, dim, dtype, mask } = log_softmax_arguments(args);
  const [along] = canonical_dims(dim, input.ndim);
  return aten.log_softmax(masked_input('amax', input, mask), along!, dtype ?? input.dtype);
}

const softmin_arguments = dimension_arguments('softmin');

/**
 * The softmax of the negative input.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.softmin.html
 */
export function softmin(...args: DimensionArguments): Tensor {
  const { input, dim, dtype, mask } = softmin_arguments(args);
  const [along] = canonical_dims(dim, input.ndim);
  return aten.softmax(masked_input('amin', input, mask).neg(), along!, dtype ?? input.dtype);
}

interface NormalizeParameters extends Options {
  input: Tensor;
  ord: number;
  dim: number;
  eps?: number;
}

const normalize_arguments = signature<NormalizeParameters>(
  'normalize',
  ['input', 'ord', 'dim'],
  [['eps', 1e-12], ...OPTIONS],
);

/**
 * The input divided by its norm of order `ord` along `dim`, or by `eps` where that is larger.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.masked.normalize.html
 */
export function normalize(...args: Arguments<NormalizeParameters, ['input', 'ord', 'dim']>): Tensor {
  const { input, ord, dim, eps, dtype, mask } = normalize_arguments(args);
  check_strided('normalize', input, dtype);
  const length = norm(input, ord, dim, { keepdim: true, dtype: dtype ?? input.dtype, mask });
  const divisor = aten.maximum(length, length.new_full([], eps));
  return masked_input('sum', input, mask).div(divisor);
}
