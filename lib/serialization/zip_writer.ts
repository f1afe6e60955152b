/**
 * Writes zip archives as PyTorch does, header by header: nothing compressed, data at multiples of 64 bytes, sizes and
 * checksums behind the data. PyTorch computes from this where a tensor lies without looking at the headers, so the
 * layout is part of the format.
 */
import { closeSync, existsSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { RuntimeError } from '../errors.ts';
import { file_error } from './byte_source.ts';
import { zip } from './zip_format.ts';

/** Data begins at multiples of this. */
export const storage_alignment = 64;

/** Where the bytes of an archive go. */
export interface ByteSink {
  write(bytes: Uint8Array): void;
  close(): void;
}

export class FileSink implements ByteSink {
  readonly #fd: number;

  constructor(path: string) {
    try {
      this.#fd = openSync(path, 'w');
    } catch (error) {
      const parent = dirname(path);
      if (!existsSync(parent)) throw new RuntimeError(`Parent directory ${parent} does not exist.`, { cause: error });
      throw file_error(error, path);
    }
  }

  write(bytes: Uint8Array): void {
    // One write takes at most 2 GiB.
    for (let done = 0; done < bytes.length;) {
      done += writeSync(this.#fd, bytes, done, Math.min(bytes.length - done, 2 ** 30));
    }
  }

  close(): void {
    closeSync(this.#fd);
  }
}

export class MemorySink implements ByteSink {
  readonly #parts: Uint8Array[] = [];

  /** Keeps a copy: the bytes may be a tensor's own, which may change. */
  write(bytes: Uint8Array): void {
    this.#parts.push(bytes.slice());
  }

  close(): void {}

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

/** A file in the archive: its name, its size, and where its header begins. */
interface Place {
  readonly name: Buffer;
  readonly size: number;
  readonly header: number;
}

interface Record extends Place {
  readonly crc: number;
}

/** An extra field with those numbers of a file that do not fit the 32 bits of their place in a header. */
function extra64(size: number, stored: number, header: number): Buffer {
  const large = [...(size >= zip.max32 ? [size, stored] : []), ...(header >= zip.max32 ? [header] : [])];
  if (large.length === 0) return Buffer.alloc(0);
  const extra = Buffer.alloc(4 + 8 * large.length);
  extra.writeUInt16LE(zip.extra64, 0);
  extra.writeUInt16LE(8 * large.length, 2);
  large.forEach((value, i) => extra.writeBigUInt64LE(BigInt(value), 4 + 8 * i));
  return extra;
}

/** A file without data has nothing behind it either. */
const flags = (size: number): number => zip.utf8 | (size > 0 ? zip.described_later : 0);

const clip32 = (value: number): number => Math.min(value, zip.max32);

export class ZipWriter {
  readonly #sink: ByteSink;
  readonly #folder: string;
  readonly #records: Record[] = [];
  #at = 0;

  /** @param folder the archive's top folder, in which all files lie */
  constructor(sink: ByteSink, folder: string) {
    this.#sink = sink;
    this.#folder = folder;
  }

  #write(bytes: Uint8Array): void {
    this.#sink.write(bytes);
    this.#at += bytes.length;
  }

  /** Adds a file. */
  add(name: string, data: Uint8Array | string): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    this.add_pieces(name, bytes.length, [bytes]);
  }

  /** Adds a file of `size` bytes that come in pieces. */
  add_pieces(name: string, size: number, pieces: Iterable<Uint8Array>): void {
    const place: Place = { name: Buffer.from(`${this.#folder}/${name}`), size, header: this.#at };
    this.#write(local_header(place));
    let crc = 0;
    for (const piece of pieces) {
      this.#write(piece);
      crc = crc32(piece, crc);
    }
    const record = { ...place, crc };
    if (size > 0) this.#write(descriptor(record));
    this.#records.push(record);
  }

  /** A fingerprint of what has been written so far, of the length that PyTorch's has: 40 digits. */
  fingerprint(): string {
    const names = this.#records.map(({ name }) => name.toString()).join('\n');
    const sums = Buffer.alloc(4 * this.#records.length);
    this.#records.forEach(({ crc }, i) => sums.writeUInt32LE(crc, 4 * i));
    return String(crc32(names)).padStart(20, '0') + String(crc32(sums)).padStart(20, '0');
  }

  /** Writes the table of contents. */
  finish(): void {
    const start = this.#at;
    for (const record of this.#records) this.#write(central_header(record));
    const size = this.#at - start;
    const count = this.#records.length;

    const end = Buffer.alloc(zip.end64_size + zip.locator_size + zip.end_size);
    end.writeUInt32LE(zip.end64_signature, 0);
    end.writeBigUInt64LE(BigInt(zip.end64_size - 12), 4);
    end.writeUInt16LE(0x031e, 12);
    end.writeUInt16LE(45, 14);
    end.writeBigUInt64LE(BigInt(count), 24);
    end.writeBigUInt64LE(BigInt(count), 32);
    end.writeBigUInt64LE(BigInt(size), 40);
    end.writeBigUInt64LE(BigInt(start), 48);
    let at = zip.end64_size;
    end.writeUInt32LE(zip.locator_signature, at);
    end.writeBigUInt64LE(BigInt(this.#at), at + 8);
    end.writeUInt32LE(1, at + 16);
    at += zip.locator_size;
    end.writeUInt32LE(zip.end_signature, at);
    end.writeUInt16LE(Math.min(count, zip.max16), at + 8);
    end.writeUInt16LE(Math.min(count, zip.max16), at + 10);
    end.writeUInt32LE(clip32(size), at + 12);
    end.writeUInt32LE(clip32(start), at + 16);
    this.#write(end);
  }
}

function local_header({ name, size, header }: Place): Buffer {
  // Numbers that do not fit 32 bits go before the padding, which takes account of them.
  // How much is stored is only known once it is, and stands in the table of contents.
  const large = extra64(size, 0, header);
  const unpadded = header + zip.local_size + name.length + large.length + 4;
  const padding = (storage_alignment - (unpadded % storage_alignment)) % storage_alignment;
  const result = Buffer.alloc(zip.local_size + name.length + large.length + 4 + padding);
  result.writeUInt32LE(zip.local_signature, 0);
  result.writeUInt16LE(flags(size), 6);
  result.writeUInt16LE(name.length, 26);
  result.writeUInt16LE(large.length + 4 + padding, 28);
  let at = name.copy(result, zip.local_size) + zip.local_size;
  at += large.copy(result, at);
  result.writeUInt16LE(zip.extra_padding, at);
  result.writeUInt16LE(padding, at + 2);
  result.fill('Z', at + 4);
  return result;
}

/** What follows a file's data: its checksum and sizes, in 64 bits where the file is large or lies far behind. */
function descriptor({ size, crc, header }: Record): Buffer {
  const large = size >= zip.max32 || header >= zip.max32;
  const result = Buffer.alloc(large ? 24 : 16);
  result.writeUInt32LE(zip.descriptor_signature, 0);
  result.writeUInt32LE(crc, 4);
  if (large) {
    result.writeBigUInt64LE(BigInt(size), 8);
    result.writeBigUInt64LE(BigInt(size), 16);
  } else {
    result.writeUInt32LE(size, 8);
    result.writeUInt32LE(size, 12);
  }
  return result;
}

function central_header({ name, size, crc, header }: Record): Buffer {
  const extra = extra64(size, size, header);
  const result = Buffer.alloc(zip.central_size + name.length + extra.length);
  result.writeUInt32LE(zip.central_signature, 0);
  result.writeUInt16LE(flags(size), 8);
  result.writeUInt32LE(crc, 16);
  result.writeUInt32LE(clip32(size), 20);
  result.writeUInt32LE(clip32(size), 24);
  result.writeUInt16LE(name.length, 28);
  result.writeUInt16LE(extra.length, 30);
  result.writeUInt32LE(clip32(header), 42);
  name.copy(result, zip.central_size);
  extra.copy(result, zip.central_size + name.length);
  return result;
}
