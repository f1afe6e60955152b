/** Functions that take parts of an image away. */
import type { Tensor } from '../../../../tensor.ts';
import * as v1 from '../../functional_tensor.ts';
import { by_tensor, functional } from './_kernel.ts';

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
