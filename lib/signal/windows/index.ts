/**
 * Window functions: `M` weights that fade a signal in and out.
 *
 * All of them take `M`, the number of weights, and by name
 * - `sym`: symmetric, for the design of filters (the default); false is periodic, for spectral analysis
 * - `dtype`: `torch.float32` or `torch.float64`, by default the default float dtype
 * - `layout`, `device`, `requires_grad`: as of every function that makes tensors
 *
 * and throw ValueError if `M` is negative or what they are to make is no strided tensor of those dtypes.
 * @see https://docs.pytorch.org/docs/stable/signal.html
 */
import { type Arguments, type ParameterSpec, signature } from '../../arguments.ts';
import { tensor } from '../../creation.ts';
import type { DeviceLike } from '../../device.ts';
import { type dtype as DType, float32, float64, get_default_dtype } from '../../dtype.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { type layout as Layout, strided } from '../../layout.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';

/** What every window takes by name. */
export interface WindowOptions {
  sym?: boolean;
  dtype?: DType | null;
  layout?: Layout;
  device?: DeviceLike | null;
  requires_grad?: boolean;
}

interface WindowParameters extends WindowOptions {
  M: number;
}

const OPTIONS: readonly ParameterSpec[] = [
  ['sym', true],
  ['dtype', null],
  ['layout', strided],
  ['device', null],
  ['requires_grad', false],
];

/** How to make a window's tensors. */
interface Making {
  dtype: DType;
  layout: Layout;
  device: DeviceLike | null;
  requires_grad: boolean;
}

/**
 * The reader of a window's arguments.
 * @param own the parameters that no other window has
 * @param checked_as what messages call the window, where it is a case of another
 */
function window_arguments<P extends WindowParameters>(
  name: string,
  own: readonly ParameterSpec[] = [],
  checked_as = name,
): (args: readonly unknown[]) => Required<P> & { making: Making } {
  const parse = signature<P>(name, ['M'], [...own, ...OPTIONS]);
  return (args) => {
    const given = parse(args);
    const { M, dtype, layout, device, requires_grad } = given as Required<WindowParameters>;
    for (const spec of own) {
      const key = spec[0] as keyof P;
      const value = given[key];
      // Lists are looked at by the window, null is a default.
      if (typeof spec === 'string' || value === null || typeof value === 'number') continue;
      throw new TypeError(`${name}(): argument '${String(key)}' must be float, not ${typeof value}`);
    }
    if (!Number.isInteger(M)) throw new TypeError(`${name}(): argument 'M' must be int, not ${typeof M}`);
    const making = { dtype: dtype ?? get_default_dtype(), layout, device, requires_grad };
    if (M < 0) throw new ValueError(`${checked_as} requires non-negative window length, got M=${M}`);
    if (layout !== strided) {
      throw new ValueError(`${checked_as} is implemented for strided tensors only, got: ${String(layout)}`);
    }
    if (making.dtype !== float32 && making.dtype !== float64) {
      throw new ValueError(`${checked_as} expects float32 or float64 dtypes, got: ${String(making.dtype)}`);
    }
    return { ...given, making };
  };
}

/** `M` points at which the window is computed. */
function points(start: number, end: number, M: number, making: Making): Tensor {
  return aten.linspace(start, end, M, { ...making });
}

function empty(making: Making): Tensor {
  return aten.empty([0], { ...making });
}

function one(making: Making): Tensor {
  return aten.ones([1], { ...making });
}

/** The distance of the last point from the first: a periodic window is one longer, without its last point. */
function span(M: number, sym: boolean): number {
  return sym ? M - 1 : M;
}

interface ExponentialParameters extends WindowParameters {
  center?: number | null;
  tau?: number;
}

const exponential_arguments = window_arguments<ExponentialParameters>('exponential', [['center', null], ['tau', 1]]);

/**
 * Weights that decay exponentially on both sides of the centre.
 * @param center where the largest weight is; the middle by default, which symmetric windows have to keep
 * @param tau how slowly the weights decay, in points
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.exponential.html
 */
export function exponential(...args: Arguments<ExponentialParameters, ['M']>): Tensor {
  const { M, center, tau, sym, making } = exponential_arguments(args);
  if (tau <= 0) throw new ValueError(`Tau must be positive, got: ${tau} instead.`);
  if (sym && center !== null) throw new ValueError('Center must be None for symmetric windows');
  if (M === 0) return empty(making);
  const middle = center ?? (!sym && M > 1 ? M : M - 1) / 2;
  const constant = 1 / tau;
  return points(-middle * constant, (-middle + (M - 1)) * constant, M, making).abs().neg().exp();
}

const cosine_arguments = window_arguments('cosine');

/**
 * Half a period of the sine.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.cosine.html
 */
export function cosine(...args: Arguments<WindowParameters, ['M']>): Tensor {
  const { M, sym, making } = cosine_arguments(args);
  if (M === 0) return empty(making);
  const start = 0.5;
  const constant = Math.PI / (!sym && M > 1 ? M + 1 : M);
  return points(start * constant, (start + (M - 1)) * constant, M, making).sin();
}

interface GaussianParameters extends WindowParameters {
  std?: number;
}

const gaussian_arguments = window_arguments<GaussianParameters>('gaussian', [['std', 1]]);

/**
 * The bell curve.
 * @param std its standard deviation, in points
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.gaussian.html
 */
export function gaussian(...args: Arguments<GaussianParameters, ['M']>): Tensor {
  const { M, std, sym, making } = gaussian_arguments(args);
  if (std <= 0) throw new ValueError(`Standard deviation must be positive, got: ${std} instead.`);
  if (M === 0) return empty(making);
  const start = -(!sym && M > 1 ? M : M - 1) / 2;
  const constant = 1 / (std * Math.sqrt(2));
  return points(start * constant, (start + (M - 1)) * constant, M, making).pow(2).neg().exp();
}

interface KaiserParameters extends WindowParameters {
  beta?: number;
}

const kaiser_arguments = window_arguments<KaiserParameters>('kaiser', [['beta', 12]]);

/**
 * The Kaiser window.
 * @param beta its shape: the larger, the narrower
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.kaiser.html
 */
export function kaiser(...args: Arguments<KaiserParameters, ['M']>): Tensor {
  const { M, beta: shape, sym, making } = kaiser_arguments(args);
  if (shape < 0) throw new ValueError(`beta must be non-negative, got: ${shape} instead.`);
  if (M === 0) return empty(making);
  if (M === 1) return one(making);
  // Tensors, so that all is rounded to the window's dtype.
  const beta = tensor(shape, { dtype: making.dtype, device: making.device });
  const start = beta.neg();
  const constant = beta.mul(2).div(span(M, sym));
  const end = beta.minimum(start.add(constant.mul(M - 1)));
  const k = aten.linspace(start, end, M, { ...making });
  return beta.mul(beta).sub(k.pow(2)).sqrt().i0().div(beta.i0());
}

interface GeneralHammingParameters extends WindowParameters {
  alpha?: number;
}

const hamming_arguments = window_arguments('hamming', [], 'general_cosine');
const hann_arguments = window_arguments('hann', [], 'general_cosine');
const general_hamming_arguments = window_arguments<GeneralHammingParameters>(
  'general_hamming',
  [['alpha', 0.54]],
  'general_cosine',
);

/**
 * The Hamming window.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.hamming.html
 */
export function hamming(...args: Arguments<WindowParameters, ['M']>): Tensor {
  const { M, sym, making } = hamming_arguments(args);
  return sum_of_cosines(M, [0.54, 1 - 0.54], sym, making);
}

/**
 * The Hann window, a period of the cosine raised to lie between 0 and 1.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.hann.html
 */
export function hann(...args: Arguments<WindowParameters, ['M']>): Tensor {
  const { M, sym, making } = hann_arguments(args);
  return sum_of_cosines(M, [0.5, 1 - 0.5], sym, making);
}

/**
 * A raised cosine: `alpha - (1 - alpha) cos(2 π n / (M - 1))`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.general_hamming.html
 */
export function general_hamming(...args: Arguments<GeneralHammingParameters, ['M']>): Tensor {
  const { M, alpha, sym, making } = general_hamming_arguments(args);
  return sum_of_cosines(M, [alpha, 1 - alpha], sym, making);
}

const blackman_arguments = window_arguments('blackman');

/**
 * The Blackman window.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.blackman.html
 */
export function blackman(...args: Arguments<WindowParameters, ['M']>): Tensor {
  const { M, sym, making } = blackman_arguments(args);
  return sum_of_cosines(M, [0.42, 0.5, 0.08], sym, making);
}

const bartlett_arguments = window_arguments('bartlett');

/**
 * The triangle with zeros at its ends.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.bartlett.html
 */
export function bartlett(...args: Arguments<WindowParameters, ['M']>): Tensor {
  const { M, sym, making } = bartlett_arguments(args);
  if (M === 0) return empty(making);
  if (M === 1) return one(making);
  const constant = 2 / span(M, sym);
  return aten.rsub(points(-1, -1 + (M - 1) * constant, M, making).abs(), 1);
}

const nuttall_arguments = window_arguments('nuttall', [], 'general_cosine');

/**
 * Nuttall's window of four terms.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.nuttall.html
 */
export function nuttall(...args: Arguments<WindowParameters, ['M']>): Tensor {
  const { M, sym, making } = nuttall_arguments(args);
  return sum_of_cosines(M, [0.3635819, 0.4891775, 0.1365995, 0.0106411], sym, making);
}

interface GeneralCosineParameters extends WindowParameters {
  a: readonly number[];
}

const general_cosine_arguments = window_arguments<GeneralCosineParameters>('general_cosine', ['a']);

/**
 * A sum of cosines with alternating signs.
 * @param a the coefficients
 * @throws ValueError if there are none
 * @see https://docs.pytorch.org/docs/stable/generated/torch.signal.windows.general_cosine.html
 */
export function general_cosine(...args: Arguments<GeneralCosineParameters, ['M']>): Tensor {
  const { M, a, sym, making } = general_cosine_arguments(args);
  if (M > 1) {
    if (!Array.isArray(a)) throw new TypeError('Coefficients must be a list/tuple');
    if (a.length === 0) throw new ValueError('Coefficients cannot be empty');
  }
  return sum_of_cosines(M, a, sym, making);
}

function sum_of_cosines(M: number, coefficients: readonly number[], sym: boolean, making: Making): Tensor {
  if (M === 0) return empty(making);
  if (M === 1) return one(making);
  const { dtype, device, requires_grad } = making;
  const constant = (2 * Math.PI) / span(M, sym);
  const k = points(0, (M - 1) * constant, M, making);
  const signed = coefficients.map((weight, i) => (i % 2 === 0 ? weight : -weight));
  const a = tensor(signed, { dtype, device, requires_grad });
  const i = aten.arange(signed.length, { dtype, device, requires_grad });
  return a.unsqueeze(-1).mul(i.unsqueeze(-1).mul(k).cos()).sum(0);
}
