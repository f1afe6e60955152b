/** Unpacking archives. What is in them never lands outside of the folder that it is unpacked into. */
import { spawnSync } from 'node:child_process';
import {
  closeSync,
  fstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join, resolve, sep } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { RuntimeError } from '../../errors.ts';
import { ZipFile } from '../../libtorch/unzip.ts';

/** Where an entry of an archive goes. @throws RuntimeError if that is outside of the folder */
function target_of(folder: string, name: string): string {
  const root = resolve(folder);
  const target = resolve(root, name);
  if (name.includes('\0') || (target !== root && !target.startsWith(root.endsWith(sep) ? root : root + sep))) {
    throw new RuntimeError(`'${name}' would be unpacked outside of ${folder}`);
  }
  return target;
}

/** A file that is read at any place. */
class Reader {
  readonly path: string;
  readonly size: number;
  readonly fd: number;

  constructor(path: string) {
    this.path = path;
    this.fd = openSync(path, 'r');
    this.size = fstatSync(this.fd).size;
  }

  /** @throws RuntimeError if the file ends before */
  read(at: number, length: number): Buffer {
    if (at < 0 || length < 0 || at + length > this.size) {
      throw new RuntimeError(`${this.path} is not complete, or damaged`);
    }
    const bytes = Buffer.allocUnsafe(length);
    for (let done = 0; done < length; ) {
      const count = readSync(this.fd, bytes, done, length - done, at + done);
      if (count === 0) throw new RuntimeError(`${this.path} is not complete, or damaged`);
      done += count;
    }
    return bytes;
  }

  /** Copies a part into a file of its own. */
  copy(at: number, length: number, target: string): void {
    mkdirSync(dirname(target), { recursive: true });
    const out = openSync(target, 'w');
    try {
      const step = 1 << 24;
      for (let done = 0; done < length; done += step) {
        writeSync(out, this.read(at + done, Math.min(step, length - done)));
      }
    } finally {
      closeSync(out);
    }
  }

  close(): void {
    closeSync(this.fd);
  }
}

/** Text up to the first zero byte. */
function text_of(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('utf8', 0, end === -1 ? bytes.length : end);
}

/** A number in a tar header: octal digits, or bytes for what these cannot hold. */
function number_of(bytes: Buffer): number {
  if ((bytes[0]! & 0x80) !== 0) {
    let value = 0;
    for (const byte of bytes.subarray(1)) value = value * 256 + byte;
    return value;
  }
  const digits = text_of(bytes).trim();
  return digits === '' ? 0 : /^[0-7]+$/.test(digits) ? Number.parseInt(digits, 8) : -1;
}

/** The `path` and `size` that an extended header of a tar file gives the next entry. */
function extended(bytes: Buffer): { path?: string; size?: number } {
  const result: { path?: string; size?: number } = {};
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = space === -1 ? 0 : Number(bytes.toString('latin1', at, space));
    if (!(length > 0)) break;
    const record = bytes.toString('utf8', space + 1, at + length - 1);
    const equals = record.indexOf('=');
    if (record.slice(0, equals) === 'path') result.path = record.slice(equals + 1);
    if (record.slice(0, equals) === 'size') result.size = Number(record.slice(equals + 1));
    at += length;
  }
  return result;
}

/**
 * Unpacks a tar file: files and folders.
 * @throws RuntimeError if it is damaged, if something in it would land outside of the folder, or for links
 */
export function extract_tar(path: string, folder: string): void {
  const reader = new Reader(path);
  try {
    let next: { path?: string; size?: number } = {};
    for (let at = 0; at < reader.size; ) {
      const header = reader.read(at, 512);
      if (header.every((byte) => byte === 0)) break;
      let sum = 0;
      for (let i = 0; i < 512; i++) sum += i >= 148 && i < 156 ? 32 : header[i]!;
      const size = next.size ?? number_of(header.subarray(124, 136));
      if (sum !== number_of(header.subarray(148, 156)) || !(size >= 0)) {
        throw new RuntimeError(`${path} is no tar file, or damaged`);
      }
      const prefix = header.toString('latin1', 257, 262) === 'ustar' ? text_of(header.subarray(345, 500)) : '';
      const short = text_of(header.subarray(0, 100));
      const name = next.path ?? (prefix === '' ? short : `${prefix}/${short}`);
      const data = at + 512;
      at = data + Math.ceil(size / 512) * 512;
      const kind = String.fromCharCode(header[156]!);
      if (kind === 'x') {
        next = extended(reader.read(data, size));
        continue;
      }
      if (kind === 'L') {
        next = { path: text_of(reader.read(data, size)) };
        continue;
      }
      next = {};
      if (kind === 'g' || kind === 'K') continue;
      const target = target_of(folder, name);
      if (kind === '5' || (name.endsWith('/') && size === 0)) mkdirSync(target, { recursive: true });
      else if (kind === '0' || kind === '\0' || kind === '7') reader.copy(data, size, target);
      else throw new RuntimeError(`${path}: '${name}' is a link or a device, which are not unpacked`);
    }
  } finally {
    reader.close();
  }
}

/**
 * Unpacks a zip file.
 * @throws RuntimeError if it is damaged or encrypted, or if something in it would land outside of the folder
 */
export function extract_zip(path: string, folder: string): void {
  let archive: ZipFile | null = null;
  try {
    archive = new ZipFile(path);
    for (const entry of archive.entries) {
      const target = target_of(folder, entry.name);
      if (entry.name.endsWith('/')) mkdirSync(target, { recursive: true });
      else archive.extract_sync(entry, target);
    }
  } catch (error) {
    if (error instanceof RuntimeError) throw error;
    throw new RuntimeError(`${path} cannot be unpacked: ${(error as Error).message}`, { cause: error });
  } finally {
    archive?.close();
  }
}

/** Files below this are unpacked in memory. */
const SMALL = 1 << 26;

/** Unpacks a large file in a process of its own: piece by piece, since archives of several gigabytes fit in no buffer. */
const gunzip_program = `
  const { createReadStream, createWriteStream } = require('node:fs');
  const [from, to] = process.argv.slice(1);
  require('node:stream').pipeline(
    createReadStream(from), require('node:zlib').createGunzip(), createWriteStream(to),
    (error) => { if (error) { process.stdout.write(error.message); process.exitCode = 1; } },
  );`;

/**
 * Unpacks a compressed file.
 * @param compression `.gz`, or `.xz` and `.bz2`, for which there has to be a program of that name
 * @throws RuntimeError if it is damaged
 */
export function decompress(path: string, target: string, compression: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const part = `${target}.part`;
  try {
    if (compression === '.gz' && statSync(path).size < SMALL) {
      try {
        writeFileSync(part, gunzipSync(readFileSync(path)));
      } catch (error) {
        throw new RuntimeError(`${path} cannot be unpacked: ${(error as Error).message}`, { cause: error });
      }
    } else if (compression === '.gz') {
      const result = spawnSync(process.execPath, ['-e', gunzip_program, path, part], { encoding: 'utf8' });
      if (result.status !== 0) {
        const reason = result.stdout || (result.error?.message ?? result.stderr);
        throw new RuntimeError(`${path} cannot be unpacked: ${reason}`);
      }
    } else {
      const program = compression === '.xz' ? 'xz' : 'bzip2';
      const out = openSync(part, 'w');
      try {
        const result = spawnSync(program, ['-dc', path], { stdio: ['ignore', out, 'pipe'], encoding: 'utf8' });
        if (result.error !== undefined) {
          const why = `the program ${program} is needed (${result.error.message})`;
          throw new RuntimeError(`${path} cannot be unpacked: ${why}`);
        }
        if (result.status !== 0) throw new RuntimeError(`${path} cannot be unpacked: ${result.stderr.trim()}`);
      } finally {
        closeSync(out);
      }
    }
    renameSync(part, target);
  } finally {
    rmSync(part, { force: true });
  }
}

/** Unpacks a compressed tar file. */
export function extract_compressed_tar(path: string, folder: string, compression: string): void {
  mkdirSync(folder, { recursive: true });
  const temporary = mkdtempSync(join(resolve(folder), '.unpacking-'));
  try {
    const tar = join(temporary, 'archive.tar');
    decompress(path, tar, compression);
    extract_tar(tar, folder);
  } finally {
    rmSync(temporary, { recursive: true, force: true });
  }
}
