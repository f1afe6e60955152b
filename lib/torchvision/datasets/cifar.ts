/** CIFAR-10 and CIFAR-100: small coloured images of ten and of a hundred classes. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Arguments, signature } from '../../arguments.ts';
import { from_numpy } from '../../creation.ts';
import { RuntimeError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { ByteArray, load_numpy_pickle } from '../../serialization/numpy_pickle.ts';
import type { Tensor } from '../../tensor.ts';
import type { Image } from '../image.ts';
import { image_at, position_of } from './pixels.ts';
import { check_integrity, download_and_extract_archive } from './utils.ts';
import { VisionDataset } from './vision.ts';

/** The arguments of `CIFAR10` and `CIFAR100`. */
export interface CIFARArguments<X = Image, Y = number> {
  /** The folder below which the files are, in `cifar-10-batches-py` for instance. */
  root: string;
  /** The images to train with, or those to test with? */
  train?: boolean;
  /** A function of each image. */
  transform?: ((image: Image) => X) | null;
  /** A function of each label. */
  target_transform?: ((target: number) => Y) | null;
  /** Get the files where they are missing? */
  download?: boolean;
}
const parse = signature<CIFARArguments<unknown, unknown>>('CIFAR10', [
  'root',
  ['train', true],
  ['transform', null],
  ['target_transform', null],
  ['download', false],
]);

/** A file and its checksum. */
type File = readonly [name: string, md5: string];

/** The class of a data set, with what is the same for all of its instances. */
function class_of(dataset: CIFAR10<unknown, unknown>): typeof CIFAR10 {
  return dataset.constructor as typeof CIFAR10;
}

/** What one of the files holds. */
function read(path: string): Record<string, unknown> {
  try {
    return load_numpy_pickle(readFileSync(path)) as Record<string, unknown>;
  } catch (error) {
    throw new RuntimeError(`${path} cannot be read: ${(error as Error).message}`, { cause: error });
  }
}

/**
 * Coloured images of 32 x 32 pixels in ten classes: 50,000 to train with, 10,000 to test with. A sample is an
 * `[image, label]` pair; without a `transform` the image is an `Image`.
 *
 * @throws RuntimeError if the files are not there and cannot be had
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.CIFAR10.html
 */
export class CIFAR10<X = Image, Y = number> extends VisionDataset<[X, Y]> {
  static readonly base_folder: string = 'cifar-10-batches-py';
  static readonly url: string = 'https://www.cs.toronto.edu/~kriz/cifar-10-python.tar.gz';
  static readonly filename: string = 'cifar-10-python.tar.gz';
  static readonly tgz_md5: string = 'c58f30108f718f92721af3b95e74349a';
  static readonly train_list: readonly File[] = [
    ['data_batch_1', 'c99cafc152244af753f735de768cd75f'],
    ['data_batch_2', 'd4bba439e000b95fd0a9bffe97cbabec'],
    ['data_batch_3', '54ebc095f3ab1f0389bbae665268c751'],
    ['data_batch_4', '634d18415352ddfa80567beed471001a'],
    ['data_batch_5', '482c414d41f54cd18b22e5b47cb7c3cb'],
  ];
  static readonly test_list: readonly File[] = [['test_batch', '40351d587109b95175f43aff81a1287e']];
  static readonly meta: { readonly filename: string; readonly key: string; readonly md5: string } = {
    filename: 'batches.meta',
    key: 'label_names',
    md5: '5ff9c542aee3614f3951f8cda6e48888',
  };

  readonly train: boolean;
  /** The images: a `uint8` tensor of shape (N, 32, 32, 3), where Python has an array. May be replaced. */
  data: Tensor;
  /** The labels. */
  targets: number[];
  /** The names of the classes; a label is an index into them. */
  classes: string[];
  /** The label of each class. */
  class_to_idx: Record<string, number>;

  constructor(root: string, options?: Omit<CIFARArguments<X, Y>, 'root'>);
  constructor(
    ...args: Arguments<CIFARArguments<X, Y>, readonly ['root', 'train', 'transform', 'target_transform', 'download']>
  );
  constructor(...args: readonly unknown[]) {
    const { root, train, transform, target_transform, download } = parse(args);
    super({ root, transform, target_transform });
    const { base_folder, train_list, test_list, meta } = new.target;
    this.train = train;
    if (download) this.download();
    if (!this._check_integrity()) {
      throw new RuntimeError('Dataset not found or corrupted. You can use download=True to download it');
    }
    const folder = join(this.root!, base_folder);
    const images: Tensor[] = [];
    this.targets = [];
    for (const [name] of train ? train_list : test_list) {
      const path = join(folder, name);
      const { data, labels, fine_labels } = read(path);
      const numbers = labels ?? fine_labels;
      if (!(data instanceof ByteArray) || data.shape[1] !== 3072 || !Array.isArray(numbers)) {
        throw new RuntimeError(`${path} is not a file of this data set`);
      }
      images.push(from_numpy(data.data).view(-1, 3, 32, 32));
      for (const label of numbers as number[]) this.targets.push(label);
    }
    this.data = aten.cat(images, 0).permute(0, 2, 3, 1).contiguous();

    const path = join(folder, meta.filename);
    if (!check_integrity(path, meta.md5)) {
      throw new RuntimeError('Dataset metadata file not found or corrupted. You can use download=True to download it');
    }
    this.classes = read(path)[meta.key] as string[];
    this.class_to_idx = Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  __len__(): number {
    return this.data.size(0);
  }

  override __getitem__(index: number): [X, Y] {
    const position = position_of(index, this.__len__());
    const image = image_at(this.data, position);
    const target = this.targets[position]!;
    return [
      (this.transform === null ? image : this.transform(image)) as X,
      (this.target_transform === null ? target : this.target_transform(target)) as Y,
    ];
  }

  /** Are all files of the data set there, and what they should be? */
  _check_integrity(): boolean {
    const { base_folder, train_list, test_list } = class_of(this);
    return [...train_list, ...test_list].every(([name, md5]) => check_integrity(join(this.root!, base_folder, name), md5));
  }

  /**
   * Gets the files where they are missing.
   * @throws RuntimeError if they cannot be had
   */
  download(): void {
    if (this._check_integrity()) return;
    const { url, filename, tgz_md5 } = class_of(this);
    download_and_extract_archive(url, this.root!, null, filename, tgz_md5);
  }

  override extra_repr(): string {
    return `Split: ${this.train ? 'Train' : 'Test'}`;
  }
}

/**
 * Coloured images of 32 x 32 pixels in a hundred classes, otherwise as {@link CIFAR10}.
 *
 * @throws RuntimeError if the files are not there and cannot be had
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.CIFAR100.html
 */
export class CIFAR100<X = Image, Y = number> extends CIFAR10<X, Y> {
  static override readonly base_folder: string = 'cifar-100-python';
  static override readonly url: string = 'https://www.cs.toronto.edu/~kriz/cifar-100-python.tar.gz';
  static override readonly filename: string = 'cifar-100-python.tar.gz';
  static override readonly tgz_md5: string = 'eb9058c3a382ffc7106e4002c42a8d85';
  static override readonly train_list: readonly File[] = [['train', '16019d7e3df5f24257cddd939b257f8d']];
  static override readonly test_list: readonly File[] = [['test', 'f0ef6b0ae62326f3e7ffdfab6717acfc']];
  static override readonly meta = {
    filename: 'meta',
    key: 'fine_label_names',
    md5: '7973b15100ade9c7d40fb424638fde48',
  };
}
