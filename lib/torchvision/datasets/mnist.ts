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
import { check_integrity, download_url, extract_gzip } from './utils.ts';
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

/** The values of an IDX file by the type's number in its header, as long as they are single bytes. */
interface Idx {
  readonly shape: number[];
  readonly data: Uint8Array<ArrayBuffer>;
}

/**
 * Reads an IDX file of bytes: a header with the number of dimensions and their sizes, and the values.
 *
 * @throws RuntimeError for anything else, and where the sizes do not fit the file
 */
function parse_idx(bytes: Uint8Array<ArrayBuffer>, path: string): Idx {
  const bad = (what: string): RuntimeError =>
    new RuntimeError(
      `${path} is not a file of this data set (${what}); delete it and use download=true to get it again`,
    );
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4 || view.getUint16(0) !== 0) throw bad('it has no IDX header');
  const dimensions = view.getUint8(3);
  // 8 says unsigned bytes; nothing else is used by these data sets.
  if (view.getUint8(2) !== 8) throw bad('it does not hold bytes');
  const start = 4 + 4 * dimensions;
  if (dimensions < 1 || dimensions > 3 || bytes.length < start) throw bad('its header is damaged');
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  if (bytes.length - start !== count) {
    throw bad(`it should hold ${count} values, but there are ${bytes.length - start}`);
  }
  return { shape, data: bytes.subarray(start) };
}

/** The memory of a data set's `data` and `targets`, and whose memory it is: both may be replaced. */
interface Memory {
  readonly data: Tensor;
  readonly pixels: Uint8Array<ArrayBuffer>;
  readonly count: number;
  readonly height: number;
  readonly width: number;
  readonly targets: unknown;
  readonly labels: ArrayLike<number | bigint>;
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

  private _seen: Memory | null = null;

  constructor(root: string, options?: Omit<MNISTArguments<X, Y>, 'root'>);
  constructor(...args: Arguments<MNISTArguments<X, Y>, Positional>);
  constructor(...args: readonly unknown[]) {
    const { root, train, transform, target_transform, download } = parse(args);
    super({ root, transform, target_transform });
    this.train = train;
    if (download) this.download();
    if (!this._exists()) throw this._not_found('Dataset not found. You can use download=true to download it');
    const set = train ? 'train' : 't10k';
    const images = read_idx(join(this.raw_folder, `${set}-images-idx3-ubyte`));
    const labels = read_idx(join(this.raw_folder, `${set}-labels-idx1-ubyte`));
    if (images.shape.length !== 3 || labels.shape.length !== 1 || images.shape[0] !== labels.shape[0]) {
      throw new RuntimeError(`the files in ${this.raw_folder} do not belong together`);
    }
    this.data = from_numpy(images.data).view(images.shape);
    this.targets = from_numpy(labels.data).long();
  }

  private get _class(): typeof MNIST {
    return this.constructor as typeof MNIST;
  }

  /** The names of the classes; a label is an index into them. */
  get classes(): readonly string[] {
    return this._class.classes;
  }

  /** The label of each class. */
  get class_to_idx(): Record<string, number> {
    return Object.fromEntries(this.classes.map((name, i) => [name, i]));
  }

  /** The folder that the files are in. */
  get raw_folder(): string {
    return join(this.root!, type_name(this), 'raw');
  }

  __len__(): number {
    return this.data.size(0);
  }

  override __getitem__(index: number): [X, Y] {
    const { pixels, labels, count, height, width } = this._memory();
    const position = index < 0 ? index + count : index;
    if (!(Number.isInteger(position) && position >= 0 && position < count)) {
      throw new IndexError(`index ${index} is out of bounds for dimension 0 with size ${count}`);
    }
    const size = height * width;
    const image = new Image('L', width, height, pixels.slice(position * size, (position + 1) * size));
    const target = Number(labels[position]);
    return [
      (this.transform === null ? image : this.transform(image)) as X,
      (this.target_transform === null ? target : this.target_transform(target)) as Y,
    ];
  }

  private _memory(): Memory {
    const seen = this._seen;
    if (seen !== null && seen.data === this.data && seen.targets === this.targets) return seen;
    const { data, targets } = this;
    if (data.ndim !== 3 || data.dtype !== uint8) {
      throw new ValueError(
        `data has to be a uint8 tensor of shape (N, H, W), not ${data.dtype} of ${String(data.shape)}`,
      );
    }
    const [count, height, width] = data.shape as readonly number[] as [number, number, number];
    return (this._seen = {
      data,
      count,
      height,
      width,
      pixels: data.contiguous().numpy() as Uint8Array<ArrayBuffer>,
      targets,
      labels: Array.isArray(targets)
        ? (targets as readonly number[])
        : ((targets as Tensor).contiguous().numpy() as BigInt64Array),
    });
  }

  /** What travels to a loader's workers: all but the views of the memory that `_memory` makes. */
  __getstate__(): object {
    return { ...this, _seen: null };
  }

  /** Are all files of the data set there, compressed or not? */
  private _exists(): boolean {
    return this._class.resources.every(([filename]) => {
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
    if (this._exists()) return;
    mkdirSync(this.raw_folder, { recursive: true });
    const { mirrors, resources, debian } = this._class;
    for (const [filename, md5] of resources) {
      const path = join(this.raw_folder, filename);
      const unpacked = path.slice(0, -'.gz'.length);
      if (check_integrity(unpacked)) continue;
      const packaged = debian === null ? '' : join(debian.folder, filename);
      if (debian !== null && check_integrity(packaged)) {
        extract_gzip(packaged, unpacked);
        continue;
      }
      const errors: string[] = [];
      for (const mirror of mirrors) {
        const url = mirror + filename;
        try {
          if (!check_integrity(path, md5)) process.stderr.write(`Downloading ${url}\n`);
          download_url(url, this.raw_folder, filename, md5);
          extract_gzip(path, unpacked);
          break;
        } catch (error) {
          errors.push(`Tried ${mirror}, got:\n${(error as Error).message}`);
        }
      }
      if (!existsSync(unpacked)) {
        throw this._not_found(`Error downloading ${filename}:\n${errors.join('\n')}`);
      }
    }
  }

  private _not_found(problem: string): RuntimeError {
    const { resources, debian, mirrors } = this._class;
    const files = resources.map(([filename]) => filename).join(', ');
    const apt =
      debian === null ? '' : `, install Debian's package (apt-get install ${debian.package}) and use download=true`;
    return new RuntimeError(
      `${problem}\nTo get the images: use download=true with a network${apt}, or put ${files} from ${mirrors[0]} ` +
        `into ${this.raw_folder}`,
    );
  }

  override extra_repr(): string {
    return `Split: ${this.train ? 'Train' : 'Test'}`;
  }
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
