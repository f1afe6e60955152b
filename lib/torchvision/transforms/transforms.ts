/**
 * Transforms as objects that can be called and put together.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html
 */
import { inspect } from 'node:util';
import { type Arguments, signature } from '../../arguments.ts';
import type { dtype as DType } from '../../dtype.ts';
import { TypeError } from '../../errors.ts';
import { Module } from '../../nn/modules/module.ts';
import * as random from '../../python/random/index.ts';
import { list_repr, repr, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import type { Image, ImageMode } from '../image.ts';
import { convert_image_dtype, normalize, type Picture, pil_to_tensor, to_pil_image, to_tensor } from './functional.ts';
import { draw } from './setup.ts';

/** What every transform is for the others: a function of one argument. */
// The argument is whatever the transform before gives; `Compose` checks nothing, as in Python.
type Step = (input: any) => unknown;

/**
 * Base of the transforms without parameters: an object that can be called. As for modules, the constructor gives back
 * a function that looks like the object.
 */
abstract class Transform {
  constructor() {
    const self = ((input: unknown) => self.apply_to(input)) as unknown as this;
    Object.setPrototypeOf(self, new.target.prototype as object);
    Reflect.deleteProperty(self, 'name');
    Reflect.deleteProperty(self, 'length');
    return self;
  }

  /** @internal An instance of class `cls` whose own constructor has not run: for loading in workers. */
  static __new__(cls: abstract new (...args: never[]) => unknown): object {
    return Reflect.construct(Transform as unknown as new () => object, [], cls) as object;
  }

  /** What the call does. */
  protected abstract apply_to(input: unknown): unknown;

  __repr__(): string {
    return `${type_name(this)}()`;
  }

  toString(): string {
    return this.__repr__();
  }

  [inspect.custom](): string {
    return this.__repr__();
  }
}

export interface ToTensor {
  (pic: Picture): Tensor;
}

/**
 * Turns an image into a tensor of shape (C, H, W), and its bytes into floats from 0 to 1.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ToTensor.html
 */
export class ToTensor extends Transform {
  protected override apply_to(pic: Picture): Tensor {
    return to_tensor(pic);
  }
}

export interface PILToTensor {
  (pic: Image): Tensor;
}

/**
 * Turns an image into a tensor of shape (C, H, W) of the same numbers.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.PILToTensor.html
 */
export class PILToTensor extends Transform {
  protected override apply_to(pic: Image): Tensor {
    return pil_to_tensor(pic);
  }
}

interface ToPILImageArguments {
  /** What the pixels are, where the number of channels does not say it. */
  mode?: ImageMode | null;
}
const parse_to_pil = signature<ToPILImageArguments>('ToPILImage', [['mode', null]]);

export interface ToPILImage {
  (pic: Tensor): Image;
}

/**
 * Turns a tensor of shape (C, H, W) or (H, W) into an image.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ToPILImage.html
 */
export class ToPILImage extends Transform {
  mode: ImageMode | null;

  constructor(...args: Arguments<ToPILImageArguments, readonly ['mode']>) {
    super();
    this.mode = parse_to_pil(args).mode;
  }

  protected override apply_to(pic: Tensor): Image {
    return to_pil_image(pic, this.mode);
  }

  override __repr__(): string {
    return `${type_name(this)}(${this.mode === null ? '' : `mode=${this.mode}`})`;
  }
}

export interface Lambda<I, O> {
  (input: I): O;
}

/**
 * Makes a transform of a function.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Lambda.html
 */
export class Lambda<I = any, O = unknown> extends Transform {
  lambd: (input: I) => O;

  constructor(lambd: (input: I) => O) {
    super();
    if (typeof lambd !== 'function') {
      throw new TypeError(`Argument lambd should be callable, got '${type_name(lambd)}'`);
    }
    this.lambd = lambd;
  }

  protected override apply_to(input: I): O {
    return this.lambd(input);
  }
}

type FirstInput<T extends readonly Step[]> = T extends readonly [(input: infer I) => unknown, ...unknown[]] ? I : any;
type LastOutput<T extends readonly Step[]> = T extends readonly [...unknown[], (input: any) => infer O] ? O : unknown;

export interface Compose<T extends readonly Step[]> {
  (input: FirstInput<T>): LastOutput<T>;
}

/**
 * Several transforms, one after the other.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Compose.html
 */
export class Compose<const T extends readonly Step[] = readonly Step[]> extends Transform {
  transforms: T;

  constructor(transforms: T) {
    super();
    this.transforms = transforms;
  }

  protected override apply_to(input: unknown): unknown {
    let result = input;
    for (const transform of this.transforms) result = transform(result);
    return result;
  }

  override __repr__(): string {
    const lines = this.transforms.map((transform) => `\n    ${String(transform)}`);
    return `${type_name(this)}(${lines.join('')}\n)`;
  }
}

interface NormalizeOptions {
  /** A mean for each channel. */
  mean: readonly number[];
  /** A standard deviation for each channel. */
  std: readonly number[];
  /** Change the images themselves? */
  inplace?: boolean;
}
const parse_normalize = signature<NormalizeOptions>('Normalize', ['mean', 'std', ['inplace', false]]);

/**
 * `(image - mean) / std` for each channel of an image that is a floating-point tensor.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Normalize.html
 */
export class Normalize extends Module {
  mean: readonly number[];
  std: readonly number[];
  inplace: boolean;

  constructor(...args: Arguments<NormalizeOptions, readonly ['mean', 'std', 'inplace']>) {
    super();
    const { mean, std, inplace } = parse_normalize(args);
    this.mean = mean;
    this.std = std;
    this.inplace = inplace;
  }

  override forward(tensor: Tensor): Tensor {
    return normalize(tensor, this.mean, this.std, this.inplace);
  }

  override __repr__(): string {
    return `${type_name(this)}(mean=${list_repr(this.mean)}, std=${list_repr(this.std)})`;
  }
}

interface RandomApplyArguments {
  transforms: readonly Step[];
  p?: number;
}
const parse_random_apply = signature<RandomApplyArguments>('RandomApply', ['transforms', ['p', 0.5]]);

/** The lines that list transforms in a description. */
function lines_of(transforms: readonly Step[]): string {
  return transforms.map((transform) => `\n    ${String(transform)}`).join('');
}

/**
 * Several transforms one after the other, all of them or none, with a chance of `p`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomApply.html
 */
export class RandomApply extends Module {
  transforms: readonly Step[];
  p: number;

  constructor(...args: Arguments<RandomApplyArguments, readonly ['transforms', 'p']>) {
    super();
    const { transforms, p } = parse_random_apply(args);
    this.transforms = transforms;
    this.p = p;
  }

  override forward<T>(img: T): T {
    if (Math.fround(this.p) < draw()) return img;
    let result: unknown = img;
    for (const transform of this.transforms) result = transform(result);
    return result as T;
  }

  override __repr__(): string {
    return `${type_name(this)}(\n    p=${repr(this.p)}${lines_of(this.transforms)}\n)`;
  }
}

interface RandomTransforms {
  (input: any): any;
}

/** Base of the transforms that draw one of several, or their order, with `random` of `tstorch/python`. */
abstract class RandomTransforms extends Transform {
  transforms: readonly Step[];

  constructor(transforms: readonly Step[]) {
    super();
    if (!Array.isArray(transforms)) throw new TypeError('Argument transforms should be a sequence');
    this.transforms = transforms;
  }

  override __repr__(): string {
    return `${type_name(this)}(${lines_of(this.transforms)}\n)`;
  }
}

/**
 * Several transforms in any order.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomOrder.html
 */
export class RandomOrder extends RandomTransforms {
  protected override apply_to(input: unknown): unknown {
    const order = this.transforms.map((_, i) => i);
    random.shuffle(order);
    let result = input;
    for (const i of order) result = this.transforms[i]!(result);
    return result;
  }
}

interface RandomChoiceArguments {
  transforms: readonly Step[];
  /** How likely each is, in proportion. */
  p?: readonly number[] | null;
}
const parse_random_choice = signature<RandomChoiceArguments>('RandomChoice', ['transforms', ['p', null]]);

/**
 * One of several transforms.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.RandomChoice.html
 */
export class RandomChoice extends RandomTransforms {
  p: readonly number[] | null;

  constructor(...args: Arguments<RandomChoiceArguments, readonly ['transforms', 'p']>) {
    const { transforms, p } = parse_random_choice(args);
    super(transforms);
    if (p !== null && !Array.isArray(p)) throw new TypeError('Argument p should be a sequence');
    this.p = p;
  }

  protected override apply_to(input: unknown): unknown {
    return random.choices(this.transforms, { weights: this.p })[0]!(input);
  }

  override __repr__(): string {
    return `${super.__repr__()}(p=${this.p === null ? 'None' : list_repr(this.p)})`;
  }
}

/**
 * Gives images that are tensors another dtype, their values on the new dtype's range.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.ConvertImageDtype.html
 */
export class ConvertImageDtype extends Module {
  dtype: DType;

  constructor(dtype: DType) {
    super();
    this.dtype = dtype;
  }

  override forward(image: Tensor): Tensor {
    return convert_image_dtype(image, this.dtype);
  }
}
