/** Meshes and clouds of points. */
import { as_tensor } from '../../creation.ts';
import { ValueError } from '../../errors.ts';
import { floats, message, text, whole, wholes, nested } from './protobuf.ts';
import { metadata, shape_field } from './summary.ts';
import { to_numbers, to_tensor } from './values.ts';

/** The kinds of tensors in a mesh, in the order in which they are written, with their numbers. */
const KINDS = [
  ['VERTEX', 1],
  ['FACE', 2],
  ['COLOR', 3],
] as const;

/** JSON with sorted keys, and spaces where Python has them. */
function json(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(json).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${entries.map(([key, item]) => `${JSON.stringify(key)}: ${json(item)}`).join(', ')}}`;
}

/** @throws ValueError if something is not (B, N, 3) */
export function mesh(tag: string, vertices: unknown, colors: unknown, faces: unknown, config: unknown): Uint8Array {
  const given = { VERTEX: vertices, FACE: faces, COLOR: colors };
  const present = KINDS.filter(([kind]) => given[kind] !== null);
  const components = present.reduce((mask, [, number]) => mask | (1 << number), 0);
  const values = present.map(([kind, number]) => {
    const tensor = to_tensor(given[kind]);
    const shape = [...tensor.shape];
    if (shape.length !== 3)
      throw new ValueError(`Tensor shape should be of shape BxNx3, but got ${String(tensor.shape)}.`);
    const content = message(
      text(2, tag),
      whole(3, number),
      text(5, config === null ? '{}' : json(config)),
      wholes(6, shape),
      whole(7, components),
    );
    const elements = nested(8, whole(1, 1), shape_field(2, shape), floats(5, to_numbers(as_tensor(tensor))));
    return nested(1, text(1, `${tag}_${kind}`), elements, metadata('mesh', content));
  });
  return message(values);
}
