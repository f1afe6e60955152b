/**
 * Indices in their JavaScript forms: numbers, `torch.slice`, `null`, `'...'`, booleans, tensors, lists, ranges,
 * and Python's own notation in a string (`x['0, :, 1:3']`).
 * @see https://docs.pytorch.org/docs/stable/tensor_view.html
 */
import { is_instance } from './arguments.ts';
import { tensor } from './creation.ts';
import { int64 } from './dtype.ts';
import { IndexError, TypeError } from './errors.ts';
import { Range } from './python/index.ts';
import { Tensor } from './tensor.ts';

/** An end or the step of a slice: a number, a tensor of one, or null where it is left out. */
export type SlicePart = number | bigint | Tensor | null;

/** `start:stop:step`, where null leaves a part out. */
export class Slice {
  readonly start: SlicePart;
  readonly stop: SlicePart;
  readonly step: SlicePart;

  constructor(start: SlicePart, stop: SlicePart, step: SlicePart) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/**
 * A slice, called as Python's: `slice(stop)`, `slice(start, stop)`, `slice(start, stop, step)`; null leaves a part out.
 *
 * @throws TypeError for more than three parts
 * @see https://docs.python.org/3/library/functions.html#slice
 */
export function slice(...parts: SlicePart[]): Slice {
  if (parts.length > 3) throw new TypeError(`slice expected at most 3 arguments, got ${parts.length}`);
  const [start = null, stop = null, step = null] = parts.length === 1 ? [null, parts[0]] : parts;
  return new Slice(start, stop, step);
}

/** One index: for one dimension, or several where it is a mask or `'...'`. */
export type Index = number | bigint | boolean | null | string | Slice | Range | Tensor | IndexList;
export interface IndexList extends ReadonlyArray<number | boolean | IndexList> {}

function unreadable(part: string, whole: string): IndexError {
  const expected = "a number, a slice, a list, '...' or null";
  return new IndexError(`cannot read '${part}' in the index '${whole}': expected ${expected}`);
}

const WORDS: ReadonlyMap<string, boolean | null | '...'> = new Map<string, boolean | null | '...'>([
  ['...', '...'],
  ['None', null],
  ['null', null],
  ['True', true],
  ['true', true],
  ['False', false],
  ['false', false],
]);

/** Is this property name an index in Python's notation, and not an ordinary name? */
export function is_notation(name: string): boolean {
  // A sign, a digit, '.' or '[' at the start, or a comma or colon anywhere, as in 'None, 0'.
  return /^[-+\d.[]|[,:]/.test(name) || WORDS.has(name);
}

/** The parts of a list or an index between the commas; those of lists inside stay together. */
function split_parts(text: string, whole: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === '[') depth++;
    else if (text[i] === ']') depth--;
    else if (text[i] === ',' && depth === 0) {
      parts.push(text.slice(start, i).trim());
      start = i + 1;
    }
    if (depth < 0) break;
  }
  if (depth !== 0) throw unreadable(text.trim(), whole);
  const last = text.slice(start).trim();
  // A comma may stand at the end, as in Python.
  if (last !== '') parts.push(last);
  return parts;
}

function parse_item(part: string, whole: string): number | boolean | IndexList {
  if (part.startsWith('[') && part.endsWith(']')) {
    return split_parts(part.slice(1, -1), whole).map((item) => parse_item(item, whole));
  }
  if (/^[+-]?\d+$/.test(part)) return Number(part);
  const word = WORDS.get(part);
  if (typeof word !== 'boolean') throw unreadable(part, whole);
  return word;
}

function parse_part(part: string, whole: string): unknown {
  if (/^[+-]?\d+$/.test(part)) return Number(part);
  const word = WORDS.get(part);
  if (word !== undefined) return word;
  if (/^[+-]?\d*\s*:\s*[+-]?\d*\s*(:\s*[+-]?\d*)?$/.test(part)) {
    const [start, stop, step] = part.split(':').map((number) => (number.trim() === '' ? null : Number(number)));
    return [start ?? null, stop ?? null, step ?? null];
  }
  if (part.startsWith('[')) return list_index(parse_item(part, whole) as IndexList)._h;
  throw unreadable(part, whole);
}

/** Indices in Python's notation, as the addon takes them; lists are written as in Python too: `x['[0, 2], 1']`. */
export function indices_of_string(text: string): unknown[] {
  const parts = split_parts(text, text);
  if (parts.length === 0) throw unreadable('', text);
  // A list of lists that stands alone is the same as the lists without it, in Python too: one for each dimension.
  const [only] = parts;
  if (parts.length === 1 && /^\[\s*\[.*\]$/s.test(only!)) return indices_of_string(only!.slice(1, -1));
  return parts.map((part) => parse_part(part, text));
}

/** The tensor that a list of positions or a mask stands for. */
function list_index(list: IndexList | ArrayBufferView): Tensor {
  const index = tensor(list as number[]);
  // Without elements to tell, it is positions.
  return index.numel() === 0 ? index.to(int64) : index;
}

/** A part of a slice as the addon takes it. */
function slice_part(part: SlicePart): unknown {
  if (typeof part === 'number' || !is_instance(part, Tensor)) return part;
  if (part.numel() !== 1 || part.dtype.is_floating_point || part.dtype.is_complex) {
    throw new TypeError('only integer tensors of a single element can be converted to an index');
  }
  return Number(part.item());
}

/** What `x.index(...)` was given, as the addon takes it: one index, or an array of one for each dimension. */
export function lower_indices(given: Index | readonly Index[]): unknown[] {
  const indices = is_list(given) && !ArrayBuffer.isView(given) ? (given as readonly Index[]) : [given as Index];
  const lowered: unknown[] = [];
  for (const index of readable(indices)) {
    if (typeof index === 'string') lowered.push(...indices_of_string(index));
    else if (typeof index !== 'object' || index === null) lowered.push(index);
    else if (is_instance(index, Slice)) {
      lowered.push([slice_part(index.start), slice_part(index.stop), slice_part(index.step)]);
    } else if (is_instance(index, Tensor)) lowered.push(index._h);
    else if (is_instance(index, Range)) lowered.push(list_index([...index])._h);
    else if (is_list(index)) lowered.push(list_index(index)._h);
    else lowered.push(index);
  }
  return lowered;
}

/** More indices than any tensor has dimensions; an array of JavaScript can have billions of holes. */
const MOST_INDICES = 1000;

function readable(indices: readonly Index[]): readonly Index[] {
  try {
    if (indices.length <= MOST_INDICES) return [...indices];
  } catch (cause) {
    throw new IndexError('the indices cannot be read', { cause }); // a proxy's
  }
  throw new IndexError(`too many indices: ${indices.length}`);
}

function is_list(index: unknown): index is IndexList {
  try {
    return Array.isArray(index) || ArrayBuffer.isView(index);
  } catch {
    return false; // a proxy that was revoked
  }
}
