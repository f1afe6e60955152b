/** Reading and writing files of images as `uint8` tensors of shape (C, H, W). */
import { readFileSync, writeFileSync } from 'node:fs';
import { from_numpy } from '../../creation.ts';
import { uint8 } from '../../dtype.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { contiguous_format } from '../../layout.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { Image, type ImageMode } from '../image.ts';
import { format_of } from '../imaging/codecs.ts';
import { says_truncated } from '../imaging/jpeg.ts';
import { encode_jpeg as jpeg_of } from '../imaging/jpeg_encoder.ts';
import { encode_png as png_of } from '../imaging/png.ts';

/** What to turn images into; what is an enumeration in Python is a word here. */
export const ImageReadMode = {
  UNCHANGED: 'UNCHANGED',
  GRAY: 'GRAY',
  GRAY_ALPHA: 'GRAY_ALPHA',
  RGB: 'RGB',
  RGB_ALPHA: 'RGB_ALPHA',
} as const;

export type ImageReadMode = keyof typeof ImageReadMode;

const wanted_modes: Readonly<Record<ImageReadMode, ImageMode | null>> = {
  UNCHANGED: null,
  GRAY: 'L',
  GRAY_ALPHA: 'LA',
  RGB: 'RGB',
  RGB_ALPHA: 'RGBA',
};

/** The bytes of a one-dimensional `uint8` tensor. */
function bytes_of(input: Tensor): Uint8Array {
  if (!(input instanceof Tensor)) throw new RuntimeError(`Expected a torch.uint8 tensor, got ${type_name(input)}`);
  if (input.dtype !== uint8) throw new RuntimeError(`Expected a torch.uint8 tensor, got ${input.dtype}`);
  if (input.ndim !== 1 || input.numel() === 0) throw new RuntimeError('Expected a non empty 1-dimensional tensor');
  return input.contiguous().numpy() as Uint8Array;
}

/** @throws RuntimeError if there is no such file */
function bytes_in(path: string): Uint8Array<ArrayBuffer> {
  try {
    return new Uint8Array(readFileSync(path));
  } catch (cause) {
    throw new RuntimeError(`[Errno 2] No such file or directory: '${path}'`, { cause });
  }
}

function to_tensor(bytes: Uint8Array, mode: ImageReadMode): Tensor {
  if (!Object.hasOwn(wanted_modes, mode)) throw new ValueError(`'${String(mode)}' is not a valid ImageReadMode`);
  const format = format_of(bytes);
  if (format === null) {
    throw new RuntimeError('Unsupported image file. Only jpeg, png, gif and bmp are currently supported.');
  }
  let image: Image;
  try {
    image = Image._of(Image._in_file(bytes, format)._lent());
  } catch (cause) {
    const { message } = cause as Error;
    throw new RuntimeError(says_truncated(message) ? 'Image is incomplete or truncated' : message, { cause });
  }
  const wanted = wanted_modes[mode];
  if (wanted !== null) image = image.convert(wanted);
  else if (image.mode === 'P') image = image.convert();
  else if (image.mode === '1' || image.mode === 'I;16') image = image.convert('L');
  const { height, width, channels } = image;
  return from_numpy(image.data).view(height, width, channels).permute(2, 0, 1).clone({ memory_format: contiguous_format });
}

/** The bytes of a file, as a `uint8` tensor. */
export function read_file(path: string): Tensor {
  return from_numpy(bytes_in(path));
}

/** Writes the bytes of a `uint8` tensor to a file. */
export function write_file(filename: string, data: Tensor): void {
  writeFileSync(filename, bytes_of(data));
}

/**
 * The image in the bytes of a file (JPEG, PNG, GIF's first picture, BMP), as a `uint8` tensor of shape (C, H, W).
 *
 * @throws RuntimeError for bytes that are no image
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.io.decode_image.html
 */
export function decode_image(input: Tensor | string, mode: ImageReadMode = 'UNCHANGED'): Tensor {
  return to_tensor(typeof input === 'string' ? bytes_in(input) : bytes_of(input), mode);
}

/** The image in a file, as `decode_image`. */
export function read_image(path: string, mode: ImageReadMode = 'UNCHANGED'): Tensor {
  return to_tensor(bytes_in(path), mode);
}

/** As `decode_image`, of a JPEG file's bytes alone. */
export function decode_jpeg(input: Tensor, mode: ImageReadMode = 'UNCHANGED'): Tensor {
  const bytes = bytes_of(input);
  if (format_of(bytes) !== 'JPEG') throw new RuntimeError('Not a JPEG file');
  return to_tensor(bytes, mode);
}

/** As `decode_image`, of a PNG file's bytes alone. */
export function decode_png(input: Tensor, mode: ImageReadMode = 'UNCHANGED'): Tensor {
  const bytes = bytes_of(input);
  if (format_of(bytes) !== 'PNG') throw new RuntimeError('Content is not png.');
  return to_tensor(bytes, mode);
}

/** Grey or colours of a tensor, as an image. */
function image_of(input: Tensor): Image {
  if (input.dtype !== uint8) throw new RuntimeError('Input tensor dtype should be uint8');
  if (input.ndim !== 3) throw new RuntimeError('Input data should be a 3-dimensional tensor');
  const [channels, height, width] = input.shape as readonly number[] as [number, number, number];
  if (channels !== 1 && channels !== 3) {
    throw new RuntimeError(`The number of channels should be 1 or 3, got: ${channels}`);
  }
  const data = input.detach().cpu().permute(1, 2, 0).contiguous().numpy() as Uint8Array<ArrayBuffer>;
  return new Image(channels === 1 ? 'L' : 'RGB', width, height, new Uint8Array(data));
}

/**
 * A JPEG file of an image, as a `uint8` tensor.
 *
 * @param quality from 1 (small) to 100 (good)
 */
export function encode_jpeg(input: Tensor, quality = 75): Tensor {
  if (!(quality >= 1 && quality <= 100)) throw new ValueError('Image quality should be a positive number between 1 and 100');
  return from_numpy(jpeg_of(image_of(input), quality));
}

/**
 * A PNG file of an image, as a `uint8` tensor.
 *
 * @param compression_level how hard to pack, from 0 to 9
 */
export function encode_png(input: Tensor, compression_level = 6): Tensor {
  if (!(compression_level >= 0 && compression_level <= 9)) {
    throw new RuntimeError('Compression level should be between 0 and 9');
  }
  return from_numpy(png_of(image_of(input), compression_level));
}

/** Writes an image to a JPEG file. */
export function write_jpeg(input: Tensor, filename: string, quality = 75): void {
  write_file(filename, encode_jpeg(input, quality));
}

/** Writes an image to a PNG file. */
export function write_png(input: Tensor, filename: string, compression_level = 6): void {
  write_file(filename, encode_png(input, compression_level));
}
