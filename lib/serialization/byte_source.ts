/** Where an archive's bytes come from: a file, read piece by piece where needed, or memory. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { OSError, RuntimeError } from '../errors.ts';

/** Data goes in pieces of so many bytes: they fit a core's cache, where checksums and the system find them. */
export const PIECE = 1 << 18;

/** Bytes that can be read from anywhere. */
export interface ByteSource {
  readonly size: number;
  /** Fills `target` with the bytes from `offset` on; throws where the source ends before. */
  read_into(target: Uint8Array, offset: number): void;
  /** At most `PIECE` bytes from `offset` on, to be read only, and before the next call. */
  view(offset: number, length: number): Uint8Array;
  close(): void;
}

/** What takes bytes piece by piece: those from one of the whole on. */
export type TakePiece = (from: number, piece: Uint8Array) => void;

/** Hands `length` bytes from `offset` on to `take`, in pieces. */
export function read_pieces(source: ByteSource, offset: number, length: number, take: TakePiece): void {
  for (let from = 0; from < length; from += PIECE) {
    take(from, source.view(offset + from, Math.min(PIECE, length - from)));
  }
}

/** `length` bytes from `offset` on. The caller has made sure that they lie within the source. */
export function read_bytes(source: ByteSource, offset: number, length: number): Uint8Array {
  const bytes = new Uint8Array(length);
  source.read_into(bytes, offset);
  return bytes;
}

function ends_early(): RuntimeError {
  return new RuntimeError('unexpected end of data: the file is shorter than it says; it may be corrupted');
}

export class MemorySource implements ByteSource {
  readonly size: number;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
    this.size = bytes.byteLength;
  }

  read_into(target: Uint8Array, offset: number): void {
    target.set(this.view(offset, target.length));
  }

  view(offset: number, length: number): Uint8Array {
    if (offset + length > this.size) throw ends_early();
    return this.#bytes.subarray(offset, offset + length);
  }

  close(): void {}
}

/** One read takes at most this much: more than 2 GiB at once is refused by the system. */
const largest_read = 2 ** 30;

class FileSource implements ByteSource {
  readonly size: number;
  readonly #fd: number;
  #piece: Buffer | null = null;

  constructor(path: string) {
    try {
      this.#fd = openSync(path, 'r');
    } catch (error) {
      throw file_error(error, path);
    }
    const stat = fstatSync(this.#fd);
    if (!stat.isFile()) {
      this.close();
      throw new OSError(`Is a directory, not a file: '${path}'`);
    }
    this.size = stat.size;
  }

  read_into(target: Uint8Array, offset: number): void {
    let done = 0;
    while (done < target.length) {
      const count = readSync(this.#fd, target, done, Math.min(target.length - done, largest_read), offset + done);
      if (count === 0) throw ends_early();
      done += count;
    }
  }

  view(offset: number, length: number): Uint8Array {
    this.#piece ??= Buffer.allocUnsafeSlow(PIECE);
    const piece = this.#piece.subarray(0, length);
    this.read_into(piece, offset);
    return piece;
  }

  close(): void {
    closeSync(this.#fd);
  }
}

/** A system's error with its file, in the words of Python's `OSError`. */
export function file_error(error: unknown, path: string): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return new OSError(`No such file or directory: '${path}'`, { cause: error });
  if (code === 'EACCES' || code === 'EPERM') return new OSError(`Permission denied: '${path}'`, { cause: error });
  return new OSError(`${(error as Error).message}: '${path}'`, { cause: error });
}

/** A path as text. */
export function path_of(path: string | URL): string {
  return typeof path === 'string' ? path : fileURLToPath(path);
}

/** Opens what `torch.load` was given: a path, or the bytes themselves. */
export function open_source(file: string | URL | Uint8Array | ArrayBuffer): ByteSource {
  if (file instanceof Uint8Array) return new MemorySource(file);
  if (file instanceof ArrayBuffer) return new MemorySource(new Uint8Array(file));
  return new FileSource(path_of(file));
}
