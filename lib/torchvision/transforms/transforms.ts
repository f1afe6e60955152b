/**
 * Transforms as objects that can be called and put together.
 *
 * @see https://docs.pytorch.org/vision/stable/transforms.html
 */
import { inspect } from 'node:util';
import { type Arguments, signature } from '../../arguments.ts';
import { TypeError } from '../../errors.ts';
import { Module } from '../../nn/modules/module.ts';
import { list_repr, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import type { Image, ImageMode } from '../image.ts';
import { normalize, type Picture, pil_to_tensor, to_pil_image, to_tensor } from './functional.ts';

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
