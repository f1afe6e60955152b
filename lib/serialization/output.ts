/** Where the bytes of a file go: all of them through one buffer, in which they are put together. */
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { RuntimeError } from '../errors.ts';
import { file_error, PIECE } from './byte_source.ts';

export abstract class Output {
  /** What is put together here; another one after the next `reserve`. */
  buffer: Buffer;
  /** How many of the buffer's bytes are taken. */
  protected _length = 0;

  constructor(capacity: number) {
    this.buffer = Buffer.allocUnsafeSlow(capacity);
  }

  /** Makes room for `count` more bytes, to be written by whoever asked, and says where in `buffer` they begin. */
  reserve(count: number): number {
    if (this._length + count > this.buffer.length) this.make_room(count);
    const at = this._length;
    this._length += count;
    return at;
  }

  protected abstract make_room(count: number): void;

  abstract close(): void;
}

export class FileOutput extends Output {
  readonly #fd: number;

  constructor(path: string) {
    super(PIECE);
    try {
      this.#fd = openSync(path, 'w');
    } catch (error) {
      const parent = dirname(path);
      if (!existsSync(parent)) throw new RuntimeError(`Parent directory ${parent} does not exist.`, { cause: error });
      throw file_error(error, path);
    }
  }

  protected make_room(count: number): void {
    this.#flush();
    if (count > this.buffer.length) this.buffer = Buffer.allocUnsafeSlow(count);
  }

  #flush(): void {
    for (let done = 0; done < this._length; ) done += writeSync(this.#fd, this.buffer, done, this._length - done);
    this._length = 0;
  }

  close(): void {
    try {
      this.#flush();
    } finally {
      closeSync(this.#fd);
    }
  }
}

export class MemoryOutput extends Output {
  protected make_room(count: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this._length + count, 2 * this.buffer.length));
    this.buffer.copy(larger, 0, 0, this._length);
    this.buffer = larger;
  }

  close(): void {}

  bytes(): Buffer {
    return this.buffer.subarray(0, this._length);
  }
}
