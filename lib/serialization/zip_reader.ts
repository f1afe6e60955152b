/**
 * Reads the zip archives that PyTorch writes. Every number that the archive states is checked against its size before
 * it is used, so that a damaged or hostile one ends in an error.
 */
import { crc32, inflateRawSync } from 'node:zlib';
import { RuntimeError } from '../errors.ts';
import { type ByteSource, MemorySource, read_bytes, read_pieces, type TakePiece } from './byte_source.ts';
import { zip } from './zip_format.ts';

/** One file of an archive. */
interface Entry {
  readonly compressed: boolean;
  readonly compressed_size: number;
  readonly size: number;
  readonly crc: number;
  /** Where the file's own header begins. */
  readonly header: number;
}

function broken(what: string): RuntimeError {
  return new RuntimeError(`PytorchStreamReader failed reading zip archive: ${what}`);
}

function view_of(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A 64-bit number as a JavaScript one. Beyond 2^53 no file is that large, and the check that follows says so. */
function uint64(view: DataView, offset: number): number {
  return Number(view.getBigUint64(offset, true));
}

/** The files of an archive, by their name below its one top folder: `data.pkl`, `data/0`. */
export class ZipReader {
  readonly #source: ByteSource;
  readonly #entries = new Map<string, Entry>();

  constructor(source: ByteSource) {
    this.#source = source;
    const { start, size, count } = this.#directory();
    const directory = this.#read(start, size, 'central directory');
    const view = view_of(directory);
    let at = 0;
    let folder: string | undefined;
    let total = 0;
    for (let i = 0; i < count; i++) {
      if (at + zip.central_size > size || view.getUint32(at, true) !== zip.central_signature) {
        throw broken('bad central directory');
      }
      const name_length = view.getUint16(at + 28, true);
      const extra_length = view.getUint16(at + 30, true);
      const next = at + zip.central_size + name_length + extra_length + view.getUint16(at + 32, true);
      if (next > size) throw broken('bad central directory');
      const name_end = at + zip.central_size + name_length;
      const name = new TextDecoder().decode(directory.subarray(at + zip.central_size, name_end));
      const extra = view_of(directory.subarray(name_end, name_end + extra_length));
      const entry = this.#entry(view, at, extra, name);
      // Files that overlap could claim any amount of memory.
      total += entry.compressed_size;
      if (total > source.size) throw broken('its files are larger than the archive');
      // PyTorch takes the top folder's name from the first file.
      folder ??= name.includes('/') ? name.slice(0, name.indexOf('/') + 1) : '';
      if (name.startsWith(folder)) this.#entries.set(name.slice(folder.length), entry);
      at = next;
    }
  }

  /** Does the source begin as a zip archive does? */
  static recognizes(source: ByteSource): boolean {
    return source.size >= 4 && view_of(read_bytes(source, 0, 4)).getUint32(0, true) === zip.local_signature;
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** How many bytes a file holds. */
  size(name: string): number {
    return this.#get(name).size;
  }

  /** A file's bytes. */
  read(name: string): Uint8Array {
    const bytes = new Uint8Array(this.size(name));
    this.read_pieces(name, bytes.length, (from, piece) => bytes.set(piece, from));
    return bytes;
  }

  /** Hands the first `length` bytes of a file to `take`, in pieces. */
  read_pieces(name: string, length: number, take: TakePiece): void {
    const entry = this.#get(name);
    if (length > entry.size) throw broken(`file ${name} holds ${entry.size} bytes, not ${length}`);
    const header = view_of(this.#read(entry.header, zip.local_size, `header of ${name}`));
    if (header.getUint32(0, true) !== zip.local_signature) throw broken(`bad header of ${name}`);
    const start = entry.header + zip.local_size + header.getUint16(26, true) + header.getUint16(28, true);
    if (start + entry.compressed_size > this.#source.size) throw broken(`file ${name} reaches beyond the end`);

    let crc = 0;
    const source = entry.compressed ? new MemorySource(this.#inflate(name, entry, start)) : this.#source;
    read_pieces(source, entry.compressed ? 0 : start, length, (from, piece) => {
      crc = crc32(piece, crc);
      take(from, piece);
    });
    // A zero is what PyTorch writes with checksums switched off.
    if (entry.crc !== 0 && length === entry.size && crc !== entry.crc) {
      throw broken(`file ${name} is corrupted: its checksum does not fit`);
    }
  }

  #inflate(name: string, entry: Entry, start: number): Uint8Array {
    // Deflate cannot do better than 1032 to 1, so an archive cannot claim more memory than that.
    if (entry.size > entry.compressed_size * 1032 + 64) throw broken(`file ${name} states an impossible size`);
    let bytes: Uint8Array;
    try {
      bytes = inflateRawSync(read_bytes(this.#source, start, entry.compressed_size), {
        maxOutputLength: entry.size + 1,
      });
    } catch {
      throw broken(`file ${name} cannot be decompressed`);
    }
    if (bytes.length !== entry.size) throw broken(`file ${name} does not have the size that it states`);
    return bytes;
  }

  #get(name: string): Entry {
    const entry = this.#entries.get(name);
    if (entry === undefined) throw broken(`file not found: ${name}`);
    return entry;
  }

  #read(offset: number, length: number, what: string): Uint8Array {
    if (!(offset >= 0 && length >= 0 && offset + length <= this.#source.size)) throw broken(`no ${what}`);
    return read_bytes(this.#source, offset, length);
  }

  /** Finds the table of contents from the record at the archive's end. */
  #directory(): { start: number; size: number; count: number } {
    const { size } = this.#source;
    const tail_length = Math.min(size, zip.end_size + 0xffff);
    const tail_start = size - tail_length;
    const tail = this.#read(tail_start, tail_length, 'bytes');
    const view = view_of(tail);
    let at = tail_length - zip.end_size;
    while (at >= 0 && view.getUint32(at, true) !== zip.end_signature) at--;
    if (at < 0) throw broken('failed finding central directory');

    const plain = {
      count: view.getUint16(at + 10, true),
      size: view.getUint32(at + 12, true),
      start: view.getUint32(at + 16, true),
    };
    const locator = at - zip.locator_size;
    if (locator < 0 || view.getUint32(locator, true) !== zip.locator_signature) return plain;
    const end64 = view_of(this.#read(uint64(view, locator + 8), zip.end64_size, 'end record'));
    if (end64.getUint32(0, true) !== zip.end64_signature) throw broken('bad end record');
    return { count: uint64(end64, 32), size: uint64(end64, 40), start: uint64(end64, 48) };
  }

  #entry(view: DataView, at: number, extra: DataView, name: string): Entry {
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    if ((flags & 1) !== 0) throw broken(`file ${name} is encrypted`);
    if (method !== zip.stored && method !== zip.deflated) {
      throw broken(`file ${name} is compressed by a method that is not supported`);
    }
    const crc = view.getUint32(at + 16, true);
    let compressed_size = view.getUint32(at + 20, true);
    let size = view.getUint32(at + 24, true);
    let header = view.getUint32(at + 42, true);
    // Numbers that do not fit are all ones, and stand in an extra field instead, in this order.
    for (let field = 0; field + 4 <= extra.byteLength;) {
      const length = extra.getUint16(field + 2, true);
      if (extra.getUint16(field, true) === zip.extra64) {
        let value = field + 4;
        const end = Math.min(value + length, extra.byteLength);
        const next = (): number => {
          if (value + 8 > end) throw broken(`bad header of ${name}`);
          value += 8;
          return uint64(extra, value - 8);
        };
        if (size === zip.max32) size = next();
        if (compressed_size === zip.max32) compressed_size = next();
        if (header === zip.max32) header = next();
        break;
      }
      field += 4 + length;
    }
    if (method === zip.stored && size !== compressed_size) throw broken(`file ${name} states two sizes`);
    if (header + zip.local_size + compressed_size > this.#source.size) {
      throw broken(`file ${name} reaches beyond the end`);
    }
    return { compressed: method === zip.deflated, compressed_size, size, crc, header };
  }
}
