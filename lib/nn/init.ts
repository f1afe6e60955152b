/**
 * Fills tensors in place with initial values, without recording that for autograd.
 *
 * They draw from the default generator, or the one they are given, in PyTorch's order: the same seed gives the same
 * values.
 * @see https://docs.pytorch.org/docs/stable/nn.init.html
 */
import { signature } from '../arguments.ts';
import type { Arguments, ParameterSpec } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { float64 } from '../dtype.ts';
import { ValueError } from '../errors.ts';
import { tidy } from '../memory.ts';
import { aten } from '../ops.ts';
import type { Generator } from '../random.ts';
import { str } from '../repr.ts';
import type { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';
import { wrong_type } from '../arguments.ts';
import { check_tensor } from './checked_arguments.ts';

/** Numbers, wherever they have these names. */
const NUMBERS: readonly string[] = ['a', 'b', 'mean', 'std', 'gain', 'sparsity', 'groups'];

/** Makes the argument reader of one function, which checks what it reads. */
function reader<P extends { tensor: Tensor }>(
  name: string,
  specs: readonly ParameterSpec[],
): (args: readonly unknown[]) => Required<P> {
  const parse = signature<P>(name, specs);
  return (args) => {
    const parsed = parse(args);
    check_tensor(name, 'tensor', parsed.tensor);
    for (const [key, value] of Object.entries(parsed)) {
      if (NUMBERS.includes(key) && typeof value !== 'number') throw wrong_type(name, key, 'float', value);
      if (key === 'mode' && typeof value !== 'string') throw wrong_type(name, key, 'str', value);
    }
    return parsed;
  };
}

/** The functions that {@link calculate_gain} knows. */
export type Nonlinearity =
  | 'linear'
  | 'conv1d'
  | 'conv2d'
  | 'conv3d'
  | 'conv_transpose1d'
  | 'conv_transpose2d'
  | 'conv_transpose3d'
  | 'sigmoid'
  | 'tanh'
  | 'relu'
  | 'leaky_relu'
  | 'selu';

/** Which variance is kept: that of the values in the forward pass, or that of the gradients in the backward pass. */
export type FanMode = 'fan_in' | 'fan_out';

const gains: Record<string, number> = {
  linear: 1,
  conv1d: 1,
  conv2d: 1,
  conv3d: 1,
  conv_transpose1d: 1,
  conv_transpose2d: 1,
  conv_transpose3d: 1,
  sigmoid: 1,
  tanh: 5 / 3,
  relu: Math.sqrt(2),
  selu: 3 / 4,
};

export interface CalculateGainOptions {
  nonlinearity: Nonlinearity;
  param?: number | null;
}
const calculate_gain_arguments = signature<CalculateGainOptions>('calculate_gain', ['nonlinearity', ['param', null]]);

/**
 * The factor by which initial weights are made larger for what a nonlinear function takes away.
 * @param param the negative slope of `leaky_relu` (default: 0.01); no other function has one
 * @throws ValueError for a function that is not known, or a slope that is no number
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.calculate_gain
 */
export function calculate_gain(...args: Arguments<CalculateGainOptions, ['nonlinearity', 'param']>): number {
  const { nonlinearity, param } = calculate_gain_arguments(args);
  if (nonlinearity === 'leaky_relu') {
    const negative_slope = param ?? 0.01;
    if (typeof negative_slope !== 'number') {
      throw new ValueError(`negative_slope ${str(negative_slope)} not a valid number`);
    }
    return Math.sqrt(2 / (1 + negative_slope * negative_slope));
  }
  if (typeof nonlinearity !== 'string' || !Object.hasOwn(gains, nonlinearity)) {
    throw new ValueError(`Unsupported nonlinearity ${str(nonlinearity)}`);
  }
  return gains[nonlinearity]!;
}

/** How many inputs each output of a weight depends on, and the other way round. */
export function _calculate_fan_in_and_fan_out(tensor: Tensor): [fan_in: number, fan_out: number] {
  check_tensor('_calculate_fan_in_and_fan_out', 'tensor', tensor);
  const shape = tensor.shape;
  if (shape.length < 2) {
    throw new ValueError('Fan in and fan out can not be computed for tensor with fewer than 2 dimensions');
  }
  let receptive_field = 1;
  for (let i = 2; i < shape.length; i++) receptive_field *= shape[i]!;
  return [shape[1]! * receptive_field, shape[0]! * receptive_field];
}

/** The number of inputs, or of outputs, that `mode` asks for. */
export function _calculate_correct_fan(tensor: Tensor, mode: FanMode): number {
  if (typeof mode !== 'string') throw wrong_type('_calculate_correct_fan', 'mode', 'str', mode);
  const lower = mode.toLowerCase();
  if (lower !== 'fan_in' && lower !== 'fan_out') {
    throw new ValueError(`Mode ${lower} not supported, please use one of ['fan_in', 'fan_out']`);
  }
  const [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  return lower === 'fan_in' ? fan_in : fan_out;
}

export interface UniformOptions {
  tensor: Tensor;
  a?: number;
  b?: number;
  generator?: Generator | null;
}
const uniform_arguments = reader<UniformOptions>('uniform_', ['tensor', ['a', 0], ['b', 1], ['generator', null]]);

/**
 * Numbers spread evenly between `a` (default: 0) and `b` (default: 1).
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.uniform_
 */
export function uniform_(...args: Arguments<UniformOptions, ['tensor', 'a', 'b', 'generator']>): Tensor {
  const { tensor, a, b, generator } = uniform_arguments(args);
  return no_grad(() => tensor.uniform_(a, b, { generator }));
}

export interface NormalOptions {
  tensor: Tensor;
  mean?: number;
  std?: number;
  generator?: Generator | null;
}
const normal_arguments = reader<NormalOptions>('normal_', ['tensor', ['mean', 0], ['std', 1], ['generator', null]]);

/**
 * Normally distributed numbers around `mean` (default: 0) with the standard deviation `std` (default: 1).
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.normal_
 */
export function normal_(...args: Arguments<NormalOptions, ['tensor', 'mean', 'std', 'generator']>): Tensor {
  const { tensor, mean, std, generator } = normal_arguments(args);
  return no_grad(() => tensor.normal_(mean, std, { generator }));
}

export interface TruncNormalOptions extends NormalOptions {
  a?: number;
  b?: number;
}
const trunc_normal_arguments = reader<TruncNormalOptions>('trunc_normal_', [
  'tensor',
  ['mean', 0],
  ['std', 1],
  ['a', -2],
  ['b', 2],
  ['generator', null],
]);

/** The share of a standard normal distribution below `x`. */
function normal_cdf(x: number): number {
  const scaled = aten.scalar_tensor(x / Math.sqrt(2), { dtype: float64 });
  return (1 + (aten.erf(scaled).item() as number)) / 2;
}

/** A number as a tensor of this dtype would hold it. */
function rounded(value: number, tensor: Tensor): number {
  return aten.scalar_tensor(value, { dtype: tensor.dtype }).item() as number;
}

/**
 * Normally distributed numbers around `mean` (default: 0) with the standard deviation `std` (default: 1), drawn again
 * where they are below `a` (default: -2) or above `b` (default: 2).
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.trunc_normal_
 */
export function trunc_normal_(
  ...args: Arguments<TruncNormalOptions, ['tensor', 'mean', 'std', 'a', 'b', 'generator']>
): Tensor {
  const { tensor, mean, std, a, b, generator } = trunc_normal_arguments(args);
  if (tensor.device.type === 'meta') return tensor;
  if (mean < a - 2 * std || mean > b + 2 * std) {
    warn(
      'mean is more than 2 std from [a, b] in nn.init.trunc_normal_. The distribution of values may be incorrect.',
    );
  }
  const accepted = normal_cdf((b - mean) / std) - normal_cdf((a - mean) / std);
  const draw = accepted > 0.3 ? draw_again_outside : reject_from_uniform;
  no_grad(() => tidy(() => draw(tensor, mean, std, a, b, generator)));
  return tensor;
}

/** Draws normal numbers until all lie in `[a, b]`: quick as long as many do. */
function draw_again_outside(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator | null,
): void {
  const low = rounded(a, tensor);
  const high = rounded(b, tensor);
  tensor.normal_(mean, std, { generator });
  let result = tensor;
  for (;;) {
    const outside = result.lt(low).bitwise_or(result.gt(high));
    if (!outside.any().item()) break;
    result = aten.where(outside, aten.empty_like(result).normal_(mean, std, { generator }), result);
  }
  if (result !== tensor) tensor.copy_(result);
}

/** Draws evenly in `[a, b]` and keeps each number as often as the normal density there asks for. */
function reject_from_uniform(
  tensor: Tensor,
  mean: number,
  std: number,
  a: number,
  b: number,
  generator: Generator | null,
): void {
  const mode = Math.max(a, Math.min(mean, b));
  const deviation = (mode - mean) / std;
  const log_peak = -0.5 * (deviation * deviation);
  const candidates = aten.empty_like(tensor);
  const draws = aten.empty_like(tensor);
  const to_log_density = (): Tensor => candidates.sub_(mean).div_(std).pow_(2).mul_(-0.5).sub_(log_peak);
  const rejected = (): Tensor => draws.uniform_({ generator }).log_().gt(candidates);

  tensor.uniform_(a, b, { generator });
  candidates.copy_(tensor);
  to_log_density();
  let pending = rejected();
  if (!pending.any().item()) return;
  let result: Tensor = tensor;
  do {
    candidates.uniform_(a, b, { generator });
    result = aten.where(pending, candidates, result);
    to_log_density();
    pending = aten.where(pending, rejected(), pending);
  } while (pending.any().item());
  tensor.copy_(result);
}

export interface ConstantOptions {
  tensor: Tensor;
  val: number;
}
const constant_arguments = reader<ConstantOptions>('constant_', ['tensor', 'val']);

/**
 * The same number everywhere.
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.constant_
 */
export function constant_(...args: Arguments<ConstantOptions, ['tensor', 'val']>): Tensor {
  const { tensor, val } = constant_arguments(args);
  return no_grad(() => tensor.fill_(val));
}

interface TensorOptions {
  tensor: Tensor;
}
const ones_arguments = reader<TensorOptions>('ones_', ['tensor']);
const zeros_arguments = reader<TensorOptions>('zeros_', ['tensor']);
const eye_arguments = reader<TensorOptions>('eye_', ['tensor']);

/**
 * Ones everywhere.
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.ones_
 */
export function ones_(...args: Arguments<TensorOptions, ['tensor']>): Tensor {
  const { tensor } = ones_arguments(args);
  return no_grad(() => tensor.fill_(1));
}

/**
 * Zeros everywhere.
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.zeros_
 */
export function zeros_(...args: Arguments<TensorOptions, ['tensor']>): Tensor {
  const { tensor } = zeros_arguments(args);
  return no_grad(() => tensor.zero_());
}

/**
 * Ones on the diagonal of a matrix, zeros elsewhere: a linear layer passes on as many of its inputs as it can.
 * @throws ValueError unless the tensor has 2 dimensions
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.eye_
 */
export function eye_(...args: Arguments<TensorOptions, ['tensor']>): Tensor {
  const { tensor } = eye_arguments(args);
  const shape = tensor.shape;
  if (shape.length !== 2) throw new ValueError('Only tensors with 2 dimensions are supported');
  no_grad(() => aten.eye(shape[0]!, shape[1]!, { out: tensor }));
  return tensor;
}

export interface DiracOptions {
  tensor: Tensor;
  groups?: number;
}
const dirac_arguments = reader<DiracOptions>('dirac_', ['tensor', ['groups', 1]]);

/**
 * The weights of a convolution that passes on as many of its input channels as it can.
 * @param groups into how many groups the channels are divided (default: 1)
 * @throws ValueError unless the tensor has 3, 4 or 5 dimensions, the first divisible by `groups`
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.dirac_
 */
export function dirac_(...args: Arguments<DiracOptions, ['tensor', 'groups']>): Tensor {
  const { tensor, groups } = dirac_arguments(args);
  const shape = tensor.shape;
  if (shape.length < 3 || shape.length > 5) {
    throw new ValueError('Only tensors with 3, 4, or 5 dimensions are supported');
  }
  if (shape[0]! % groups !== 0) throw new ValueError('dim 0 must be divisible by groups');
  if (tensor.device.type === 'meta') return tensor;
  const out_channels = shape[0]! / groups;
  const channels = Math.min(out_channels, shape[1]!);
  const center = shape.slice(2).map((size) => Math.floor(size / 2));
  no_grad(() => {
    tensor.zero_();
    for (let group = 0; group < groups; group++) {
      for (let channel = 0; channel < channels; channel++) {
        let place = tensor.select(0, group * out_channels + channel);
        for (const index of [channel, ...center]) place = place.select(0, index);
        place.fill_(1);
      }
    }
  });
  return tensor;
}

export interface XavierOptions {
  tensor: Tensor;
  gain?: number;
  generator?: Generator | null;
}
const xavier_uniform_arguments = reader<XavierOptions>('xavier_uniform_', [
  'tensor',
  ['gain', 1],
  ['generator', null],
]);
const xavier_normal_arguments = reader<XavierOptions>('xavier_normal_', [
  'tensor',
  ['gain', 1],
  ['generator', null],
]);

function xavier_std(tensor: Tensor, gain: number): number {
  const [fan_in, fan_out] = _calculate_fan_in_and_fan_out(tensor);
  return gain * Math.sqrt(2 / (fan_in + fan_out));
}

/**
 * Numbers spread evenly, as widely as Glorot and Bengio (2010) recommend.
 * @throws ValueError for a tensor of fewer than 2 dimensions
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_uniform_
 */
export function xavier_uniform_(...args: Arguments<XavierOptions, ['tensor', 'gain', 'generator']>): Tensor {
  const { tensor, gain, generator } = xavier_uniform_arguments(args);
  const bound = Math.sqrt(3) * xavier_std(tensor, gain);
  return no_grad(() => tensor.uniform_(-bound, bound, { generator }));
}

/**
 * Normally distributed numbers, as widely as Glorot and Bengio (2010) recommend.
 * @throws ValueError for a tensor of fewer than 2 dimensions
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.xavier_normal_
 */
export function xavier_normal_(...args: Arguments<XavierOptions, ['tensor', 'gain', 'generator']>): Tensor {
  const { tensor, gain, generator } = xavier_normal_arguments(args);
  const std = xavier_std(tensor, gain);
  return no_grad(() => tensor.normal_(0, std, { generator }));
}

export interface KaimingOptions {
  tensor: Tensor;
  /** The negative slope of a `leaky_relu` behind the layer (default: 0). */
  a?: number;
  mode?: FanMode;
  nonlinearity?: Nonlinearity;
  generator?: Generator | null;
}
type KaimingNames = ['tensor', 'a', 'mode', 'nonlinearity', 'generator'];
const kaiming_specs = [
  'tensor',
  ['a', 0],
  ['mode', 'fan_in'],
  ['nonlinearity', 'leaky_relu'],
  ['generator', null],
] as const;
const kaiming_uniform_arguments = reader<KaimingOptions>('kaiming_uniform_', kaiming_specs);
const kaiming_normal_arguments = reader<KaimingOptions>('kaiming_normal_', kaiming_specs);

/** The standard deviation He et al. recommend, or nothing for a tensor without elements. */
function kaiming_std({ tensor, a, mode, nonlinearity }: Required<KaimingOptions>): number | undefined {
  if (tensor.shape.includes(0)) {
    warn('Initializing zero-element tensors is a no-op');
    return undefined;
  }
  const fan = _calculate_correct_fan(tensor, mode);
  return calculate_gain(nonlinearity, a) / Math.sqrt(fan);
}

/**
 * Numbers spread evenly, as widely as He et al. (2015) recommend.
 * @throws ValueError for a tensor of fewer than 2 dimensions
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_uniform_
 */
export function kaiming_uniform_(...args: Arguments<KaimingOptions, KaimingNames>): Tensor {
  const options = kaiming_uniform_arguments(args);
  const std = kaiming_std(options);
  if (std === undefined) return options.tensor;
  const bound = Math.sqrt(3) * std;
  return no_grad(() => options.tensor.uniform_(-bound, bound, { generator: options.generator }));
}

/**
 * Normally distributed numbers, as widely as He et al. (2015) recommend.
 * @throws ValueError for a tensor of fewer than 2 dimensions
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.kaiming_normal_
 */
export function kaiming_normal_(...args: Arguments<KaimingOptions, KaimingNames>): Tensor {
  const options = kaiming_normal_arguments(args);
  const std = kaiming_std(options);
  if (std === undefined) return options.tensor;
  return no_grad(() => options.tensor.normal_(0, std, { generator: options.generator }));
}

const orthogonal_arguments = reader<XavierOptions>('orthogonal_', ['tensor', ['gain', 1], ['generator', null]]);

/**
 * A random (semi-)orthogonal matrix; dimensions behind the first are taken as one.
 * @param gain what to multiply it by (default: 1)
 * @throws ValueError for a tensor of fewer than 2 dimensions
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.orthogonal_
 */
export function orthogonal_(...args: Arguments<XavierOptions, ['tensor', 'gain', 'generator']>): Tensor {
  const { tensor, gain, generator } = orthogonal_arguments(args);
  const shape = tensor.shape;
  if (shape.length < 2) throw new ValueError('Only tensors with 2 or more dimensions are supported');
  if (shape.numel() === 0 || tensor.device.type === 'meta') return tensor;
  const rows = shape[0]!;
  const columns = shape.numel() / rows;
  const fill = (): void => {
    const flattened = tensor.new_empty([rows, columns]).normal_(0, 1, { generator });
    if (rows < columns) flattened.t_();
    const [q, r] = aten.linalg_qr(flattened);
    // Makes the decomposition the one whose diagonal is positive, and so the result evenly distributed.
    q.mul_(aten.diag(r, 0).sign());
    if (rows < columns) q.t_();
    tensor.view_as(q).copy_(q);
    tensor.mul_(gain);
  };
  no_grad(() => tidy(fill));
  return tensor;
}

export interface SparseOptions {
  tensor: Tensor;
  sparsity: number;
  std?: number;
  generator?: Generator | null;
}
const sparse_arguments = reader<SparseOptions>('sparse_', [
  'tensor',
  'sparsity',
  ['std', 0.01],
  ['generator', null],
]);

/**
 * A matrix with a share of zeros in each column and normally distributed numbers elsewhere.
 * @param sparsity the share of zeros
 * @param std the standard deviation of the others (default: 0.01)
 * @throws ValueError unless the tensor has 2 dimensions
 * @see https://docs.pytorch.org/docs/stable/nn.init.html#torch.nn.init.sparse_
 */
export function sparse_(...args: Arguments<SparseOptions, ['tensor', 'sparsity', 'std', 'generator']>): Tensor {
  const { tensor, sparsity, std, generator } = sparse_arguments(args);
  const shape = tensor.shape;
  if (shape.length !== 2) throw new ValueError('Only tensors with 2 dimensions are supported');
  if (tensor.device.type === 'meta') return tensor;
  const [rows, columns] = shape as unknown as [number, number];
  const zeros = Math.ceil(sparsity * rows);
  no_grad(() => {
    tensor.normal_(0, std, { generator });
    for (let column = 0; column < columns; column++) {
      const places = aten.randperm(rows).narrow(0, 0, zeros);
      tensor.select(1, column).index_fill_(0, places.to(tensor.device), 0);
    }
  });
  return tensor;
}

/** The old name of a function, which goes on working. */
function renamed<A extends unknown[]>(fn: (...args: A) => Tensor): (...args: A) => Tensor {
  const old_name = fn.name.slice(0, -1);
  return (...args) => {
    warn(`\`nn.init.${old_name}\` is now deprecated in favor of \`nn.init.${fn.name}\`.`, 'FutureWarning');
    return fn(...args);
  };
}

/** @deprecated use {@link uniform_} */
export const uniform = renamed(uniform_);
/** @deprecated use {@link normal_} */
export const normal = renamed(normal_);
/** @deprecated use {@link constant_} */
export const constant = renamed(constant_);
/** @deprecated use {@link eye_} */
export const eye = renamed(eye_);
/** @deprecated use {@link dirac_} */
export const dirac = renamed(dirac_);
/** @deprecated use {@link xavier_uniform_} */
export const xavier_uniform = renamed(xavier_uniform_);
/** @deprecated use {@link xavier_normal_} */
export const xavier_normal = renamed(xavier_normal_);
/** @deprecated use {@link kaiming_uniform_} */
export const kaiming_uniform = renamed(kaiming_uniform_);
/** @deprecated use {@link kaiming_normal_} */
export const kaiming_normal = renamed(kaiming_normal_);
/** @deprecated use {@link orthogonal_} */
export const orthogonal = renamed(orthogonal_);
/** @deprecated use {@link sparse_} */
export const sparse = renamed(sparse_);
