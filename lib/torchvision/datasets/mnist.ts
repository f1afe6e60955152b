/**
 * MNIST and the data sets in its format: small grey images and their labels, in IDX files.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.FashionMNIST.html
 */
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type Arguments, signature } from '../../arguments.ts';
import { from_numpy } from '../../creation.ts';
import { uint8 } from '../../dtype.ts';
import { IndexError, RuntimeError, ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { Image } from '../image.ts';
import { decompress } from './archives.ts';
import { type Idx, parse_idx } from './idx.ts';
import { check_integrity, download_url } from './utils.ts';
import { VisionDataset } from './vision.ts';

/** The arguments of `MNIST` and its kin. */
export interface MNISTArguments<X = Image, Y = number> {
  /** The folder below which the files are, in `FashionMNIST/raw` for instance. */
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

type Positional = readonly ['root', 'train', 'transform', 'target_transform', 'download'];

const parse = signature<MNISTArguments<unknown, unknown>>('MNIST', [
  'root',
  ['train', true],
  ['transform', null],
  ['target_transform', null],
  ['download', false],
]);

/** A file of a data set: its name in compressed form and its checksum. */
type Resource = readonly [filename: string, md5: string];

/** The memory of a data set's `data` and `targets`, and whose memory it is: both may be replaced. */
interface Memory {
  readonly data: Tensor;
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly targets: unknown;
  readonly labels: ArrayLike<number | bigint>;
  /** How many numbers each label has. */
  readonly label_size: number;
}

/** What was seen of each data set. Not a property: data sets travel to other threads without it. */
const seen = new WeakMap<MNIST<unknown, unknown>, Memory>();

/** The memory of a data set as it is now. */
function memory_of(dataset: MNIST<unknown, unknown>): Memory {
  const { data, targets } = dataset;
  const known = seen.get(dataset);
  if (known !== undefined && known.data === data && known.targets === targets) return known;
  if (data.ndim !== 3 || data.dtype !== uint8) {
    throw new ValueError(`data has to be a uint8 tensor of shape (N, H, W), not ${data.dtype} of ${String(data.shape)}`);
  }
  const [count, height, width] = data.shape as readonly number[] as [number, number, number];
  const memory = {
    data,
    count,
    height,
    width,
    pixels: data.contiguous().numpy() as Uint8Array<ArrayBuffer>,
    targets,
    labels: Array.isArray(targets)
      ? (targets as readonly number[])
      : ((targets as Tensor).contiguous().numpy() as BigInt64Array),
    label_size: Array.isArray(targets) || (targets as Tensor).ndim === 1 ? 1 : (targets as Tensor).size(1),
  };
  seen.set(dataset, memory);
  return memory;
}

/** Reads an IDX file, or the same one compressed. */
function read_idx(path: string): Idx {
  if (existsSync(path)) return parse_idx(readFileSync(path) as Uint8Array<ArrayBuffer>, path);
  const compressed = `${path}.gz`;
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = gunzipSync(readFileSync(compressed)) as Uint8Array<ArrayBuffer>;
  } catch (error) {
    throw new RuntimeError(`${compressed} cannot be read: ${(error as Error).message}`, { cause: error });
  }
  return parse_idx(bytes, compressed);
}

/** Images and labels from two IDX files of bytes. */
export function read_pair(images_file: string, labels_file: string): Pick<MNIST, 'data'> & { targets: Tensor } {
  const images = read_idx(images_file);
  const labels = read_idx(labels_file);
  if (images.bytes === null || labels.bytes === null) {
    throw new RuntimeError(
      `${images.bytes === null ? images_file : labels_file} is not a file of this data set (it does not hold bytes); ` +
        'delete it and use download=true to get it again',
    );
  }
  if (images.shape.length !== 3 || labels.shape.length !== 1 || images.shape[0] !== labels.shape[0]) {
    throw new RuntimeError(`the files ${images_file} and ${labels_file} do not belong together`);
  }
  return { data: from_numpy(images.bytes).view(images.shape), targets: from_numpy(labels.bytes).long() };
}

/**
 * Handwritten digits: 60,000 grey images of 28 x 28 pixels to train with and 10,000 to test with. A sample is an
 * `[image, label]` pair; without a `transform` the image is an `Image`.
 *
 * @throws RuntimeError if the files are not there and cannot be had
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.MNIST.html
 */
export class MNIST<X = Image, Y = number> extends VisionDataset<[X, Y]> {
  /** Addresses of folders that the files can be had from, tried in this order. */
  static readonly mirrors: readonly string[] = [
    'https://ossci-datasets.s3.amazonaws.com/mnist/',
    'http://yann.lecun.com/exdb/mnist/',
  ];
  static readonly resources: readonly Resource[] = [
    ['train-images-idx3-ubyte.gz', 'f68b3c2dcbeaaa9fbdd348bbdeb94873'],
    ['train-labels-idx1-ubyte.gz', 'd53e105ee54ea40749a09fcbcd1e9432'],
    ['t10k-images-idx3-ubyte.gz', '9fb629c4189551a2d022fa330f9573f3'],
    ['t10k-labels-idx1-ubyte.gz', 'ec29112dd5afa0611ce80d1b7f02629c'],
  ];
  static readonly classes: readonly string[] = [
    '0 - zero',
    '1 - one',
    '2 - two',
    '3 - three',
    '4 - four',
    '5 - five',
    '6 - six',
    '7 - seven',
    '8 - eight',
    '9 - nine',
  ];
  /** The package of Debian and its kin that has the files, and where it puts them. */
  static readonly debian: { readonly package: string; readonly folder: string } | null = null;

  readonly train: boolean;
  /** The images: a `uint8` tensor of shape (N, 28, 28). May be replaced. */
  data: Tensor;
  /** The labels: an `int64` tensor of shape (N). May be replaced, by an array too. */
  targets: Tensor | readonly number[];

  constructor(root: string, options?: Omit<MNISTArguments<X, Y>, 'root'>);
  constructor(...args: Arguments<MNISTArguments<X, Y>, Positional>);
  constructor(...args: readonly unknown[]) {
    const { root, train, transform, target_transform, download, ...rest } = new.target._parse(args);
    super({ root, transform, target_transform });
    this.train = train;
    Object.assign(this, rest);
    if (download) this.download();
    if (!this._check_exists()) throw not_found(this, 'Dataset not found. You can use download=true to download it');
    const { data, targets } = this._load_data();
    this.data = data;
    this.targets = targets;
  }

  /** Reads the constructor's arguments: those of this class, and what else a subclass has for properties. */
  static _parse(args: readonly unknown[]): Required<MNISTArguments<unknown, unknown>> {
    return parse(args);
  }

  /** The names of the classes; a label is an index into them. */
  get classes(): readonly string[] {
    return class_of(this).classes;
  }

  /** The label of each class. */
  get class_to_idx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  /** The folder that the files are in. */
  get raw_folder(): string {
    return join(this.root!, type_name(this), 'raw');
  }

  /** The unpacked file of the images. */
  get images_file(): string {
    return join(this.raw_folder, `${this.train ? 'train' : 't10k'}-images-idx3-ubyte`);
  }

  /** The unpacked file of the labels. */
  get labels_file(): string {
    return join(this.raw_folder, `${this.train ? 'train' : 't10k'}-labels-idx1-ubyte`);
  }

  __len__(): number {
    return this.data.size(0);
  }

  override __getitem__(index: number): [X, Y] {
    const { pixels, labels, label_size, count, height, width } = memory_of(this);
    const position = index < 0 ? index + count : index;
    if (!(Number.isInteger(position) && position >= 0 && position < count)) {
      throw new IndexError(`index ${index} is out of bounds for dimension 0 with size ${count}`);
    }
    const size = height * width;
    const image = new Image('L', width, height, pixels.slice(position * size, (position + 1) * size));
    const target = this._label(labels, label_size, position);
    return [
      (this.transform === null ? image : this.transform(image)) as X,
      (this.target_transform === null ? target : this.target_transform(target)) as Y,
    ];
  }

  /** The label of a sample. */
  protected _label(labels: ArrayLike<number | bigint>, label_size: number, position: number): unknown {
    return Number(labels[position * label_size]);
  }

  /** The images and labels from the files. */
  protected _load_data(): { data: Tensor; targets: Tensor } {
    return read_pair(this.images_file, this.labels_file);
  }

  /** Are all files of the data set there, compressed or not? */
  _check_exists(): boolean {
    return class_of(this).resources.every(([filename]) => {
      const path = join(this.raw_folder, filename);
      return check_integrity(path.slice(0, -'.gz'.length)) || check_integrity(path);
    });
  }

  /**
   * Gets the files where they are missing: from Debian's package where it is installed, from the network otherwise.
   *
   * @throws RuntimeError if they cannot be had
   */
  download(): void {
    if (this._check_exists()) return;
    mkdirSync(this.raw_folder, { recursive: true });
    const { mirrors, resources, debian } = class_of(this);
    for (const [filename, md5] of resources) {
      const path = join(this.raw_folder, filename);
      const unpacked = path.slice(0, -'.gz'.length);
      if (check_integrity(unpacked)) continue;
      const packaged = debian === null ? '' : join(debian.folder, filename);
      if (debian !== null && check_integrity(packaged)) {
        decompress(packaged, unpacked, '.gz');
        continue;
      }
      const errors: string[] = [];
      for (const mirror of mirrors) {
        const url = mirror + filename;
        try {
          if (!check_integrity(path, md5)) process.stderr.write(`Downloading ${url}\n`);
          download_url(url, this.raw_folder, filename, md5);
          decompress(path, unpacked, '.gz');
          break;
        } catch (error) {
          errors.push(`Tried ${mirror}, got:\n${(error as Error).message}`);
        }
      }
      if (!existsSync(unpacked)) {
        throw not_found(this, `Error downloading ${filename}:\n${errors.join('\n')}`);
      }
    }
  }

  override extra_repr(): string {
    return `Split: ${this.train ? 'Train' : 'Test'}`;
  }
}

/** The class of a data set, with what is the same for all of its instances. */
function class_of(dataset: MNIST<unknown, unknown>): typeof MNIST {
  return dataset.constructor as typeof MNIST;
}

/** What is wrong, and what can be done about it. */
function not_found(dataset: MNIST<unknown, unknown>, problem: string): RuntimeError {
  const { resources, debian, mirrors } = class_of(dataset);
  const files = resources.map(([filename]) => filename).join(', ');
  const apt =
    debian === null ? '' : `, install Debian's package (apt-get install ${debian.package}) and use download=true`;
  return new RuntimeError(
    `${problem}\nTo get the images: use download=true with a network${apt}, or put ${files} from ${mirrors[0]} ` +
      `into ${dataset.raw_folder}`,
  );
}

/**
 * Pictures of clothes in ten classes, in the format of `MNIST`: 60,000 to train with, 10,000 to test with.
 *
 * @throws RuntimeError if the files are not there and cannot be had
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.FashionMNIST.html
 */
export class FashionMNIST<X = Image, Y = number> extends MNIST<X, Y> {
  static override readonly mirrors: readonly string[] = [
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
    'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/',
  ];
  static override readonly resources: readonly Resource[] = [
    ['train-images-idx3-ubyte.gz', '8d4fb7e6c68d591d4c3dfef9ec88bf0d'],
    ['train-labels-idx1-ubyte.gz', '25c81989df183df01b3e8a0aad5dffbe'],
    ['t10k-images-idx3-ubyte.gz', 'bef4ecab320f06d8554ea6380940ec79'],
    ['t10k-labels-idx1-ubyte.gz', 'bb300cfdad3c16e7a12a480ee83cd310'],
  ];
  static override readonly classes: readonly string[] = [
    'T-shirt/top',
    'Trouser',
    'Pullover',
    'Dress',
    'Coat',
    'Sandal',
    'Shirt',
    'Sneaker',
    'Bag',
    'Ankle boot',
  ];
  static override readonly debian = {
    package: 'dataset-fashion-mnist',
    folder: '/usr/share/datasets/fashion-mnist',
  };
}

/**
 * Handwritten Japanese characters in ten classes, in the format of `MNIST`.
 *
 * @throws RuntimeError if the files are not there and cannot be had
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.KMNIST.html
 */
export class KMNIST<X = Image, Y = number> extends MNIST<X, Y> {
  static override readonly mirrors: readonly string[] = ['http://codh.rois.ac.jp/kmnist/dataset/kmnist/'];
  static override readonly resources: readonly Resource[] = [
    ['train-images-idx3-ubyte.gz', 'bdb82020997e1d708af4cf47b453dcf7'],
    ['train-labels-idx1-ubyte.gz', 'e144d726b3acfaa3e44228e80efcd344'],
    ['t10k-images-idx3-ubyte.gz', '5c965bf0a639b31b8f53240b1b52f4d7'],
    ['t10k-labels-idx1-ubyte.gz', '7320c461ea6c1c855c0b718fb2a4b134'],
  ];
  static override readonly classes: readonly string[] = ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'];
}
