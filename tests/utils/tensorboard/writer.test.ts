/** The files of a SummaryWriter hold what Python's hold, byte for byte but for the times. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import torch, { nn, type Tensor } from 'tstorch';
import * as plt from 'tstorch/pyplot';
import { SummaryWriter, type SummaryWriterOptions } from 'tstorch/utils/tensorboard';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { dtype_named, error_of, is_typed_error, read_fixture, thrown_by } from '../../expected.ts';

type Call = [method: string, args: unknown[], options: Record<string, unknown>];

interface Fixture {
  calls: { call: Call; event: string }[];
  images: { call: Call; tag: string; height: number; width: number; colorspace: number; pixels: string }[];
  purged: string[];
  folders: Record<string, string[]>;
  embeddings: { files: Record<string, string>; sprite: number[][][] };
  errors: { call: Call; error: string; message: string }[];
}

const fixture = read_fixture<Fixture>('utils_tensorboard');

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'tstorch-test-'))));
afterEach(() => rmSync(folder, { recursive: true }));

/** CRC-32C, bit by bit, masked. */
function checksum(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

/** The events of the one file in a folder, without their times. */
function events(of: string): Buffer[] {
  const names = readdirSync(of).filter((name) => name.startsWith('events'));
  expect(names).toHaveLength(1);
  let data = readFileSync(join(of, names[0]!));
  const result: Buffer[] = [];
  while (data.length > 0) {
    const length = Number(data.readBigUInt64LE(0));
    const content = data.subarray(12, 12 + length);
    expect(data.readUInt32LE(8)).toBe(checksum(data.subarray(0, 8)));
    expect(data.readUInt32LE(12 + length)).toBe(checksum(content));
    // The first field is the time: number and kind, then eight bytes.
    expect(content[0]).toBe(0x09);
    expect(Math.abs(content.readDoubleLE(1) - Date.now() / 1000)).toBeLessThan(600);
    result.push(content.subarray(9));
    data = data.subarray(16 + length);
  }
  return result;
}

/** What a fixture's value stands for. */
function resolved(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolved);
  if (typeof value !== 'object' || value === null) return value;
  if ('tensor' in value) {
    const { tensor, dtype } = value as unknown as { tensor: unknown; dtype: string };
    return torch.tensor((tensor === 'nan' ? NaN : tensor) as number[], { dtype: dtype_named(dtype) });
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, resolved(item)]));
}

function call(writer: SummaryWriter, [method, args, options]: Call): void {
  const all = resolved(args) as unknown[];
  // A plain object at the end is one of names.
  (writer[method as keyof SummaryWriter] as (...all: unknown[]) => void).apply(writer, [...all, resolved(options)]);
}

function written(calls: readonly Call[], options: SummaryWriterOptions = {}): Buffer[] {
  const writer = new SummaryWriter(folder, options);
  for (const one of calls) call(writer, one);
  writer.close();
  return events(folder);
}

test.each(fixture.calls)('$call.0 $call.1.0', ({ call: one, event }) => {
  expect(written([one])[1]!.toString('base64')).toBe(event);
});

/** The pixels of a PNG file within bytes; ours filters no rows. */
function png_pixels(bytes: Buffer): { width: number; height: number; pixels: Buffer } {
  const start = bytes.indexOf('IHDR', 0, 'latin1');
  const [width, height] = [bytes.readUInt32BE(start + 4), bytes.readUInt32BE(start + 8)];
  const at = bytes.indexOf('IDAT', 0, 'latin1');
  const rows = inflateSync(bytes.subarray(at + 4, at + 4 + bytes.readUInt32BE(at - 4)));
  const stride = rows.length / height;
  const parts = Array.from({ length: height }, (_, y) => rows.subarray(y * stride + 1, (y + 1) * stride));
  return { width, height, pixels: Buffer.concat(parts) };
}

test.each(fixture.images)('$call.0 $tag', ({ call: one, tag, height, width, colorspace, pixels }) => {
  const event = written([one])[1]!;
  expect(event.includes(tag)).toBe(true);
  // Height, width and the number of channels stand before the file.
  const varint = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, value >> 7]);
  expect(event.includes(Buffer.from([0x08, ...varint(height), 0x10, ...varint(width), 0x18, colorspace, 0x22]))).toBe(
    true,
  );
  const png = png_pixels(event);
  expect([png.height, png.width]).toEqual([height, width]);
  expect(png.pixels.toString('base64')).toBe(pixels);
});

test('purge_step forgets what follows', () => {
  const encoded = written([fixture.calls[0]!.call], { purge_step: 5 }).map((event) => event.toString('base64'));
  expect(encoded).toEqual(fixture.purged);
});

test('scalars and hyperparameters have folders of their own', () => {
  const writer = new SummaryWriter({ log_dir: folder });
  writer.add_scalars('run/loss', { train: 0.5, test: torch.tensor(0.75) }, 2);
  writer.add_hparams({ lr: 0.5 }, { accuracy: 0.25 }, { run_name: 'first' });
  writer.add_hparams({ name: 'adam' }, { accuracy: 1 }, { name: ['adam', 'sgd'] }, 'second', 3);
  writer.close();
  const folders = readdirSync(folder).filter((name) => statSync(join(folder, name)).isDirectory());
  expect(folders.sort()).toEqual(Object.keys(fixture.folders).sort());
  for (const [name, expected] of Object.entries(fixture.folders)) {
    expect(
      events(join(folder, name)).map((event) => event.toString('base64')),
      name,
    ).toEqual(expected);
  }
});

test('embeddings', () => {
  const writer = new SummaryWriter(folder);
  const images = torch.arange(36).reshape(3, 3, 2, 2).div(36);
  const points = torch.tensor([
    [0.1, 2],
    [3, 1e-7],
    [1e20, -0.5],
  ]);
  writer.add_embedding(points, { metadata: ['a', 'b', 3], label_img: images });
  writer.add_embedding(torch.tensor([[1, 2]]), {
    metadata: [['x', 'y']],
    metadata_header: ['one', 'two'],
    global_step: 12,
    tag: 'a/"b"',
  });
  writer.close();
  for (const [name, content] of Object.entries(fixture.embeddings.files)) {
    expect(readFileSync(join(folder, name), 'utf8'), name).toBe(content);
  }
  const { pixels, width } = png_pixels(readFileSync(join(folder, '00000/default/sprite.png')));
  expect(width).toBe(fixture.embeddings.sprite.length);
  expect([...pixels]).toEqual(fixture.embeddings.sprite.flat(2));
});

test.each(fixture.errors)('$message', ({ call: one, error, message }) => {
  const writer = new SummaryWriter(folder);
  expect(error_of(() => call(writer, one))).toEqual([error, message]);
  writer.close();
});

describe('files', () => {
  test('are named after time and host, as in Python', () => {
    const writer = new SummaryWriter(folder, { filename_suffix: '.x' });
    const [name] = readdirSync(folder);
    expect(name).toMatch(/^events\.out\.tfevents\.\d{10}\./);
    expect(name!.endsWith('.x')).toBe(true);
    expect(name).toContain(`.${hostname()}.${process.pid}.`);
    writer.close();
  });

  test('are in runs/ if nothing else is said', () => {
    const before = process.cwd();
    process.chdir(folder);
    try {
      const writer = new SummaryWriter({ comment: '_tried' });
      expect(writer.get_logdir()).toMatch(/^runs\/[A-Z][a-z]{2}\d{2}_\d{2}-\d{2}-\d{2}_/);
      expect(writer.get_logdir().endsWith(`${hostname()}_tried`)).toBe(true);
      expect(existsSync(writer.get_logdir())).toBe(true);
      writer.close();
    } finally {
      process.chdir(before);
    }
  });

  test('hold every event at once', () => {
    const writer = new SummaryWriter(folder);
    writer.add_scalar('loss', 1, 1);
    expect(events(folder)).toHaveLength(2);
    writer.flush();
    writer.close();
  });

  test('begin anew after close', () => {
    const writer = new SummaryWriter(folder);
    writer.close();
    writer.add_scalar('loss', 1);
    writer.close();
    expect(readdirSync(folder)).toHaveLength(2);
  });
});

test('a figure becomes an image', () => {
  const writer = new SummaryWriter(folder);
  const figure = plt.figure({ figsize: [2, 1] });
  plt.plot([1, 2]);
  writer.add_figure('plot', figure, 1);
  writer.close();
  expect(plt.get_fignums()).toEqual([]);
  const { width, height, pixels } = png_pixels(events(folder)[1]!);
  expect([width, height]).toEqual([200, 100]);
  expect(pixels.some((byte) => byte < 100)).toBe(true);
});

class Net extends nn.Module {
  features = new nn.Sequential(new nn.Linear(2, 3), new nn.ReLU());
  head = new nn.Linear(3, 1);

  override forward(x: Tensor): Tensor {
    return this.head(this.features(x));
  }
}

test('the graph of a model has its modules', () => {
  const writer = new SummaryWriter(folder);
  const net = new Net();
  writer.add_graph(net, torch.ones(4, 2));
  writer.close();
  expect(net.training).toBe(true);
  const graph = events(folder)[1]!.toString('latin1');
  for (const name of [
    'input/input.1',
    'Net/Sequential[features]/Linear[0]/Linear',
    'Net/Linear[head]/weight',
    'output/output.1',
  ]) {
    expect(graph).toContain(name);
  }
});

test.each<[string, (writer: SummaryWriter) => unknown]>([
  ['no number', (writer) => writer.add_scalar('a', {} as never)],
  ['a text', (writer) => writer.add_scalar('a', 'b' as never)],
  ['no tag', (writer) => writer.add_scalar({ scalar_value: 1 } as never)],
  ['scalars that are none', (writer) => writer.add_scalars('a', [1] as never)],
  ['hyperparameters that are none', (writer) => writer.add_hparams(1 as never, {})],
  ['a hyperparameter of another kind', (writer) => writer.add_hparams({ a: [1] as never }, {})],
])('a typed error for %s', (_, action) => {
  const writer = new SummaryWriter(folder);
  const error = thrown_by(() => action(writer));
  expect(is_typed_error(error)).toBe(true);
  writer.close();
});

test('a folder that cannot be made is an error', () => {
  const writer = new SummaryWriter(folder);
  const [name] = readdirSync(folder);
  expect(error_of(() => new SummaryWriter(join(folder, name!, 'below')))[0]).toBe('OSError');
  writer.close();
});

const READER = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
log = EventAccumulator(sys.argv[1], size_guidance={"images": 0, "histograms": 0}).Reload()
print(json.dumps({
    "scalars": {tag: [[e.step, e.value] for e in log.Scalars(tag)] for tag in log.Tags()["scalars"]},
    "histograms": {tag: [h.histogram_value.num for h in log.Histograms(tag)] for tag in log.Tags()["histograms"]},
    "images": {tag: [[e.height, e.width] for e in log.Images(tag)] for tag in log.Tags()["images"]},
    "nodes": [[n.name, n.op, list(n.input)] for n in log.Graph().node],
}))
`;

/** A Python that has TensorBoard. */
const python = [process.env['TSTORCH_PYTHON'], 'python3', 'python'].find(
  (command) =>
    command !== undefined && spawnSync(command, ['-c', 'import tensorboard.backend.event_processing']).status === 0,
);
if (python === undefined) console.log('TensorBoard itself does not read the files: no Python here has it.');

test.skipIf(python === undefined)('TensorBoard reads it', () => {
  const writer = new SummaryWriter(folder);
  for (let step = 0; step < 3; step++) writer.add_scalar('loss', 1 / (step + 1), step);
  writer.add_histogram('weights', torch.arange(10), 1);
  writer.add_image('picture', torch.rand(3, 5, 7), 1);
  writer.add_graph(new Net(), torch.ones(4, 2));
  writer.close();
  const result = spawnSync(python!, ['-c', READER, folder], { encoding: 'utf8' });
  expect(result.status, result.stderr).toBe(0);
  const read = JSON.parse(result.stdout.trim().split('\n').at(-1)!) as Record<string, unknown>;
  expect(read['scalars']).toEqual({
    loss: [
      [0, 1],
      [1, 0.5],
      [2, Math.fround(1 / 3)],
    ],
  });
  expect(read['histograms']).toEqual({ weights: [10] });
  expect(read['images']).toEqual({ picture: [[5, 7]] });
  const scope = 'Net/Sequential[features]';
  expect(read['nodes']).toEqual([
    ['input/input.1', 'IO Node', []],
    [`${scope}/Linear[0]/weight`, 'Parameter', []],
    [`${scope}/Linear[0]/bias`, 'Parameter', []],
    [`${scope}/Linear[0]/Linear`, 'Linear', ['input/input.1', `${scope}/Linear[0]/weight`, `${scope}/Linear[0]/bias`]],
    [`${scope}/ReLU[1]/ReLU`, 'ReLU', [`${scope}/Linear[0]/Linear`]],
    ['Net/Linear[head]/weight', 'Parameter', []],
    ['Net/Linear[head]/bias', 'Parameter', []],
    [
      'Net/Linear[head]/Linear',
      'Linear',
      [`${scope}/ReLU[1]/ReLU`, 'Net/Linear[head]/weight', 'Net/Linear[head]/bias'],
    ],
    ['output/output.1', 'IO Node', ['Net/Linear[head]/Linear']],
  ]);
});
