/** Functions that take parts of an image away, or what the eye misses least. */
import { aten } from '../../../../ops.ts';
import type { Tensor } from '../../../../tensor.ts';
import { decode_jpeg, encode_jpeg } from '../../../io/image.ts';
import * as v1 from '../../functional_tensor.ts';
import { by_tensor, functional, in_batches } from './_kernel.ts';

interface EraseArguments {
  /** The first row. */
  i: number;
  /** The first column. */
  j: number;
  /** How many rows. */
  h: number;
  /** How many columns. */
  w: number;
  /** What to put there. */
  v: Tensor;
  /** Change the input itself? */
  inplace?: boolean;
}

function erased(image: Tensor, { i, j, h, w, v, inplace }: Required<EraseArguments>): Tensor {
  return v1.erase(image, i, j, h, w, v, inplace);
}

/** An image with another content in one part of it. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.erase.html */
export const erase = functional<EraseArguments, ['i', 'j', 'h', 'w', 'v', 'inplace']>(
  'erase',
  ['i', 'j', 'h', 'w', 'v', ['inplace', false]],
  erased,
  by_tensor(erased),
);

function through_jpeg(image: Tensor, { quality }: { quality: number }): Tensor {
  if (image.numel() === 0) return image.clone();
  return in_batches(image, (batch) =>
    aten.stack([...batch.unbind(0)].map((one) => decode_jpeg(encode_jpeg(one, quality))), 0),
  );
}

/**
 * An image of bytes, as it comes back from a JPEG file.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.jpeg.html
 */
export const jpeg = functional<{ quality: number }, ['quality']>(
  'jpeg',
  ['quality'],
  through_jpeg,
  by_tensor(through_jpeg),
);
