/** Points in many dimensions for TensorBoard's projector, which reads them from text files. */
import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { is_array } from '../../arguments.ts';
import { zeros } from '../../generated/functions.ts';
import { float64, uint8 } from '../../dtype.ts';
import { AssertionError, OSError } from '../../errors.ts';
import { encode_png } from '../../png.ts';
import { py_float_repr } from '../../python_format.ts';
import { str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { make_grid } from './images.ts';

/** A label of a point, or its labels under a header. */
export type Metadata = readonly (string | number)[] | readonly (readonly (string | number)[])[];

function write_labels(labels: Metadata, folder: string, header: readonly string[] | null): void {
  let lines: string[];
  if (header === null || header.length === 0) lines = labels.map(str);
  else {
    const rows = labels as readonly (readonly unknown[])[];
    if (!is_array(rows[0]) || header.length !== rows[0].length) {
      throw new AssertionError('len of header must be equal to the number of columns in metadata');
    }
    lines = [header, ...rows].map((row) => row.map(str).join('\t'));
  }
  writeFileSync(join(folder, 'metadata.tsv'), `${lines.join('\n')}\n`);
}

/** The images of all points in a square picture. */
function write_images(images: Tensor, folder: string): void {
  const across = Math.ceil(Math.sqrt(images.shape[0]!));
  const arranged = make_grid(images, across).permute([1, 2, 0]);
  const [height, width] = arranged.shape as unknown as [number, number];
  const square = zeros([width, width, 3], { dtype: float64 });
  square.narrow(0, 0, height).copy_(arranged);
  const pixels = square.mul(255).clamp(0, 255).to(uint8).contiguous();
  writeFileSync(join(folder, 'sprite.png'), encode_png(pixels.numpy() as Uint8Array, width, width, 3));
}

function write_points(points: Tensor, folder: string): void {
  const number = points.is_floating_point() ? py_float_repr : String;
  const rows = points.tolist() as number[][];
  writeFileSync(join(folder, 'tensors.tsv'), rows.map((row) => `${row.map(number).join('\t')}\n`).join(''));
}

/** A tag as part of a path. */
function encoded(tag: string): string {
  return tag.replaceAll('%', '%25').replaceAll('/', '%2f').replaceAll('\\', '%5c');
}

function quoted(text: string): string {
  const bytes = [...new TextEncoder().encode(text)];
  const shown = bytes.map((byte) => {
    const character = String.fromCharCode(byte);
    if (character === '"' || character === '\\') return `\\${character}`;
    return byte >= 32 && byte < 127 ? character : `\\${byte.toString(8).padStart(3, '0')}`;
  });
  return `"${shown.join('')}"`;
}

/**
 * Writes the files of points, and gives what the projector's configuration says of them.
 * @param points (N, D)
 * @throws AssertionError if labels or images are not as many as points
 */
export function write_embedding(
  log_dir: string,
  points: Tensor,
  labels: Metadata | null,
  images: Tensor | null,
  step: number,
  tag: string,
  header: readonly string[] | null,
): string {
  const number = String(step).padStart(5, '0');
  const subfolder = `${number}/${encoded(tag)}`;
  const folder = join(log_dir, subfolder);
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  else if (!statSync(folder).isDirectory())
    throw new OSError(`Path: \`${folder}\` exists, but is a file. Cannot proceed.`);
  else console.log('warning: Embedding dir exists, did you set global_step for add_embedding()?');

  if (labels !== null) {
    if (points.shape[0] !== labels.length) throw new AssertionError('#labels should equal with #data points');
    write_labels(labels, folder, header);
  }
  if (images !== null) {
    if (points.shape[0] !== images.shape[0]) throw new AssertionError('#images should equal with #data points');
    write_images(images, folder);
  }
  if (points.dim() !== 2) throw new AssertionError('mat should be 2D, where mat.size(0) is the number of data points');
  write_points(points, folder);

  const lines = [`  tensor_name: ${quoted(`${tag}:${number}`)}`];
  if (labels !== null) lines.push(`  metadata_path: ${quoted(`${subfolder}/metadata.tsv`)}`);
  if (images !== null) {
    const sizes = [images.shape[3], images.shape[2]].map((size) => `    single_image_dim: ${size}`);
    lines.push('  sprite {', `    image_path: ${quoted(`${subfolder}/sprite.png`)}`, ...sizes, '  }');
  }
  lines.push(`  tensor_path: ${quoted(`${subfolder}/tensors.tsv`)}`);
  return `embeddings {\n${lines.join('\n')}\n}\n`;
}
