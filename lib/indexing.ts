/**
 * Indices in their JavaScript forms: numbers, `torch.slice`, `null`, `'...'`, booleans, tensors, lists, and Python's own
 * notation in a string (`x['0, :, 1:3']`).
 * @see https://docs.pytorch.org/docs/stable/tensor_view.html
 */
import { tensor } from './creation.ts';
import { IndexError, TypeError } from './errors.ts';
import { Tensor } from './tensor.ts';

/** `start:stop:step`, where null leaves a part out. */
export class Slice {
  readonly start: number | null;
  readonly stop: number | null;
  readonly step: number | null;

  constructor(start: number | null, stop: number | null, step: number | null) {
    this.start = start;
    this.stop = stop;
    this.step = step;
  }
}

/**
 * A slice, called as Python's: `slice(stop)`, `slice(start, stop)`, `slice(start, stop, step)`; null leaves a part out.
 */
export function slice(...parts: (number | null)[]): Slice {
  if (parts.length > 3) throw new TypeError(`slice expected at most 3 arguments, got ${parts.length}`);
  const [start = null, stop = null, step = null] = parts.length === 1 ? [null, parts[0]] : parts;
  return new Slice(start, stop, step);
}

/** One index: for one dimension, or several where it is a mask or `'...'`. */
export type Index = number | boolean | null | string | Slice | Tensor | IndexList;
export interface IndexList extends ReadonlyArray<number | boolean | IndexList> {}

function parse_part(text: string, whole: string): unknown {
  const part = text.trim();
  if (part === '...') return '...';
  if (part === 'None' || part === 'null') return null;
  if (part === 'True' || part === 'true') return true;
  if (part === 'False' || part === 'false') return false;
  if (/^[+-]?\d+$/.test(part)) return Number(part);
  if (/^[+-]?\d*\s*:\s*[+-]?\d*\s*(:\s*[+-]?\d*)?$/.test(part)) {
    const [start, stop, step] = part.split(':').map((number) => (number.trim() === '' ? null : Number(number)));
    return [start ?? null, stop ?? null, step ?? null];
  }
  throw new IndexError(`cannot read '${part}' in the index '${whole}': expected a number, a slice, '...' or null`);
}

/** Indices in Python's notation, as the addon takes them; lists are written as in Python too: `x['[0, 2], 1']`. */
export function indices_of_string(text: string): unknown[] {
  const parts: unknown[] = [];
  for (const match of text.matchAll(/\s*(\[[^\]]*\]|[^,[]*)\s*(,|$)/g)) {
    const part = match[1]!;
    if (match[0] === '' && parts.length > 0) continue;
    if (part.startsWith('[')) {
      const list = part
        .slice(1, -1)
        .split(',')
        .map((item) => parse_part(item, text) as number);
      parts.push(tensor(list)._h);
    } else if (part.trim() !== '' || parts.length === 0) {
      parts.push(parse_part(part, text));
    }
  }
  return parts;
}

/** Indices as the addon takes them. */
export function lower_indices(indices: readonly Index[]): unknown[] {
  const lowered: unknown[] = [];
  for (const index of indices) {
    if (index instanceof Slice) lowered.push([index.start, index.stop, index.step]);
    else if (index instanceof Tensor) lowered.push(index._h);
    else if (typeof index === 'string') lowered.push(...indices_of_string(index));
    else if (Array.isArray(index) || ArrayBuffer.isView(index)) lowered.push(tensor(index as number[])._h);
    else lowered.push(index);
  }
  return lowered;
}
