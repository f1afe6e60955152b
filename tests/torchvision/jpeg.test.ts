/** Damaged JPEG files: what Pillow and torchvision make of them (scripts/fixtures/torchvision_jpeg.py). */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import torch from 'tstorch';
import { Image, io } from 'tstorch/torchvision';
import { expect, test } from 'vitest';
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
