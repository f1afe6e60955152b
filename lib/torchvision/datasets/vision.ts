/** What all data sets of images share. */
import { inspect } from 'node:util';
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { expand_user } from '../../expand_user.ts';
import { len } from '../../python/index.ts';
import { type_name } from '../../repr.ts';
import { Dataset } from '../../utils/data/dataset.ts';

/** A function of a sample's image or label. */
// What goes in is the data set's own kind of image; a subclass says which.
type Step = (input: any) => unknown;

/** The arguments of `VisionDataset`. */
export interface VisionDatasetArguments {
  /** The folder that the files are in. */
  root?: string | null;
  /** A function of image and label; not together with the two below. */
  transforms?: ((image: any, target: any) => unknown) | null;
  /** A function of the image. */
  transform?: Step | null;
  /** A function of the label. */
  target_transform?: Step | null;
}

const parse = signature<VisionDatasetArguments>('VisionDataset', [
  ['root', null],
  ['transforms', null],
  ['transform', null],
  ['target_transform', null],
]);

/** Two functions, for image and label, as one; prints as torchvision's. */
export class StandardTransform {
  readonly transform: Step | null;
  readonly target_transform: Step | null;

  constructor(transform: Step | null, target_transform: Step | null) {
    this.transform = transform;
    this.target_transform = target_transform;
  }

  __repr__(): string {
    const lines = [type_name(this)];
    if (this.transform !== null) lines.push(...labelled('Transform: ', this.transform));
    if (this.target_transform !== null) lines.push(...labelled('Target transform: ', this.target_transform));
    return lines.join('\n');
  }

  toString(): string {
    return this.__repr__();
  }
}

function labelled(head: string, transform: Step): string[] {
  const [first, ...rest] = String(transform).split('\n');
  return [head + first, ...rest.map((line) => ' '.repeat(head.length) + line)];
}

/**
 * Base class of the data sets of images: keeps where they are and what is done to each sample, and prints them.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.VisionDataset.html
 */
export class VisionDataset<T = unknown> extends Dataset<T> {
  root: string | null;
  transforms: unknown;
  transform: Step | null;
  target_transform: Step | null;

  constructor(
    ...args: Arguments<VisionDatasetArguments, readonly ['root', 'transforms', 'transform', 'target_transform']>
  ) {
    super();
    const { root, transforms, transform, target_transform } = parse(args);
    const separate = transform !== null || target_transform !== null;
    if (transforms !== null && separate) {
      throw new ValueError('Only transforms or transform/target_transform can be passed as argument');
    }
    this.root = root === null ? null : expand_user(root);
    this.transform = transform;
    this.target_transform = target_transform;
    this.transforms = separate ? new StandardTransform(transform, target_transform) : transforms;
  }

  /** Lines that a subclass adds to the description. */
  extra_repr(): string {
    return '';
  }

  __repr__(): string {
    const body = [`Number of datapoints: ${len(this)}`];
    if (this.root !== null) body.push(`Root location: ${this.root}`);
    const extra = this.extra_repr();
    if (extra !== '') body.push(...extra.split('\n'));
    if (this.transforms !== null) body.push(String(this.transforms));
    return [`Dataset ${type_name(this)}`, ...body.map((line) => `    ${line}`)].join('\n');
  }

  override toString(): string {
    return this.__repr__();
  }

  [inspect.custom](): string {
    return this.__repr__();
  }
}
