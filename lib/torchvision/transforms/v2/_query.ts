/** How large the images of a sample are. */
import { TypeError, ValueError } from '../../../errors.ts';
import { repr } from '../../../repr.ts';
import { get_dimensions, type Img } from '../functional.ts';
import { is_image } from './_kinds.ts';

/** The order in which Python sorts tuples. */
function by_first_difference(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((one, i) => one !== b[i]);
  return at < 0 ? 0 : a[at]! - b[at]!;
}

/** The one shape that the images of a sample have. */
function query(
  flat_inputs: readonly unknown[],
  name: string,
  nothing: string,
  shape: (img: Img) => number[],
): number[] {
  const shapes = flat_inputs.filter(is_image).map(shape);
  const first = shapes[0];
  if (first === undefined) throw new TypeError(nothing);
  if (shapes.some((one) => by_first_difference(one, first) !== 0)) {
    const texts = new Set(shapes.sort(by_first_difference).map((one) => `'${repr(one)}'`));
    throw new ValueError(`Found multiple ${name} dimensions in the sample: ${[...texts].join(', ')}`);
  }
  return first;
}

/**
 * Channels, height and width of the images of a sample.
 *
 * @throws TypeError if there is none
 * @throws ValueError if they differ
 */
export function query_chw(flat_inputs: readonly unknown[]): [channels: number, height: number, width: number] {
  const message = 'No image or video was found in the sample';
  return query(flat_inputs, 'CxHxW', message, (img) => [...get_dimensions(img)]) as [number, number, number];
}

/**
 * Height and width of the images of a sample.
 *
 * @throws TypeError if there is none
 * @throws ValueError if they differ
 */
export function query_size(flat_inputs: readonly unknown[]): [height: number, width: number] {
  const message = 'No image, video, mask, bounding box of keypoint was found in the sample';
  return query(flat_inputs, 'HxW', message, (img) => get_dimensions(img).slice(1)) as [number, number];
}
