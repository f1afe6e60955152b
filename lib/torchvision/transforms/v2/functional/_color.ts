/** Functions that change colours. */
import { tensor as make_tensor } from '../../../../creation.ts';
import {
  type dtype as DType,
  float32,
  get_default_dtype,
  int16,
  int32,
  int64,
  int8,
  uint16,
  uint8,
} from '../../../../dtype.ts';
import { TypeError, ValueError } from '../../../../errors.ts';
import { aten } from '../../../../ops.ts';
import { repr } from '../../../../repr.ts';
import type { Tensor } from '../../../../tensor.ts';
import * as pil from '../../functional_image.ts';
import { check_hue, equalize_channel, max_value, rgb_to_hsv, working_dtype } from '../../functional_tensor.ts';
import { by_tensor, functional } from './_kernel.ts';
import { scaled_to } from './_misc.ts';

/** `image * factor` in floats, also where the factor is whole: JavaScript cannot tell `2.0` from `2`. */
function times(image: Tensor, factor: number): Tensor {
  const whole = Number.isInteger(factor) && !image.dtype.is_floating_point;
  return (whole ? image.to(get_default_dtype()) : image).mul(factor);
}

/** Floats as pixels of the dtype of an image; they are changed. */
function clamped(values: Tensor, { dtype }: Tensor): Tensor {
  const result = values.clamp_(0, max_value(dtype));
  return dtype.is_floating_point ? result : result.to(dtype);
}

/** `image` at ratio 1, `other` at 0, and beyond. */
function blend(image: Tensor, other: Tensor, ratio: number): Tensor {
  return clamped(times(image, ratio).add_(other, { alpha: 1 - ratio }), image);
}

function check_factor(name: string, factor: number): void {
  if (factor < 0) throw new ValueError(`${name} (${repr(factor)}) is not non-negative.`);
}

/** @throws TypeError unless there are one or three channels */
function check_channels(image: Tensor, message = 'Input image tensor permitted channel values are 1 or 3'): number {
  const channels = image.size(-3);
  if (channels !== 1 && channels !== 3) throw new TypeError(`${message}, but found ${channels}`);
  return channels;
}

/** The brightness of coloured pixels in floats, of shape (..., 1, H, W). */
function brightness_of(image: Tensor): Tensor {
  const channels = [...image.unbind(-3)];
  if (channels.length !== 3) {
    const few = channels.length < 3;
    const got = few ? `, got ${channels.length}` : '';
    throw new ValueError(`${few ? 'not enough' : 'too many'} values to unpack (expected 3${got})`);
  }
  const [r, g, b] = channels as [Tensor, Tensor, Tensor];
  return r.mul(0.2989).add_(g, { alpha: 0.587 }).add_(b, { alpha: 0.114 }).unsqueeze(-3);
}

/** The brightness of coloured pixels, whole where they are. */
function whole_brightness_of(image: Tensor): Tensor {
  const grey = brightness_of(image);
  return image.dtype.is_floating_point ? grey : grey.floor_();
}

/** One grey channel three times. */
function tripled(image: Tensor): Tensor {
  return image.repeat([...new Array<number>(image.ndim - 3).fill(1), 3, 1, 1]);
}

function check_output_channels(num_output_channels: number): void {
  if (num_output_channels !== 1 && num_output_channels !== 3) {
    throw new ValueError(`num_output_channels must be 1 or 3, got ${repr(num_output_channels)}.`);
  }
}

/**
 * An image as grey, with one channel or with three that are the same.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.rgb_to_grayscale.html
 */
export const rgb_to_grayscale = functional<{ num_output_channels?: number }, ['num_output_channels']>(
  'rgb_to_grayscale',
  [['num_output_channels', 1]],
  (image, { num_output_channels }) => {
    check_output_channels(num_output_channels);
    if (image.size(-3) === 1) return num_output_channels === 1 ? image.clone() : tripled(image);
    const grey = brightness_of(image).to(image.dtype);
    return num_output_channels === 3 ? grey.expand([...image.shape]) : grey;
  },
  (image, { num_output_channels }) => {
    check_output_channels(num_output_channels);
    return pil.to_grayscale(image, num_output_channels);
  },
);

/** Another name of `rgb_to_grayscale`. */
export const to_grayscale = rgb_to_grayscale;

/**
 * A grey image with three channels that are the same; one that has colours stays as it is.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.grayscale_to_rgb.html
 */
export const grayscale_to_rgb = functional(
  'grayscale_to_rgb',
  [],
  (image) => {
    if (image.size(-3) >= 3) return image;
    return image.size(-3) === 1 ? tripled(image) : brightness_of(image);
  },
  (image) => image.convert('RGB'),
);

/** Makes an image brighter (above 1) or darker (below). @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.adjust_brightness.html */
export const adjust_brightness = functional<{ brightness_factor: number }, ['brightness_factor']>(
  'adjust_brightness',
  ['brightness_factor'],
  (image, { brightness_factor }) => {
    check_factor('brightness_factor', brightness_factor);
    check_channels(image);
    return clamped(times(image, brightness_factor), image);
  },
  (image, { brightness_factor }) => pil.adjust_brightness(image, brightness_factor),
);

/** Raises (above 1) or lowers an image's contrast. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.adjust_contrast.html */
export const adjust_contrast = functional<{ contrast_factor: number }, ['contrast_factor']>(
  'adjust_contrast',
  ['contrast_factor'],
  (image, { contrast_factor }) => {
    check_factor('contrast_factor', contrast_factor);
    const coloured = check_channels(image) === 3;
    const grey = coloured ? whole_brightness_of(image) : image.to(working_dtype(image));
    return blend(image, grey.mean([-3, -2, -1], { keepdim: true }), contrast_factor);
  },
  (image, { contrast_factor }) => pil.adjust_contrast(image, contrast_factor),
);

/** Makes an image more colourful (above 1) or greyer (below). @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.adjust_saturation.html */
export const adjust_saturation = functional<{ saturation_factor: number }, ['saturation_factor']>(
  'adjust_saturation',
  ['saturation_factor'],
  (image, { saturation_factor }) => {
    check_factor('saturation_factor', saturation_factor);
    if (check_channels(image) === 1) return image;
    return blend(image, whole_brightness_of(image), saturation_factor);
  },
  (image, { saturation_factor }) => pil.adjust_saturation(image, saturation_factor),
);

/** Which of value, p, q and t is red, green and blue in each sixth of the circle of hues. */
const BY_SECTOR = [
  [0, 2, 1, 1, 3, 0],
  [3, 0, 0, 2, 1, 1],
  [1, 1, 3, 0, 0, 2],
];

function hsv_to_rgb(h: Tensor, s: Tensor, v: Tensor): Tensor {
  const turned = h.mul(6);
  const sector = turned.floor();
  const share = s.mul(turned.sub_(sector));
  const rest = aten.rsub(s, 1);
  const q = aten.rsub(share, 1).mul_(v).clamp_(0, 1);
  const t = share.add_(rest).mul_(v).clamp_(0, 1);
  const p = rest.mul_(v).clamp_(0, 1);
  const which = sector.to(int32).remainder_(6);
  const table = make_tensor(BY_SECTOR, { dtype: int64, device: h.device });
  const places = table.index_select(1, which.flatten()).view([3, ...which.shape]).movedim(0, -3);
  return aten.stack([v, p, q, t], -3).gather(-3, places);
}

/** Turns an image's colours around their circle: half of it at 0.5 and -0.5. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.adjust_hue.html */
export const adjust_hue = functional<{ hue_factor: number }, ['hue_factor']>(
  'adjust_hue',
  ['hue_factor'],
  (image, { hue_factor }) => {
    check_hue(hue_factor);
    if (check_channels(image) === 1 || image.numel() === 0) return image;
    const hsv = rgb_to_hsv(scaled_to(image, float32), (x) => x.mul_(1 / 6));
    const [h, s, v] = hsv.unbind(-3) as unknown as [Tensor, Tensor, Tensor];
    return scaled_to(hsv_to_rgb(h.add_(hue_factor).remainder_(1), s, v), image.dtype);
  },
  (image, { hue_factor }) => pil.adjust_hue(image, hue_factor),
);

/** Each value `v`, from 0 to 1, becomes `gain * v ** gamma`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.adjust_gamma.html */
export const adjust_gamma = functional<{ gamma: number; gain?: number }, ['gamma', 'gain']>(
  'adjust_gamma',
  ['gamma', ['gain', 1]],
  (image, { gamma, gain }) => {
    if (gamma < 0) throw new ValueError('Gamma should be a non-negative real number');
    const floats = image.dtype.is_floating_point ? image : scaled_to(image, float32);
    const powers = floats.pow(gamma);
    return scaled_to((gain === 1 ? powers : powers.mul_(gain)).clamp_(0, 1), image.dtype);
  },
  (image, { gamma, gain }) => pil.adjust_gamma(image, gamma, gain),
);

/** Makes an image sharper (above 1) or softer (below). @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.adjust_sharpness.html */
export const adjust_sharpness = functional<{ sharpness_factor: number }, ['sharpness_factor']>(
  'adjust_sharpness',
  ['sharpness_factor'],
  (image, { sharpness_factor }) => {
    const channels = check_channels(image, 'Input image tensor can have 1 or 3 channels');
    check_factor('sharpness_factor', sharpness_factor);
    const [height, width] = [image.size(-2), image.size(-1)];
    if (image.numel() === 0 || height <= 2 || width <= 2) return image;
    const dtype = working_dtype(image);
    const [a, b] = [1 / 13, 5 / 13];
    const kernel = make_tensor([a, a, a, a, b, a, a, a, a], { dtype, device: image.device }).view(3, 3);
    const output = image.to(dtype, { copy: true });
    const batch = image.ndim > 4 ? output.view(-1, channels, height, width) : output;
    const soft = aten.conv2d(batch, kernel.expand(channels, 1, 3, 3), { groups: channels });
    if (!image.dtype.is_floating_point) soft.round_();
    const inner = batch.narrow(-2, 1, height - 2).narrow(-1, 1, width - 2);
    inner.add_(soft.sub_(inner), { alpha: 1 - sharpness_factor });
    return clamped(output, image);
  },
  (image, { sharpness_factor }) => pil.adjust_sharpness(image, sharpness_factor),
);

/** The bits that whole pixels are made of, without their sign. */
function bits_of(dtype: DType): number {
  switch (dtype) {
    case uint8:
      return 8;
    case int8:
      return 7;
    case int16:
      return 15;
    case uint16:
      return 16;
    case int32:
      return 31;
    case int64:
      return 63;
    default:
      throw new TypeError(`Number of value bits is only defined for integer dtypes, but got ${dtype}.`);
  }
}

function inverted(image: Tensor): Tensor {
  if (image.dtype.is_floating_point) return aten.rsub(image, 1);
  if (image.dtype === uint8) return image.bitwise_not();
  return image.bitwise_xor((1n << BigInt(bits_of(image.dtype))) - 1n);
}

/** An image in the opposite colours. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.invert.html */
export const invert = functional('invert', [], inverted, pil.invert);

/** An image with only the highest `bits` bits of each value. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.posterize.html */
export const posterize = functional<{ bits: number }, ['bits']>(
  'posterize',
  ['bits'],
  (image, { bits }) => {
    if (!Number.isInteger(bits) || bits < 0 || bits > 8) {
      throw new TypeError(`bits must be a positive integer in the range [0, 8], got ${repr(bits)} instead.`);
    }
    if (image.dtype.is_floating_point) {
      const levels = 2 ** bits;
      return image.mul(levels).floor_().clamp_(0, levels - 1).mul_(1 / levels);
    }
    const all = bits_of(image.dtype);
    if (bits >= all) return image;
    return image.bitwise_and(((1n << BigInt(bits)) - 1n) << BigInt(all - bits));
  },
  (image, { bits }) => pil.posterize(image, bits),
);

/** An image whose values from `threshold` on are inverted. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.solarize.html */
export const solarize = functional<{ threshold: number }, ['threshold']>(
  'solarize',
  ['threshold'],
  (image, { threshold }) => {
    if (threshold > max_value(image.dtype)) {
      throw new TypeError(
        `Threshold should be less or equal the maximum value of the dtype, but got ${repr(threshold)}`,
      );
    }
    return inverted(image).where(image.ge(threshold), image);
  },
  (image, { threshold }) => pil.solarize(image, threshold),
);

/** An image whose channels use their whole range. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.autocontrast.html */
export const autocontrast = functional(
  'autocontrast',
  [],
  (image) => {
    check_channels(image);
    if (image.numel() === 0) return image;
    const floats = image.to(working_dtype(image));
    const least = floats.amin([-2, -1], true);
    const range = floats.amax([-2, -1], true);
    const flat = least.eq(range);
    range.sub_(least).mul_(1 / max_value(image.dtype)).masked_fill_(flat, 1);
    least.masked_fill_(flat, 0);
    return clamped(floats.sub(least).div_(range), image);
  },
  pil.autocontrast,
);

/** An image in which all values are equally common. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.equalize.html */
export const equalize = functional(
  'equalize',
  [],
  (image) => {
    if (image.numel() === 0) return image;
    const bytes = scaled_to(image, uint8);
    const [height, width] = [image.size(-2), image.size(-1)];
    const channels = [...bytes.reshape(-1, height, width).unbind(0)].map(equalize_channel);
    return scaled_to(aten.stack(channels, 0).view([...image.shape]), image.dtype);
  },
  pil.equalize,
);

function permuted(image: Tensor, { permutation }: { permutation: readonly number[] | Tensor }): Tensor {
  const order = Array.isArray(permutation) ? make_tensor([...permutation], { dtype: int64 }) : (permutation as Tensor);
  if (order.size(0) !== image.size(-3)) {
    throw new ValueError(
      `Length of permutation does not match number of channels: ${order.size(0)} != ${image.size(-3)}`,
    );
  }
  return image.index_select(-3, order.to(image.device));
}

/** An image whose channel `i` is channel `permutation[i]` of another. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.permute_channels.html */
export const permute_channels = functional<{ permutation: readonly number[] | Tensor }, ['permutation']>(
  'permute_channels',
  ['permutation'],
  permuted,
  by_tensor(permuted),
);
