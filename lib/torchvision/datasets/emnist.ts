/** EMNIST: MNIST with letters. */
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Arguments, signature } from '../../arguments.ts';
import type { Image } from '../image.ts';
import { MNIST, type MNISTArguments } from './mnist.ts';
import { check_integrity, download_and_extract_archive, extract_archive, verify_str_arg } from './utils.ts';

/** How the letters are put into classes. */
export type EMNISTSplit = 'byclass' | 'bymerge' | 'balanced' | 'letters' | 'digits' | 'mnist';

/** The arguments of `EMNIST`. */
export interface EMNISTArguments<X = Image, Y = number> extends MNISTArguments<X, Y> {
  split: EMNISTSplit;
}
const parse = signature<EMNISTArguments<unknown, unknown>>(
  'EMNIST',
  ['root', 'split'],
  [
    ['train', true],
    ['transform', null],
    ['target_transform', null],
    ['download', false],
  ],
);

const digits = [...'0123456789'];
const lowercase = [...'abcdefghijklmnopqrstuvwxyz'];
const all = [...digits, ...'ABCDEFGHIJKLMNOPQRSTUVWXYZ', ...lowercase];
/** Without the small letters that look like large ones. */
const merged = all.filter((letter) => !'cijklmopsuvwxyz'.includes(letter));

/**
 * Handwritten digits and letters, in the format of `MNIST`.
 *
 * @throws RuntimeError if the files are not there and cannot be had
 * @throws ValueError for a split that there is not
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.EMNIST.html
 */
export class EMNIST<X = Image, Y = number> extends MNIST<X, Y> {
  static readonly url: string = 'https://biometrics.nist.gov/cs_links/EMNIST/gzip.zip';
  static readonly md5: string = '58c8d27c78d21e728a6bc7b3cc06412e';
  static override readonly mirrors: readonly string[] = [EMNIST.url];
  static override readonly resources: readonly (readonly [string, string])[] = [['gzip.zip', EMNIST.md5]];
  static readonly splits: readonly EMNISTSplit[] = ['byclass', 'bymerge', 'balanced', 'letters', 'digits', 'mnist'];
  /** The classes of each split. */
  static readonly classes_split_dict: Readonly<Record<EMNISTSplit, readonly string[]>> = {
    byclass: all,
    bymerge: merged,
    balanced: merged,
    letters: ['N/A', ...lowercase],
    digits,
    mnist: digits,
  };

  declare split: EMNISTSplit;

  constructor(...args: Arguments<EMNISTArguments<X, Y>, readonly ['root', 'split']>) {
    super(...(args as unknown as [root: string]));
  }

  static override _parse(args: readonly unknown[]): Required<EMNISTArguments<unknown, unknown>> {
    const options = parse(args);
    return { ...options, split: verify_str_arg(options.split, 'split', EMNIST.splits) };
  }

  override get classes(): readonly string[] {
    return EMNIST.classes_split_dict[this.split];
  }

  override get images_file(): string {
    return join(this.raw_folder, `emnist-${this.split}-${this.train ? 'train' : 'test'}-images-idx3-ubyte`);
  }

  override get labels_file(): string {
    return join(this.raw_folder, `emnist-${this.split}-${this.train ? 'train' : 'test'}-labels-idx1-ubyte`);
  }

  override _check_exists(): boolean {
    return check_integrity(this.images_file) && check_integrity(this.labels_file);
  }

  override download(): void {
    if (this._check_exists()) return;
    const { url, md5 } = this.constructor as typeof EMNIST;
    download_and_extract_archive(url, this.raw_folder, null, null, md5);
    const unpacked = join(this.raw_folder, 'gzip');
    for (const name of readdirSync(unpacked)) {
      if (name.endsWith('.gz')) extract_archive(join(unpacked, name), this.raw_folder);
    }
    rmSync(unpacked, { recursive: true });
  }
}
