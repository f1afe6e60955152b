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
  readdirSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { RuntimeError, ValueError } from '../../errors.ts';
import { expand_user } from '../../expand_user.ts';
import { list_repr, type_name } from '../../repr.ts';
import { fetch_file } from '../../hub/fetch.ts';
import { decompress, extract_compressed_tar, extract_tar, extract_zip } from './archives.ts';

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

/** Short endings and what they stand for: the kind of archive and how it is compressed. */
const aliases = new Map<string, readonly [archive: string, compression: string]>([
  ['.tbz', ['.tar', '.bz2']],
  ['.tbz2', ['.tar', '.bz2']],
  ['.tgz', ['.tar', '.gz']],
]);
const archives = ['.tar', '.zip'];
const compressions = ['.bz2', '.gz', '.xz'];

/** What a file's name says about it: its ending, the kind of archive and how it is compressed. */
function file_type(file: string): [suffix: string, archive: string | null, compression: string | null] {
  const suffixes = basename(file).replace(/^\.+/, '').match(/\.[^.]*/g) ?? [];
  const suffix = suffixes.at(-1);
  if (suffix === undefined) {
    throw new RuntimeError(`File '${file}' has no suffixes that could be used to detect the archive type and compression.`);
  }
  const alias = aliases.get(suffix);
  if (alias !== undefined) return [suffix, ...alias];
  if (archives.includes(suffix)) return [suffix, suffix, null];
  if (compressions.includes(suffix)) {
    const before = suffixes.at(-2);
    return before !== undefined && archives.includes(before)
      ? [before + suffix, before, suffix]
      : [suffix, null, suffix];
  }
  const known = [...aliases.keys(), ...archives, ...compressions].sort();
  throw new RuntimeError(`Unknown compression or archive type: '${suffix}'.\nKnown suffixes are: '${list_repr(known)}'.`);
}

/**
 * Unpacks an archive (`.zip`, `.tar`, `.tar.gz`, `.tgz` and the like), or one compressed file.
 *
 * @param from_path the file
 * @param to_path the folder to unpack into; the one that the file is in, if null
 * @param remove_finished delete the archive when it is unpacked?
 * @returns the folder, or the file for one that was only compressed
 * @throws RuntimeError for files of other kinds, for damaged ones, and if something in an archive would land outside of
 *   the folder
 */
export function extract_archive(from_path: string, to_path: string | null = null, remove_finished = false): string {
  const folder = to_path ?? dirname(from_path);
  const [suffix, archive, compression] = file_type(from_path);
  let result = folder;
  if (archive === null) {
    result = join(folder, basename(from_path).replace(suffix, ''));
    decompress(from_path, result, compression!);
  } else if (archive === '.zip') {
    extract_zip(from_path, folder);
  } else if (compression === null) {
    extract_tar(from_path, folder);
  } else {
    extract_compressed_tar(from_path, folder, compression);
  }
  if (remove_finished) rmSync(from_path);
  return result;
}

/**
 * Downloads an archive and unpacks it.
 *
 * @param url where it comes from
 * @param download_root the folder that it is kept in
 * @param extract_root the folder to unpack into; the same one if null
 * @param filename its name there; the address's last part if null
 * @param md5 its checksum
 * @param remove_finished delete the archive when it is unpacked?
 * @throws RuntimeError if it cannot be had or unpacked
 */
export function download_and_extract_archive(
  url: string,
  download_root: string,
  extract_root: string | null = null,
  filename: string | null = null,
  md5: string | null = null,
  remove_finished = false,
): void {
  const root = expand_user(download_root);
  const name = filename ?? basename(new URL(url).pathname);
  download_url(url, root, name, md5);
  extract_archive(join(root, name), extract_root ?? root, remove_finished);
}

/** The names of the folders in a folder, or with `prefix` their paths. */
export function list_dir(root: string, prefix = false): string[] {
  return entries(root, prefix, (path) => statSync(path).isDirectory());
}

/** The names of the files in a folder that end in `suffix`, or with `prefix` their paths. */
export function list_files(root: string, suffix: string, prefix = false): string[] {
  return entries(root, prefix, (path) => path.endsWith(suffix) && statSync(path).isFile());
}

function entries(root: string, prefix: boolean, wanted: (path: string) => boolean): string[] {
  const folder = expand_user(root);
  const names = readdirSync(folder).filter((name) => wanted(join(folder, name)));
  return prefix ? names.map((name) => join(folder, name)) : names;
}

/**
 * An argument that has to be one of several texts.
 * @throws ValueError if it is not
 */
export function verify_str_arg<T extends string>(value: unknown, arg: string, valid_values: readonly T[]): T {
  if (typeof value !== 'string') {
    throw new ValueError(`Expected type str for argument ${arg}, but got type <class '${type_name(value)}'>.`);
  }
  if (!(valid_values as readonly string[]).includes(value)) {
    const valid = valid_values.map((item) => `'${item}'`).join(', ');
    throw new ValueError(`Unknown value '${value}' for argument ${arg}. Valid values are {${valid}}.`);
  }
  return value as T;
}
