/** Transforms that make tensors of images and images of tensors. */
import { type Arguments, signature } from '../../../arguments.ts';
import { aten } from '../../../ops.ts';
import { Tensor } from '../../../tensor.ts';
import { warn } from '../../../warnings.ts';
import { Image as Picture, type ImageMode } from '../../image.ts';
import { Image, TVTensor } from '../../tv_tensors/index.ts';
import { type ShapedArray } from '../functional.ts';
import { is_shaped_array, pil_to_tensor, to_image, to_pil_image, to_tensor } from './functional/_type_conversion.ts';
import { type Replaced, Transform } from './_transform.ts';
import { is_pure_tensor, type Kind } from './_kinds.ts';

export interface PILToTensor {
  <T>(sample: T): Replaced<T, Picture, Tensor>;
  <T extends readonly unknown[]>(...parts: T): Replaced<T, Picture, Tensor>;
}

/** Turns the images in memory of a sample into tensors (C, H, W) of the same numbers. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.PILToTensor.html */
export class PILToTensor extends Transform {
  static override _transformed_types: readonly Kind[] = [Picture];

  override transform(inpt: Picture): Tensor {
    return pil_to_tensor(inpt);
  }
}

export interface ToImage {
  <T>(sample: T): Replaced<T, Picture | Tensor | ShapedArray, Image>;
  <T extends readonly unknown[]>(...parts: T): Replaced<T, Picture | Tensor | ShapedArray, Image>;
}

/**
 * Turns the images of a sample into tensors (..., C, H, W) that say they are images, with the same numbers: images in
 * memory, arrays that know their shape, and the first tensor where there is no image.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToImage.html
 */
export class ToImage extends Transform {
  static override _transformed_types: readonly Kind[] = [is_pure_tensor, Picture, is_shaped_array];

  override transform(inpt: Tensor | Picture | ShapedArray): Image {
    return to_image(inpt);
  }
}

interface ToPILImageArguments {
  /** What the pixels are, where the number of channels does not say it. */
  mode?: ImageMode | null;
}
const parse_to_pil = signature<ToPILImageArguments>('ToPILImage', [['mode', null]]);

export interface ToPILImage {
  <T>(sample: T): Replaced<T, Tensor, Picture>;
  <T extends readonly unknown[]>(...parts: T): Replaced<T, Tensor, Picture>;
}

/** Turns the tensors of a sample that are images into images in memory. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToPILImage.html */
export class ToPILImage extends Transform {
  static override _transformed_types: readonly Kind[] = [is_pure_tensor, Image];

  mode: ImageMode | null;

  constructor(...args: Arguments<ToPILImageArguments, readonly ['mode']>) {
    super();
    this.mode = parse_to_pil(args).mode;
  }

  override transform(inpt: Tensor): Picture {
    return to_pil_image(inpt, this.mode);
  }
}

export interface ToPureTensor {
  <T>(sample: T): Replaced<T, TVTensor, Tensor>;
  <T extends readonly unknown[]>(...parts: T): Replaced<T, TVTensor, Tensor>;
}

/** Turns the tensors of a sample that say what they are into plain ones. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToPureTensor.html */
export class ToPureTensor extends Transform {
  static override _transformed_types: readonly Kind[] = [TVTensor];

  override transform(inpt: TVTensor): Tensor {
    return aten.alias(inpt);
  }
}

export interface ToTensor {
  <T>(sample: T): Replaced<T, Picture | ShapedArray, Tensor>;
  <T extends readonly unknown[]>(...parts: T): Replaced<T, Picture | ShapedArray, Tensor>;
}

/**
 * Turns the images in memory of a sample into tensors (C, H, W), and their bytes into floats from 0 to 1.
 *
 * @deprecated use `new Compose([new ToImage(), new ToDtype(torch.float32, { scale: true })])`
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToTensor.html
 */
export class ToTensor extends Transform {
  static override _transformed_types: readonly Kind[] = [Picture, is_shaped_array];

  constructor() {
    super();
    warn(
      'The transform `ToTensor()` is deprecated and will be removed in a future release. ' +
        'Instead, please use `v2.Compose([v2.ToImage(), v2.ToDtype(torch.float32, scale=True)])`.' +
        'Output is equivalent up to float precision.',
    );
  }

  override transform(inpt: Picture | ShapedArray): Tensor {
    return to_tensor(inpt);
  }
}
