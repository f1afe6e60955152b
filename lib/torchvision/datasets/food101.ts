/** Food-101: pictures of meals. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Arguments, signature } from '../../arguments.ts';
import { RuntimeError } from '../../errors.ts';
import type { Image } from '../image.ts';
import { default_loader } from './folder.ts';
import { position_of } from './pixels.ts';
import { download_and_extract_archive, verify_str_arg } from './utils.ts';
import { VisionDataset } from './vision.ts';

/** The arguments of `Food101`. */
export interface Food101Arguments<X = Image, Y = number> {
  /** The folder below which the files are, in `food-101`. */
  root: string;
  /** The images to train with, or those to test with (default: `'train'`). */
  split?: 'train' | 'test';
  /** A function of each image. */
  transform?: ((image: Image) => X) | null;
  /** A function of each label. */
  target_transform?: ((target: number) => Y) | null;
  /** Get the files where they are missing? */
  download?: boolean;
  /** Reads an image from a file. */
  loader?: (path: string) => Image;
}
const parse = signature<Food101Arguments<unknown, unknown>>('Food101', [
  'root',
  ['split', 'train'],
  ['transform', null],
  ['target_transform', null],
  ['download', false],
  ['loader', default_loader],
]);

/**
 * Pictures of 101 kinds of meals, 750 of each to train with and 250 to test with. A sample is an `[image, label]` pair;
 * without a `transform` the image is an `Image`.
 *
 * @throws RuntimeError if the files are not there and cannot be had
 * @throws ValueError for a split that there is not
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.Food101.html
 */
export class Food101<X = Image, Y = number> extends VisionDataset<[X, Y]> {
  static readonly _URL: string = 'http://data.vision.ee.ethz.ch/cvl/food-101.tar.gz';
  static readonly _MD5: string = '85eeb15f3717b99a5da872d97d918f87';

  /** The names of the classes, in alphabetical order. */
  classes: string[];
  /** The label of each class. */
  class_to_idx: Record<string, number>;
  loader: (path: string) => Image;
  _split: 'train' | 'test';
  _base_folder: string;
  _meta_folder: string;
  _images_folder: string;
  _labels: number[];
  _image_files: string[];

  constructor(root: string, options?: Omit<Food101Arguments<X, Y>, 'root'>);
  constructor(
    ...args: Arguments<
      Food101Arguments<X, Y>,
      readonly ['root', 'split', 'transform', 'target_transform', 'download', 'loader']
    >
  );
  constructor(...args: readonly unknown[]) {
    const { root, split, transform, target_transform, download, loader } = parse(args);
    super({ root, transform, target_transform });
    this._split = verify_str_arg(split, 'split', ['train', 'test']);
    this._base_folder = join(this.root!, 'food-101');
    this._meta_folder = join(this._base_folder, 'meta');
    this._images_folder = join(this._base_folder, 'images');
    if (download) this._download();
    if (!this._check_exists()) throw new RuntimeError('Dataset not found. You can use download=True to download it');
    const metadata = JSON.parse(readFileSync(join(this._meta_folder, `${this._split}.json`), 'utf8')) as Record<
      string,
      string[]
    >;
    this.classes = Object.keys(metadata).sort();
    this.class_to_idx = Object.fromEntries(this.classes.map((name, i) => [name, i]));
    this._labels = [];
    this._image_files = [];
    for (const [name, files] of Object.entries(metadata)) {
      for (const file of files) {
        this._labels.push(this.class_to_idx[name]!);
        this._image_files.push(join(this._images_folder, `${file}.jpg`));
      }
    }
    this.loader = loader;
  }

  __len__(): number {
    return this._image_files.length;
  }

  override __getitem__(index: number): [X, Y] {
    const position = position_of(index, this._image_files.length);
    const image = this.loader(this._image_files[position]!);
    const label = this._labels[position]!;
    return [
      (this.transform === null ? image : this.transform(image)) as X,
      (this.target_transform === null ? label : this.target_transform(label)) as Y,
    ];
  }

  override extra_repr(): string {
    return `split=${this._split}`;
  }

  _check_exists(): boolean {
    return [this._meta_folder, this._images_folder].every((path) => existsSync(path) && statSync(path).isDirectory());
  }

  _download(): void {
    if (this._check_exists()) return;
    const { _URL, _MD5 } = this.constructor as typeof Food101;
    download_and_extract_archive(_URL, this.root!, null, null, _MD5);
  }
}
