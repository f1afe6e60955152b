/** What the transforms of version 2 have in common: the images of a sample change all together, and the rest stays. */
import { NotImplementedError } from '../../../errors.ts';
import { Module } from '../../../nn/modules/module.ts';
import { float_str, list_repr, repr, str } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';
import { tree_flatten, tree_unflatten } from '../../../utils/pytree.ts';
import { Image as Picture } from '../../image.ts';
import { Image, Video } from '../../tv_tensors/index.ts';
import { happens } from '../setup.ts';
import { check_type, has_any, is_pure_tensor, type Kind } from './_kinds.ts';
import { check_chance } from './_setup.ts';

/** A sample `T` with every `From` in it replaced by a `To`. */
export type Replaced<T, From, To> = T extends From
  ? To
  : T extends readonly unknown[]
    ? { [K in keyof T]: Replaced<T[K], From, To> }
    : T extends ReadonlyMap<infer K, infer V>
      ? Map<K, Replaced<V, From, To>>
      : T extends Tensor | Picture | ((...args: never) => unknown) | null | undefined
        ? T
        : T extends object
          ? { [K in keyof T]: Replaced<T[K], From, To> }
          : T;

/** How the attributes are written that are numbers with a fraction, or lists, where JavaScript cannot tell. */
export interface Written {
  /** Numbers that are written with a fraction. */
  readonly floats?: readonly string[];
  /** Arrays that are written as lists, not as tuples. */
  readonly lists?: readonly string[];
}

// Call signatures stand in the interfaces themselves: inherited ones come after those of modules, which tell nothing.
export interface Transform<P extends object = object> {
  /** Called with a sample. */
  <T>(sample: T): T;
  /** Called with the parts of a sample. */
  <T extends readonly unknown[]>(...parts: T): T;
}

/**
 * Base of the transforms, and of your own: a subclass says in `transform` what becomes of one input, and in
 * `make_params` what is drawn once for all inputs of a sample.
 *
 * A sample is an image, or arrays, objects and maps in any depth with images in them; called with several arguments, it
 * is their array. Changed are images in memory and tensors that say they are images. Of the tensors that say nothing
 * only the first one is, and only where there are no such images: further ones are labels and the like.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Transform.html
 */
export class Transform<P extends object = object> extends Module {
  /** What is changed at all: classes, or functions that tell. */
  static _transformed_types: readonly Kind[] = [Tensor, Picture];

  /** @internal */
  static readonly _written: Written = {};

  /** Fails for samples that the transform cannot change. */
  check_inputs(flat_inputs: readonly unknown[]): void {
    void flat_inputs;
  }

  /** What holds for all inputs of one sample, random numbers above all. */
  make_params(flat_inputs: readonly unknown[]): P {
    void flat_inputs;
    return {} as P;
  }

  /** What becomes of one input. */
  transform(inpt: unknown, params: P): unknown {
    void inpt;
    void params;
    throw new NotImplementedError('');
  }

  override forward(...inputs: readonly unknown[]): unknown {
    return this._transform_sample(sample_of(inputs), () => true);
  }

  /** @internal Changes a sample if `now()` says so, after a look at it. */
  protected _transform_sample(sample: unknown, now: () => boolean): unknown {
    const [flat, spec] = tree_flatten(sample);
    this.check_inputs(flat);
    if (!now()) return sample;
    const needed = this._needs_transform_list(flat);
    const params = this.make_params(flat.filter((_, i) => needed[i]));
    const outputs = flat.map((inpt, i) => (needed[i] ? this.transform(inpt, params) : inpt));
    return tree_unflatten(outputs, spec);
  }

  /** Which inputs are changed. */
  _needs_transform_list(flat_inputs: readonly unknown[]): boolean[] {
    const kinds = (this.constructor as typeof Transform)._transformed_types;
    let pure_one = !has_any(flat_inputs, Image, Video, Picture);
    return flat_inputs.map((inpt) => {
      if (!check_type(inpt, kinds)) return false;
      if (!is_pure_tensor(inpt)) return true;
      const first = pure_one;
      pure_one = false;
      return first;
    });
  }

  /** The attributes that are plain values, in the order in which they were set. */
  override extra_repr(): string {
    const { floats = [], lists = [] } = (this.constructor as typeof Transform)._written;
    const parts: string[] = [];
    for (const [name, value] of Object.entries(this) as [string, unknown][]) {
      if (name.startsWith('_') || name === 'training') continue;
      if (!['boolean', 'number', 'string'].includes(typeof value) && !Array.isArray(value)) continue;
      parts.push(`${name}=${attribute_text(value, floats.includes(name), lists.includes(name))}`);
    }
    return parts.join(', ');
  }
}

function attribute_text(value: unknown, floats: boolean, list: boolean): string {
  if (!Array.isArray(value)) return floats ? float_str(value) : str(value);
  if (!floats) return list ? list_repr(value) : repr(value);
  const items = value.map(float_str).join(', ');
  if (list) return `[${items}]`;
  return value.length === 1 ? `(${items},)` : `(${items})`;
}

/** What transforms are called with, as one value: a single argument is the sample itself. */
export function sample_of(inputs: readonly unknown[]): unknown {
  return inputs.length === 1 ? inputs[0] : inputs;
}

/** Base of the transforms that happen with a chance of `p`. */
export abstract class RandomApplyTransform<P extends object = object> extends Transform<P> {
  p: number;

  /** @throws ValueError if `p` is no chance */
  constructor(p: number) {
    super();
    check_chance(p);
    this.p = p;
  }

  override forward(...inputs: readonly unknown[]): unknown {
    return this._transform_sample(sample_of(inputs), () => happens(this.p));
  }
}
