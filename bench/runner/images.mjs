/** The images of the epoch: FashionMNIST where it can be had, files of random bytes in its place where it cannot. */
import { spawnSync } from 'node:child_process';
import { randomFillSync, randomInt } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, ROOT } from '../../scripts/setup/paths.mjs';
import { progress } from './progress.mjs';

/** Where the examples keep it too. */
const REAL = join(ROOT, 'data');
const RANDOM = join(BUILD, 'bench-data');

const SETS = { train: 60_000, t10k: 10_000 };

/** An IDX file of bytes: its header, and what `fill` puts behind it. */
function write_idx(path, shape, fill) {
  const header = 4 + 4 * shape.length;
  const file = new Uint8Array(header + shape.reduce((product, size) => product * size, 1));
  const view = new DataView(file.buffer);
  view.setUint8(2, 8);
  view.setUint8(3, shape.length);
  shape.forEach((size, i) => view.setUint32(4 + 4 * i, size));
  fill(file.subarray(header));
  writeFileSync(path, file);
}

function write_random() {
  const folder = join(RANDOM, 'FashionMNIST', 'raw');
  mkdirSync(folder, { recursive: true });
  for (const [set, count] of Object.entries(SETS)) {
    const images = join(folder, `${set}-images-idx3-ubyte`);
    const labels = join(folder, `${set}-labels-idx1-ubyte`);
    if (!existsSync(images)) write_idx(images, [count, 28, 28], (bytes) => randomFillSync(bytes));
    const fill_labels = (bytes) => bytes.forEach((_, i) => (bytes[i] = randomInt(10)));
    if (!existsSync(labels)) write_idx(labels, [count], fill_labels);
  }
}

/** What the group of photographs needs: JPEG files, which are made once. */
export function provide_photos() {
  const folder = join(BUILD, 'bench-data', 'photos');
  // The last of them.
  const made = join(folder, 'steak', '1999.jpg');
  if (!existsSync(made)) {
    progress('making photographs');
    const program = join(ROOT, 'bench', 'programs', 'photos.mjs');
    const { status } = spawnSync(process.execPath, [program, folder], { cwd: ROOT, stdio: ['ignore', 'ignore', 'inherit'] });
    progress('');
    if (status !== 0) throw new Error('the photographs could not be made');
  }
  return { env: { TSTORCH_BENCH_PHOTOS: folder }, note: "Python's side needs torchvision and Pillow." };
}

/** What a group with images needs: the environment of its processes, and what has to be said about the figures. */
export function provide_images() {
  progress('looking for the images of FashionMNIST');
  const program = join(ROOT, 'bench', 'programs', 'images.mjs');
  const { status } = spawnSync(process.execPath, [program, REAL], { cwd: ROOT, stdio: 'ignore' });
  progress('');
  if (status === 0) return { env: { TSTORCH_BENCH_IMAGES: REAL }, note: null };
  write_random();
  const note = 'The images of FashionMNIST could not be had: random ones of their size stand in for them.';
  return { env: { TSTORCH_BENCH_IMAGES: RANDOM }, note };
}
