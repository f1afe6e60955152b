/** The transforms that prepare images for classification, for samples of any structure. */
import { type Arguments, signature } from '../../../arguments.ts';
import type { dtype as DType } from '../../../dtype.ts';
import { float32 } from '../../../dtype.ts';
import { Module } from '../../../nn/modules/module.ts';
import { get_rng_state, set_rng_state } from '../../../random.ts';
import { list_repr, repr, type_name } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';
import { Image } from '../../image.ts';
import * as F from '../functional.ts';
import type { Img } from '../functional.ts';
import { max_value } from '../functional_tensor.ts';
import { Grayscale as GrayscaleImage, RandomGrayscale as RandomGrayscaleImage } from '../colour.ts';
import * as v1 from '../geometry.ts';
import { Normalize as NormalizeImage } from '../transforms.ts';
import { floats_list, floats_tuple } from '../setup.ts';
import { images_of, map_leaves, type OnSamples, sample_of } from './samples.ts';

/** Applies `change` to the images of a sample; each of them sees the same random draws. */
function change_images(inputs: readonly unknown[], change: (img: Img) => unknown): unknown {
  const sample = sample_of(inputs);
  const images = images_of(sample);
  const state = images.size > 1 ? get_rng_state() : undefined;
  let started = false;
  return map_leaves(sample, (leaf) => {
    if (!images.has(leaf as Img)) return leaf;
    if (started && state !== undefined) set_rng_state(state);
    started = true;
    return change(leaf as Img);
  });
}

// TypeScript takes constructors of every kind only by `any[]`; the result keeps the arguments' own types.
/** A transform of version 1 as a class for samples. */
type Sampled<C extends new (...args: any[]) => object> = new (
  ...args: ConstructorParameters<C>
) => OnSamples & Omit<InstanceType<C>, 'forward'>;

// Byte tensors are resized as PyTorch does without AVX2: through floats. With AVX2, version 2 in Python takes LibTorch's
// kernel for bytes, and a pixel may differ by one; bicubic always does there. TODO: follow it once the capability is known.
/** Makes the class for samples out of one for images; `describe` where its description differs. */
function sampled<C extends new (...args: any[]) => object>(base: C, describe?: (self: InstanceType<C>) => string): Sampled<C> {
  const parent = base as unknown as new (...args: unknown[]) => Module;
  return class extends parent {
    override forward(...inputs: unknown[]): unknown {
      return change_images(inputs, (img) => (super.forward as (img: Img) => unknown).call(this, img));
    }

    override __repr__(): string {
      if (describe === undefined) return super.__repr__();
      return `${type_name(this)}(${describe(this as unknown as InstanceType<C>)})`;
    }
  } as unknown as Sampled<C>;
}

/** Mirrors the images of a sample with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomHorizontalFlip.html */
export class RandomHorizontalFlip extends sampled(v1.RandomHorizontalFlip) {}

/** Turns the images of a sample upside down with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomVerticalFlip.html */
export class RandomVerticalFlip extends sampled(v1.RandomVerticalFlip) {}

/** Cuts the middle out of the images of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.CenterCrop.html */
export class CenterCrop extends sampled(v1.CenterCrop) {}

/** `(image - mean) / std` for the image of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Normalize.html */
export class Normalize extends sampled(
  NormalizeImage,
  ({ mean, std, inplace }) => `mean=${floats_list(mean)}, std=${floats_list(std)}, inplace=${repr(inplace)}`,
) {}

/** Cuts a random part out of the images of a sample and resizes it. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomResizedCrop.html */
export class RandomResizedCrop extends sampled(v1.RandomResizedCrop, ({ size, scale, ratio, interpolation, antialias }) => {
  const ranges = `scale=${floats_tuple(scale)}, ratio=${floats_tuple(ratio)}`;
  return `size=${repr(size)}, ${ranges}, interpolation=${interpolation}, antialias=${repr(antialias)}`;
}) {}

/** Resizes the images of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Resize.html */
export class Resize extends sampled(v1.Resize, ({ size, interpolation, max_size, antialias }) => {
  const longest = max_size === null ? '' : `, max_size=${max_size}`;
  return `size=${list_repr(typeof size === 'number' ? [size] : size)}, interpolation=${interpolation}${longest}, antialias=${repr(antialias)}`;
}) {}

/** Turns the images of a sample by a random angle. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomRotation.html */
export class RandomRotation extends sampled(v1.RandomRotation) {}

/** Makes the images of a sample grey. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Grayscale.html */
export class Grayscale extends sampled(GrayscaleImage) {}

/** Makes the images of a sample grey with a chance of `p`. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomGrayscale.html */
export class RandomGrayscale extends sampled(RandomGrayscaleImage) {}

/** Turns the images in memory of a sample into tensors (C, H, W) of the same numbers. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToImage.html */
export class ToImage extends Module {
  override forward(...inputs: readonly unknown[]): unknown {
    return map_leaves(sample_of(inputs), (leaf) => (leaf instanceof Image ? F.pil_to_tensor(leaf) : leaf));
  }

  override __repr__(): string {
    return `${type_name(this)}()`;
  }
}

/** Whole numbers times the reciprocal of their largest, where version 1 divides: the last digit may differ. */
function scaled_to(img: Tensor, dtype: DType): Tensor {
  if (img.dtype.is_floating_point || !dtype.is_floating_point) return F.convert_image_dtype(img, dtype);
  return img.to(dtype).mul_(1 / max_value(img.dtype));
}

interface ToDtypeArguments {
  dtype?: DType;
  /** Stretch the numbers from one type's range to the other's? */
  scale?: boolean;
}
const parse_to_dtype = signature<ToDtypeArguments>('ToDtype', [['dtype', float32], ['scale', false]]);

/** Gives the image of a sample, where it is a tensor, another type. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToDtype.html */
export class ToDtype extends Module {
  dtype: DType;
  scale: boolean;

  constructor(...args: Arguments<ToDtypeArguments, readonly ['dtype', 'scale']>) {
    super();
    const { dtype, scale } = parse_to_dtype(args);
    this.dtype = dtype;
    this.scale = scale;
  }

  override forward(...inputs: readonly unknown[]): unknown {
    return change_images(inputs, (img) => {
      if (!(img instanceof Tensor)) return img;
      return this.scale ? scaled_to(img, this.dtype) : img.to(this.dtype);
    });
  }

  override __repr__(): string {
    return `${type_name(this)}(scale=${repr(this.scale)})`;
  }
}

/** Several transforms, one after the other. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Compose.html */
export class Compose extends Module {
  transforms: readonly ((...parts: any[]) => unknown)[];

  constructor(transforms: readonly ((...parts: any[]) => unknown)[]) {
    super();
    this.transforms = transforms;
  }

  override forward(...inputs: readonly unknown[]): unknown {
    let parts = inputs;
    for (const transform of this.transforms) {
      const output = transform(...parts);
      parts = inputs.length > 1 ? (output as readonly unknown[]) : [output];
    }
    return sample_of(parts);
  }

  override __repr__(): string {
    return `${type_name(this)}(\n${this.transforms.map((transform) => `      ${String(transform)}`).join('\n')}\n)`;
  }
}
