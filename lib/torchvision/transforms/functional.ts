/**
 * Transforms as functions.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html#functional-transforms
 */
import { type Arguments, signature } from '../../arguments.ts';
import { as_tensor, from_numpy } from '../../creation.ts';
import { type dtype as DType, float32, float64, get_default_dtype, type TypedArray, uint8 } from '../../dtype.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { native } from '../../native.ts';
import { aten } from '../../ops.ts';
import { Size } from '../../size.ts';
import { Tensor } from '../../tensor.ts';
import { lstsq } from '../../linalg/index.ts';
import { list_repr, repr, type_name } from '../../repr.ts';
import { warn } from '../../warnings.ts';
import { Image, type ImageData, type ImageMode } from '../image.ts';
import { CHANNELS } from '../imaging/modes.ts';
import * as pil from './functional_image.ts';
import * as F_t from './functional_tensor.ts';
import type { Fill, PaddingMode } from './functional_tensor.ts';
import { type InterpolationLike, type InterpolationMode, interpolation_of } from './interpolation.ts';

export { InterpolationMode } from './interpolation.ts';
export type { InterpolationLike } from './interpolation.ts';
export type { Fill, PaddingMode } from './functional_tensor.ts';

/** A typed array that knows its shape, as `tensor.numpy()` gives it: what an `ndarray` is in Python. */
export type ShapedArray = TypedArray & { readonly shape: readonly number[] };

/** What `to_tensor` takes. */
export type Picture = Image | ShapedArray;

/** `byte / 255` as a 32-bit float, for every byte: what LibTorch's division gives. */
const unit = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

/** How many bytes LibTorch turns into floats sooner than a loop here. */
const LIBTORCH_FROM = 8192;

/** Where floats are put together before LibTorch copies them: images of a data set mostly have one size. */
let scratch = new Float32Array(0);

/** Pixels row by row, `height` x `width` x `channels`, and whether they are bytes. */
function pixels_of(pic: Picture): { data: TypedArray; height: number; width: number; channels: number } {
  if (pic instanceof Image) return { data: pic.data, height: pic.height, width: pic.width, channels: pic.channels };
  const shape = ArrayBuffer.isView(pic) ? pic.shape : undefined;
  if (shape === undefined) throw new TypeError(`pic should be PIL Image or ndarray. Got ${type_name(pic)}`);
  if (shape.length !== 2 && shape.length !== 3) {
    throw new ValueError(`pic should be 2/3 dimensional. Got ${shape.length} dimensions.`);
  }
  return { data: pic, height: shape[0]!, width: shape[1]!, channels: shape[2] ?? 1 };
}

/**
 * An image as a tensor of shape (C, H, W). Bytes become floats from 0 to 1, other numbers stay what they are.
 *
 * @param pic an image, or a typed array of shape (H, W) or (H, W, C)
 * @throws TypeError for anything else
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.to_tensor.html
 */
export function to_tensor(pic: Picture): Tensor {
  const { data, height, width, channels } = pixels_of(pic);
  const bytes = data instanceof Uint8Array;
  // LibTorch is faster from some size on; below it, its calls take longer than the loop.
  if (bytes && data.length < LIBTORCH_FROM && get_default_dtype() === float32) {
    const size = height * width;
    if (scratch.length !== size * channels) scratch = new Float32Array(size * channels);
    const values = scratch;
    if (channels === 1) {
      for (let i = 0; i < size; i++) values[i] = unit[data[i]!]!;
    } else {
      for (let i = 0, from = 0; i < size; i++) {
        for (let c = 0; c < channels; c++) values[c * size + i] = unit[data[from++]!]!;
      }
    }
    return new Tensor(native.from_buffer(values, float32._h, [channels, height, width], false));
  }
  if (!bytes) return from_numpy(data.slice()).view(height, width, channels).permute(2, 0, 1).contiguous();
  // One pass over the pixels, and nothing left behind but the result.
  const pixels = from_numpy(data).view(height, width, channels).permute(2, 0, 1);
  const image = aten.empty([channels, height, width], { dtype: get_default_dtype() }).copy_(pixels).div_(255);
  pixels.dispose();
  return image;
}

/**
 * An image as a tensor of shape (C, H, W) of the same numbers: bytes stay bytes.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.pil_to_tensor.html
 */
export function pil_to_tensor(pic: Image): Tensor {
  if (!(pic instanceof Image)) throw new TypeError(`pic should be PIL Image. Got ${type_name(pic)}`);
  return from_numpy(pic.data.slice()).view(pic.height, pic.width, pic.channels).permute(2, 0, 1);
}

const modes: readonly ImageMode[] = ['L', 'LA', 'RGB', 'RGBA'];

/** The modes that bytes of as many channels may be said to be. */
const permitted: readonly (readonly ImageMode[])[] = [[], ['L'], ['LA'], ['RGB', 'YCbCr', 'HSV'], ['RGBA', 'CMYK', 'RGBX']];

/**
 * A tensor of shape (C, H, W) or (H, W) as an image. Floats are taken to go from 0 to 1, except for `mode` `F`.
 *
 * @param pic a tensor of 1 to 4 channels
 * @param mode what the pixels are, where the number of channels does not say it
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.to_pil_image.html
 */
export function to_pil_image(pic: Tensor, mode: ImageMode | null = null): Image {
  if (!(pic instanceof Tensor)) throw new TypeError(`pic should be Tensor or ndarray. Got ${type_name(pic)}.`);
  if (pic.ndim !== 2 && pic.ndim !== 3) {
    throw new ValueError(`pic should be 2/3 dimensional. Got ${pic.ndim} dimensions.`);
  }
  let image = pic.detach().cpu();
  image = image.ndim === 3 ? image.permute(1, 2, 0) : image.unsqueeze(2);
  const [height, width, channels] = image.shape as readonly number[] as [number, number, number];
  if (channels > 4) throw new ValueError(`pic should not have > 4 channels. Got ${channels} channels.`);

  if (image.dtype.is_floating_point && mode !== 'F') image = image.mul(255).to(uint8);
  const natural =
    channels > 1 || image.dtype === uint8 ? modes[channels - 1]! : image.dtype.is_floating_point ? 'F' : 'I';
  if (mode !== null && channels > 1 && !permitted[channels]!.includes(mode)) {
    throw new ValueError(`Only modes ${list_repr(permitted[channels]!)} are supported for ${channels}D inputs`);
  }
  if (mode !== null && channels === 1 && mode !== natural) {
    throw new ValueError(
      `Incorrect mode (${mode}) supplied for ${channels} channels of ${image.dtype}. Should be ${natural}`,
    );
  }
  const values = image.contiguous().numpy();
  const fits = natural === 'F' ? Float32Array : natural === 'I' ? Int32Array : Uint8Array;
  if (!(values instanceof fits)) throw new TypeError(`Input type ${image.dtype} is not supported`);
  const kind = mode !== null && CHANNELS[mode] === channels ? mode : natural;
  return new Image(kind, width, height, new fits(values) as ImageData);
}

/** The arguments of `normalize`. */
export interface NormalizeArguments {
  /** Floating-point images of shape (..., C, H, W). */
  tensor: Tensor;
  /** A mean for each channel. */
  mean: readonly number[] | Tensor;
  /** A standard deviation for each channel. */
  std: readonly number[] | Tensor;
  /** Change `tensor` itself? */
  inplace?: boolean;
}
const parse_normalize = signature<NormalizeArguments>('normalize', ['tensor', 'mean', 'std', ['inplace', false]]);

/**
 * `(tensor - mean) / std` for each channel.
 *
 * @throws TypeError for a tensor that is not floating-point
 * @throws ValueError for a standard deviation of zero
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.normalize.html
 */
export function normalize(
  ...args: Arguments<NormalizeArguments, readonly ['tensor', 'mean', 'std', 'inplace']>
): Tensor {
  const { tensor, mean, std, inplace } = parse_normalize(args);
  if (!(tensor instanceof Tensor)) throw new TypeError(`img should be Tensor Image. Got ${type_name(tensor)}`);
  const { dtype, device } = tensor;
  if (!dtype.is_floating_point) throw new TypeError(`Input tensor should be a float tensor. Got ${dtype}.`);
  if (tensor.ndim < 3) {
    throw new ValueError(
      `Expected tensor to be a tensor image of size (..., C, H, W). Got tensor.size() = ${new Size(tensor.shape)}`,
    );
  }
  const per_channel = (values: readonly number[] | Tensor): Tensor => {
    const result = as_tensor(values, { dtype, device });
    return result.ndim === 1 ? result.view(-1, 1, 1) : result;
  };
  const deviation = per_channel(std);
  if (deviation.eq(0).any().item()) {
    throw new ValueError(`std evaluated to zero after conversion to ${dtype}, leading to division by zero.`);
  }
  return (inplace ? tensor : tensor.clone()).sub_(per_channel(mean)).div_(deviation);
}

/** What the transforms take, and give back in kind. */
export type Img = Tensor | Image;

function is_tensor(img: unknown): img is Tensor {
  return img instanceof Tensor;
}

/** Does one thing for tensors and another for images, and fails for everything else. */
function dispatch<T extends Img>(img: T, tensor: (img: Tensor) => Tensor, image: (img: Image) => Image): T {
  if (is_tensor(img)) return tensor(img) as T;
  pil.check_image(img);
  return image(img) as T;
}

/**
 * Channels, height and width of an image.
 *
 * @throws TypeError for anything else
 */
export function get_dimensions(img: Img): [channels: number, height: number, width: number] {
  return is_tensor(img) ? F_t.get_dimensions(img) : pil.get_dimensions(img);
}

/** Width and height of an image. */
export function get_image_size(img: Img): [width: number, height: number] {
  const [, height, width] = get_dimensions(img);
  return [width, height];
}

/** The number of channels of an image. */
export function get_image_num_channels(img: Img): number {
  return get_dimensions(img)[0];
}

/**
 * An image that is a tensor with another dtype, its values on the new dtype's range: bytes become floats from 0 to 1.
 *
 * @throws RuntimeError for a float that has too few digits for the whole numbers asked for
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.convert_image_dtype.html
 */
export function convert_image_dtype(image: Tensor, dtype: DType = float32): Tensor {
  if (!is_tensor(image)) throw new TypeError('Input img should be Tensor Image');
  return F_t.convert_image_dtype(image, dtype);
}

/** A size: height and width, or one number for the shorter edge. */
export type SizeLike = number | readonly number[];

/**
 * Height and width after resizing: where the size is one number it is the shorter edge's.
 *
 * @throws ValueError for a largest size that is not larger than the size
 */
export function _compute_resized_output_size(
  [h, w]: readonly [number, number],
  size: readonly number[] | null,
  max_size: number | null = null,
): [height: number, width: number] {
  const [short, long] = w <= h ? [w, h] : [h, w];
  const place = (s: number, l: number): [number, number] => (w <= h ? [l, s] : [s, l]);
  if (size === null) {
    if (max_size === null) throw new ValueError('max_size must be an integer when size is None, but got None instead.');
    return place(Math.trunc((max_size * short) / long), max_size);
  }
  if (size.length !== 1) return [size[0]!, size[1]!];
  let new_short = size[0]!;
  let new_long = Math.trunc((new_short * long) / short);
  if (max_size !== null) {
    if (max_size <= new_short) {
      throw new ValueError(
        `max_size = ${max_size} must be strictly greater than the requested size for the smaller edge size = ${list_repr(size)}`,
      );
    }
    if (new_long > max_size) [new_short, new_long] = [Math.trunc((max_size * new_short) / new_long), max_size];
  }
  return place(new_short, new_long);
}

interface ResizeArguments {
  img: Img;
  /** Height and width, or the shorter edge. */
  size: SizeLike;
  /** How to interpolate, bilinear by default. */
  interpolation?: InterpolationLike;
  /** The largest that the longer edge may be. */
  max_size?: number | null;
  /** Smooth before making smaller? Images in memory always are. */
  antialias?: boolean | null;
}
const parse_resize = signature<ResizeArguments>('resize', [
  'img',
  'size',
  ['interpolation', 'bilinear'],
  ['max_size', null],
  ['antialias', true],
]);

/**
 * An image in another size.
 *
 * @throws TypeError, ValueError for a size or an interpolation that makes no sense
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.resize.html
 */
export function resize<T extends Img>(
  img: T,
  ...rest: Arguments<Omit<ResizeArguments, 'img'>, readonly ['size', 'interpolation', 'max_size', 'antialias']>
): T {
  const { size, interpolation, max_size, antialias } = parse_resize([img, ...rest]);
  const mode = interpolation_of(interpolation);
  const sizes = typeof size === 'number' ? [size] : size;
  if (!Array.isArray(sizes)) throw new TypeError(`Size should be int or sequence. Got ${type_name(size)}`);
  if (sizes.length !== 1 && sizes.length !== 2) {
    throw new ValueError(
      `Size must be an int or a 1 or 2 element tuple/list, not a ${sizes.length} element tuple/list`,
    );
  }
  if (max_size !== null && sizes.length !== 1) {
    throw new ValueError(
      'max_size should only be passed if size specifies the length of the smaller edge, i.e. size should be an int or ' +
        'a sequence of length 1 in torchscript mode.',
    );
  }
  const [, height, width] = get_dimensions(img);
  const output = _compute_resized_output_size([height, width], sizes as readonly number[], max_size);
  if (output[0] === height && output[1] === width) return img;
  if (!is_tensor(img) && antialias === false) {
    warn('Anti-alias option is always applied for PIL Image input. Argument antialias is ignored.');
  }
  return dispatch(
    img,
    (x) => F_t.resize(x, output, mode, antialias),
    (x) => pil.resize(x, output, mode),
  );
}

interface PadArguments {
  img: Img;
  /** For all sides, for left and right and for top and bottom, or for left, top, right and bottom. */
  padding: number | readonly number[];
  fill?: Fill;
  padding_mode?: PaddingMode;
}
const parse_pad = signature<PadArguments>('pad', ['img', 'padding', ['fill', 0], ['padding_mode', 'constant']]);

/**
 * An image with something around it.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.pad.html
 */
export function pad<T extends Img>(
  img: T,
  ...rest: Arguments<Omit<PadArguments, 'img'>, readonly ['padding', 'fill', 'padding_mode']>
): T {
  const { padding, fill, padding_mode } = parse_pad([img, ...rest]);
  return dispatch(
    img,
    (x) => F_t.pad(x, padding, fill, padding_mode),
    (x) => pil.pad(x, padding, fill, padding_mode),
  );
}

/**
 * A part of an image; zeros where it is outside.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.crop.html
 */
export function crop<T extends Img>(img: T, top: number, left: number, height: number, width: number): T {
  return dispatch(
    img,
    (x) => F_t.crop(x, top, left, height, width),
    (x) => x.crop([left, top, left + width, top + height]),
  );
}

/** Python's `round` to a whole number: halves to the even one. */
export function round_even(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest < 0.5 || (rest === 0.5 && low % 2 === 0) ? low : low + 1;
}

/** Height and width from one or two numbers. */
function pair_of(size: SizeLike): readonly number[] {
  if (typeof size === 'number') return [Math.trunc(size), Math.trunc(size)];
  return size.length === 1 ? [size[0]!, size[0]!] : size;
}

/**
 * The middle of an image; zeros where it is not large enough.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.center_crop.html
 */
export function center_crop<T extends Img>(img: T, output_size: SizeLike): T {
  const [height, width] = pair_of(output_size) as readonly [number, number];
  let [, h, w] = get_dimensions(img);
  let image = img;
  if (width > w || height > h) {
    const half = (wanted: number, size: number, more: number): number =>
      wanted > size ? Math.floor((wanted - size + more) / 2) : 0;
    image = pad(img, [half(width, w, 0), half(height, h, 0), half(width, w, 1), half(height, h, 1)], 0);
    [, h, w] = get_dimensions(image);
    if (width === w && height === h) return image;
  }
  return crop(image, round_even((h - height) / 2), round_even((w - width) / 2), height, width);
}

/**
 * A part of an image, resized.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.resized_crop.html
 */
export function resized_crop<T extends Img>(
  img: T,
  top: number,
  left: number,
  height: number,
  width: number,
  size: SizeLike,
  interpolation: InterpolationLike = 'bilinear',
  antialias: boolean | null = true,
): T {
  return resize(crop(img, top, left, height, width), size, interpolation, null, antialias);
}

/** The image's mirror image. */
export function hflip<T extends Img>(img: T): T {
  return dispatch(img, F_t.hflip, (x) => x.transpose(Image.FLIP_LEFT_RIGHT));
}

/** The image upside down. */
export function vflip<T extends Img>(img: T): T {
  return dispatch(img, F_t.vflip, (x) => x.transpose(Image.FLIP_TOP_BOTTOM));
}

/**
 * The four corners and the middle of an image.
 *
 * @throws ValueError if the image is smaller
 */
export function five_crop<T extends Img>(img: T, size: SizeLike): [T, T, T, T, T] {
  const pair = pair_of(size);
  if (pair.length !== 2) throw new ValueError('Please provide only two dimensions (h, w) for size.');
  const [h, w] = pair as readonly [number, number];
  const [, height, width] = get_dimensions(img);
  if (w > width || h > height) {
    throw new ValueError(`Requested crop size ${repr([h, w])} is bigger than input size ${repr([height, width])}`);
  }
  return [
    crop(img, 0, 0, h, w),
    crop(img, 0, width - w, h, w),
    crop(img, height - h, 0, h, w),
    crop(img, height - h, width - w, h, w),
    center_crop(img, [h, w]),
  ];
}

/** The crops of `five_crop`, and those of the image flipped. */
export function ten_crop<T extends Img>(img: T, size: SizeLike, vertical_flip = false): T[] {
  return [...five_crop(img, size), ...five_crop(vertical_flip ? vflip(img) : hflip(img), size)];
}

/** The eight numbers of the map that takes `endpoints` to `startpoints`. */
export function _get_perspective_coeffs(startpoints: readonly Point[], endpoints: readonly Point[]): number[] {
  if (startpoints.length !== 4 || endpoints.length !== 4) {
    throw new ValueError(
      `Please provide exactly four corners, got ${startpoints.length} startpoints and ${endpoints.length} endpoints.`,
    );
  }
  const rows = endpoints.flatMap(([x, y], i) => {
    const [u, v] = startpoints[i]!;
    return [
      [x, y, 1, 0, 0, 0, -u * x, -u * y],
      [0, 0, 0, x, y, 1, -v * x, -v * y],
    ];
  });
  const a = as_tensor(rows, { dtype: float64 });
  const b = as_tensor(startpoints.map((point) => [...point]), { dtype: float64 }).view(8);
  return lstsq(a, b, { driver: 'gels' }).solution.to(float32).tolist() as number[];
}

/** Where a corner is: `x` and `y`. */
export type Point = readonly [x: number, y: number];

/**
 * An image in perspective: what is at `startpoints` goes to `endpoints`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.perspective.html
 */
export function perspective<T extends Img>(
  img: T,
  startpoints: readonly Point[],
  endpoints: readonly Point[],
  interpolation: InterpolationLike = 'bilinear',
  fill: Fill = null,
): T {
  const coefficients = _get_perspective_coeffs(startpoints, endpoints);
  const mode = interpolation_of(interpolation);
  return dispatch(
    img,
    (x) => F_t.perspective(x, coefficients, mode, fill),
    (x) => pil.perspective(x, coefficients, mode, fill),
  );
}

/** Makes an image brighter (above 1) or darker (below). */
export function adjust_brightness<T extends Img>(img: T, brightness_factor: number): T {
  return dispatch(
    img,
    (x) => F_t.adjust_brightness(x, brightness_factor),
    (x) => pil.adjust_brightness(x, brightness_factor),
  );
}

/** Raises or lowers an image's contrast. */
export function adjust_contrast<T extends Img>(img: T, contrast_factor: number): T {
  return dispatch(
    img,
    (x) => F_t.adjust_contrast(x, contrast_factor),
    (x) => pil.adjust_contrast(x, contrast_factor),
  );
}

/** Makes an image more colourful (above 1) or greyer (below). */
export function adjust_saturation<T extends Img>(img: T, saturation_factor: number): T {
  return dispatch(
    img,
    (x) => F_t.adjust_saturation(x, saturation_factor),
    (x) => pil.adjust_saturation(x, saturation_factor),
  );
}

/** Turns an image's colours around their circle: half of it at 0.5 and -0.5. */
export function adjust_hue<T extends Img>(img: T, hue_factor: number): T {
  return dispatch(
    img,
    (x) => F_t.adjust_hue(x, hue_factor),
    (x) => pil.adjust_hue(x, hue_factor),
  );
}

/** Each value `v`, from 0 to 1, becomes `gain * v ** gamma`. */
export function adjust_gamma<T extends Img>(img: T, gamma: number, gain = 1): T {
  return dispatch(
    img,
    (x) => F_t.adjust_gamma(x, gamma, gain),
    (x) => pil.adjust_gamma(x, gamma, gain),
  );
}

/** Makes an image sharper (above 1) or softer (below). */
export function adjust_sharpness<T extends Img>(img: T, sharpness_factor: number): T {
  return dispatch(
    img,
    (x) => F_t.adjust_sharpness(x, sharpness_factor),
    (x) => pil.adjust_sharpness(x, sharpness_factor),
  );
}

/** The map that turns, moves, scales and shears, or the one back. */
export function _get_inverse_affine_matrix(
  center: readonly number[],
  angle: number,
  translate: readonly number[],
  scale: number,
  shear: readonly number[],
): number[] {
  const radians = (degrees: number): number => degrees * (Math.PI / 180);
  const rotation = radians(angle);
  const sx = radians(shear[0]!);
  const sy = radians(shear[1]!);
  const a = Math.cos(rotation - sy) / Math.cos(sy);
  const b = (-Math.cos(rotation - sy) * Math.tan(sx)) / Math.cos(sy) - Math.sin(rotation);
  const c = Math.sin(rotation - sy) / Math.cos(sy);
  const d = (-Math.sin(rotation - sy) * Math.tan(sx)) / Math.cos(sy) + Math.cos(rotation);
  const [cx, cy] = center as readonly [number, number];
  const [tx, ty] = translate as readonly [number, number];
  const [m0, m1, m3, m4] = [d / scale, -b / scale, -c / scale, a / scale];
  return [m0, m1, m0 * (-cx - tx) + m1 * (-cy - ty) + cx, m3, m4, m3 * (-cx - tx) + m4 * (-cy - ty) + cy];
}

/** How far a point is from the middle of an image, or no distance for the middle itself. */
function from_middle(img: Img, center: readonly number[] | null): number[] {
  if (center === null) return [0, 0];
  const [, height, width] = get_dimensions(img);
  return [center[0]! - width * 0.5, center[1]! - height * 0.5];
}

function check_center(center: unknown): void {
  if (center !== null && !Array.isArray(center)) throw new TypeError('Argument center should be a sequence');
}

interface RotateArguments {
  img: Img;
  /** Degrees, counter clockwise. */
  angle: number;
  interpolation?: InterpolationLike;
  /** Make the result large enough for all of it? */
  expand?: boolean;
  /** What it turns around, its middle by default. */
  center?: readonly number[] | null;
  fill?: Fill;
}
const parse_rotate = signature<RotateArguments>('rotate', [
  'img',
  'angle',
  ['interpolation', 'nearest'],
  ['expand', false],
  ['center', null],
  ['fill', null],
]);

/**
 * Turns an image.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.rotate.html
 */
export function rotate<T extends Img>(
  img: T,
  ...rest: Arguments<Omit<RotateArguments, 'img'>, readonly ['angle', 'interpolation', 'expand', 'center', 'fill']>
): T {
  const { angle, interpolation, expand, center, fill } = parse_rotate([img, ...rest]);
  const mode = interpolation_of(interpolation);
  if (typeof angle !== 'number') throw new TypeError('Argument angle should be int or float');
  check_center(center);
  return dispatch(
    img,
    (x) => {
      const matrix = _get_inverse_affine_matrix(from_middle(x, center), -angle, [0, 0], 1, [0, 0]);
      return F_t.rotate(x, matrix, mode, expand, fill);
    },
    (x) => pil.rotate(x, angle, mode, expand, center, fill),
  );
}

interface AffineArguments {
  img: Img;
  /** Degrees, clockwise. */
  angle: number;
  /** Pixels to the right and down. */
  translate: readonly number[];
  scale: number;
  /** Degrees along x, and along y. */
  shear: number | readonly number[];
  interpolation?: InterpolationLike;
  fill?: Fill;
  center?: readonly number[] | null;
}
const parse_affine = signature<AffineArguments>('affine', [
  'img',
  'angle',
  'translate',
  'scale',
  'shear',
  ['interpolation', 'nearest'],
  ['fill', null],
  ['center', null],
]);

/**
 * Turns, moves, scales and shears an image.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.affine.html
 */
export function affine<T extends Img>(
  img: T,
  ...rest: Arguments<
    Omit<AffineArguments, 'img'>,
    readonly ['angle', 'translate', 'scale', 'shear', 'interpolation', 'fill', 'center']
  >
): T {
  const { angle, translate, scale, shear, interpolation, fill, center } = parse_affine([img, ...rest]);
  const mode = interpolation_of(interpolation);
  if (typeof angle !== 'number') throw new TypeError('Argument angle should be int or float');
  if (!Array.isArray(translate)) throw new TypeError('Argument translate should be a sequence');
  if (translate.length !== 2) throw new ValueError('Argument translate should be a sequence of length 2');
  if (!(scale > 0)) throw new ValueError('Argument scale should be positive');
  if (typeof shear !== 'number' && !Array.isArray(shear)) {
    throw new TypeError('Shear should be either a single value or a sequence of two values');
  }
  const shears = typeof shear === 'number' ? [shear, 0] : shear.length === 1 ? [shear[0], shear[0]] : shear;
  if (shears.length !== 2) {
    throw new ValueError(`Shear should be a sequence containing two values. Got ${list_repr(shears as number[])}`);
  }
  check_center(center);
  const [, height, width] = get_dimensions(img);
  const matrix = (around: readonly number[]): number[] =>
    _get_inverse_affine_matrix(around, angle, translate, scale, shears as number[]);
  return dispatch(
    img,
    (x) => F_t.affine(x, matrix(from_middle(x, center)), mode, fill),
    (x) => pil.affine(x, matrix(center ?? [width * 0.5, height * 0.5]), mode, fill),
  );
}

/** An image in memory as grey, with one channel or with three that are the same. */
export function to_grayscale(img: Image, num_output_channels = 1): Image {
  if (!(img instanceof Image)) throw new TypeError('Input should be PIL Image');
  return pil.to_grayscale(img, num_output_channels);
}

/** An image as grey, with one channel or with three that are the same. */
export function rgb_to_grayscale<T extends Img>(img: T, num_output_channels = 1): T {
  return dispatch(
    img,
    (x) => F_t.rgb_to_grayscale(x, num_output_channels),
    (x) => pil.to_grayscale(x, num_output_channels),
  );
}

/** Replaces the part of a tensor that begins in row `i` and column `j`, `h` by `w`, with `v`. */
export function erase(img: Tensor, i: number, j: number, h: number, w: number, v: Tensor, inplace = false): Tensor {
  if (!is_tensor(img)) throw new TypeError(`img should be Tensor Image. Got ${type_name(img)}`);
  return F_t.erase(img, i, j, h, w, v, inplace);
}

/** Does to an image in memory what is only there for tensors. */
function by_tensor<T extends Img>(img: T, change: (x: Tensor) => Tensor): T {
  if (is_tensor(img)) return change(img) as T;
  if (!(img instanceof Image)) throw new TypeError(`img should be PIL Image or Tensor. Got ${type_name(img)}`);
  return to_pil_image(change(pil_to_tensor(img)), img.mode) as T;
}

/**
 * Blurs an image with a Gaussian.
 *
 * @param kernel_size odd numbers of pixels, across and down
 * @param sigma standard deviations, `0.15 * kernel_size + 0.35` by default
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.gaussian_blur.html
 */
export function gaussian_blur<T extends Img>(
  img: T,
  kernel_size: number | readonly number[],
  sigma: number | readonly number[] | null = null,
): T {
  if (typeof kernel_size !== 'number' && !Array.isArray(kernel_size)) {
    throw new TypeError(`kernel_size should be int or a sequence of integers. Got ${type_name(kernel_size)}`);
  }
  const sizes: readonly number[] = typeof kernel_size === 'number' ? [kernel_size, kernel_size] : kernel_size;
  if (sizes.length !== 2) {
    throw new ValueError(`If kernel_size is a sequence its length should be 2. Got ${sizes.length}`);
  }
  if (sizes.some((size) => size % 2 !== 1 || size < 0)) {
    throw new ValueError(`kernel_size should have odd and positive integers. Got ${list_repr(sizes)}`);
  }
  let sigmas: readonly number[] =
    sigma === null ? sizes.map((size) => size * 0.15 + 0.35) : typeof sigma === 'number' ? [sigma, sigma] : sigma;
  if (!Array.isArray(sigmas)) {
    throw new TypeError(`sigma should be either float or sequence of floats. Got ${type_name(sigma)}`);
  }
  if (sigmas.length === 1) sigmas = [sigmas[0]!, sigmas[0]!];
  if (sigmas.length !== 2) throw new ValueError(`If sigma is a sequence, its length should be 2. Got ${sigmas.length}`);
  if (sigmas.some((one) => !(one > 0))) {
    throw new ValueError(`sigma should have positive values. Got ${list_repr(sigmas)}`);
  }
  return by_tensor(img, (x) => F_t.gaussian_blur(x, sizes, sigmas));
}

/** An image in the opposite colours. */
export function invert<T extends Img>(img: T): T {
  return dispatch(img, F_t.invert, pil.invert);
}

/** An image with only the highest `bits` bits of each value. */
export function posterize<T extends Img>(img: T, bits: number): T {
  if (!(bits >= 0 && bits <= 8)) throw new ValueError(`The number if bits should be between 0 and 8. Got ${bits}`);
  return dispatch(
    img,
    (x) => F_t.posterize(x, bits),
    (x) => pil.posterize(x, bits),
  );
}

/** An image whose values from `threshold` on are inverted. */
export function solarize<T extends Img>(img: T, threshold: number): T {
  return dispatch(
    img,
    (x) => F_t.solarize(x, threshold),
    (x) => pil.solarize(x, threshold),
  );
}

/** An image whose channels use their whole range. */
export function autocontrast<T extends Img>(img: T): T {
  return dispatch(img, F_t.autocontrast, pil.autocontrast);
}

/** An image in which all values are equally common. */
export function equalize<T extends Img>(img: T): T {
  return dispatch(img, F_t.equalize, pil.equalize);
}

/**
 * An image whose pixels are moved by `displacement`, of shape (1, H, W, 2), in halves of its size.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.functional.elastic_transform.html
 */
export function elastic_transform<T extends Img>(
  img: T,
  displacement: Tensor,
  interpolation: InterpolationLike = 'bilinear',
  fill: Fill = null,
): T {
  const mode: InterpolationMode = interpolation_of(interpolation);
  if (!is_tensor(displacement)) throw new TypeError('Argument displacement should be a Tensor');
  return by_tensor(img, (x) => {
    const shape = [1, x.size(-2), x.size(-1), 2];
    if (shape.some((size, i) => displacement.shape[i] !== size) || displacement.ndim !== 4) {
      throw new ValueError(
        `Argument displacement shape should be ${repr(shape)}, but given ${String(displacement.shape)}`,
      );
    }
    return F_t.elastic_transform(x, displacement, mode, fill);
  });
}
