import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import torch, { type Tensor } from 'tstorch';
import { datasets, Image, transforms } from 'tstorch/torchvision';
import { DataLoader } from 'tstorch/utils/data';
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'tstorch-datasets-'));
let made = 0;
/** A new empty folder. */
const folder = (): string => {
  const path = join(root, String(made++));
  mkdirSync(path);
  return path;
};

/** An IDX file of bytes. */
function idx(shape: number[], values: ArrayLike<number>): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = 8;
  header[3] = shape.length;
  shape.forEach((size, i) => header.writeUInt32BE(size, 4 + 4 * i));
  return Buffer.concat([header, Buffer.from(Uint8Array.from(values))]);
}

const sequence = (length: number): number[] => Array.from({ length }, (_, i) => i);
/** Five images of 3 x 4 pixels to train with, two to test with: every pixel is its own number. */
const files: Record<string, Buffer> = {
  'train-images-idx3-ubyte': idx([5, 3, 4], sequence(60)),
  'train-labels-idx1-ubyte': idx([5], [9, 0, 0, 3, 7]),
  't10k-images-idx3-ubyte': idx([2, 3, 4], sequence(24)),
  't10k-labels-idx1-ubyte': idx([2], [1, 2]),
};
const zipped = Object.fromEntries(Object.entries(files).map(([name, data]) => [`${name}.gz`, gzipSync(data)]));

/** A folder with the files of a data set, changed a little perhaps. */
function prepared(name: string, contents: Record<string, Buffer> = files): string {
  const path = folder();
  mkdirSync(join(path, name, 'raw'), { recursive: true });
  for (const [file, data] of Object.entries(contents)) writeFileSync(join(path, name, 'raw', file), data);
  return path;
}

// Constructors wait for a download, so the server that they get it from needs a process of its own.
let server: ChildProcess;
let address = '';
beforeAll(async () => {
  const served = folder();
  for (const [name, data] of Object.entries(zipped)) writeFileSync(join(served, name), data);
  const program = `
    const { createServer } = require('node:http'), { join } = require('node:path');
    const { existsSync, readFileSync } = require('node:fs');
    const server = createServer((request, response) => {
      const [, kind, name] = request.url.split('/');
      const path = join(process.argv[1], name ?? '');
      if (kind === 'hangs-up') request.socket.destroy();
      else if (kind !== 'good' || !existsSync(path)) response.writeHead(404).end();
      else response.end(readFileSync(path));
    }).listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  server = spawn(process.execPath, ['-e', program, served], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    server.stdout!.once('data', (data) => resolve(String(data).trim())),
  );
  address = `http://127.0.0.1:${port}`;
});
afterAll(() => {
  server.kill();
  rmSync(root, { recursive: true, force: true });
});

/** FashionMNIST, but from our own server and never from Debian's package. */
function from(...mirrors: string[]): typeof datasets.FashionMNIST {
  const resources = Object.entries(zipped).map(
    ([name, data]) => [name, createHash('md5').update(data).digest('hex')] as const,
  );
  class FashionMNIST extends datasets.FashionMNIST<unknown, unknown> {
    static override readonly mirrors = mirrors;
    static override readonly resources = resources;
    static override readonly debian = null as never;
  }
  return FashionMNIST as unknown as typeof datasets.FashionMNIST;
}

describe('files that are there', () => {
  test('samples, labels and classes', () => {
    const data = new datasets.FashionMNIST(prepared('FashionMNIST'));
    expect([data.length, data.train, data.data.dtype, [...data.data.shape]]).toEqual([5, true, torch.uint8, [5, 3, 4]]);
    expect([(data.targets as Tensor).dtype, (data.targets as Tensor).tolist()]).toEqual([torch.int64, [9, 0, 0, 3, 7]]);
    const [image, label] = data[1]!;
    expectTypeOf(image).toEqualTypeOf<Image>();
    expect([label, image.mode, image.size, [...image.data]]).toEqual([0, 'L', [4, 3], sequence(12).map((i) => i + 12)]);
    expect(data[-1]![1]).toBe(7);
    expect([...data].map(([, target]) => target)).toEqual([9, 0, 0, 3, 7]);
    expect(() => data[5]).toThrow(torch.IndexError);
    expect(data.classes[9]).toBe('Ankle boot');
    expect(data.class_to_idx['Bag']).toBe(8);
    expect([...new datasets.FashionMNIST(data.root!, { train: false })].map(([, target]) => target)).toEqual([1, 2]);
  });

  test('transforms', () => {
    const data = new datasets.MNIST(prepared('MNIST'), {
      transform: new transforms.ToTensor(),
      target_transform: (target) => `class ${target}`,
    });
    const [image, label] = data[0]!;
    expectTypeOf(image).toEqualTypeOf<Tensor>();
    expectTypeOf(label).toEqualTypeOf<string>();
    expect([[...image.shape], label]).toEqual([[1, 3, 4], 'class 9']);
    expect(torch.equal(image.mul(255).round(), torch.arange(12).view(1, 3, 4).to(torch.float32))).toBe(true);
  });

  test('a loader makes batches of them', () => {
    const data = new datasets.MNIST({ root: prepared('MNIST'), transform: new transforms.ToTensor() });
    const [X, y] = [...new DataLoader(data, { batch_size: 4 })][1]!;
    expectTypeOf(X).toEqualTypeOf<Tensor>();
    expect([[...X.shape], y.tolist()]).toEqual([[1, 1, 3, 4], [7]]);
  });

  test('data and targets may be replaced and changed', () => {
    const data = new datasets.MNIST(prepared('MNIST'));
    data.data.fill_(1);
    expect([...data[0]![0].data]).toEqual(Array(12).fill(1));
    data.data = data.data['1:3']!.mul(5);
    data.targets = [4, 6];
    expect([data.length, [...data[1]![0].data], data[1]![1]]).toEqual([2, Array(12).fill(5), 6]);
  });

  test('compressed files are read as they are', () => {
    const data = new datasets.KMNIST(prepared('KMNIST', zipped));
    expect([data.length, data.classes[1], readdirSync(data.raw_folder).every((name) => name.endsWith('.gz'))]).toEqual([
      5,
      'ki',
      true,
    ]);
  });

  test('how a data set prints', () => {
    const path = prepared('FashionMNIST');
    expect(String(new datasets.FashionMNIST(path, false))).toBe(
      `Dataset FashionMNIST\n    Number of datapoints: 2\n    Root location: ${path}\n    Split: Test`,
    );
    const transform = new transforms.Compose([new transforms.ToTensor(), new transforms.Normalize([0.5], [0.5])]);
    const target_transform = new transforms.Lambda((x: number) => x);
    expect(new datasets.FashionMNIST(path, { transform, target_transform }).__repr__()).toBe(
      `Dataset FashionMNIST
    Number of datapoints: 5
    Root location: ${path}
    Split: Train
    StandardTransform
Transform: Compose(
               ToTensor()
               Normalize(mean=[0.5], std=[0.5])
           )
Target transform: Lambda()`,
    );
  });

  test.each<[string, string, Buffer, RegExp]>([
    [
      'cut off',
      'train-images-idx3-ubyte',
      files['train-images-idx3-ubyte']!.subarray(0, 50),
      /should hold 60 values, but there are 34/,
    ],
    ['empty', 'train-labels-idx1-ubyte', Buffer.alloc(0), /it has no IDX header/],
    ['something else', 'train-labels-idx1-ubyte', Buffer.from('<html>Not found</html>'), /it has no IDX header/],
    ['of another type', 'train-labels-idx1-ubyte', Buffer.from([0, 0, 13, 1, 0, 0, 0, 0]), /it does not hold bytes/],
    ['of impossible size', 'train-images-idx3-ubyte', idx([4294967295, 4294967295, 4294967295], []), /should hold/],
    ['from another set', 'train-labels-idx1-ubyte', files['t10k-labels-idx1-ubyte']!, /do not belong together/],
  ])('a file that is %s is an error', (_, name, data, message) => {
    expect(() => new datasets.MNIST(prepared('MNIST', { ...files, [name]: data }))).toThrow(message);
  });

  test('a compressed file that is damaged is an error that names it', () => {
    const damaged = { ...zipped, 'train-images-idx3-ubyte.gz': Buffer.from('no gzip') };
    expect(() => new datasets.MNIST(prepared('MNIST', damaged))).toThrow(/train-images-idx3-ubyte.gz cannot be read/);
  });
});

describe('files that are not there', () => {
  test('without download the error says how to get them', () => {
    const make = (): unknown => new datasets.FashionMNIST(folder());
    expect(make).toThrow(torch.RuntimeError);
    expect(make).toThrow(
      /Dataset not found. You can use download=true.*apt-get install dataset-fashion-mnist.*FashionMNIST\/raw/s,
    );
  });

  test('download, from the second mirror where the first has nothing', () => {
    const data = new (from(`${address}/bad/`, `${address}/hangs-up/`, `${address}/good/`))(folder(), {
      download: true,
    });
    expect(data.length).toBe(5);
    const names = Object.keys(files);
    expect(readdirSync(data.raw_folder).sort()).toEqual([...names, ...names.map((name) => `${name}.gz`)].sort());
    // The second time nothing is asked for.
    expect(new (from(`${address}/bad/`))(data.root!, { download: true, train: false }).length).toBe(2);
  });

  test('what has the wrong checksum is not kept', () => {
    const Changed = from(`${address}/good/`);
    const resources = Changed.resources.map(
      ([name], i) => [name, i === 2 ? '0'.repeat(32) : Changed.resources[i]![1]] as const,
    );
    Object.defineProperty(Changed, 'resources', { value: resources });
    const path = folder();
    const make = (): unknown => new Changed(path, { download: true });
    expect(make).toThrow(
      /Error downloading t10k-images-idx3-ubyte.gz:\nTried .*\/good\/, got:\nFile not found or corrupted\./s,
    );
    const raw = join(path, 'FashionMNIST', 'raw');
    expect(readdirSync(raw).filter((name) => name.startsWith('t10k') || name.endsWith('.part'))).toEqual([]);
  });

  test('without a network the error says how to get them', () => {
    // Nothing listens on port 9 (discard) of this machine.
    const Unreachable = from('http://127.0.0.1:9/', 'http://no-such-host.invalid/');
    expect(() => new Unreachable(folder(), { download: true })).toThrow(
      /Error downloading train-images-idx3-ubyte.gz:\nTried http:\/\/127.0.0.1:9\/, got:\n.+\nTried .*To get the/s,
    );
  });
});

test('a checksum', () => {
  const path = join(folder(), 'abc');
  writeFileSync(path, 'abc');
  expect(datasets.utils.calculate_md5(path)).toBe('900150983cd24fb0d6963f7d28e17f72');
  expect(datasets.utils.check_integrity(path, '900150983cd24fb0d6963f7d28e17f72')).toBe(true);
  expect(datasets.utils.check_integrity(path, '0')).toBe(false);
  expect(datasets.utils.check_integrity(`${path}d`)).toBe(false);
});

// The set-up gets these where it can.
const own = join(import.meta.dirname, '..', '..', 'data');
const packaged = datasets.FashionMNIST.debian.folder;
const there = [join(own, 'FashionMNIST', 'raw'), packaged].some(
  (path) => existsSync(join(path, 'train-images-idx3-ubyte.gz')) || existsSync(join(path, 'train-images-idx3-ubyte')),
);

describe.skipIf(!there)('the real images', () => {
  test.each([
    [
      true,
      60000,
      3431114169,
      [9, 0, 0, 3, 0, 2, 7, 2, 5, 5],
      [0, 0, 1, 4, 6, 7, 2, 0, 0, 0, 0, 0, 237, 226, 217, 223, 222, 219, 222, 221, 216, 223, 229, 215, 218, 255, 77, 0],
    ],
    [
      false,
      10000,
      573469082,
      [9, 2, 1, 1, 6, 1, 4, 6, 5, 7],
      [0, 0, 0, 0, 0, 0, 2, 4, 1, 0, 0, 0, 98, 136, 110, 109, 110, 162, 135, 144, 149, 159, 167, 144, 158, 169, 119, 0],
    ],
  ])('train=%s', (train, count, sum, labels, row) => {
    // Unpacked to a folder of the test's own, unless they are in the project's.
    const at = existsSync(join(own, 'FashionMNIST', 'raw')) ? own : folder();
    const data = new datasets.FashionMNIST(at, { train, download: true });
    expect([data.length, data.data.sum().item()]).toEqual([count, sum]);
    expect((data.targets as Tensor)['0:10']!.tolist()).toEqual(labels);
    expect([...data[0]![0].data.subarray(14 * 28, 15 * 28)]).toEqual(row);
  });
});
