/** Functions that normalize, blur, and change the type of numbers. */
import { as_tensor } from '../../../../creation.ts';
import { type dtype as DType, float32, int16, uint8 } from '../../../../dtype.ts';
import { RuntimeError, TypeError, ValueError } from '../../../../errors.ts';
import { pad } from '../../../../nn/functional.ts';
import { aten } from '../../../../ops.ts';
import { list_repr, repr, type_name } from '../../../../repr.ts';
import { Tensor } from '../../../../tensor.ts';
import * as v1 from '../../functional_tensor.ts';
import { floats_list } from '../../setup.ts';
import { by_tensor, functional, in_batches } from './_kernel.ts';

/**
 * Numbers on another dtype's range: bytes become floats from 0 to 1.
 *
 * @throws RuntimeError for a float that has too few digits for the whole numbers asked for
 */
export function scaled_to(image: Tensor, dtype: DType): Tensor {
  const from = image.dtype;
  if (from.is_floating_point && v1.has_too_few_digits(from, dtype)) {
    throw new RuntimeError(`The conversion from ${from} to ${dtype} cannot be performed safely.`);
  }
  // Whole numbers times the reciprocal of their largest, where version 1 divides: the last digit may differ.
  if (!from.is_floating_point && dtype.is_floating_point) return image.to(dtype).mul_(1 / v1.max_value(from));
  return v1.convert_image_dtype(image, dtype);
}

/**
 * A tensor with another dtype.
 *
 * @param scale stretch the numbers from one type's range to the other's?
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.to_dtype.html
 */
export const to_dtype = functional<{ dtype?: DType; scale?: boolean }, ['dtype', 'scale']>(
  'to_dtype',
  [['dtype', float32], ['scale', false]],
  (image, { dtype, scale }) => (scale ? scaled_to(image, dtype) : image.to(dtype)),
  null,
);

/** A tensor with another dtype, its numbers stretched to that dtype's range. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.convert_image_dtype.html */
export const convert_image_dtype = functional<{ dtype?: DType }, ['dtype']>(
  'convert_image_dtype',
  [['dtype', float32]],
  (image, { dtype }) => scaled_to(image, dtype),
  null,
);

interface NormalizeArguments {
  /** A mean for each channel. */
  mean: readonly number[];
  /** A standard deviation for each channel. */
  std: readonly number[];
  /** Change the input itself? */
  inplace?: boolean;
}

/**
 * `(inpt - mean) / std` for each channel of floating-point images.
 *
 * @throws TypeError for a tensor that is not floating-point
 * @throws ValueError for a standard deviation of zero
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.normalize.html
 */
export const normalize = functional<NormalizeArguments, ['mean', 'std', 'inplace']>(
  'normalize',
  ['mean', 'std', ['inplace', false]],
  (image, { mean, std, inplace }) => {
    const { dtype, device } = image;
    if (!dtype.is_floating_point) throw new TypeError(`Input tensor should be a float tensor. Got ${dtype}.`);
    if (image.ndim < 3) {
      throw new ValueError(`Expected tensor to be a tensor image of size (..., C, H, W). Got ${String(image.shape)}.`);
    }
    if (std.some((one) => one === 0)) throw new ValueError('std evaluated to zero, leading to division by zero.');
    const per_channel = (values: readonly number[]): Tensor => as_tensor(values, { dtype, device }).view(-1, 1, 1);
    const centred = inplace ? image.sub_(per_channel(mean)) : image.sub(per_channel(mean));
    return centred.div_(per_channel(std));
  },
  null,
);

/** The bell curve over `size` pixels. */
function bell(size: number, sigma: number, dtype: DType, { device }: Tensor): Tensor {
  const half = (size - 1) / (2 * Math.SQRT2);
  const x = aten.linspace(-half, half, size, { dtype, device }).div_(sigma);
  return x.pow_(2).neg_().softmax(0);
}

interface GaussianBlurArguments {
  /** Odd numbers of pixels, across and down. */
  kernel_size: number | readonly number[];
  /** Standard deviations, `0.15 * kernel_size + 0.35` by default. */
  sigma?: number | readonly number[] | null;
}

function blurred(image: Tensor, { kernel_size, sigma }: Required<GaussianBlurArguments>): Tensor {
  const sizes = typeof kernel_size === 'number' ? [kernel_size, kernel_size] : kernel_size;
  if (sizes.length !== 2) {
    throw new ValueError(`If kernel_size is a sequence its length should be 2. Got ${sizes.length}`);
  }
  if (sizes.some((size) => size % 2 !== 1 || size < 0)) {
    throw new ValueError(`kernel_size should have odd and positive integers. Got ${list_repr(sizes)}`);
  }
  const given = sigma ?? sizes.map((size) => size * 0.15 + 0.35);
  if (typeof given !== 'number' && !Array.isArray(given)) {
    throw new TypeError(`sigma should be either float or sequence of floats. Got ${type_name(sigma)}`);
  }
  const list = typeof given === 'number' ? [given] : (given as readonly number[]);
  const sigmas = list.length === 1 ? [list[0]!, list[0]!] : list;
  if (sigmas.length !== 2) throw new ValueError(`If sigma is a sequence, its length should be 2. Got ${sigmas.length}`);
  if (sigmas.some((one) => !(one > 0))) {
    const text = Array.isArray(sigma) ? list_repr(sigmas) : floats_list(sigmas);
    throw new ValueError(`sigma should have positive values. Got ${text}`);
  }
  if (image.numel() === 0) return image;
  const dtype = v1.working_dtype(image);
  const [width, height] = sizes as readonly [number, number];
  const across = bell(width, sigmas[0]!, dtype, image);
  const square = bell(height, sigmas[1]!, dtype, image).unsqueeze(-1).mul(across);
  const channels = image.size(-3);
  const [x, y] = [Math.floor(width / 2), Math.floor(height / 2)];
  const result = in_batches(image, (batch) => {
    const padded = pad(batch.to(dtype), [x, x, y, y], 'reflect');
    return aten.conv2d(padded, square.expand(channels, 1, height, width), { groups: channels });
  });
  return image.dtype.is_floating_point ? result : result.round_().to(image.dtype);
}

/** Blurs an image with a Gaussian. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.gaussian_blur.html */
export const gaussian_blur = functional<GaussianBlurArguments, ['kernel_size', 'sigma']>(
  'gaussian_blur',
  ['kernel_size', ['sigma', null]],
  blurred,
  by_tensor(blurred),
);

interface GaussianNoiseArguments {
  /** Of values from 0 to 1, for bytes as well. */
  mean?: number;
  sigma?: number;
  /** Keep the values on their range? Bytes that are not kept on it begin again at the other end. */
  clip?: boolean;
}

/**
 * Adds random numbers to floats or bytes.
 *
 * @throws ValueError for other numbers and for images in memory
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.gaussian_noise.html
 */
export const gaussian_noise = functional<GaussianNoiseArguments, ['mean', 'sigma', 'clip']>(
  'gaussian_noise',
  [['mean', 0], ['sigma', 0.1], ['clip', true]],
  (image, { mean, sigma, clip }) => {
    if (sigma < 0) throw new ValueError(`sigma shouldn't be negative. Got ${repr(sigma)}`);
    if (image.dtype.is_floating_point) {
      const noisy = aten.randn_like(image).mul_(sigma).add_(mean).add_(image);
      return clip ? noisy.clamp_(0, 1) : noisy;
    }
    if (image.dtype !== uint8) {
      throw new ValueError(`Input tensor is expected to be in uint8 or float dtype, got dtype=${image.dtype}`);
    }
    const noise = aten.randn_like(image, { dtype: float32 }).mul_(sigma * 255).add_(mean * 255);
    const noisy = noise.to(int16).add_(image);
    return (clip ? noisy.clamp_(0, 255) : noisy).to(uint8);
  },
  () => {
    throw new ValueError('Gaussian Noise is not implemented for PIL images.');
  },
);
