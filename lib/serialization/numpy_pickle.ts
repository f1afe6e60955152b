/** Pickles of NumPy's arrays, as data sets come in. Nothing in them is run, as with {@link load}. */
import { Callable, type Buildable, unpickle, UnpicklingError } from './weights_only_unpickler.ts';
import { Tuple } from './pickle_format.ts';

/** A type of numbers in a pickle: `u1` for bytes. */
class Dtype implements Buildable {
  readonly kind: string;

  constructor(kind: string) {
    this.kind = kind;
  }

  /** The order of bytes and the like, which bytes do not have. */
  set_state(): void {}
}

/** An array of bytes in a pickle. */
export class ByteArray implements Buildable {
  shape: readonly number[] = [0];
  data: Uint8Array<ArrayBuffer> = new Uint8Array(0);

  /** @throws UnpicklingError for arrays of anything but bytes */
  set_state(state: unknown): void {
    if (!(state instanceof Tuple) || state.items.length !== 5) throw new UnpicklingError('an array has no valid state');
    const [, shape, dtype, fortran, raw] = state.items;
    if (!(dtype instanceof Dtype) || dtype.kind !== 'u1' || fortran !== false || !(shape instanceof Tuple)) {
      throw new UnpicklingError('only arrays of bytes in the usual order can be read');
    }
    this.shape = shape.items.map(Number);
    this.data =
      typeof raw === 'string' ? new Uint8Array(Buffer.from(raw, 'latin1')) : new Uint8Array(raw as Uint8Array);
    if (this.shape.reduce((product, size) => product * size, 1) !== this.data.length) {
      throw new UnpicklingError('an array has another size than its shape says');
    }
  }
}

const ndarray = new Callable('numpy.ndarray', () => {
  throw new UnpicklingError('numpy.ndarray() cannot be called');
});
const reconstruct = new Callable('numpy._reconstruct', () => new ByteArray());
const vocabulary = new Map<string, Callable>([
  ['numpy.ndarray', ndarray],
  ['numpy.core.multiarray._reconstruct', reconstruct],
  ['numpy._core.multiarray._reconstruct', reconstruct],
  ['numpy.dtype', new Callable('numpy.dtype', ([kind]) => new Dtype(String(kind)))],
]);

/**
 * What a pickle holds: plain data and arrays of bytes. Python 2's strings are read as Latin-1.
 * @throws UnpicklingError for a pickle that is broken, or that names anything else
 */
export function load_numpy_pickle(bytes: Uint8Array): unknown {
  return unpickle(bytes, {
    latin1: true,
    find: (name) => vocabulary.get(name),
    persistent_load: () => {
      throw new UnpicklingError('a pickle of data refers to something outside of it');
    },
  });
}
