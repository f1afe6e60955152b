/** `torchvision.io`: the files of the fixtures of images as tensors. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import torch from 'tstorch';
import { io, transforms } from 'tstorch/torchvision';
import { afterAll, expect, test } from 'vitest';
import { read_fixture } from '../expected.ts';
import { expect_outcome, type Outcome, picture, tensor } from './pictures.ts';

type Read = [name: string, base64: string, expected: Outcome, converted: Record<string, Outcome>];
const { read, written } = read_fixture<{ read: Read[]; written: [string, string, number[], number, string][] }>(
  'torchvision_image',
);
const folder = mkdtempSync(join(tmpdir(), 'tstorch-io-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(read)('%s', (_, base64, __, converted) => {
  const path = join(folder, 'file');
  const file = torch.from_numpy(new Uint8Array(Buffer.from(base64, 'base64')));
  io.write_file(path, file);
  expect(torch.equal(io.read_file(path), file)).toBe(true);
  const to_image = transforms.functional.to_pil_image;
  expect_outcome(to_image(io.read_image(path, 'RGB')), converted['RGB']!);
  expect_outcome(to_image(io.decode_image(file, io.ImageReadMode.GRAY)), converted['L']!);
});

test('writes what Pillow writes', () => {
  const [, , [w, h], quality, base64] = written.find(([name]) => name === 'RGB 75')!;
  const input = transforms.functional.pil_to_tensor(picture('RGB', w, h));
  const file = io.encode_jpeg(input, quality);
  expect(Buffer.from(file.numpy() as Uint8Array).toString('base64')).toBe(base64);
  expect(io.decode_jpeg(file).shape).toEqual(input.shape);
  const path = join(folder, 'one.png');
  io.write_png(tensor(3), path);
  expect(torch.equal(io.read_image(path), tensor(3))).toBe(true);
  expect(torch.equal(io.decode_png(io.encode_png(tensor(1), 9)), tensor(1))).toBe(true);
});

test('refuses what is no image', () => {
  expect(() => io.decode_image(torch.arange(9).to(torch.uint8))).toThrow('Unsupported image file');
  expect(() => io.decode_image(torch.arange(9))).toThrow('Expected a torch.uint8 tensor, got torch.int64');
  expect(() => io.read_image(join(folder, 'none'))).toThrow(torch.RuntimeError);
  expect(() => io.encode_jpeg(tensor(2))).toThrow('The number of channels should be 1 or 3, got: 2');
  expect(() => io.encode_jpeg(tensor(3), 0)).toThrow('Image quality should be a positive number between 1 and 100');
});
