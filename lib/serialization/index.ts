/**
 * `torch.save` and `torch.load`: tensors and plain data in PyTorch's own file format, a zip archive that Python reads
 * and writes as well.
 *
 * @see https://docs.pytorch.org/docs/stable/notes/serialization.html
 */
import { basename } from 'node:path';
import { is_kwargs, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { NotImplementedError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { type_name } from '../repr.ts';
import { type ByteSource, open_source, path_of, read_bytes } from './byte_source.ts';
import { is_legacy, LegacyReader } from './legacy_format.ts';
import { FileOutput, MemoryOutput, type Output } from './output.ts';
import { Pickler } from './pickler.ts';
import { type MapLocation, type Restore, restore_function, StorageReader, StorageWriter } from './storage.ts';
import { describe, find } from './tensors.ts';
import { unpickle, UnpicklingError } from './weights_only_unpickler.ts';
import { ZipReader } from './zip_reader.ts';
import { storage_alignment, ZipWriter } from './zip_writer.ts';

export { UnpicklingError } from './weights_only_unpickler.ts';
export type { MapLocation } from './storage.ts';

/** What `torch.save` takes by name. */
export interface SaveOptions {
  /** The file to write. Without one the bytes are returned. */
  f?: string | URL | null;
  /** The version of Python's pickle format; 2 is the one that there is. */
  pickle_protocol?: 2;
}

const parse_save = signature<SaveOptions>('save', [
  ['f', null],
  ['pickle_module', null],
  ['pickle_protocol', 2],
]);

/**
 * Saves tensors and plain data (numbers, strings, booleans, null, bytes, and arrays, plain objects, `Map`s and `Set`s
 * of these, such as a `state_dict()`) to a file that `torch.load` reads, Python's too. Tensors that share memory share
 * it in the file, and after loading.
 *
 * A plain object becomes a Python dict, a `Map` an `OrderedDict` (a dict, if not all keys are strings), an array a
 * list (a tuple, if it is frozen), a number an `int` where it is whole and a `float` where not.
 *
 * ```ts
 * torch.save(model.state_dict(), 'model.pth');
 * const bytes = torch.save({ epoch, model: model.state_dict() }); // a Buffer
 * ```
 *
 * @param obj what to save. By name it is given together with the file, `torch.save({ obj, f })`, since a plain object
 *   alone is something to save
 * @param f the file; without one the archive's bytes are returned
 * @throws TypeError for what cannot be saved, such as a whole module: save its `state_dict()`
 * @throws RuntimeError if the file's folder does not exist
 * @see https://docs.pytorch.org/docs/stable/generated/torch.save.html
 */
export function save(args: SaveOptions & { obj: unknown; f: string | URL }): void;
export function save(obj: unknown): Buffer;
export function save(obj: unknown, f: string | URL, options?: Omit<SaveOptions, 'f'>): void;
export function save(obj: unknown, options: SaveOptions & { f: string | URL }): void;
export function save(obj: unknown, ...args: readonly unknown[]): Buffer | void {
  if (args.length === 0 && is_kwargs(obj) && Object.hasOwn(obj, 'obj') && Object.hasOwn(obj, 'f')) {
    const { obj: named, ...options } = obj as unknown as SaveOptions & { obj: unknown; f: string | URL };
    return save(named, options);
  }
  const { f, pickle_protocol } = parse_save(args);
  if (pickle_protocol !== 2)
    throw new ValueError(`save(): pickle_protocol ${String(pickle_protocol)} is not supported; use 2`);
  if (f === null) {
    return write_archive(obj, (size) => new MemoryOutput(size), 'archive').bytes();
  }
  if (typeof f !== 'string' && !(f instanceof URL)) {
    throw new TypeError(`save(): argument 'f' must be a path or a URL of a file, not ${type_name(f)}`);
  }
  const path = path_of(f);
  write_archive(obj, () => new FileOutput(path), archive_name(path));
}

/** About how many bytes an archive has that holds no tensors. */
const FURTHER_FILES = 2048;

/** The archive's top folder, named after the file as PyTorch does. */
function archive_name(path: string): string {
  const name = basename(path);
  const dot = name.lastIndexOf('.');
  const stem = dot === -1 ? name : name.slice(0, dot);
  // Python falls back to this as well where a name is not plain ASCII.
  return stem !== '' && /^[\x20-\x7e]+$/.test(stem) ? stem : 'archive';
}

/**
 * @param open opens what takes the bytes, of which about `size` come: called when there is something to write, so an error
 *   leaves no file
 */
function write_archive<T extends Output>(obj: unknown, open: (size: number) => T, folder: string): T {
  return no_grad(() => {
    const storages = new StorageWriter();
    const pickle = new Pickler((value) => describe(value, storages)).dump(obj);
    const output = open(pickle.length + storages.size() + FURTHER_FILES);
    try {
      const archive = new ZipWriter(output, folder);
      archive.add('data.pkl', pickle);
      archive.add('.format_version', '1');
      archive.add('.storage_alignment', String(storage_alignment));
      archive.add('byteorder', 'little');
      storages.write(archive);
      archive.add('version', '3\n');
      archive.add('.data/serialization_id', archive.fingerprint());
      archive.finish();
    } finally {
      output.close();
    }
    return output;
  });
}

/** What `torch.load` takes by name. */
export interface LoadOptions {
  /**
   * Where tensors go, whatever device they were saved from: a device, a table from the file's locations (`cuda:0`) to
   * others, or a function that is given a storage (a flat `uint8` tensor on the CPU) and the file's location, and gives
   * it back on a device of its choice, or null for the file's.
   */
  map_location?: MapLocation;
  /** Always true: nothing in a file is ever run. */
  weights_only?: boolean | null;
  /** Not supported: map the file into memory instead of reading it. */
  mmap?: boolean | null;
}

const parse_load = signature<LoadOptions & { f: string | URL | Uint8Array | ArrayBuffer }>(
  'load',
  ['f', ['map_location', null], ['pickle_module', null]],
  [
    ['weights_only', null],
    ['mmap', null],
  ],
);

/**
 * Loads what `torch.save` has saved, here or in Python.
 *
 * Only tensors and plain data are read and no code is ever run, as with `weights_only=True` in Python: a file that
 * names anything else is an error that says what. A Python dict becomes a plain object where its keys are strings and a
 * `Map` where not, an `OrderedDict` or a `Counter` one of ours (a `Map`), a list an array, a tuple a frozen array, an
 * int beyond 2^53 a `bigint`.
 *
 * ```ts
 * model.load_state_dict(torch.load('model.pth'));
 * const checkpoint = torch.load(path, { map_location: 'cpu' });
 * ```
 *
 * @param f a path, a file URL, or the bytes themselves
 * @param map_location where tensors go; where they were saved from if nothing is said
 * @throws UnpicklingError for a file that is broken or names what must not be loaded
 * @throws RuntimeError for a damaged archive, a format that is not supported, or a device that is not there
 * @see https://docs.pytorch.org/docs/stable/generated/torch.load.html
 */
export function load<T = any>(
  f: string | URL | Uint8Array | ArrayBuffer,
  map_location: Exclude<MapLocation, Readonly<Record<string, string>>>,
  options?: Omit<LoadOptions, 'map_location'>,
): NoInfer<T>;
export function load<T = any>(f: string | URL | Uint8Array | ArrayBuffer, options?: LoadOptions): NoInfer<T>;
export function load<T = any>(options: LoadOptions & { f: string | URL | Uint8Array | ArrayBuffer }): NoInfer<T>;
export function load(...args: readonly unknown[]): unknown {
  const { f, map_location, weights_only, mmap } = parse_load(args);
  if (weights_only === false) {
    throw new NotImplementedError(
      'load(): weights_only=false would run code of Python. Only tensors and plain data can be loaded; in Python, ' +
        'save the state_dict() of what the file holds',
    );
  }
  if (mmap === true) throw new NotImplementedError('load(): mmap=true is not supported');
  if (typeof f !== 'string' && !(f instanceof URL) && !(f instanceof Uint8Array) && !(f instanceof ArrayBuffer)) {
    throw new TypeError(`load(): argument 'f' must be a path, a URL of a file, or bytes, not ${type_name(f)}`);
  }
  const restore = restore_function(map_location);
  const source = open_source(f);
  try {
    return no_grad(() => read_archive(source, restore));
  } finally {
    source.close();
  }
}

function read_archive(source: ByteSource, restore: Restore | null): unknown {
  if (!ZipReader.recognizes(source) && !is_legacy(source)) throw not_an_archive(source);
  const archive = is_legacy(source) ? new LegacyReader(source) : new ZipReader(source);
  if (archive.has('constants.pkl')) {
    throw new RuntimeError(
      'load(): the file is a TorchScript archive, that is a program and not only its weights. In Python, save the ' +
        'state_dict() of torch.jit.load(file)',
    );
  }
  const storages = new StorageReader(archive, restore);
  try {
    return unpickle(archive.read('data.pkl'), { find, persistent_load: (id) => storages.load(id) });
  } catch (error) {
    if (error instanceof UnpicklingError) throw weights_only_error(error);
    throw error;
  }
}

function weights_only_error(error: UnpicklingError): UnpicklingError {
  const global = /GLOBAL (\S+) was not an allowed global/.exec(error.message)?.[1];
  const advice =
    global === undefined
      ? ''
      : ` A file can name any function of Python, so only those that make tensors and plain data are followed. If ` +
        `you trust the file, load it in Python and save the tensors in it, without ${global}, again.`;
  return new UnpicklingError(`Weights only load failed. WeightsUnpickler error: ${error.message}${advice}`, {
    cause: error,
  });
}

/** What the file is instead, as far as its first bytes tell. */
function not_an_archive(source: ByteSource): Error {
  const head = Buffer.from(read_bytes(source, 0, Math.min(source.size, 512)));
  const tar = head.length >= 262 && head.subarray(257, 262).toString('latin1') === 'ustar';
  if (tar) {
    return new RuntimeError(
      'load(): the file is a tar archive, as the first versions of PyTorch wrote them, which is not supported. ' +
        'In Python, load it and ' +
        'save it again: torch.save(torch.load(file), file)',
    );
  }
  if (source.size === 0) return new RuntimeError('load(): the file is empty');
  return new RuntimeError('load(): the file is not one that torch.save writes: it is not a zip archive');
}
