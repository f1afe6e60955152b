/** Data sets that are folders: one for each class. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { type Arguments, signature } from '../../arguments.ts';
import { FileNotFoundError, ValueError } from '../../errors.ts';
import { expand_user } from '../../expand_user.ts';
import { Image } from '../image.ts';
import { position_of } from './pixels.ts';
import { VisionDataset } from './vision.ts';

/** What the names of images end in. */
export const IMG_EXTENSIONS: readonly string[] = [
  '.jpg',
  '.jpeg',
  '.png',
  '.ppm',
  '.bmp',
  '.pgm',
  '.tif',
  '.tiff',
  '.webp',
];

/** Does a file's name end in one of these, in large or small letters? */
export function has_file_allowed_extension(filename: string, extensions: string | readonly string[]): boolean {
  const lower = filename.toLowerCase();
  return (typeof extensions === 'string' ? [extensions] : extensions).some((extension) => lower.endsWith(extension));
}

/** Is a file an image, going by its name? */
export function is_image_file(filename: string): boolean {
  return has_file_allowed_extension(filename, IMG_EXTENSIONS);
}

/** Names in the order of their letters' numbers, as Python sorts them. */
function sorted(names: readonly string[]): string[] {
  const compare = (a: string, b: string): number => Buffer.compare(Buffer.from(a), Buffer.from(b));
  return [...names].sort(compare);
}

/** The names of the folders in a folder, and their numbers in alphabetical order. */
export type Classes = [classes: string[], class_to_idx: Record<string, number>];

/**
 * The classes of a folder: the folders in it.
 * @throws FileNotFoundError if there are none
 */
export function find_classes(directory: string): Classes {
  const path = expand_user(directory);
  if (!existsSync(path)) throw new FileNotFoundError(`[Errno 2] No such file or directory: '${directory}'`);
  const classes = sorted(readdirSync(path).filter((name) => statSync(join(path, name)).isDirectory()));
  if (classes.length === 0) throw new FileNotFoundError(`Couldn't find any class folder in ${directory}.`);
  return [classes, Object.fromEntries(classes.map((name, i) => [name, i]))];
}

/** A folder and all folders below it. */
function* folders_of(folder: string): Generator<string, void> {
  yield folder;
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* folders_of(path);
  }
}

/** All files below a folder: those of each folder in alphabetical order, folders in that of their paths. */
function* walk(folder: string): Generator<string, void> {
  for (const path of sorted([...folders_of(folder)])) {
    for (const name of sorted(readdirSync(path))) {
      const file = join(path, name);
      if (!statSync(file).isDirectory()) yield file;
    }
  }
}

/** Arguments of {@link make_dataset}. */
export interface MakeDatasetArguments {
  directory: string;
  /** The number of each class; found out if null (default: null). */
  class_to_idx?: Readonly<Record<string, number>> | null;
  /** What the names of samples end in. */
  extensions?: string | readonly string[] | null;
  /** Says whether a file is a sample; in the place of `extensions`. */
  is_valid_file?: ((path: string) => boolean) | null;
  /** Are classes without samples allowed (default: false)? */
  allow_empty?: boolean;
}
type MakeDatasetNames = ['directory', 'class_to_idx', 'extensions', 'is_valid_file', 'allow_empty'];
const make_dataset_arguments = signature<MakeDatasetArguments>('make_dataset', [
  'directory',
  ['class_to_idx', null],
  ['extensions', null],
  ['is_valid_file', null],
  ['allow_empty', false],
]);

/** A file and the number of its class. */
export type FolderSample = [path: string, class_index: number];

/**
 * The samples of a folder of classes.
 * @throws FileNotFoundError for a class without samples, unless that is allowed
 * @throws ValueError unless either `extensions` or `is_valid_file` is given
 */
export function make_dataset(...args: Arguments<MakeDatasetArguments, MakeDatasetNames>): FolderSample[] {
  const { directory, class_to_idx: given, extensions, is_valid_file, allow_empty } = make_dataset_arguments(args);
  const root = expand_user(directory);
  const class_to_idx = given ?? find_classes(root)[1];
  if (Object.keys(class_to_idx).length === 0) {
    throw new ValueError("'class_to_index' must have at least one entry to collect any samples.");
  }
  if ((extensions === null) === (is_valid_file === null)) {
    throw new ValueError('Both extensions and is_valid_file cannot be None or not None at the same time');
  }
  const valid = is_valid_file ?? ((path: string) => has_file_allowed_extension(path, extensions!));
  const samples: FolderSample[] = [];
  const empty: string[] = [];
  for (const name of sorted(Object.keys(class_to_idx))) {
    const folder = join(root, name);
    const before = samples.length;
    if (existsSync(folder) && statSync(folder).isDirectory()) {
      for (const path of walk(folder)) if (valid(path)) samples.push([path, class_to_idx[name]!]);
    }
    if (samples.length === before) empty.push(name);
  }
  if (empty.length > 0 && !allow_empty) {
    const supported =
      extensions === null
        ? ''
        : `Supported extensions are: ${typeof extensions === 'string' ? extensions : extensions.join(', ')}`;
    throw new FileNotFoundError(`Found no valid file for the classes ${empty.join(', ')}. ${supported}`);
  }
  return samples;
}

/** An image from a file, in colours. */
export function pil_loader(path: string): Image {
  const image = Image.open(path);
  // Nobody else has it: no need for a copy.
  return image.mode === 'RGB' ? image : image.convert('RGB');
}

/** An image from a file, in colours. */
export function default_loader(path: string): Image {
  return pil_loader(path);
}

/** The arguments of `DatasetFolder`. */
export interface DatasetFolderArguments<S = unknown, X = S, Y = number> {
  /** The folder of the classes. */
  root: string;
  /** Reads a sample from a file. */
  loader: (path: string) => S;
  /** What the names of samples end in. */
  extensions?: readonly string[] | null;
  /** A function of each sample. */
  transform?: ((sample: S) => X) | null;
  /** A function of each label. */
  target_transform?: ((target: number) => Y) | null;
  /** Says whether a file is a sample; in the place of `extensions`. */
  is_valid_file?: ((path: string) => boolean) | null;
  /** Are classes without samples allowed (default: false)? */
  allow_empty?: boolean;
}
type DatasetFolderNames = readonly [
  'root',
  'loader',
  'extensions',
  'transform',
  'target_transform',
  'is_valid_file',
  'allow_empty',
];
const dataset_folder_arguments = signature<DatasetFolderArguments>('DatasetFolder', [
  'root',
  'loader',
  ['extensions', null],
  ['transform', null],
  ['target_transform', null],
  ['is_valid_file', null],
  ['allow_empty', false],
]);

/**
 * Files in folders, one folder for each class: `root/cat/1.bin`. A sample is a `[sample, label]` pair.
 *
 * @throws FileNotFoundError if there are no classes, or one has no samples
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.DatasetFolder.html
 */
export class DatasetFolder<S = unknown, X = S, Y = number> extends VisionDataset<[X, Y]> {
  loader: (path: string) => S;
  extensions: readonly string[] | null;
  /** The names of the classes, in alphabetical order. */
  classes: string[];
  /** The label of each class. */
  class_to_idx: Record<string, number>;
  /** The files and their labels. */
  samples: FolderSample[];
  /** The labels. */
  targets: number[];

  constructor(...args: Arguments<DatasetFolderArguments<S, X, Y>, DatasetFolderNames>) {
    const options = dataset_folder_arguments(args) as unknown as Required<DatasetFolderArguments<S, X, Y>>;
    const { root, loader, extensions, transform, target_transform, is_valid_file, allow_empty } = options;
    super({ root, transform, target_transform });
    const [classes, class_to_idx] = this.find_classes(this.root!);
    const samples = this.make_dataset(this.root!, class_to_idx, extensions, is_valid_file, allow_empty);
    this.loader = loader;
    this.extensions = extensions;
    this.classes = classes;
    this.class_to_idx = class_to_idx;
    this.samples = samples;
    this.targets = samples.map(([, target]) => target);
  }

  /** The classes of the folder. A subclass may find them in another way. */
  find_classes(directory: string): Classes {
    return find_classes(directory);
  }

  /** The samples of the folder. A subclass may find them in another way. */
  make_dataset(
    directory: string,
    class_to_idx: Readonly<Record<string, number>>,
    extensions: readonly string[] | null = null,
    is_valid_file: ((path: string) => boolean) | null = null,
    allow_empty = false,
  ): FolderSample[] {
    if (class_to_idx === null) throw new ValueError('The class_to_idx parameter cannot be None.');
    return make_dataset(directory, class_to_idx, extensions, is_valid_file, allow_empty);
  }

  __len__(): number {
    return this.samples.length;
  }

  override __getitem__(index: number): [X, Y] {
    const [path, target] = this.samples[position_of(index, this.samples.length)]!;
    const sample = this.loader(path);
    return [
      (this.transform === null ? sample : this.transform(sample)) as X,
      (this.target_transform === null ? target : this.target_transform(target)) as Y,
    ];
  }
}

/** The arguments of `ImageFolder`. */
export interface ImageFolderArguments<X = Image, Y = number> extends Omit<
  DatasetFolderArguments<Image, X, Y>,
  'loader' | 'extensions'
> {
  /** Reads an image from a file. */
  loader?: (path: string) => Image;
}
const image_folder_arguments = signature<ImageFolderArguments>('ImageFolder', [
  'root',
  ['transform', null],
  ['target_transform', null],
  ['loader', default_loader],
  ['is_valid_file', null],
  ['allow_empty', false],
]);

/**
 * Images in folders, one folder for each class: `root/cat/1.jpg`. A sample is an `[image, label]` pair; without a
 * `transform` the image is an `Image`.
 *
 * @throws FileNotFoundError if there are no classes, or one has no images
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.datasets.ImageFolder.html
 */
export class ImageFolder<X = Image, Y = number> extends DatasetFolder<Image, X, Y> {
  /** The files and their labels: another name of `samples`. */
  imgs: FolderSample[];

  constructor(root: string, options?: Omit<ImageFolderArguments<X, Y>, 'root'>);
  constructor(
    ...args: Arguments<
      ImageFolderArguments<X, Y>,
      readonly ['root', 'transform', 'target_transform', 'loader', 'is_valid_file', 'allow_empty']
    >
  );
  constructor(...args: readonly unknown[]) {
    const options = image_folder_arguments(args) as unknown as Required<ImageFolderArguments<X, Y>>;
    super({ ...options, extensions: options.is_valid_file === null ? IMG_EXTENSIONS : null });
    this.imgs = this.samples;
  }
}
