/**
 * Writes zip archives as PyTorch does, header by header: nothing compressed, data at multiples of 64 bytes, sizes and
 * checksums behind the data. PyTorch computes from this where a tensor lies without looking at the headers, so the
 * layout is part of the format.
 */
import { crc32 } from 'node:zlib';
import { PIECE } from './byte_source.ts';
import type { Output } from './output.ts';
import { zip } from './zip_format.ts';

/** Data begins at multiples of this. */
export const storage_alignment = 64;

/** A file in the archive: its name, its size, and where its header begins. */
interface Place {
  readonly name: Buffer;
  readonly size: number;
  readonly header: number;
}

interface Record extends Place {
  readonly crc: number;
}

/** Copies a file's bytes from a position on, as many as there is room for. */
export type Read = (from: number, to: Uint8Array) => void;

const none = Buffer.alloc(0);

/** An extra field with those numbers of a file that do not fit the 32 bits of their place in a header. */
function extra64(size: number, stored: number, header: number): Buffer {
  if (size < zip.max32 && header < zip.max32) return none;
  const large = [...(size >= zip.max32 ? [size, stored] : []), ...(header >= zip.max32 ? [header] : [])];
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
  readonly #output: Output;
  readonly #folder: string;
  readonly #records: Record[] = [];
  #at = 0;

  /** @param folder the archive's top folder, in which all files lie */
  constructor(output: Output, folder: string) {
    this.#output = output;
    this.#folder = folder;
  }

  /** Room for `count` bytes: where it begins in the output's buffer. */
  #reserve(count: number): number {
    this.#at += count;
    return this.#output.reserve(count);
  }

  /** Adds a file. */
  add(name: string, data: Uint8Array | string): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    this.add_file(name, bytes.length, (from, to) => to.set(bytes.subarray(from, from + to.length)));
  }

  /** Adds a file of `size` bytes that `read` gives. */
  add_file(name: string, size: number, read: Read): void {
    const place: Place = { name: Buffer.from(`${this.#folder}/${name}`), size, header: this.#at };
    this.#local_header(place);
    let crc = 0;
    for (let from = 0; from < size; ) {
      const count = Math.min(size - from, PIECE);
      const at = this.#reserve(count);
      const piece = this.#output.buffer.subarray(at, at + count);
      read(from, piece);
      crc = crc32(piece, crc);
      from += count;
    }
    const record = { ...place, crc };
    if (size > 0) this.#descriptor(record);
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
    for (const record of this.#records) this.#central_header(record);
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
    const to = this.#reserve(end.length);
    end.copy(this.#output.buffer, to);
  }

  #local_header({ name, size, header }: Place): void {
    // Numbers that do not fit 32 bits go before the padding, which takes account of them.
    // How much is stored is only known once it is, and stands in the table of contents.
    const large = extra64(size, 0, header);
    const unpadded = header + zip.local_size + name.length + large.length + 4;
    const padding = (storage_alignment - (unpadded % storage_alignment)) % storage_alignment;
    const length = zip.local_size + name.length + large.length + 4 + padding;
    const start = this.#reserve(length);
    const { buffer } = this.#output;
    buffer.fill(0, start, start + zip.local_size);
    buffer.writeUInt32LE(zip.local_signature, start);
    buffer.writeUInt16LE(flags(size), start + 6);
    buffer.writeUInt16LE(name.length, start + 26);
    buffer.writeUInt16LE(large.length + 4 + padding, start + 28);
    let at = start + zip.local_size;
    at += name.copy(buffer, at);
    at += large.copy(buffer, at);
    buffer.writeUInt16LE(zip.extra_padding, at);
    buffer.writeUInt16LE(padding, at + 2);
    buffer.fill('Z', at + 4, start + length);
  }

  /** What follows a file's data: its checksum and sizes, in 64 bits where the file is large or lies far behind. */
  #descriptor({ size, crc, header }: Record): void {
    const large = size >= zip.max32 || header >= zip.max32;
    const at = this.#reserve(large ? 24 : 16);
    const { buffer } = this.#output;
    buffer.writeUInt32LE(zip.descriptor_signature, at);
    buffer.writeUInt32LE(crc, at + 4);
    if (large) {
      buffer.writeBigUInt64LE(BigInt(size), at + 8);
      buffer.writeBigUInt64LE(BigInt(size), at + 16);
    } else {
      buffer.writeUInt32LE(size, at + 8);
      buffer.writeUInt32LE(size, at + 12);
    }
  }

  #central_header({ name, size, crc, header }: Record): void {
    const extra = extra64(size, size, header);
    const start = this.#reserve(zip.central_size + name.length + extra.length);
    const { buffer } = this.#output;
    buffer.fill(0, start, start + zip.central_size);
    buffer.writeUInt32LE(zip.central_signature, start);
    buffer.writeUInt16LE(flags(size), start + 8);
    buffer.writeUInt32LE(crc, start + 16);
    buffer.writeUInt32LE(clip32(size), start + 20);
    buffer.writeUInt32LE(clip32(size), start + 24);
    buffer.writeUInt16LE(name.length, start + 28);
    buffer.writeUInt16LE(extra.length, start + 30);
    buffer.writeUInt32LE(clip32(header), start + 42);
    name.copy(buffer, start + zip.central_size);
    extra.copy(buffer, start + zip.central_size + name.length);
  }
}
