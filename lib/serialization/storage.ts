/** The memory behind tensors: written and read as a whole, so that tensors that share it still do after loading. */
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { device_count } from '../cuda/index.ts';
import { device, type device as Device } from '../device.ts';
import * as dtypes from '../dtype.ts';
import type { dtype } from '../dtype.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import type { TakePiece } from './byte_source.ts';
import { Global, OwnString, PersistentId, type Tuple } from './pickle_format.ts';
import { UnpicklingError } from './weights_only_unpickler.ts';
import type { ZipWriter } from './zip_writer.ts';

/** Python's class of storage for each dtype that has one; dtypes that came later use `UntypedStorage`. */
const storage_names: Readonly<Record<string, string>> = {
  float64: 'DoubleStorage',
  float32: 'FloatStorage',
  float16: 'HalfStorage',
  bfloat16: 'BFloat16Storage',
  int64: 'LongStorage',
  int32: 'IntStorage',
  int16: 'ShortStorage',
  int8: 'CharStorage',
  uint8: 'ByteStorage',
  bool: 'BoolStorage',
  complex64: 'ComplexFloatStorage',
  complex128: 'ComplexDoubleStorage',
};

/** Does Python know a class of storage for this dtype? */
export function has_typed_storage(dtype: dtype): boolean {
  return dtype.name in storage_names;
}

/** A class of storage, as a file names it: the dtype of its elements, or null for plain bytes. */
export class StorageType {
  readonly dtype: dtype | null;

  constructor(dtype: dtype | null) {
    this.dtype = dtype;
  }
}

/** Storage classes by their name in a file. */
export const storage_types: ReadonlyMap<string, StorageType> = new Map([
  ...Object.entries(storage_names).map(
    ([name, storage]) =>
      [`torch.${storage}`, new StorageType((dtypes as unknown as Record<string, dtype>)[name]!)] as const,
  ),
  ['torch.storage.UntypedStorage', new StorageType(null)],
  ['torch.UntypedStorage', new StorageType(null)],
]);

/** What storages are read from: the files of an archive. */
export interface ArchiveReader {
  has(name: string): boolean;
  /** How many bytes a file holds. */
  size(name: string): number;
  /** A file's bytes. */
  read(name: string): Uint8Array;
  /** Hands the first `length` bytes of a file to `take`, in pieces. */
  read_pieces(name: string, length: number, take: TakePiece): void;
}

/** A tensor's whole memory as a flat tensor of bytes. */
function whole_storage(tensor: Tensor, nbytes: number): Tensor {
  const bytes = aten.empty([0], { dtype: dtypes.uint8, device: tensor.device });
  // Only a contiguous tensor may lend its storage.
  const flat = aten.as_strided(tensor, [Math.floor(nbytes / tensor.dtype.itemsize)], [1], 0);
  return aten.set_(bytes, flat, 0, [nbytes], [1]);
}

/** About how many bytes an archive has about a storage beside the storage's own. */
const LARGEST_HEADERS = 256;

/** Collects the storages that an archive has to hold. */
export class StorageWriter {
  readonly #storages = new Map<bigint, { key: OwnString; tensor: Tensor; nbytes: number; dtype: string }>();

  /** The id under which a tensor's storage is found again; `typed` says whether with the tensor's dtype. */
  add(tensor: Tensor, typed: boolean): PersistentId {
    const identity = native.storage_key(tensor._h);
    const nbytes = native.storage_nbytes(tensor._h);
    const dtype = typed ? tensor.dtype.name : 'uint8';
    let known = this.#storages.get(identity);
    if (known === undefined) {
      known = { key: new OwnString(String(this.#storages.size)), tensor, nbytes, dtype };
      this.#storages.set(identity, known);
    } else if (known.dtype !== dtype && nbytes > 0) {
      throw new RuntimeError('Cannot save multiple tensors or storages that view the same data as different types');
    }
    const cls = typed
      ? new Global('torch', storage_names[tensor.dtype.name]!)
      : new Global('torch.storage', 'UntypedStorage');
    const count = Math.floor(nbytes / (typed ? tensor.dtype.itemsize : 1));
    return new PersistentId('storage', cls, known.key, location_of(tensor.device), count);
  }

  /** About how many bytes they take in an archive. */
  size(): number {
    let size = 0;
    for (const { nbytes } of this.#storages.values()) size += nbytes + LARGEST_HEADERS;
    return size;
  }

  /** Adds the storages to the archive. */
  write(archive: ZipWriter): void {
    for (const { key, tensor, nbytes } of this.#storages.values()) {
      const there = nbytes === 0 || tensor.is_cpu ? tensor : whole_storage(tensor, nbytes).cpu();
      archive.add_file(`data/${key.value}`, nbytes, (from, to) => native.read_storage(there._h, from, to));
    }
  }
}

/** `cpu`, `cuda:0`: how a file says where a storage was. */
function location_of({ type, index }: Device): string {
  return type === 'cpu' ? type : `${type}:${index ?? 0}`;
}

/** A storage that has been read: its bytes, and the dtype that the file says they have. */
export class LoadedStorage {
  readonly bytes: Tensor;
  readonly dtype: dtype;

  constructor(bytes: Tensor, dtype: dtype) {
    this.bytes = bytes;
    this.dtype = dtype;
  }
}

/** Puts a storage, given as a flat tensor of bytes in main memory, where it belongs. */
export type Restore = (storage: Tensor, location: string) => Tensor;

/** Reads an archive's storages, each once. */
export class StorageReader {
  readonly #archive: ArchiveReader;
  readonly #restore: Restore;
  readonly #meta: boolean;
  readonly #big_endian: boolean;
  readonly #loaded = new Map<string, LoadedStorage>();

  /** @param restore where storages go; null for the meta device, on which they have no memory and are not read */
  constructor(archive: ArchiveReader, restore: Restore | null) {
    this.#archive = archive;
    this.#meta = restore === null;
    this.#restore = restore ?? ((storage) => storage);
    const order = archive.has('byteorder') ? new TextDecoder().decode(archive.read('byteorder')) : 'little';
    if (order !== 'little' && order !== 'big') throw new ValueError(`Unknown endianness type: ${order}`);
    this.#big_endian = order === 'big';
  }

  /** The storage that an id in the pickle stands for. */
  load(id: Tuple): LoadedStorage {
    const [kind, type, name, location, count] = id.items;
    if (kind !== 'storage') {
      throw new UnpicklingError(`Only persistent_load of storage is allowed, but got ${String(kind)}`);
    }
    const key = typeof name === 'number' ? String(name) : name;
    if (!(type instanceof StorageType) || typeof key !== 'string' || typeof location !== 'string') {
      throw new UnpicklingError('a storage is not described as storages are: the file is malformed');
    }
    if (!Number.isSafeInteger(count) || (count as number) < 0) {
      throw new UnpicklingError(`a storage cannot have ${String(count)} elements`);
    }
    const known = this.#loaded.get(key);
    if (known !== undefined) return known;

    const dtype = type.dtype ?? dtypes.uint8;
    const nbytes = (count as number) * dtype.itemsize;
    const record = `data/${key}`;
    const size = this.#archive.size(record);
    if (nbytes > size) {
      throw new UnpicklingError(`storage ${key} should have ${nbytes} bytes, but the file holds ${size} of it`);
    }
    const bytes = this.#meta
      ? aten.empty([nbytes], { dtype: dtypes.uint8, device: 'meta' })
      : this.#restore(this.#read(record, nbytes, dtype), location);
    const loaded = new LoadedStorage(bytes, dtype);
    this.#loaded.set(key, loaded);
    return loaded;
  }

  #read(record: string, nbytes: number, dtype: dtype): Tensor {
    const bytes = aten.empty([nbytes], { dtype: dtypes.uint8 });
    this.#archive.read_pieces(record, nbytes, (from, piece) => {
      native.write_storage(bytes._h, from, this.#big_endian ? swapped(piece, dtype) : piece);
    });
    return bytes;
  }
}

/** Big-endian elements in this machine's order. A piece holds whole elements. */
function swapped(piece: Uint8Array, dtype: dtype): Uint8Array {
  const copy = Buffer.from(piece);
  const width = dtype.is_complex ? dtype.itemsize / 2 : dtype.itemsize;
  if (width === 2) copy.swap16();
  else if (width === 4) copy.swap32();
  else if (width === 8) copy.swap64();
  return copy;
}

/** A tensor over a storage that has been read. All is checked first: LibTorch would enlarge a storage too small. */
export function tensor_over(
  storage: unknown,
  dtype: dtype,
  offset: unknown,
  size: readonly number[],
  stride: readonly number[],
): Tensor {
  if (!(storage instanceof LoadedStorage))
    throw new UnpicklingError('a tensor without a storage: the file is malformed');
  if (!Number.isSafeInteger(offset) || (offset as number) < 0 || size.length !== stride.length) {
    throw new UnpicklingError('a tensor is not described as tensors are: the file is malformed');
  }
  let last = offset as number;
  let elements = 1;
  for (let i = 0; i < size.length; i++) {
    elements *= size[i]!;
    last += Math.max(0, size[i]! - 1) * stride[i]!;
  }
  const needed = elements === 0 ? 0 : (last + 1) * dtype.itemsize;
  const nbytes = storage.bytes.numel();
  if (!(needed <= nbytes) || elements > Number.MAX_SAFE_INTEGER) {
    throw new RuntimeError(
      `setStorage: sizes [${size.join(', ')}], strides [${stride.join(', ')}], storage offset ${String(offset)}, and ` +
        `itemsize ${dtype.itemsize} requiring a storage size of ${needed} are out of bounds for storage of size ` +
        String(nbytes),
    );
  }
  const result = aten.empty([0], { dtype, device: storage.bytes.device });
  return aten.set_(result, storage.bytes, offset as number, size, stride);
}

/** What `torch.load` takes as `map_location`. */
export type MapLocation =
  | string
  | Device
  | Readonly<Record<string, string>>
  | ReadonlyMap<string, string>
  | ((storage: Tensor, location: string) => Tensor | null | undefined)
  | null;

/** What puts a storage where it belongs; null if that is the meta device, where there is nothing to read. */
export function restore_function(map_location: MapLocation): Restore | null {
  if (map_location === null) return to_location;
  if (typeof map_location === 'string' || map_location instanceof device) {
    const target = String(map_location);
    return target === 'meta' ? null : (storage) => to_location(storage, target);
  }
  if (typeof map_location === 'function') {
    return (storage, location) => {
      const result = map_location(storage, location);
      if (result === null || result === undefined) return to_location(storage, location);
      if (result.dtype !== dtypes.uint8 || result.ndim !== 1 || result.numel() !== storage.numel()) {
        throw new TypeError('map_location has to return the storage that it was given, on whatever device, or null');
      }
      return result;
    };
  }
  const table = map_location instanceof Map ? map_location : new Map(Object.entries(map_location));
  return (storage, location) => to_location(storage, table.get(location) ?? location);
}

function to_location(storage: Tensor, location: string): Tensor {
  if (location === 'cpu') return storage;
  const target = new device(location);
  if (target.type === 'cuda') check_cuda(target.index ?? 0);
  return storage.to(target);
}

function check_cuda(index: number): void {
  const count = device_count();
  if (count === 0) {
    throw new RuntimeError(
      'Attempting to deserialize object on a CUDA device but torch.cuda.is_available() is false. If you are running ' +
        "on a CPU-only machine, please use torch.load with { map_location: 'cpu' } to map your storages to the CPU.",
    );
  }
  if (index >= count) {
    throw new RuntimeError(
      `Attempting to deserialize object on CUDA device ${index} but torch.cuda.device_count() is ${count}. ` +
        'Please use torch.load with map_location to map your storages to an existing device.',
    );
  }
}
