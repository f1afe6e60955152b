/** Data sets and the files that they are made of: what torchvision makes of the same ones. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import torch, { type Tensor } from 'tstorch';
import { datasets, type Image } from 'tstorch/torchvision';
import { afterAll, describe, expect, test } from 'vitest';
import { read_fixture } from '../expected.ts';

interface Folder {
  repr: string;
  classes: string[];
  class_to_idx: Record<string, number>;
  samples: [string, number][];
  targets: number[];
  error?: string;
}
interface Cifar {
  files: Record<string, string>;
  md5: Record<string, string>;
  splits: Record<
    'train' | 'test',
    {
      repr: string;
      shape: number[];
      sum: number;
      targets: number[];
      classes: string[];
      class_to_idx: Record<string, number>;
      label: number;
      mode: string;
      pixels: string;
    }
  >;
}
interface Fixture {
  cifar10: Cifar;
  cifar100: Cifar;
  fake: { repr: string; samples: { pixels: number[]; label: number }[]; next: number };
  folders: Record<string, Folder> & { files: string[] };
  emnist_classes: Record<string, string[]>;
  archives: { contents: Record<string, string>; archives: Record<string, string> };
}
const fixture = read_fixture<Fixture>('torchvision_datasets');
const unpacked = (text: string): Buffer => gunzipSync(Buffer.from(text, 'base64'));

const root = mkdtempSync(join(tmpdir(), 'tstorch-dataset-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let made = 0;
function folder(files: Record<string, Buffer | string> = {}): string {
  const path = join(root, String(made++));
  mkdirSync(path);
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(path, name)), { recursive: true });
    writeFileSync(join(path, name), content);
  }
  return path;
}

/** What a call throws, as Python writes it. */
function error_of(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
  return 'nothing';
}

describe.each(['cifar10', 'cifar100'] as const)('%s', (name) => {
  const { files, md5, splits } = fixture[name];
  const Base: typeof datasets.CIFAR10 = name === 'cifar10' ? datasets.CIFAR10 : datasets.CIFAR100;
  const sums = (list: readonly (readonly [string, string])[]): (readonly [string, string])[] =>
    list.map(([file]) => [file, md5[file]!] as const);
  // The name is part of the description.
  const Made = {
    [Base.name]: class extends Base<Image, number> {
      static override readonly train_list = sums(Base.train_list);
      static override readonly test_list = sums(Base.test_list);
      static override readonly meta = { ...Base.meta, md5: md5[Base.meta.filename]! };
    },
  }[Base.name] as typeof datasets.CIFAR10;
  const contents = Object.fromEntries(
    Object.entries(files).map(([file, text]) => [`${Base.base_folder}/${file}`, unpacked(text)]),
  );

  test.each(['train', 'test'] as const)('%s', (split) => {
    const expected = splits[split];
    const path = folder(contents);
    const data = new Made(path, { train: split === 'train' });
    const [image, label] = data[data.length - 1]!;
    expect({
      repr: String(data).replace(path, '{root}'),
      shape: [...data.data.shape],
      sum: data.data.sum().item(),
      targets: data.targets,
      classes: data.classes,
      class_to_idx: data.class_to_idx,
      label,
      mode: image.mode,
      pixels: createHash('sha256').update(image.data).digest('hex'),
    }).toEqual(expected);
    expect(data.__getitem__(-1)[1]).toBe(label);
    expect(() => data.__getitem__(data.length)).toThrow(torch.IndexError);
  });

  test('damaged files are refused', () => {
    const damaged = 'RuntimeError: Dataset not found or corrupted. You can use download=True to download it';
    expect(error_of(() => new Made(folder()))).toBe(damaged);
    const [first] = Object.keys(contents);
    expect(error_of(() => new Made(folder({ ...contents, [first!]: 'rubbish' })))).toBe(damaged);
  });
});

test('a pickle that names anything else is not followed', () => {
  const evil = Buffer.from('\x80\x02cos\nsystem\nq\x00U\x04true\x85Rq\x01.', 'latin1');
  const md5 = createHash('md5').update(evil).digest('hex');
  class Evil extends datasets.CIFAR100<Image, number> {
    static override readonly train_list = [['train', md5]] as const;
    static override readonly test_list = [] as const;
  }
  const path = folder({ 'cifar-100-python/train': evil });
  expect(error_of(() => new Evil(path))).toMatch(/^RuntimeError: .*cannot be read: .*os\.system/);
});

test('FakeData draws as in Python, and leaves the generator alone', () => {
  torch.manual_seed(3);
  const data = new datasets.FakeData({ size: 3, image_size: [3, 4, 5], num_classes: 7, random_offset: 11 });
  const samples = [...data].map(([image, label]) => ({ pixels: [...image.data], label }));
  expect({ repr: String(data), samples, next: torch.rand(1).item() }).toEqual(fixture.fake);
  expect(error_of(() => data.__getitem__(3))).toBe('IndexError: FakeData index out of range');
});

describe('folders', () => {
  const { files } = fixture.folders;
  const path = folder(Object.fromEntries(files.map((name) => [name, ''])));
  const is_one = (file: string): boolean => '15'.includes(file.split('/').at(-1)![0]!);
  const load = (file: string): string => file;
  const calls: Record<string, () => datasets.DatasetFolder> = {
    image: () => new datasets.ImageFolder(path),
    image_allow_empty: () => new datasets.ImageFolder(path, { allow_empty: true }),
    image_valid: () => new datasets.ImageFolder(path, { is_valid_file: is_one, allow_empty: true }),
    folder: () => new datasets.DatasetFolder(path, load, ['.png', '.jpg', '.gif']),
    folder_neither: () => new datasets.DatasetFolder(path, load),
    no_classes: () => new datasets.ImageFolder(`${path}/c`),
  };

  test.each(Object.keys(calls))('%s', (name) => {
    const expected = fixture.folders[name]!;
    if (expected.error !== undefined) {
      expect(error_of(calls[name]!).replaceAll(path, '{root}')).toBe(expected.error);
      return;
    }
    const data = calls[name]!();
    expect({
      repr: String(data).replace(path, '{root}'),
      classes: data.classes,
      class_to_idx: data.class_to_idx,
      samples: data.samples.map(([file, label]) => [file.replace(`${path}/`, ''), label]),
      targets: data.targets,
    }).toEqual(expected);
  });

  test('samples come from the loader, and through the transforms', () => {
    const data = new datasets.DatasetFolder(path, load, ['.png'], {
      transform: (file: string) => file.length - path.length,
      target_transform: (label: number) => `class ${label}`,
      allow_empty: true,
    });
    expect([...data]).toEqual([
      ['/b/10.PNG'.length, 'class 1'],
      ['/b/2.png'.length, 'class 1'],
    ]);
  });
});

test('Food101 reads its lists', () => {
  const path = folder({
    'food-101/meta/train.json': JSON.stringify({ pizza: ['pizza/1', 'pizza/2'], apple_pie: ['apple_pie/3'] }),
    'food-101/images/none': '',
  });
  const data = new datasets.Food101(path, { loader: (file) => file.replace(path, '') as never });
  expect(data.classes).toEqual(['apple_pie', 'pizza']);
  expect([...data]).toEqual([
    ['/food-101/images/pizza/1.jpg', 1],
    ['/food-101/images/pizza/2.jpg', 1],
    ['/food-101/images/apple_pie/3.jpg', 0],
  ]);
  expect(String(data)).toBe(`Dataset Food101\n    Number of datapoints: 3\n    Root location: ${path}\n    split=train`);
  expect(error_of(() => new datasets.Food101(path, { split: 'val' as never }))).toBe(
    "ValueError: Unknown value 'val' for argument split. Valid values are {'train', 'test'}.",
  );
  expect(error_of(() => new datasets.Food101(folder()))).toBe(
    'RuntimeError: Dataset not found. You can use download=True to download it',
  );
});

/** An IDX file of bytes or of whole numbers of 32 bits. */
function idx(kind: 8 | 12, shape: number[], values: number[]): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = kind;
  header[3] = shape.length;
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  const body = Buffer.alloc(values.length * (kind === 8 ? 1 : 4));
  values.forEach((value, i) => (kind === 8 ? body.writeUInt8(value, i) : body.writeInt32BE(value, 4 * i)));
  return Buffer.concat([header, body]);
}
const sequence = (length: number): number[] => Array.from({ length }, (_, i) => i);

test('EMNIST has its own files and classes', () => {
  const path = folder({
    'EMNIST/raw/emnist-letters-train-images-idx3-ubyte': idx(8, [2, 2, 3], sequence(12)),
    'EMNIST/raw/emnist-letters-train-labels-idx1-ubyte': idx(8, [2], [26, 1]),
  });
  const data = new datasets.EMNIST(path, 'letters');
  expect(data.split).toBe('letters');
  const [image, label] = data[1]!;
  expect([[...image.data], label, data.classes[label]]).toEqual([[6, 7, 8, 9, 10, 11], 1, 'a']);
  expect(datasets.EMNIST.classes_split_dict).toEqual(fixture.emnist_classes);
  expect(Object.keys(data)).toEqual(expect.arrayContaining(['root', 'train', 'data', 'targets', 'split']));
  expect(error_of(() => new datasets.EMNIST(path, { split: 'digits' }))).toMatch(/^RuntimeError: Dataset not found/);
  expect(error_of(() => new datasets.EMNIST(path, 'words' as never))).toBe(
    "ValueError: Unknown value 'words' for argument split. Valid values are {'byclass', 'bymerge', 'balanced', " +
      "'letters', 'digits', 'mnist'}.",
  );
});

test('QMNIST knows more of its images', () => {
  const path = folder({
    'QMNIST/raw/qmnist-test-images-idx3-ubyte': idx(8, [3, 1, 2], sequence(6)),
    'QMNIST/raw/qmnist-test-labels-idx2-int': idx(12, [3, 3], [7, 70_000, -1, 8, 80_000, -2, 9, 90_000, -3]),
  });
  const data = new datasets.QMNIST(path, { train: false });
  expect([data.what, data.compat, data.length, data[2]![1]]).toEqual(['test', true, 3, 9]);
  const full = new datasets.QMNIST(path, 'test10k', false);
  expect((full[1]![1] as unknown as Tensor).tolist()).toEqual([8, 80_000, -2]);
  expect(String(full)).toContain('Split: test10k');
  expect(new datasets.QMNIST(path, 'test50k').length).toBe(0);
});

describe('archives', () => {
  const { contents, archives } = fixture.archives;
  const put = (name: string): [path: string, folder: string] => {
    const at = folder({ [name]: unpacked(archives[name]!) });
    return [join(at, name), at];
  };
  const has = (program: string): boolean => spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined;

  test.each(['plain.zip', 'gnu.tar', 'pax.tar.gz', 'ustar.tgz', 'xz.tar.xz', 'bz2.tbz2'])('%s', (name) => {
    if ((name.endsWith('xz') && !has('xz')) || (name.endsWith('bz2') && !has('bzip2'))) return;
    const [path] = put(name);
    const to = folder();
    expect(datasets.utils.extract_archive(path, to)).toBe(to);
    for (const [file, text] of Object.entries(contents)) {
      expect(readFileSync(join(to, file)).equals(Buffer.from(text, 'base64'))).toBe(true);
    }
    expect(existsSync(path)).toBe(true);
  });

  test('one compressed file; the archive goes if asked to', () => {
    const [path, at] = put('single.txt.gz');
    expect(datasets.utils.extract_archive(path, null, true)).toBe(join(at, 'single.txt'));
    expect(readFileSync(join(at, 'single.txt'), 'utf8')).toBe('alone');
    expect(existsSync(path)).toBe(false);
  });

  test.each(['evil.zip', 'evil.tar'])('%s does not get out', (name) => {
    const [path, at] = put(name);
    const to = join(at, 'inner');
    mkdirSync(to);
    expect(error_of(() => datasets.utils.extract_archive(path, to))).toBe(
      `RuntimeError: '../evil.txt' would be unpacked outside of ${to}`,
    );
    expect(existsSync(join(at, 'evil.txt'))).toBe(false);
  });

  test('absolute paths and links are refused', () => {
    expect(error_of(() => datasets.utils.extract_archive(put('absolute.tar')[0]))).toMatch('would be unpacked outside');
    expect(error_of(() => datasets.utils.extract_archive(put('link.tar')[0]))).toMatch(/'link' is a link/);
  });

  test('damaged and unknown files are errors', () => {
    const at = folder({
      'a.zip': 'no zip',
      'a.tar': Buffer.alloc(1024, 7),
      'a.tar.gz': 'no gzip',
      'b.tar': gunzipSync(gzipSync(unpacked(archives['gnu.tar']!))).subarray(0, 2000),
      a: '',
      'a.rar': '',
    });
    for (const name of ['a.zip', 'a.tar', 'a.tar.gz', 'b.tar']) {
      expect(error_of(() => datasets.utils.extract_archive(join(at, name)))).toMatch(/^RuntimeError: /);
    }
    expect(error_of(() => datasets.utils.extract_archive(join(at, 'a')))).toBe(
      `RuntimeError: File '${at}/a' has no suffixes that could be used to detect the archive type and compression.`,
    );
    expect(error_of(() => datasets.utils.extract_archive(join(at, 'a.rar')))).toBe(
      "RuntimeError: Unknown compression or archive type: '.rar'.\nKnown suffixes are: '['.bz2', '.gz', '.tar', '.tbz', " +
        "'.tbz2', '.tgz', '.xz', '.zip']'.",
    );
  });
});
