/** What the constructors of transforms make of their arguments, and how transforms draw. */
import { TypeError, ValueError } from '../../errors.ts';
import { Module } from '../../nn/modules/module.ts';
import { aten } from '../../ops.ts';
import { float_str, type_name } from '../../repr.ts';
import type { Fill, SizeLike } from './functional.ts';
import type { Img } from './functional.ts';
import { get_dimensions } from './functional.ts';
import { Tensor } from '../../tensor.ts';

/** Base of the transforms that are modules: one line describes each. */
export abstract class TransformModule extends Module {
  /** What stands between the parentheses of the description. */
  protected abstract describe(): string;

  override __repr__(): string {
    return `${type_name(this)}(${this.describe()})`;
  }
}

/** A number from 0 to 1, as `torch.rand(1)` draws it. */
export function draw(): number {
  return aten.rand([1]).item() as number;
}

/** Whether something that has the chance `p` happens; a tensor is compared in single precision. */
export function happens(p: number): boolean {
  return draw() < Math.fround(p);
}

/** A number from `low` to `high`. */
export function draw_uniform(low: number, high: number): number {
  return aten.empty([1]).uniform_(low, high).item() as number;
}

/** A whole number from `low` to just below `high`. */
export function draw_integer(low: number, high: number): number {
  return Number(aten.randint(low, high, [1]).item());
}

/** Height and width from one number or two. */
export function setup_size(size: SizeLike, message: string): readonly [number, number] {
  if (typeof size === 'number') return [Math.trunc(size), Math.trunc(size)];
  if (!Array.isArray(size)) throw new TypeError(`object of type '${type_name(size)}' has no len()`);
  if (size.length === 1) return [size[0] as number, size[0] as number];
  if (size.length !== 2) throw new ValueError(message);
  return size as unknown as readonly [number, number];
}

/** @throws TypeError, ValueError unless `x` is a sequence of one of the lengths */
export function check_sequence(x: unknown, name: string, sizes: readonly number[]): void {
  const message = `${name} should be a sequence of length ${sizes.join(' or ')}.`;
  if (!Array.isArray(x)) throw new TypeError(message);
  if (!sizes.includes(x.length)) throw new ValueError(message);
}

/** A range of angles, from a number or from the range itself. */
export function setup_angle(x: number | readonly number[], name: string, sizes: readonly number[] = [2]): number[] {
  if (typeof x === 'number') {
    if (x < 0) throw new ValueError(`If ${name} is a single number, it must be positive.`);
    return [0 - x, x];
  }
  check_sequence(x, name, sizes);
  return [...x];
}

/** @throws TypeError for what is no colour */
export function setup_fill(fill: Fill): number | readonly number[] {
  if (fill === null) return 0;
  if (typeof fill !== 'number' && !Array.isArray(fill)) {
    throw new TypeError('Fill should be either a sequence or a number.');
  }
  return fill;
}

/** A colour as the functions take it: tensors need a value for each channel. */
export function fill_for(img: Img, fill: Fill): Fill {
  if (!(img instanceof Tensor) || typeof fill !== 'number') return fill;
  return new Array<number>(get_dimensions(img)[0]).fill(fill);
}

/** A list of floats as Python writes it. */
export function floats_list(values: readonly number[]): string {
  return `[${values.map(float_str).join(', ')}]`;
}

/** A tuple of floats as Python writes it. */
export function floats_tuple(values: readonly number[]): string {
  return values.length === 1 ? `(${float_str(values[0])},)` : `(${values.map(float_str).join(', ')})`;
}
