/** The best of boxes that overlap. */
import { type Arguments, signature } from '../../arguments.ts';
import { tensor } from '../../creation.ts';
import { float64, int64 } from '../../dtype.ts';
import { RuntimeError } from '../../errors.ts';
import type { Tensor } from '../../tensor.ts';

/** Arguments of {@link nms}. */
export interface NmsArguments {
  /** Boxes of shape (N, 4), by their corners. */
  boxes: Tensor;
  /** How good each is, of shape (N,). */
  scores: Tensor;
  /** What overlaps more with a better one is left out. */
  iou_threshold: number;
}
const nms_arguments = signature<NmsArguments>('nms', ['boxes', 'scores', 'iou_threshold']);

function check(boxes: Tensor, scores: Tensor): void {
  const problem =
    boxes.ndim !== 2
      ? `boxes should be a 2d tensor, got ${boxes.ndim}D`
      : boxes.size(1) !== 4
        ? `boxes should have 4 elements in dimension 1, got ${boxes.size(1)}`
        : scores.ndim !== 1
          ? `scores should be a 1d tensor, got ${scores.ndim}D`
          : boxes.size(0) !== scores.size(0)
            ? 'boxes and scores should have same number of elements in dimension 0, ' +
              `got ${boxes.size(0)} and ${scores.size(0)}`
            : null;
  if (problem !== null) throw new RuntimeError(problem);
}

/** The numbers of the boxes that no better one of the same class overlaps with too much, from the best on. */
function best(boxes: Tensor, scores: Tensor, classes: readonly unknown[] | null, threshold: number): Tensor {
  check(boxes, scores);
  const corners = boxes.detach().tolist() as [number, number, number, number][];
  const order = scores.detach().sort({ dim: 0, descending: true, stable: true })[1]!.tolist() as number[];
  // In the precision of the boxes, as torchvision's own loop, since a share may be just the threshold.
  const round = boxes.dtype === float64 ? (x: number): number => x : Math.fround;
  const areas = corners.map(([x1, y1, x2, y2]) => round(round(x2 - x1) * round(y2 - y1)));
  const dropped = new Uint8Array(order.length);
  const kept: number[] = [];
  order.forEach((i, place) => {
    if (dropped[place] === 1) return;
    kept.push(i);
    const [x1, y1, x2, y2] = corners[i]!;
    for (let next = place + 1; next < order.length; next++) {
      const j = order[next]!;
      if (dropped[next] === 1 || (classes !== null && classes[i] !== classes[j])) continue;
      const other = corners[j]!;
      const width = round(Math.max(0, Math.min(x2, other[2]) - Math.max(x1, other[0])));
      const height = round(Math.max(0, Math.min(y2, other[3]) - Math.max(y1, other[1])));
      const common = round(width * height);
      if (round(common / round(round(areas[i]! + areas[j]!) - common)) > threshold) dropped[next] = 1;
    }
  });
  return tensor(kept, { dtype: int64, device: boxes.device });
}

/**
 * The numbers of the boxes that remain when each, from the best on, has removed those that overlap too much with it.
 *
 * @throws RuntimeError for other shapes
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.nms.html
 */
export function nms(...args: Arguments<NmsArguments, ['boxes', 'scores', 'iou_threshold']>): Tensor {
  const { boxes, scores, iou_threshold } = nms_arguments(args);
  return best(boxes, scores, null, iou_threshold);
}

/** Arguments of {@link batched_nms}. */
export interface BatchedNmsArguments extends NmsArguments {
  /** The class of each box, of shape (N,). */
  idxs: Tensor;
}
const batched_nms_arguments = signature<BatchedNmsArguments>('batched_nms', [
  'boxes',
  'scores',
  'idxs',
  'iou_threshold',
]);

/**
 * As {@link nms}, where boxes remove only others of their own class.
 *
 * @throws RuntimeError for other shapes
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.batched_nms.html
 */
export function batched_nms(
  ...args: Arguments<BatchedNmsArguments, ['boxes', 'scores', 'idxs', 'iou_threshold']>
): Tensor {
  const { boxes, scores, idxs, iou_threshold } = batched_nms_arguments(args);
  return best(boxes, scores, idxs.tolist() as unknown[], iou_threshold);
}
