import { type Arguments, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { bool, int64 } from '../../dtype.ts';
import { ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import type { Point } from './canvas.ts';
import { type ColorLike, getrgb, type RGB } from './colors.ts';
import { canvas_of, check_image, image_of } from './pictures.ts';

/** Arguments of {@link draw_keypoints}. */
export interface DrawKeypointsOptions {
  /** An image of shape (3, H, W): bytes, or floats from 0 to 1. */
  image: Tensor;
  /** Places of shape (N, K, 2), across and down: K places of each of N objects. */
  keypoints: Tensor;
  /** Pairs of places that are joined by lines. */
  connectivity?: readonly (readonly [from: number, to: number])[] | null;
  /** The colour of the places; if null only lines are drawn, as by torchvision (default: null). */
  colors?: ColorLike | null;
  /** How many pixels a place reaches from its middle (default: 2). */
  radius?: number;
  /** How many pixels wide lines are (default: 3). */
  width?: number;
  /** Which places are seen: bool, of shape (N, K) or (N, K, 1); all if null (default: null). */
  visibility?: Tensor | null;
}
const parse = signature<DrawKeypointsOptions>('draw_keypoints', [
  'image',
  'keypoints',
  ['connectivity', null],
  ['colors', null],
  ['radius', 2],
  ['width', 3],
  ['visibility', null],
]);

const white: RGB = [255, 255, 255];

/**
 * Draws places, and lines between them, on a copy of an image.
 * @throws TypeError and ValueError for images, places and colours that do not fit
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_keypoints.html
 */
export function draw_keypoints(
  ...args: Arguments<
    DrawKeypointsOptions,
    ['image', 'keypoints', 'connectivity', 'colors', 'radius', 'width', 'visibility']
  >
): Tensor {
  const { image, keypoints, connectivity, colors, radius, width, visibility } = parse(args);
  check_image(image, 'The image must be a tensor');
  if (image.size(0) !== 3) throw new ValueError('Pass an RGB image. Other Image formats are not supported');
  if (keypoints.ndim !== 3) throw new ValueError('keypoints must be of shape (num_instances, K, 2)');
  const [instances, places] = keypoints.shape as unknown as [number, number];
  let seen = visibility ?? aten.ones([instances, places], { dtype: bool });
  if (seen.ndim === 3) seen = seen.squeeze(-1);
  if (seen.ndim !== 2) {
    throw new ValueError(`visibility must be of shape (num_instances, K). Got ndim=${seen.ndim}`);
  }
  if (seen.size(0) !== instances || seen.size(1) !== places) {
    throw new ValueError(
      'keypoints and visibility must have the same dimensionality for num_instances and K. ' +
        `Got visibility.shape=${String(seen.shape)} and keypoints.shape=${String(keypoints.shape)}`,
    );
  }
  const color = typeof colors === 'string' ? getrgb(colors) : colors;
  return no_grad(() => {
    const canvas = canvas_of(image);
    const points = keypoints.to(int64).tolist() as Point[][];
    const shown = seen.cpu().to(bool).tolist() as boolean[][];
    points.forEach((instance, i) => {
      instance.forEach(([x, y], k) => {
        if (color !== null && shown[i]![k]) canvas.ellipse(x - radius, y - radius, x + radius, y + radius, color);
      });
      for (const [from, to] of connectivity ?? []) {
        const [a, b] = [instance[from], instance[to]];
        if (a === undefined || b === undefined || !shown[i]![from] || !shown[i]![to]) continue;
        canvas.line(a, b, white, width);
      }
    });
    return image_of(canvas, image.dtype);
  });
}
