/** `Image` against Pillow's: pixels by checksum, errors, files (scripts/fixtures/torchvision_image.py). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import torch from 'tstorch';
import { Image, type ImageMode } from 'tstorch/torchvision';
import { describe, expect, test } from 'vitest';
import { evaluate } from '../expected.ts';
import { expect_call, expect_outcome, type Outcome, picture } from './pictures.ts';

interface Fixture {
  calls: [call: string, expected: Outcome][];
  read: [name: string, base64: string, expected: Outcome, converted: Record<string, Outcome>][];
  written: [name: string, mode: ImageMode, size: [number, number], quality: number, base64: string][];
}

const path = new URL('../fixtures/torchvision_image.json', import.meta.url);
const fixture = JSON.parse(readFileSync(path, 'utf8')) as Fixture;
const bytes_of = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

test.each(fixture.calls)('%s', (call, expected) => {
  expect_call(() => evaluate(call, { Image, picture }), expected);
});

describe('files are read as Pillow reads them', () => {
  test.each(fixture.read)('%s', (_, base64, expected, converted) => {
    const image = Image.open(bytes_of(base64));
    expect_outcome(image, expected);
    for (const [mode, one] of Object.entries(converted)) expect_outcome(image.convert(mode as ImageMode), one);
  });

  test.each(fixture.read)('%s, cut off or damaged: an error, never a crash', (_, base64) => {
    const bytes = bytes_of(base64);
    for (let size = 0; size < bytes.length; size += 7) {
      try {
        Image.open(bytes.slice(0, size));
      } catch (error) {
        expect(error).toBeInstanceOf(torch.OSError);
      }
    }
    for (let at = 2; at < bytes.length; at += 5) {
      const damaged = bytes.slice();
      damaged[at]! ^= 0x55;
      try {
        Image.open(damaged);
      } catch (error) {
        expect(error).toBeInstanceOf(torch.OSError);
      }
    }
    expect_outcome(Image.open(bytes), fixture.read.find(([, one]) => one === base64)![2]);
  });
});

test('JPEG files have the same pixels where there is no native decoder', () => {
  const files = fixture.read.filter(([, base64]) => base64.startsWith('/9j/'));
  expect(files.length).toBeGreaterThan(5);
  const program = `
    import { readFileSync } from 'node:fs';
    import { Image } from 'tstorch/torchvision';
    const images = JSON.parse(readFileSync(0, 'utf8')).map((file) => Image.open(Buffer.from(file, 'base64')));
    const parts = ({ mode, size, data }) => [mode, size, Buffer.from(data).toString('base64')];
    console.log(JSON.stringify(images.map(parts)));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, TSTORCH_JPEG: 'wasm' },
    input: JSON.stringify(files.map(([, base64]) => base64)),
    encoding: 'utf8',
  });
  const images = JSON.parse(stdout) as [ImageMode, [number, number], string][];
  images.forEach(([mode, size, base64], i) => {
    expect_outcome(Image.frombytes(mode, size, bytes_of(base64)), files[i]![2]);
  });
  expect(images.length).toBe(files.length);
});

describe('files are written', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tstorch-image-'));
  const clean = (): void => rmSync(folder, { recursive: true, force: true });
  test.each(fixture.written)('JPEG, byte for byte as Pillow writes it: %s', (_, mode, size, quality, base64) => {
    const path = join(folder, 'one.jpg');
    picture(mode, ...size).save(path, null, { quality });
    expect(readFileSync(path).toString('base64')).toBe(base64);
  });

  test.each(['1', 'L', 'LA', 'RGB', 'RGBA'] as const)('PNG, and read again: %s', (mode) => {
    const path = join(folder, 'one.png');
    const image = picture(mode, 9, 7);
    image.save(path);
    const again = Image.open(path);
    // Black and white is written as grey.
    expect([again.mode, again.size, [...again.data]]).toEqual([mode === '1' ? 'L' : mode, [9, 7], [...image.data]]);
  });

  test.each(['L', 'RGB', 'RGBA'] as const)('BMP, and read again: %s', (mode) => {
    const path = join(folder, 'one.bmp');
    const image = picture(mode, 9, 7);
    image.save(path);
    const again = Image.open(path).convert(mode);
    expect(again.data.filter((_, i) => mode !== 'RGBA' || i % 4 < 3)).toEqual(
      image.data.filter((_, i) => mode !== 'RGBA' || i % 4 < 3),
    );
  });

  test('or not', () => {
    expect(() => picture('RGB').save(join(folder, 'one.xyz'))).toThrow('unknown file extension: .xyz');
    expect(() => picture('F').save(join(folder, 'one.jpg'))).toThrow('cannot write mode F as JPEG');
    expect(() => Image.open(join(folder, 'none.png'))).toThrow('[Errno 2] No such file or directory');
    expect(() => Image.open(new TextEncoder().encode('no image at all'))).toThrow('cannot identify image file');
    clean();
  });
});
