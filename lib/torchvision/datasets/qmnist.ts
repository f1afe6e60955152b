/** QMNIST: MNIST made anew from NIST's originals. */
import { readFileSync } from 'node:fs';
import { basename, extname, join } from 'node:path';
import { type Arguments, signature } from '../../arguments.ts';
import { from_numpy } from '../../creation.ts';
import { RuntimeError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import type { Image } from '../image.ts';
import { parse_idx } from './idx.ts';
import { MNIST, type MNISTArguments } from './mnist.ts';
import { check_integrity, download_and_extract_archive, verify_str_arg } from './utils.ts';

/** Which images: MNIST's to train with and to test with, the tests that MNIST has and those it has not, all of NIST's. */
export type QMNISTSubset = 'train' | 'test' | 'test10k' | 'test50k' | 'nist';

/** The arguments of `QMNIST`. */
export interface QMNISTArguments<X = Image, Y = number> extends MNISTArguments<X, Y> {
  /** Which images; `train` says so if null (default: null). */
  what?: QMNISTSubset | null;
  /** Are labels numbers, as MNIST's? Otherwise each is a tensor of all that is known of an image (default: true). */
  compat?: boolean;
}
const parse = signature<QMNISTArguments<unknown, unknown>>(
  'QMNIST',
  ['root', ['what', null], ['compat', true], ['train', true]],
  [
    ['transform', null],
    ['target_transform', null],
    ['download', false],
  ],
);

type Files = readonly [images: readonly [url: string, md5: string], labels: readonly [url: string, md5: string]];

const base = 'https://raw.githubusercontent.com/facebookresearch/qmnist/master/';
const files: Readonly<Record<'train' | 'test' | 'nist', Files>> = {
  train: [
    [`${base}qmnist-train-images-idx3-ubyte.gz`, 'ed72d4157d28c017586c42bc6afe6370'],
    [`${base}qmnist-train-labels-idx2-int.gz`, '0058f8dd561b90ffdd0f734c6a30e5e4'],
  ],
  test: [
    [`${base}qmnist-test-images-idx3-ubyte.gz`, '1394631089c404de565df7b7aeaf9412'],
    [`${base}qmnist-test-labels-idx2-int.gz`, '5b5b05890a5e13444e108efe57b788aa'],
  ],
  nist: [
    [`${base}xnist-images-idx3-ubyte.xz`, '7f124b3b8ab81486c9d8c2749c17f834'],
    [`${base}xnist-labels-idx2-int.xz`, '5ed0e788978e45d4a8bd4b7caec3d79d'],
  ],
};

const subsets: readonly QMNISTSubset[] = ['train', 'test', 'test10k', 'test50k', 'nist'];

/**
 * MNIST's digits with all that is known of them, in the format of `MNIST`.
 *
 * @throws RuntimeError if the files are not there and cannot be had
 * @throws ValueError for a subset that there is not
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.QMNIST.html
 */
export class QMNIST<X = Image, Y = number> extends MNIST<X, Y> {
  static override readonly mirrors: readonly string[] = [base];
  static override readonly resources: readonly (readonly [string, string])[] = Object.values(files)
    .flat()
    .map(([url, md5]) => [basename(url), md5]);

  declare what: QMNISTSubset;
  declare compat: boolean;

  constructor(...args: Arguments<QMNISTArguments<X, Y>, readonly ['root', 'what', 'compat', 'train']>) {
    super(...(args as unknown as [root: string]));
  }

  static override _parse(args: readonly unknown[]): Required<QMNISTArguments<unknown, unknown>> {
    const options = parse(args);
    const what = options.what ?? (options.train ? 'train' : 'test');
    return { ...options, what: verify_str_arg(what, 'what', subsets) };
  }

  /** The files that hold the images that are asked for. */
  get _files(): Files {
    return files[this.what.startsWith('test') ? 'test' : (this.what as 'train' | 'nist')];
  }

  override get images_file(): string {
    return this._unpacked(0);
  }

  override get labels_file(): string {
    return this._unpacked(1);
  }

  _unpacked(which: 0 | 1): string {
    const name = basename(this._files[which][0]);
    return join(this.raw_folder, name.slice(0, -extname(name).length));
  }

  override _check_exists(): boolean {
    return check_integrity(this.images_file) && check_integrity(this.labels_file);
  }

  protected override _load_data(): { data: Tensor; targets: Tensor } {
    const read = (path: string): ReturnType<typeof parse_idx> =>
      parse_idx(readFileSync(path) as Uint8Array<ArrayBuffer>, path);
    const images = read(this.images_file);
    const labels = read(this.labels_file);
    if (images.bytes === null || images.shape.length !== 3 || labels.ints === null || labels.shape.length !== 2) {
      throw new RuntimeError(`the files in ${this.raw_folder} are not those of this data set`);
    }
    const data = from_numpy(images.bytes).view(images.shape);
    const targets = from_numpy(labels.ints).view(labels.shape).long();
    if (this.what !== 'test10k' && this.what !== 'test50k') return { data, targets };
    const count = data.size(0);
    const split = Math.min(10_000, count);
    const [start, length] = this.what === 'test10k' ? [0, split] : [split, count - split];
    const part = (tensor: Tensor): Tensor => aten.narrow(tensor, 0, start, length).clone();
    return { data: part(data), targets: part(targets) };
  }

  protected override _label(labels: ArrayLike<number | bigint>, label_size: number, position: number): unknown {
    if (this.compat) return super._label(labels, label_size, position);
    return aten.select(this.targets as Tensor, 0, position);
  }

  override download(): void {
    if (this._check_exists()) return;
    for (const [url, md5] of this._files) download_and_extract_archive(url, this.raw_folder, null, null, md5);
  }

  override extra_repr(): string {
    return `Split: ${this.what}`;
  }
}
