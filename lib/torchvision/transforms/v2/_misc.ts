/** Transforms that normalize, blur, and change the type of numbers. */
import { type Arguments, signature } from '../../../arguments.ts';
import { dtype as DType, float32 } from '../../../dtype.ts';
import { TypeError, ValueError } from '../../../errors.ts';
import { repr, type_name } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';
import { Image as Picture } from '../../image.ts';
import { Image, Video } from '../../tv_tensors/index.ts';
import type { Img, SizeLike } from '../functional.ts';
import { check_whitening, GaussianBlur as OfImages, whiten } from '../geometry.ts';
import { floats_list, setup_size } from '../setup.ts';
import * as F from './functional/_misc.ts';
import { type Replaced, Transform, type Written } from './_transform.ts';
import { type DTypeArgument, entry_for } from './_by_type.ts';
import { type Class, has_any, is_pure_tensor, type Kind } from './_kinds.ts';
import { setup_pair } from './_setup.ts';

/** Leaves samples as they are. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Identity.html */
export class Identity extends Transform {
  override transform(inpt: unknown): unknown {
    return inpt;
  }
}

export interface Lambda<I, O> {
  <T>(sample: T): Replaced<T, I, O>;
  <T extends readonly unknown[]>(...parts: T): Replaced<T, I, O>;
}

/**
 * Makes a transform of a function: it is called with every part of a sample, or only with those of the classes given.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Lambda.html
 */
export class Lambda<I = never, O = unknown> extends Transform {
  lambd: (inpt: I) => O;
  types: readonly Class[];

  constructor(lambd: (inpt: I) => O, ...types: readonly Class[]) {
    super();
    this.lambd = lambd;
    this.types = types.length === 0 ? [Object] : types;
  }

  override _needs_transform_list(flat_inputs: readonly unknown[]): boolean[] {
    return flat_inputs.map((inpt) => has_any([inpt], ...this.types));
  }

  override transform(inpt: I): O {
    return this.lambd(inpt);
  }

  override extra_repr(): string {
    const names = this.types.map((one) => `'${one === Object ? 'object' : one.name}'`);
    return `${this.lambd.name === '' ? '<lambda>' : this.lambd.name}, types=[${names.join(', ')}]`;
  }
}

/** @throws TypeError for samples with images in memory */
function refuse_pictures(transform: Transform, flat_inputs: readonly unknown[]): void {
  if (has_any(flat_inputs, Picture)) throw new TypeError(`${type_name(transform)}() does not support PIL images.`);
}

interface LinearTransformationArguments {
  /** Of shape (C * H * W, C * H * W). */
  transformation_matrix: Tensor;
  /** Of shape (C * H * W,). */
  mean_vector: Tensor;
}
const parse_linear = signature<LinearTransformationArguments>('LinearTransformation', [
  'transformation_matrix',
  'mean_vector',
]);

/**
 * Flattens the image of a sample, takes `mean_vector` away and multiplies by `transformation_matrix`: whitening, for
 * instance.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.LinearTransformation.html
 */
export class LinearTransformation extends Transform {
  static override _transformed_types: readonly Kind[] = [is_pure_tensor, Image, Video];

  transformation_matrix: Tensor;
  mean_vector: Tensor;

  constructor(
    ...args: Arguments<LinearTransformationArguments, readonly ['transformation_matrix', 'mean_vector']>
  ) {
    super();
    const { transformation_matrix, mean_vector } = parse_linear(args);
    check_whitening(transformation_matrix, mean_vector);
    this.transformation_matrix = transformation_matrix;
    this.mean_vector = mean_vector;
  }

  override check_inputs(flat_inputs: readonly unknown[]): void {
    refuse_pictures(this, flat_inputs);
  }

  override transform(inpt: Tensor): Tensor {
    return whiten(inpt, this.transformation_matrix, this.mean_vector);
  }
}

interface NormalizeArguments {
  /** A mean for each channel. */
  mean: readonly number[];
  /** A standard deviation for each channel. */
  std: readonly number[];
  /** Change the image itself? */
  inplace?: boolean;
}
const parse_normalize = signature<NormalizeArguments>('Normalize', ['mean', 'std', ['inplace', false]]);

/**
 * `(image - mean) / std` for each channel of the image of a sample, a floating-point tensor.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Normalize.html
 */
export class Normalize extends Transform {
  static override readonly _written: Written = { floats: ['mean', 'std'], lists: ['mean', 'std'] };

  mean: readonly number[];
  std: readonly number[];
  inplace: boolean;

  constructor(...args: Arguments<NormalizeArguments, readonly ['mean', 'std', 'inplace']>) {
    super();
    const { mean, std, inplace } = parse_normalize(args);
    this.mean = mean;
    this.std = std;
    this.inplace = inplace;
  }

  override check_inputs(flat_inputs: readonly unknown[]): void {
    refuse_pictures(this, flat_inputs);
  }

  override transform(inpt: Tensor): Tensor {
    return F.normalize(inpt, this.mean, this.std, this.inplace);
  }
}

interface GaussianBlurArguments {
  /** Odd numbers of pixels, across and down. */
  kernel_size: SizeLike;
  /** The range of standard deviations, or the one. */
  sigma?: number | readonly number[];
}
const parse_gaussian_blur = signature<GaussianBlurArguments>('GaussianBlur', ['kernel_size', ['sigma', [0.1, 2]]]);

/** Blurs the images of a sample. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.GaussianBlur.html */
export class GaussianBlur extends Transform<{ sigma: number }> {
  static override readonly _written: Written = { floats: ['sigma'], lists: ['sigma'] };

  /** As version 1 draws. */
  static readonly get_params: typeof OfImages.get_params = OfImages.get_params;

  kernel_size: readonly [number, number];
  sigma: readonly [number, number];

  constructor(...args: Arguments<GaussianBlurArguments, readonly ['kernel_size', 'sigma']>) {
    super();
    const { kernel_size, sigma } = parse_gaussian_blur(args);
    this.kernel_size = setup_size(kernel_size, 'Kernel size should be a tuple/list of two integers');
    if (this.kernel_size.some((size) => size <= 0 || size % 2 === 0)) {
      throw new ValueError('Kernel size value should be an odd and positive number.');
    }
    this.sigma = setup_pair(sigma, 'sigma');
    if (!(this.sigma[0] > 0 && this.sigma[0] <= this.sigma[1])) {
      throw new ValueError(
        `sigma values should be positive and of the form (min, max). Got ${floats_list(this.sigma)}`,
      );
    }
  }

  override make_params(): { sigma: number } {
    return { sigma: GaussianBlur.get_params(...this.sigma) };
  }

  override transform(inpt: Img, { sigma }: { sigma: number }): Img {
    return F.gaussian_blur(inpt, this.kernel_size, [sigma, sigma]);
  }
}

interface GaussianNoiseArguments {
  /** Of values from 0 to 1, for bytes as well. */
  mean?: number;
  sigma?: number;
  /** Keep the values on their range? */
  clip?: boolean;
}
const parse_noise = signature<GaussianNoiseArguments>('GaussianNoise', [['mean', 0], ['sigma', 0.1], ['clip', true]]);

/** Adds random numbers to the image of a sample, a tensor of floats or bytes. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.GaussianNoise.html */
export class GaussianNoise extends Transform {
  static override readonly _written: Written = { floats: ['mean', 'sigma'] };

  mean: number;
  sigma: number;
  clip: boolean;

  constructor(...args: Arguments<GaussianNoiseArguments, readonly ['mean', 'sigma', 'clip']>) {
    super();
    const { mean, sigma, clip } = parse_noise(args);
    this.mean = mean;
    this.sigma = sigma;
    this.clip = clip;
  }

  override transform(inpt: Img): Img {
    return F.gaussian_noise(inpt, this.mean, this.sigma, this.clip);
  }
}

interface ToDtypeArguments {
  /** One for images, or one for each class, null where it stays. */
  dtype?: DTypeArgument;
  /** Stretch the numbers of images from one type's range to the other's? */
  scale?: boolean;
}
const parse_to_dtype = signature<ToDtypeArguments>('ToDtype', [['dtype', float32], ['scale', false]]);

const NO_DTYPE =
  'If you only need to convert the dtype of images or videos, you can just pass e.g. dtype=torch.float32. ' +
  'If you\'re passing a dict as dtype, you can use "others" as a catch-all key ' +
  'e.g. dtype={tv_tensors.Mask: torch.int64, "others": None} to pass-through the rest of the inputs.';

/** Gives the image of a sample, where it is a tensor, another type. @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ToDtype.html */
export class ToDtype extends Transform {
  static override _transformed_types: readonly Kind[] = [Tensor];

  dtype: DTypeArgument;
  scale: boolean;

  constructor(...args: Arguments<ToDtypeArguments, readonly ['dtype', 'scale']>) {
    super();
    const { dtype, scale } = parse_to_dtype(args);
    if (!(dtype instanceof DType) && !(dtype instanceof Map)) {
      throw new ValueError(`dtype must be a dict or a torch.dtype, got ${type_name(dtype)} instead`);
    }
    this.dtype = dtype;
    this.scale = scale;
  }

  override transform(inpt: Tensor): Tensor {
    const { dtype } = this;
    if (dtype instanceof DType) return F.to_dtype(inpt, dtype, this.scale);
    const entry = entry_for(dtype as ReadonlyMap<Class | 'others', DType | null>, inpt);
    if (entry === undefined) throw new ValueError(`No dtype was specified for type ${type_name(inpt)}. ${NO_DTYPE}`);
    return entry.value === null ? inpt : F.to_dtype(inpt, entry.value, this.scale);
  }

  override extra_repr(): string {
    return `scale=${repr(this.scale)}`;
  }
}

const parse_convert = signature<{ dtype?: DType }>('ConvertImageDtype', [['dtype', float32]]);

/**
 * Gives the image of a sample, where it is a tensor, another type, its numbers stretched to that type's range.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.ConvertImageDtype.html
 */
export class ConvertImageDtype extends Transform {
  dtype: DType;

  constructor(...args: Arguments<{ dtype?: DType }, readonly ['dtype']>) {
    super();
    this.dtype = parse_convert(args).dtype;
  }

  override transform(inpt: Img): Img {
    return inpt instanceof Tensor ? F.to_dtype(inpt, this.dtype, true) : inpt;
  }
}
