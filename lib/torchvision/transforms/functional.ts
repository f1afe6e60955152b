/**
 * Transforms as functions.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html#functional-transforms
 */
import { type Arguments, signature } from '../../arguments.ts';
import { as_tensor, from_numpy } from '../../creation.ts';
import { float32, get_default_dtype, type TypedArray, uint8 } from '../../dtype.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { native } from '../../native.ts';
import { type_name } from '../../repr.ts';
import { Size } from '../../size.ts';
import { Tensor } from '../../tensor.ts';
import { Image, type ImageData, type ImageMode } from '../image.ts';

/** A typed array that knows its shape, as `tensor.numpy()` gives it: what an `ndarray` is in Python. */
export type ShapedArray = TypedArray & { readonly shape: readonly number[] };

/** What `to_tensor` takes. */
export type Picture = Image | ShapedArray;

/** `byte / 255` as a 32-bit float, for every byte: what LibTorch's division gives. */
const unit = Float32Array.from({ length: 256 }, (_, byte) => byte / 255);

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
  if (bytes && get_default_dtype() === float32) {
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
  const image = from_numpy(data.slice()).view(height, width, channels).permute(2, 0, 1).contiguous();
  return bytes ? image.to(get_default_dtype()).div(255) : image;
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
  if (mode !== null && mode !== natural) {
    throw new ValueError(
      `Incorrect mode (${mode}) supplied for ${channels} channels of ${image.dtype}. Should be ${natural}`,
    );
  }
  const values = image.contiguous().numpy();
  const fits = natural === 'F' ? Float32Array : natural === 'I' ? Int32Array : Uint8Array;
  if (!(values instanceof fits)) throw new TypeError(`Input type ${image.dtype} is not supported`);
  return new Image(natural, width, height, new fits(values) as ImageData);
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
