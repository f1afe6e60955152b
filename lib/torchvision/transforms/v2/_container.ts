/** Transforms made of others. */
import { type Arguments, signature } from '../../../arguments.ts';
import { tensor as make_tensor } from '../../../creation.ts';
import { float32 } from '../../../dtype.ts';
import { TypeError, ValueError } from '../../../errors.ts';
import { ModuleList } from '../../../nn/modules/container.ts';
import { aten } from '../../../ops.ts';
import { draw } from '../setup.ts';
import { sample_of, Transform, type Written } from './_transform.ts';
import { check_chance } from './_setup.ts';

/** A function of a sample or of its parts: a transform, or one of your own. */
// Nothing is said of its arguments: what one gives and the next takes is not checked, as in Python.
export type Step = (...parts: never[]) => unknown;

/** What the first of several is called with, and what the next with what it gave. */
function run(step: Step, inputs: readonly unknown[]): readonly unknown[] {
  const output = (step as (...parts: readonly unknown[]) => unknown)(...inputs);
  return inputs.length > 1 ? (output as readonly unknown[]) : [output];
}

/** The lines that list transforms in a description. */
function lines_of(transforms: Iterable<unknown>): string {
  return Array.from(transforms, (transform) => `    ${String(transform)}`).join('\n');
}

/** @throws TypeError, ValueError for what is no list of transforms */
function check_steps(transforms: unknown, list = 'a sequence of callables'): void {
  if (!Array.isArray(transforms) && !(transforms instanceof ModuleList)) {
    throw new TypeError(`Argument transforms should be ${list}`);
  }
  if (transforms.length < 1) throw new ValueError('Pass at least one transform');
}

export interface Compose {
  (...inputs: readonly unknown[]): unknown;
}

/**
 * Several transforms, one after the other.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.Compose.html
 */
export class Compose extends Transform {
  transforms: readonly Step[];

  constructor(transforms: readonly Step[]) {
    super();
    check_steps(transforms);
    this.transforms = transforms;
  }

  override forward(...inputs: readonly unknown[]): unknown {
    return sample_of(this.transforms.reduce((parts, step) => run(step, parts), inputs));
  }

  override extra_repr(): string {
    return lines_of(this.transforms);
  }
}

interface RandomApplyArguments {
  transforms: readonly Step[] | ModuleList;
  p?: number;
}
const parse_random_apply = signature<RandomApplyArguments>('RandomApply', ['transforms', ['p', 0.5]]);

/**
 * Several transforms one after the other, all of them or none, with a chance of `p`.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomApply.html
 */
export class RandomApply extends Transform {
  transforms: readonly Step[] | ModuleList;
  p: number;

  constructor(...args: Arguments<RandomApplyArguments, readonly ['transforms', 'p']>) {
    super();
    const { transforms, p } = parse_random_apply(args);
    check_steps(transforms, 'a sequence of callables or a `nn.ModuleList`');
    check_chance(p);
    this.transforms = transforms;
    this.p = p;
  }

  override forward(...inputs: readonly unknown[]): unknown {
    if (draw() >= Math.fround(this.p)) return sample_of(inputs);
    let parts = inputs;
    for (const step of this.transforms) parts = run(step as Step, parts);
    return sample_of(parts);
  }

  override extra_repr(): string {
    return lines_of(this.transforms);
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
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomChoice.html
 */
export class RandomChoice extends Transform {
  static override readonly _written: Written = { floats: ['p'], lists: ['transforms', 'p'] };

  transforms: readonly Step[];
  /** The chance of each. */
  p: readonly number[];

  constructor(...args: Arguments<RandomChoiceArguments, readonly ['transforms', 'p']>) {
    super();
    const { transforms, p } = parse_random_choice(args);
    check_steps(transforms);
    const weights = p ?? new Array<number>(transforms.length).fill(1);
    if (!Array.isArray(weights)) throw new TypeError('Argument p should be a sequence');
    if (weights.length !== transforms.length) {
      const counts = `${weights.length} != ${transforms.length}`;
      throw new ValueError(`Length of p doesn't match the number of transforms: ${counts}`);
    }
    this.transforms = transforms;
    const total = (weights as readonly number[]).reduce((sum, one) => sum + one, 0);
    this.p = (weights as readonly number[]).map((one) => one / total);
  }

  override forward(...inputs: readonly unknown[]): unknown {
    const chances = make_tensor([...this.p], { dtype: float32 });
    const which = Number(aten.multinomial(chances, 1).item());
    return sample_of(run(this.transforms[which]!, inputs));
  }
}

/**
 * Several transforms in any order.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.RandomOrder.html
 */
export class RandomOrder extends Transform {
  static override readonly _written: Written = { lists: ['transforms'] };

  transforms: readonly Step[];

  constructor(transforms: readonly Step[]) {
    super();
    check_steps(transforms);
    this.transforms = transforms;
  }

  override forward(...inputs: readonly unknown[]): unknown {
    const order = aten.randperm(this.transforms.length).tolist() as (number | bigint)[];
    return sample_of(order.reduce((parts: readonly unknown[], i) => run(this.transforms[Number(i)]!, parts), inputs));
  }
}
