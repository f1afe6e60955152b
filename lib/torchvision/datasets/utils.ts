/**
 * Getting files: download, checksum, unpacking. Everything is done before the function returns, since a constructor
 * cannot wait for anything in JavaScript.
 *
 * @see https://docs.pytorch.org/vision/stable/datasets.html
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { RuntimeError } from '../../errors.ts';
import { fetch_file } from '../../hub/fetch.ts';
import { expand_user } from './vision.ts';

/** A file's MD5 sum in hexadecimal digits. */
export function calculate_md5(fpath: string, chunk_size = 1024 * 1024): string {
  const hash = createHash('md5');
  const chunk = Buffer.allocUnsafe(chunk_size);
  const fd = openSync(fpath, 'r');
  try {
    for (let count; (count = readSync(fd, chunk)) > 0;) hash.update(chunk.subarray(0, count));
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}

/** Is the file there, and, where a sum is given, what it should be? */
export function check_integrity(fpath: string, md5: string | null = null): boolean {
  if (!existsSync(fpath) || !statSync(fpath).isFile()) return false;
  return md5 === null || calculate_md5(fpath) === md5;
}

/**
 * Downloads a file into a folder, unless it is there already. Progress is shown on the error stream.
 *
 * @param url where it comes from
 * @param root the folder; made where it is missing
 * @param filename its name there; the address's last part where nothing is said
 * @param md5 its checksum
 * @throws RuntimeError if it cannot be had, or is not what the checksum says; nothing half done is left behind
 */
export function download_url(
  url: string,
  root: string,
  filename: string | null = null,
  md5: string | null = null,
): void {
  const folder = expand_user(root);
  const target = join(folder, filename ?? basename(new URL(url).pathname));
  if (check_integrity(target, md5)) return;
  mkdirSync(folder, { recursive: true });
  const part = `${target}.part`;
  try {
    fetch_file(url, part);
    if (!check_integrity(part, md5)) throw new RuntimeError('File not found or corrupted.');
    renameSync(part, target);
  } finally {
    rmSync(part, { force: true });
  }
}

/** Unpacks a file compressed by gzip; the original goes only if asked to. */
export function extract_gzip(from_path: string, to_path: string, remove_finished = false): void {
  let data: Buffer;
  try {
    data = gunzipSync(readFileSync(from_path));
  } catch (error) {
    throw new RuntimeError(`${from_path} cannot be unpacked: ${(error as Error).message}`, { cause: error });
  }
  const part = `${to_path}.part`;
  writeFileSync(part, data);
  renameSync(part, to_path);
  if (remove_finished) rmSync(from_path);
}
