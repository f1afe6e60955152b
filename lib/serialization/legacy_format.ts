/**
 * Files from before PyTorch 1.6, such as many trained models come in: a few pickles in a row, the third of which is the
 * object, then the storages that it refers to, each with its length before it.
 */
import { RuntimeError } from '../errors.ts';
import { type ByteSource, read_bytes, read_pieces, type TakePiece } from './byte_source.ts';
import type { Tuple } from './pickle_format.ts';
import { type ArchiveReader, storage_types, StorageType } from './storage.ts';
import { Callable, unpickle_at, UnpicklingError } from './weights_only_unpickler.ts';

/** The first pickle of such a file: a whole number of these digits, and the stop. */
const MAGIC = Buffer.from('80028a0a6cfc9c46f9206aa850192e', 'hex');
const PROTOCOL = 1001;

/** Is this a file of that format? */
export function is_legacy(source: ByteSource): boolean {
  return source.size > MAGIC.length && MAGIC.equals(read_bytes(source, 0, MAGIC.length));
}

/** A storage that is described in the object's pickle. */
interface Described {
  readonly count: number;
  readonly itemsize: number;
}

/** What the first reading makes of everything that is no plain data. */
const nothing = new Callable('nothing', () => null);

/** Where in the file a storage's bytes are. */
interface Place {
  readonly start: number;
  readonly size: number;
}

/** Such a file, laid out like the archives that came after it: `data.pkl`, and `data/0` and so on. */
export class LegacyReader implements ArchiveReader {
  readonly #source: ByteSource;
  readonly #pickle: Uint8Array;
  readonly #places = new Map<string, Place>();

  /** @throws UnpicklingError for a file that is damaged */
  constructor(source: ByteSource) {
    this.#source = source;
    const head = this.#pickles();
    const described = new Map<string, Described>();
    const plain = { find: () => undefined, persistent_load: (id: Tuple) => id };

    const version = unpickle_at(head, MAGIC.length, plain);
    if (version.value !== PROTOCOL) throw new RuntimeError(`Invalid protocol version: ${String(version.value)}`);
    const system = unpickle_at(head, version.end, plain);
    if ((system.value as { little_endian?: unknown } | null)?.little_endian !== true) {
      throw new RuntimeError('load(): the file is from a machine whose numbers have their highest byte first');
    }
    // A first reading that makes nothing: it finds out where the object ends and how large each storage is.
    const object = unpickle_at(head, system.end, {
      find: (name) => storage_types.get(name) ?? nothing,
      persistent_load: (id) => this.#describe(id, described),
    });
    this.#pickle = head.subarray(system.end, object.end);
    const keys = unpickle_at(head, object.end, plain);
    if (!Array.isArray(keys.value)) throw new UnpicklingError('the list of storages is missing: the file is malformed');
    this.#locate(keys.value as unknown[], keys.end, described);
  }

  /** The part of the file that the pickles are in: its beginning, and more and more of it where that is not enough. */
  #pickles(): Uint8Array {
    for (let size = 1 << 22; ; size *= 8) {
      const head = read_bytes(this.#source, 0, Math.min(size, this.#source.size));
      if (head.length === this.#source.size || holds_pickles(head)) return head;
    }
  }

  #describe(id: Tuple, described: Map<string, Described>): null {
    const [kind, type, key, , count, view] = id.items;
    if (kind !== 'storage' || !(type instanceof StorageType)) {
      throw new UnpicklingError('a storage is not described as storages are: the file is malformed');
    }
    if (view !== null && view !== undefined) {
      throw new RuntimeError('load(): the file has views of storages, which are from before PyTorch 0.4');
    }
    described.set(String(key), { count: Number(count), itemsize: type.dtype?.itemsize ?? 1 });
    return null;
  }

  #locate(keys: readonly unknown[], begin: number, described: ReadonlyMap<string, Described>): void {
    let at = begin;
    for (const key of keys) {
      const known = described.get(String(key));
      if (known === undefined) {
        throw new UnpicklingError(`storage ${String(key)} is not described: the file is malformed`);
      }
      if (at + 8 > this.#source.size) throw new UnpicklingError('unexpected end of data: the file is truncated');
      const header = read_bytes(this.#source, at, 8);
      const count = Number(new DataView(header.buffer).getBigInt64(0, true));
      const size = count * known.itemsize;
      if (count !== known.count || !(size >= 0) || at + 8 + size > this.#source.size) {
        throw new UnpicklingError(`storage ${String(key)} is not complete: the file is truncated`);
      }
      this.#places.set(`data/${String(key)}`, { start: at + 8, size });
      at += 8 + size;
    }
  }

  has(name: string): boolean {
    return name === 'data.pkl' || this.#places.has(name);
  }

  size(name: string): number {
    return name === 'data.pkl' ? this.#pickle.length : this.#place(name).size;
  }

  read(name: string): Uint8Array {
    if (name === 'data.pkl') return this.#pickle;
    const { start, size } = this.#place(name);
    return read_bytes(this.#source, start, size);
  }

  read_pieces(name: string, length: number, take: TakePiece): void {
    read_pieces(this.#source, this.#place(name).start, length, take);
  }

  #place(name: string): Place {
    const place = this.#places.get(name);
    if (place === undefined) throw new UnpicklingError(`there is no ${name} in the file: it is malformed`);
    return place;
  }
}

/** Do four whole pickles stand behind the magic number? */
function holds_pickles(head: Uint8Array): boolean {
  const vocabulary = { find: (name: string) => storage_types.get(name) ?? nothing, persistent_load: () => null };
  let at = MAGIC.length;
  for (let i = 0; i < 4; i++) {
    try {
      at = unpickle_at(head, at, vocabulary).end;
    } catch {
      return false;
    }
  }
  return true;
}
