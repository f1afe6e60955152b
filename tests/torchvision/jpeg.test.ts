/** Damaged JPEG files: what Pillow and torchvision make of them (scripts/fixtures/torchvision_jpeg.py). */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import torch from 'tstorch';
import { Image, io } from 'tstorch/torchvision';
import { afterAll, expect, test } from 'vitest';
import { read_fixture } from '../expected.ts';

interface Outcome {
  pixels?: string;
  error?: [name: string, message: string];
}
const files = Object.entries(
  read_fixture<Record<string, { file: string; pillow: Outcome; torchvision: Outcome }>>('torchvision_jpeg'),
);
const bytes_of = (base64: string): Uint8Array<ArrayBuffer> => new Uint8Array(Buffer.from(base64, 'base64'));

function outcome(read: () => Uint8Array): Outcome {
  try {
    return { pixels: Buffer.from(read()).toString('base64') };
  } catch (error) {
    return { error: [(error as Error).name, (error as Error).message] };
  }
}

test.each(files)('Image.open: %s', (_, { file, pillow }) => {
  expect(outcome(() => Image.open(bytes_of(file)).data as Uint8Array)).toEqual(pillow);
});

const folder = mkdtempSync(join(tmpdir(), 'tstorch-jpeg-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(files)('decoded when it is asked for: %s', (name, { file, pillow }) => {
  const path = join(folder, `${name.replace(/\W/g, '_')}.jpg`);
  writeFileSync(path, bytes_of(file));
  const whole = (image: Image): number[] => [0, 0, ...image.size];
  for (const read of [
    (image: Image) => image,
    (image: Image) => image.copy(),
    (image: Image) => image.convert(image.mode),
    (image: Image) => image.crop(whole(image)),
    // The first gets pixels that are only lent.
    (image: Image) => (image.crop([0, 0, 1, 1]), image.crop(whole(image))),
  ]) {
    expect(outcome(() => read(Image.open(path)).data as Uint8Array)).toEqual(pillow);
  }
});

test('what was made of a file stays when the next one is read', () => {
  const [first, second] = ['first', 'second'].map((name, i) => {
    const path = join(folder, `${name}.jpg`);
    Image.new('RGB', [40, 30], [200 * i, 100, 50]).save(path);
    return path;
  }) as [string, string];
  for (const make of [
    (image: Image) => image.resize([20, 10]),
    (image: Image) => image.crop([1, 2, 30, 20]),
    (image: Image) => image.convert('L'),
    (image: Image) => image.copy(),
  ]) {
    const [a, b] = [make(Image.open(first)), make(Image.open(second))];
    expect(a.getpixel([3, 3])).toEqual(make(Image.open(readFileSync(first))).getpixel([3, 3]));
    expect(b.getpixel([3, 3])).toEqual(make(Image.open(readFileSync(second))).getpixel([3, 3]));
    expect(a.getpixel([3, 3])).not.toEqual(b.getpixel([3, 3]));
  }
});

test.each(files)('decode_image: %s', (_, { file, torchvision }) => {
  const got = outcome(() => {
    const image = io.decode_image(torch.from_numpy(bytes_of(file)));
    return image.permute(1, 2, 0).contiguous().numpy() as Uint8Array;
  });
  // libjpeg's own words are not known in all builds of it.
  const { error } = torchvision;
  if (error === undefined || error[1].includes('truncated')) expect(got).toEqual(torchvision);
  else expect(got).toEqual({ error: [error[0], 'broken data stream when reading image file'] });
});

test('the same where there is no native decoder', () => {
  const program = `
    import { readFileSync } from 'node:fs';
    import { Image } from 'tstorch/torchvision';
    const outcome = (file) => {
      try {
        return { pixels: Buffer.from(Image.open(Buffer.from(file, 'base64')).data).toString('base64') };
      } catch ({ name, message }) {
        return { error: [name, message] };
      }
    };
    console.log(JSON.stringify(JSON.parse(readFileSync(0, 'utf8')).map(outcome)));`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    cwd: fileURLToPath(new URL('../..', import.meta.url)),
    env: { ...process.env, TSTORCH_JPEG: 'wasm' },
    input: JSON.stringify(files.map(([, { file }]) => file)),
    encoding: 'utf8',
  });
  expect(JSON.parse(stdout)).toEqual(files.map(([, { pillow }]) => pillow));
});

test('only an image that was read from a file has its format', () => {
  const image = Image.open(bytes_of(files[0]![1].file));
  const made = [image.copy(), image.convert('RGB'), image.resize(image.size), image.crop(), image.rotate(0)];
  expect([image, ...made].map(({ format }) => format)).toEqual(['JPEG', ...made.map(() => null)]);
});
