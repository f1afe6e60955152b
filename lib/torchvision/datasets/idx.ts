/** IDX files: numbers in several dimensions, as MNIST and its kin are kept. */
import { RuntimeError } from '../../errors.ts';

/** What is in an IDX file. */
export interface Idx {
  readonly shape: number[];
  /** The numbers if they are bytes. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
  /** The numbers if they are whole numbers of 32 bits. */
  readonly ints: Int32Array<ArrayBuffer> | null;
}

/** The numbers of the types that these data sets use. */
const BYTE = 8;
const INT = 12;

/**
 * Reads an IDX file: a header with the type, the number of dimensions and their sizes, and the values.
 *
 * @throws RuntimeError for anything else, and where the sizes do not fit the file
 */
export function parse_idx(file: Uint8Array<ArrayBuffer>, path: string): Idx {
  const bad = (what: string): RuntimeError =>
    new RuntimeError(
      `${path} is not a file of this data set (${what}); delete it and use download=true to get it again`,
    );
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  if (file.length < 4 || view.getUint16(0) !== 0) throw bad('it has no IDX header');
  const kind = view.getUint8(2);
  const dimensions = view.getUint8(3);
  if (kind !== BYTE && kind !== INT) throw bad('it does not hold bytes');
  const start = 4 + 4 * dimensions;
  if (dimensions < 1 || dimensions > 3 || file.length < start) throw bad('its header is damaged');
  const shape = Array.from({ length: dimensions }, (_, i) => view.getUint32(4 + 4 * i));
  const count = shape.reduce((product, size) => product * size, 1);
  const width = kind === BYTE ? 1 : 4;
  if (file.length - start !== count * width) {
    throw bad(`it should hold ${count} values, but there are ${Math.floor((file.length - start) / width)}`);
  }
  if (kind === BYTE) return { shape, bytes: file.subarray(start), ints: null };
  // The highest byte comes first.
  return { shape, bytes: null, ints: Int32Array.from({ length: count }, (_, i) => view.getInt32(start + 4 * i)) };
}
