/**
 * The transforms of images that are tensors of shape (..., C, H, W): LibTorch's operators in the order in which
 * torchvision calls them, so that the numbers are the same to the last digit.
 */
import { tensor as make_tensor } from '../../creation.ts';
import {
  type dtype as DType,
  float32,
  float64,
  get_default_dtype,
  int16,
  int32,
  int64,
  int8,
  uint16,
  uint8,
} from '../../dtype.ts';
import { RuntimeError, TypeError, ValueError } from '../../errors.ts';
import { einsum, meshgrid } from '../../functional/index.ts';
import { grid_sample, interpolate, pad as pad_tensor } from '../../nn/functional.ts';
import { aten } from '../../ops.ts';
import { list_repr, repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import type { InterpolationMode } from './interpolation.ts';

/** What pixels from outside of an image are: one value, or one for each channel. */
export type Fill = number | readonly number[] | null;

export type PaddingMode = 'constant' | 'edge' | 'reflect' | 'symmetric';

/** @throws TypeError for a tensor of less than two dimensions */
function check_image(img: Tensor): void {
  if (img.ndim < 2) throw new TypeError('Tensor is not a torch image.');
}

/** Channels, height and width. */
export function get_dimensions(img: Tensor): [channels: number, height: number, width: number] {
  check_image(img);
  return [img.ndim === 2 ? 1 : img.size(-3), img.size(-2), img.size(-1)];
}

/** @throws TypeError for another number of channels than is permitted */
function check_channels(img: Tensor, permitted: readonly number[]): number {
  const [channels] = get_dimensions(img);
  if (!permitted.includes(channels)) {
    throw new TypeError(`Input image tensor permitted channel values are ${list_repr(permitted)}, but found ${channels}`);
  }
  return channels;
}

function check_three_dimensions(img: Tensor): void {
  if (img.ndim < 3) {
    throw new TypeError(`Input image tensor should have at least 3 dimensions, but found ${img.ndim}`);
  }
}

/** The largest value that pixels of a dtype have. */
export function max_value(dtype: DType): number {
  switch (dtype) {
    case uint8:
      return 255;
    case int8:
      return 127;
    case int16:
      return 32767;
    case uint16:
      return 65535;
    case int32:
      return 2147483647;
    case int64:
      // The closest that a number comes to it.
      return 2 ** 63;
    default:
      return 1;
  }
}

/** One more than the largest value of whole numbers. */
function range_of(dtype: DType): number {
  return dtype === int64 ? 2 ** 63 : max_value(dtype) + 1;
}

/** Whether floats of one type cannot tell all the whole numbers of another apart. */
export function has_too_few_digits(floats: DType, integers: DType): boolean {
  return integers === int64 ? floats === float32 || floats === float64 : integers === int32 && floats === float32;
}

export function convert_image_dtype(image: Tensor, dtype: DType): Tensor {
  if (image.dtype === dtype) return image;
  if (image.dtype.is_floating_point) {
    if (dtype.is_floating_point) return image.to(dtype);
    if (has_too_few_digits(image.dtype, dtype)) {
      throw new RuntimeError(`The cast from ${image.dtype} to ${dtype} cannot be performed safely.`);
    }
    return image.mul(max_value(dtype) + 1.0 - 1e-3).to(dtype);
  }
  if (dtype.is_floating_point) return image.to(dtype).div(max_value(image.dtype));
  const [from, to] = [range_of(image.dtype), range_of(dtype)];
  if (from > to) return image.div(Math.floor(from / to), { rounding_mode: 'floor' }).to(dtype);
  return image.to(dtype).mul(BigInt(Math.floor(to / from)));
}

export function vflip(img: Tensor): Tensor {
  check_image(img);
  return img.flip(-2);
}

export function hflip(img: Tensor): Tensor {
  check_image(img);
  return img.flip(-1);
}

export function crop(img: Tensor, top: number, left: number, height: number, width: number): Tensor {
  const [, h, w] = get_dimensions(img);
  const right = left + width;
  const bottom = top + height;
  const cut = (dim: number, from: number, to: number, size: number): ((x: Tensor) => Tensor) => {
    // As a slice of Python's: ends that are negative count from the end.
    const place = (at: number): number => Math.min(Math.max(at < 0 ? at + size : at, 0), size);
    const start = place(from);
    return (x) => x.narrow(dim, start, Math.max(place(to) - start, 0));
  };
  if (left >= 0 && top >= 0 && right <= w && bottom <= h) {
    return cut(-1, left, right, w)(cut(-2, top, bottom, h)(img));
  }
  const padding = [
    Math.max(-left + Math.min(0, right), 0),
    Math.max(-top + Math.min(0, bottom), 0),
    Math.max(right - Math.max(w, left), 0),
    Math.max(bottom - Math.max(h, top), 0),
  ];
  const inside = cut(-1, Math.max(left, 0), right, w)(cut(-2, Math.max(top, 0), bottom, h)(img));
  return pad(inside, padding, 0, 'constant');
}

export function rgb_to_grayscale(img: Tensor, num_output_channels = 1): Tensor {
  check_three_dimensions(img);
  const channels = check_channels(img, [1, 3]);
  if (num_output_channels !== 1 && num_output_channels !== 3) {
    throw new ValueError('num_output_channels should be either 1 or 3');
  }
  let grey: Tensor;
  if (channels === 3) {
    const [r, g, b] = img.unbind(-3) as unknown as [Tensor, Tensor, Tensor];
    grey = r.mul(0.2989).add(g.mul(0.587)).add(b.mul(0.114)).to(img.dtype).unsqueeze(-3);
  } else {
    grey = img.clone();
  }
  return num_output_channels === 3 ? grey.expand([...img.shape]) : grey;
}

/** `img1` at ratio 1, `img2` at 0, and beyond; in floats even where the ratio is whole. */
function blend(img1: Tensor, img2: Tensor, ratio: number): Tensor {
  const floats = (img: Tensor): Tensor => (img.dtype.is_floating_point ? img : img.to(get_default_dtype()));
  const result = floats(img1).mul(ratio).add(floats(img2).mul(1 - ratio));
  return result.clamp(0, max_value(img1.dtype)).to(img1.dtype);
}

function check_factor(name: string, factor: number): void {
  if (factor < 0) throw new ValueError(`${name} (${repr(factor)}) is not non-negative.`);
}

export function adjust_brightness(img: Tensor, brightness_factor: number): Tensor {
  check_factor('brightness_factor', brightness_factor);
  check_channels(img, [1, 3]);
  return blend(img, aten.zeros_like(img), brightness_factor);
}

/** The dtype that pixels are computed in. */
export function working_dtype(img: Tensor): DType {
  return img.dtype.is_floating_point ? img.dtype : float32;
}

export function adjust_contrast(img: Tensor, contrast_factor: number): Tensor {
  check_factor('contrast_factor', contrast_factor);
  const channels = check_channels(img, [3, 1]);
  const grey = channels === 3 ? rgb_to_grayscale(img) : img;
  const mean = grey.to(working_dtype(img)).mean([-3, -2, -1], { keepdim: true });
  return blend(img, mean, contrast_factor);
}

export function adjust_saturation(img: Tensor, saturation_factor: number): Tensor {
  check_factor('saturation_factor', saturation_factor);
  if (check_channels(img, [1, 3]) === 1) return img;
  return blend(img, rgb_to_grayscale(img), saturation_factor);
}

/** @param sixth a sixth of a number: versions 1 and 2 round it differently */
export function rgb_to_hsv(img: Tensor, sixth: (x: Tensor) => Tensor): Tensor {
  const [r, g, b] = img.unbind(-3) as unknown as [Tensor, Tensor, Tensor];
  const most = img.max(-3).values;
  const least = img.min(-3).values;
  const flat = most.eq(least);
  const range = most.sub(least);
  const ones = aten.ones_like(most);
  const s = range.div(ones.where(flat, most));
  const divisor = ones.where(flat, range);
  const rc = most.sub(r).div(divisor);
  const gc = most.sub(g).div(divisor);
  const bc = most.sub(b).div(divisor);
  const is_r = most.eq(r);
  const is_g = most.eq(g);
  const hr = is_r.mul(bc.sub(gc));
  const hg = is_g.bitwise_and(most.ne(r)).mul(rc.add(2).sub(bc));
  const hb = most.ne(g).bitwise_and(most.ne(r)).mul(gc.add(4).sub(rc));
  const h = sixth(hr.add(hg).add(hb)).add(1).fmod(1);
  return aten.stack([h, s, most], -3);
}

function hsv_to_rgb(img: Tensor): Tensor {
  const [h, s, v] = img.unbind(-3) as unknown as [Tensor, Tensor, Tensor];
  const sector = h.mul(6).floor();
  const f = h.mul(6).sub(sector);
  const i = sector.to(int32).remainder(6);
  const p = v.mul(aten.rsub(s, 1)).clamp(0, 1);
  const q = v.mul(aten.rsub(s.mul(f), 1)).clamp(0, 1);
  const t = v.mul(aten.rsub(s.mul(aten.rsub(f, 1)), 1)).clamp(0, 1);
  const mask = i.unsqueeze(-3).eq(aten.arange(6, { device: img.device }).view(-1, 1, 1));
  const a1 = aten.stack([v, q, p, p, t, v], -3);
  const a2 = aten.stack([t, v, v, q, p, p], -3);
  const a3 = aten.stack([p, p, t, v, v, q], -3);
  const a4 = aten.stack([a1, a2, a3], -4);
  return einsum('...ijk, ...xijk -> ...xjk', mask.to(img.dtype), a4);
}

/** @throws ValueError for a part of the circle that is not between -0.5 and 0.5 */
export function check_hue(hue_factor: number): void {
  if (!(hue_factor >= -0.5 && hue_factor <= 0.5)) {
    throw new ValueError(`hue_factor (${repr(hue_factor)}) is not in [-0.5, 0.5].`);
  }
}

export function adjust_hue(img: Tensor, hue_factor: number): Tensor {
  check_hue(hue_factor);
  if (check_channels(img, [1, 3]) === 1) return img;
  const [h, s, v] = rgb_to_hsv(convert_image_dtype(img, float32), (x) => x.div(6)).unbind(-3) as unknown as [Tensor, Tensor, Tensor];
  const turned = aten.stack([h.add(hue_factor).remainder(1), s, v], -3);
  return convert_image_dtype(hsv_to_rgb(turned), img.dtype);
}

export function adjust_gamma(img: Tensor, gamma: number, gain: number): Tensor {
  check_channels(img, [1, 3]);
  if (gamma < 0) throw new ValueError('Gamma should be a non-negative real number');
  const floats = img.dtype.is_floating_point ? img : convert_image_dtype(img, float32);
  return convert_image_dtype(floats.pow(gamma).mul(gain).clamp(0, 1), img.dtype);
}

/** Left, right, top and bottom, from one, two or four numbers. */
export function padding_sides(padding: number | readonly number[]): [number, number, number, number] {
  if (typeof padding === 'number') return [padding, padding, padding, padding];
  if (padding.length === 1) return [padding[0]!, padding[0]!, padding[0]!, padding[0]!];
  if (padding.length === 2) return [padding[0]!, padding[0]!, padding[1]!, padding[1]!];
  return [padding[0]!, padding[2]!, padding[1]!, padding[3]!];
}

/** Mirrors the image at its edges, the outermost pixels too. */
function pad_symmetric(img: Tensor, sides: readonly number[]): Tensor {
  let image = img;
  const negative = sides.map((side) => -Math.min(side, 0)) as [number, number, number, number];
  if (negative.some((side) => side > 0)) {
    const [left, right, top, bottom] = negative;
    image = image.narrow(-2, top, img.size(-2) - bottom - top).narrow(-1, left, img.size(-1) - right - left);
  }
  const [left, right, top, bottom] = sides.map((side) => Math.max(side, 0)) as [number, number, number, number];
  if (image.ndim !== 3 && image.ndim !== 4) {
    throw new RuntimeError('Symmetric padding of N-D tensors are not supported yet');
  }
  const places = (before: number, size: number, after: number): Tensor => {
    const list = [
      ...Array.from({ length: before }, (_, i) => before - 1 - i),
      ...Array.from({ length: size }, (_, i) => i),
      ...Array.from({ length: after }, (_, i) => size - 1 - i),
    ];
    return make_tensor(list, { dtype: int64, device: image.device });
  };
  return image
    .index_select(-2, places(top, image.size(-2), bottom))
    .index_select(-1, places(left, image.size(-1), right));
}

/**
 * @throws TypeError for arguments of the wrong types
 * @throws ValueError for a count of numbers or a mode that there is not
 */
export function check_padding(padding: unknown, padding_mode: unknown): void {
  if (typeof padding !== 'number' && !Array.isArray(padding)) throw new TypeError('Got inappropriate padding arg');
  if (typeof padding_mode !== 'string') throw new TypeError('Got inappropriate padding_mode arg');
  if (Array.isArray(padding) && ![1, 2, 4].includes(padding.length)) {
    throw new ValueError(`Padding must be an int or a 1, 2, or 4 element tuple, not a ${padding.length} element tuple`);
  }
  if (!['constant', 'edge', 'reflect', 'symmetric'].includes(padding_mode)) {
    throw new ValueError('Padding mode should be either constant, edge, reflect or symmetric');
  }
}

export function pad(img: Tensor, padding: number | readonly number[], fill: Fill, padding_mode: PaddingMode): Tensor {
  check_image(img);
  const value = fill ?? 0;
  if (typeof value !== 'number') throw new TypeError('Got inappropriate fill arg');
  check_padding(padding, padding_mode);
  const sides = padding_sides(padding);
  if (padding_mode === 'symmetric') return pad_symmetric(img, sides);
  const few = img.ndim < 4;
  const cast = padding_mode !== 'constant' && img.dtype !== float32 && img.dtype !== float64;
  let result = few ? img.unsqueeze(0) : img;
  if (cast) result = result.to(float32);
  result =
    padding_mode === 'constant'
      ? pad_tensor(result, sides, 'constant', value)
      : pad_tensor(result, sides, padding_mode === 'edge' ? 'replicate' : 'reflect');
  if (few) result = result.squeeze(0);
  return cast ? result.to(img.dtype) : result;
}

/** What was done to an image so that it fits an operator. */
interface Cast {
  readonly image: Tensor;
  readonly few: boolean;
  readonly from: DType | null;
}

function cast_in(img: Tensor, dtypes: readonly DType[]): Cast {
  const few = img.ndim < 4;
  const image = few ? img.unsqueeze(0) : img;
  return dtypes.includes(img.dtype) ? { image, few, from: null } : { image: image.to(dtypes[0]!), few, from: img.dtype };
}

function cast_out(result: Tensor, { few, from }: Cast): Tensor {
  const image = few ? result.squeeze(0) : result;
  if (from === null) return image;
  return ([uint8, int8, int16, int32, int64].includes(from) ? image.round() : image).to(from);
}

export function resize(img: Tensor, size: readonly number[], mode: InterpolationMode, antialias: boolean | null): Tensor {
  check_image(img);
  const smooth = mode === 'bilinear' || mode === 'bicubic';
  const cast = cast_in(img, [float32, float64]);
  let image = interpolate(cast.image, {
    size: [...size],
    mode: mode as 'nearest',
    align_corners: smooth ? false : null,
    antialias: (antialias ?? false) && smooth,
  });
  if (mode === 'bicubic' && img.dtype === uint8) image = image.clamp(0, 255);
  return cast_out(image, cast);
}

export function check_grid(img: Tensor, mode: InterpolationMode, fill: Fill): void {
  const [channels] = get_dimensions(img);
  if (Array.isArray(fill) && fill.length > 1 && fill.length !== channels) {
    throw new ValueError(
      "The number of elements in 'fill' cannot broadcast to match the number of channels of the image " +
        `(${fill.length} != ${channels})`,
    );
  }
  if (mode !== 'nearest' && mode !== 'bilinear') {
    throw new ValueError(`Interpolation mode '${mode}' is unsupported with Tensor input`);
  }
}

/** An image of which `mask` is to be seen, over a colour. */
function over(image: Tensor, mask: Tensor, colour: Tensor): Tensor {
  return image.mul(mask).add(aten.rsub(mask, 1).mul(colour));
}

/**
 * Takes each pixel from where the grid says.
 *
 * @param lay puts what is there over the colour to fill with
 */
export function apply_grid(img: Tensor, grid: Tensor, mode: InterpolationMode, fill: Fill, lay = over): Tensor {
  const cast = cast_in(img, [grid.dtype]);
  let { image } = cast;
  const [count, , height, width] = image.shape as readonly number[] as [number, number, number, number];
  const all = count > 1 ? grid.expand(count, grid.size(1), grid.size(2), grid.size(3)) : grid;
  if (fill !== null) {
    const mask = aten.ones([count, 1, height, width], { dtype: image.dtype, device: image.device });
    image = aten.cat([image, mask], 1);
  }
  image = grid_sample(image, all, mode as 'bilinear', 'zeros', false);
  if (fill !== null) {
    const channels = image.size(1) - 1;
    const inside = image.narrow(1, channels, 1);
    image = image.narrow(1, 0, channels);
    const mask = inside.expand_as(image);
    const values = typeof fill === 'number' ? [fill] : [...fill];
    const colour = make_tensor(values, { dtype: image.dtype, device: image.device })
      .view(1, values.length, 1, 1)
      .expand_as(image);
    image = mode === 'nearest' ? colour.where(mask.lt(0.5), image) : lay(image, mask, colour);
  }
  return cast_out(image, cast);
}

function numbers(values: readonly number[], dtype: DType, like: Tensor): Tensor {
  return make_tensor([...values], { dtype, device: like.device });
}

/** The positions of the pixels of an image of `ow` by `oh`, with a third number that is 1. */
function base_grid(ow: number, oh: number, x0: number, y0: number, theta: Tensor): Tensor {
  const grid = aten.empty([1, oh, ow, 3], { dtype: theta.dtype, device: theta.device });
  grid.select(-1, 0).copy_(aten.linspace(x0, x0 + ow - 1, ow, { device: theta.device }));
  grid.select(-1, 1).copy_(aten.linspace(y0, y0 + oh - 1, oh, { device: theta.device }).unsqueeze(-1));
  grid.select(-1, 2).fill_(1);
  return grid;
}

/** Where an affine map takes the pixels of an image of `ow` by `oh` from, in an image of `w` by `h`. */
export function affine_grid(
  matrix: readonly number[],
  img: Tensor,
  [ow, oh]: readonly [width: number, height: number] = [img.size(-1), img.size(-2)],
): Tensor {
  const [w, h] = [img.size(-1), img.size(-2)];
  const theta = numbers(matrix, working_dtype(img), img).reshape(1, 2, 3);
  const grid = base_grid(ow, oh, -ow * 0.5 + 0.5, -oh * 0.5 + 0.5, theta);
  const scaled = theta.transpose(1, 2).div(numbers([0.5 * w, 0.5 * h], theta.dtype, theta));
  return grid.view(1, oh * ow, 3).bmm(scaled).view(1, oh, ow, 2);
}

export function affine(img: Tensor, matrix: readonly number[], mode: InterpolationMode, fill: Fill): Tensor {
  check_grid(img, mode, fill);
  return apply_grid(img, affine_grid(matrix, img), mode, fill);
}

/**
 * The size that an image of `w` by `h` needs after an affine map.
 *
 * @param steps how many steps of tolerance a length has: versions 1 and 2 round it differently
 */
export function affine_output_size(
  matrix: readonly number[],
  w: number,
  h: number,
  steps = (length: Tensor): Tensor => length.div(1e-4),
): [width: number, height: number] {
  const corners = make_tensor(
    [
      [-0.5 * w, -0.5 * h, 1],
      [-0.5 * w, 0.5 * h, 1],
      [0.5 * w, 0.5 * h, 1],
      [0.5 * w, -0.5 * h, 1],
    ],
    { dtype: float32 },
  );
  const theta = make_tensor([...matrix], { dtype: float32 }).view(2, 3);
  const moved = corners.matmul(theta.t());
  const middle = make_tensor([w * 0.5, h * 0.5], { dtype: float32 });
  const least = moved.min(0).values.add(middle);
  const most = moved.max(0).values.add(middle);
  const upper = steps(most).trunc().mul(1e-4).ceil();
  const lower = steps(least).trunc().mul(1e-4).floor();
  const [ow, oh] = upper.sub(lower).tolist() as [number, number];
  return [Math.trunc(ow), Math.trunc(oh)];
}

export function rotate(
  img: Tensor,
  matrix: readonly number[],
  mode: InterpolationMode,
  expand: boolean,
  fill: Fill,
): Tensor {
  check_grid(img, mode, fill);
  const [, h, w] = get_dimensions(img);
  const size = expand ? affine_output_size(matrix, w, h) : ([w, h] as const);
  return apply_grid(img, affine_grid(matrix, img, size), mode, fill);
}

/** Where a map in perspective takes the pixels from. */
export function perspective_grid(c: readonly number[], img: Tensor): Tensor {
  const [ow, oh] = [img.size(-1), img.size(-2)];
  const dtype = working_dtype(img);
  const theta1 = numbers(c.slice(0, 6), dtype, img).view(1, 2, 3);
  const theta2 = numbers([c[6]!, c[7]!, 1, c[6]!, c[7]!, 1], dtype, img).view(1, 2, 3);
  const grid = base_grid(ow, oh, 0.5, 0.5, theta1).view(1, oh * ow, 3);
  const scaled = theta1.transpose(1, 2).div(numbers([0.5 * ow, 0.5 * oh], dtype, img));
  const positions = grid.bmm(scaled).div(grid.bmm(theta2.transpose(1, 2))).sub(1);
  return positions.view(1, oh, ow, 2);
}

export function perspective(img: Tensor, c: readonly number[], mode: InterpolationMode, fill: Fill): Tensor {
  check_grid(img, mode, fill);
  return apply_grid(img, perspective_grid(c, img), mode, fill);
}

function gaussian_weights(size: number, sigma: number, dtype: DType, like: Tensor): Tensor {
  const half = (size - 1) * 0.5;
  const x = aten.linspace(-half, half, size, { dtype, device: like.device });
  const pdf = x.div(sigma).pow(2).mul(-0.5).exp();
  return pdf.div(pdf.sum());
}

export function gaussian_blur(img: Tensor, kernel_size: readonly number[], sigma: readonly number[]): Tensor {
  check_image(img);
  const dtype = working_dtype(img);
  const across = gaussian_weights(kernel_size[0]!, sigma[0]!, dtype, img);
  const down = gaussian_weights(kernel_size[1]!, sigma[1]!, dtype, img);
  const square = down.unsqueeze(1).mm(across.unsqueeze(0));
  const channels = img.size(-3);
  const kernel = square.expand(channels, 1, square.size(0), square.size(1));
  const cast = cast_in(img, [dtype]);
  const [x, y] = [Math.floor(kernel_size[0]! / 2), Math.floor(kernel_size[1]! / 2)];
  const padded = pad_tensor(cast.image, [x, x, y, y], 'reflect');
  return cast_out(aten.conv2d(padded, kernel, { groups: channels }), cast);
}

export function invert(img: Tensor): Tensor {
  check_image(img);
  check_three_dimensions(img);
  check_channels(img, [1, 3]);
  return aten.rsub(img, img.dtype === int64 ? 9223372036854775807n : max_value(img.dtype));
}

function check_bytes(img: Tensor): void {
  if (img.dtype !== uint8) throw new TypeError(`Only torch.uint8 image tensors are supported, but found ${img.dtype}`);
}

export function posterize(img: Tensor, bits: number): Tensor {
  check_image(img);
  check_three_dimensions(img);
  check_bytes(img);
  check_channels(img, [1, 3]);
  return img.bitwise_and(256 - 2 ** (8 - bits));
}

export function solarize(img: Tensor, threshold: number): Tensor {
  check_image(img);
  check_three_dimensions(img);
  check_channels(img, [1, 3]);
  if (threshold > max_value(img.dtype)) throw new TypeError('Threshold should be less than bound of img.');
  return invert(img).where(img.ge(threshold), img);
}

/** The image softened: what sharpness is the distance from. The outermost pixels stay. */
function softened(img: Tensor): Tensor {
  const dtype = working_dtype(img);
  const channels = img.size(-3);
  const kernel = numbers([1, 1, 1, 1, 5, 1, 1, 1, 1], dtype, img).view(3, 3);
  kernel.div_(kernel.sum());
  const cast = cast_in(img, [dtype]);
  const inner = cast_out(aten.conv2d(cast.image, kernel.expand(channels, 1, 3, 3), { groups: channels }), cast);
  const result = img.clone();
  result.narrow(-2, 1, img.size(-2) - 2).narrow(-1, 1, img.size(-1) - 2).copy_(inner);
  return result;
}

export function adjust_sharpness(img: Tensor, sharpness_factor: number): Tensor {
  check_factor('sharpness_factor', sharpness_factor);
  check_channels(img, [1, 3]);
  if (img.size(-1) <= 2 || img.size(-2) <= 2) return img;
  return blend(img, softened(img), sharpness_factor);
}

export function autocontrast(img: Tensor): Tensor {
  check_image(img);
  check_three_dimensions(img);
  check_channels(img, [1, 3]);
  const bound = max_value(img.dtype);
  const dtype = working_dtype(img);
  const least = img.amin([-2, -1], true).to(dtype);
  const most = img.amax([-2, -1], true).to(dtype);
  const scale = most.sub(least).reciprocal().mul(bound);
  const flat = scale.isfinite().logical_not();
  least.masked_fill_(flat, 0);
  scale.masked_fill_(flat, 1);
  return img.sub(least).mul(scale).clamp(0, bound).to(img.dtype);
}

/** Makes all values of bytes equally common. */
export function equalize_channel(channel: Tensor): Tensor {
  const counts = channel.reshape(-1).bincount({ minlength: 256 });
  const present = counts.masked_select(counts.ne(0));
  const step = Math.floor(Number(present.narrow(0, 0, present.size(0) - 1).sum().item()) / 255);
  if (step === 0) return channel;
  const sums = counts.cumsum(0).add(Math.floor(step / 2)).div(step, { rounding_mode: 'floor' });
  const table = pad_tensor(sums, [1, 0]).narrow(0, 0, 256).clamp(0, 255);
  return table.index([channel.to(int64)]).to(uint8);
}

export function equalize(img: Tensor): Tensor {
  check_image(img);
  if (img.ndim !== 3 && img.ndim !== 4) {
    throw new TypeError(`Input image tensor should have 3 or 4 dimensions, but found ${img.ndim}`);
  }
  check_bytes(img);
  check_channels(img, [1, 3]);
  const one = (image: Tensor): Tensor => aten.stack([...image.unbind(0)].map(equalize_channel), 0);
  return img.ndim === 3 ? one(img) : aten.stack([...img.unbind(0)].map(one), 0);
}

export function erase(img: Tensor, i: number, j: number, h: number, w: number, v: Tensor, inplace: boolean): Tensor {
  check_image(img);
  const result = inplace ? img : img.clone();
  const place = (at: number, size: number): number => Math.min(Math.max(at, 0), size);
  const top = place(i, img.size(-2));
  const left = place(j, img.size(-1));
  result
    .narrow(-2, top, place(i + h, img.size(-2)) - top)
    .narrow(-1, left, place(j + w, img.size(-1)) - left)
    .copy_(v);
  return result;
}

/** Where each pixel of an image is, moved by a displacement. */
export function displaced_grid(displacement: Tensor, img: Tensor, dtype: DType): Tensor {
  const axes = [img.size(-2), img.size(-1)].map((s) => aten.linspace((-s + 1) / s, (s - 1) / s, s, { dtype }));
  const [y, x] = meshgrid(axes, { indexing: 'ij' }) as unknown as [Tensor, Tensor];
  const identity = aten.stack([x, y], -1).unsqueeze(0);
  return identity.to(img.device).add(displacement.to(img.device));
}

export function elastic_transform(img: Tensor, displacement: Tensor, mode: InterpolationMode, fill: Fill): Tensor {
  return apply_grid(img, displaced_grid(displacement, img, get_default_dtype()), mode, fill);
}
