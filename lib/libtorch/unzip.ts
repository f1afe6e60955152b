/**
 * Reads zip files: the official archive of LibTorch is one, and so is a Python wheel. Only the entries that are asked
 * for are unpacked, each checked against its CRC-32.
 */
import {
  closeSync,
  createReadStream,
  createWriteStream,
  fstatSync,
  mkdirSync,
  openSync,
  readSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { crc32, createInflateRaw, inflateRawSync } from 'node:zlib';

/** One file in an archive. */
export interface ZipEntry {
  readonly name: string;
  /** Bytes when unpacked. */
  readonly size: number;
  readonly packed_size: number;
  readonly crc: number;
  readonly method: number;
  readonly offset: number;
}

const END = 0x06054b50;
const END64 = 0x06064b50;
const END64_LOCATOR = 0x07064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;

/** Entries above this go through a stream, so that no library of half a gigabyte stands in memory. */
const STREAMED = 16 * 1024 * 1024;

/** An archive opened for reading; `close` it when done. */
export class ZipFile {
  readonly path: string;
  readonly entries: readonly ZipEntry[];
  readonly #fd: number;

  /** @throws Error when the file is no zip file, or an incomplete one */
  constructor(path: string) {
    this.path = path;
    this.#fd = openSync(path, 'r');
    try {
      this.entries = this.#read_directory();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  close(): void {
    closeSync(this.#fd);
  }

  #read(position: number, length: number): Buffer {
    const buffer = Buffer.allocUnsafe(length);
    if (position < 0 || readSync(this.#fd, buffer, 0, length, position) !== length) {
      throw new Error(`${this.path} is not a complete zip file`);
    }
    return buffer;
  }

  #read_directory(): ZipEntry[] {
    const size = fstatSync(this.#fd).size;
    // The end record is the last thing in the file but for a comment of up to 64 KB.
    const tail = this.#read(Math.max(0, size - 65_557), Math.min(size, 65_557));
    let at = tail.length - 22;
    while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
    if (at < 0) throw new Error(`${this.path} is not a complete zip file`);
    let count = tail.readUInt16LE(at + 10);
    let length = tail.readUInt32LE(at + 12);
    let offset = tail.readUInt32LE(at + 16);
    if (at >= 20 && tail.readUInt32LE(at - 20) === END64_LOCATOR) {
      const end = this.#read(Number(tail.readBigUInt64LE(at - 12)), 56);
      if (end.readUInt32LE(0) !== END64) throw new Error(`${this.path} is not a complete zip file`);
      count = Number(end.readBigUInt64LE(32));
      length = Number(end.readBigUInt64LE(40));
      offset = Number(end.readBigUInt64LE(48));
    }

    const directory = this.#read(offset, length);
    const entries: ZipEntry[] = [];
    for (let i = 0, p = 0; i < count; i++) {
      if (directory.readUInt32LE(p) !== CENTRAL) throw new Error(`${this.path} has a damaged directory`);
      const name_length = directory.readUInt16LE(p + 28);
      const extra_length = directory.readUInt16LE(p + 30);
      const name = directory.toString('utf8', p + 46, p + 46 + name_length);
      const fields = [directory.readUInt32LE(p + 24), directory.readUInt32LE(p + 20), directory.readUInt32LE(p + 42)];
      // Sizes of 4 GB and more stand in an extra field, those that need it alone and in this order.
      let extra = p + 46 + name_length;
      const extra_end = extra + extra_length;
      while (extra + 4 <= extra_end) {
        if (directory.readUInt16LE(extra) === 1) {
          let value = extra + 4;
          for (let f = 0; f < 3; f++) {
            if (fields[f] !== 0xffffffff) continue;
            fields[f] = Number(directory.readBigUInt64LE(value));
            value += 8;
          }
        }
        extra += 4 + directory.readUInt16LE(extra + 2);
      }
      const [unpacked, packed_size, local] = fields as [number, number, number];
      const crc = directory.readUInt32LE(p + 16);
      entries.push({ name, size: unpacked, packed_size, crc, method: directory.readUInt16LE(p + 10), offset: local });
      p = extra_end + directory.readUInt16LE(p + 32);
    }
    return entries;
  }

  /** Where an entry's bytes begin: behind its local header, whose lengths may differ from the directory's. */
  #data_offset(entry: ZipEntry): number {
    const header = this.#read(entry.offset, 30);
    if (header.readUInt32LE(0) !== LOCAL) throw new Error(`${entry.name} in ${this.path} is damaged`);
    return entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  }

  #check_method(entry: ZipEntry): void {
    if (entry.method !== STORED && entry.method !== DEFLATED) {
      throw new Error(`${entry.name} in ${this.path} is packed by a method (${entry.method}) that is not known`);
    }
  }

  /** Unpacks one entry to the file `target`, by way of memory. */
  extract_sync(entry: ZipEntry, target: string): void {
    this.#check_method(entry);
    const packed = this.#read(this.#data_offset(entry), entry.packed_size);
    const data = entry.method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(entry.size, 1) });
    if (data.length !== entry.size || crc32(data) !== entry.crc) {
      throw new Error(`${entry.name} in ${this.path} is damaged`);
    }
    mkdirSync(dirname(target), { recursive: true });
    writeFileSync(target, data);
  }

  /** Unpacks one entry to the file `target`. `on_bytes` hears of every piece that is written. */
  async extract(entry: ZipEntry, target: string, on_bytes: (count: number) => void = () => {}): Promise<void> {
    this.#check_method(entry);
    if (entry.size < STREAMED) {
      this.extract_sync(entry, target);
      on_bytes(entry.size);
      return;
    }
    const start = this.#data_offset(entry);
    let crc = 0;
    let size = 0;
    mkdirSync(dirname(target), { recursive: true });
    const check = new Transform({
      transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback) {
        crc = crc32(chunk, crc);
        size += chunk.length;
        on_bytes(chunk.length);
        done(null, chunk);
      },
    });
    const packed = createReadStream(this.path, { start, end: start + entry.packed_size - 1, highWaterMark: 1 << 20 });
    const out = createWriteStream(target);
    if (entry.method === STORED) await pipeline(packed, check, out);
    else await pipeline(packed, createInflateRaw({ chunkSize: 1 << 20 }), check, out);
    if (size !== entry.size || crc !== entry.crc) throw new Error(`${entry.name} in ${this.path} is damaged`);
  }
}

/** Joins an entry's name to a folder, refusing names that lead out of it. */
export function entry_path(folder: string, name: string): string {
  const path = join(folder, name);
  if (!path.startsWith(folder + sep))
    throw new Error(`An archive holds an entry that leads out of its folder: ${name}`);
  return path;
}
