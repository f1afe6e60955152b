/**
 * Boxes as rows of four numbers: areas, overlaps, formats.
 *
 * @see https://docs.pytorch.org/vision/stable/ops.html#box-operators
 */
import { type Arguments, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/index.ts';
import { float32, float64, int32, int64 } from '../../dtype.ts';
import { NotImplementedError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { repr, str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';

/** Two corners; a corner with width and height; the middle with width and height. */
export type BoxFormat = 'xyxy' | 'xywh' | 'cxcywh';

const formats: readonly string[] = ['xyxy', 'xywh', 'cxcywh'];
const rotated: readonly string[] = ['xywhr', 'cxcywhr', 'xyxyxyxy'];

/** In a type whose products do not overflow as soon. */
function wide(t: Tensor): Tensor {
  if (t.dtype.is_floating_point) return t.dtype === float32 || t.dtype === float64 ? t : t.to(float32);
  return t.dtype === int32 || t.dtype === int64 ? t : t.to(int32);
}

function column(boxes: Tensor, index: number): Tensor {
  return boxes.select(-1, index);
}

/** The first two columns, or the last. */
function corner(boxes: Tensor, which: 0 | 1): Tensor {
  return boxes.narrow(-1, 2 * which, 2);
}

/** Width times height of pairs of them. */
function product(sizes: Tensor): Tensor {
  return column(sizes, 0).mul(column(sizes, 1));
}

/** Arguments of {@link box_area}. */
export interface BoxAreaArguments {
  boxes: Tensor;
  fmt?: BoxFormat;
}
const box_area_arguments = signature<BoxAreaArguments>('box_area', ['boxes', ['fmt', 'xyxy']]);

/**
 * The areas of boxes of shape (N, 4).
 * @throws ValueError for a format that there is not
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.box_area.html
 */
export function box_area(...args: Arguments<BoxAreaArguments, ['boxes', 'fmt']>): Tensor {
  const { boxes, fmt } = box_area_arguments(args);
  if (!formats.includes(fmt)) throw new ValueError(`Unsupported Bounding Box area for given format ${str(fmt)}`);
  const given = wide(boxes);
  return product(fmt === 'xyxy' ? corner(given, 1).sub(corner(given, 0)) : corner(given, 1));
}

/** What two boxes have in common, and what they cover together: for pairs where shapes are (N, 1, 4) and (M, 4). */
function common_and_covered(boxes1: Tensor, boxes2: Tensor): [common: Tensor, covered: Tensor] {
  const first = aten.max(corner(boxes1, 0), corner(boxes2, 0));
  const last = aten.min(corner(boxes1, 1), corner(boxes2, 1));
  const common = product(wide(last.sub(first)).clamp({ min: 0 }));
  return [common, box_area(boxes1).add(box_area(boxes2)).sub(common)];
}

/** Width and height of the smallest box around two. */
function around(boxes1: Tensor, boxes2: Tensor): Tensor {
  const first = aten.min(corner(boxes1, 0), corner(boxes2, 0));
  const last = aten.max(corner(boxes1, 1), corner(boxes2, 1));
  return wide(last.sub(first)).clamp({ min: 0 });
}

/** Arguments of {@link box_iou}. */
export interface BoxIouArguments {
  /** Boxes of shape (N, 4). */
  boxes1: Tensor;
  /** Boxes of shape (M, 4). */
  boxes2: Tensor;
  fmt?: BoxFormat;
}
const box_iou_arguments = signature<BoxIouArguments>('box_iou', ['boxes1', 'boxes2', ['fmt', 'xyxy']]);

/**
 * How much each of N boxes overlaps with each of M, of shape (N, M): what both cover of what either covers.
 * @throws ValueError for a format that there is not
 * @throws NotImplementedError for the formats of boxes that are turned
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.box_iou.html
 */
export function box_iou(...args: Arguments<BoxIouArguments, ['boxes1', 'boxes2', 'fmt']>): Tensor {
  const { boxes1, boxes2, fmt } = box_iou_arguments(args);
  if (rotated.includes(fmt)) throw new NotImplementedError(`Overlaps of boxes in the format ${fmt} are not supported.`);
  if (!formats.includes(fmt)) {
    throw new ValueError(
      `Unsupported format ${repr(fmt)}. Supported axis-aligned formats: ('xyxy', 'xywh', 'cxcywh'). ` +
        "Supported rotated formats: ('cxcywhr', 'xywhr', 'xyxyxyxy').",
    );
  }
  const [one, other] = [boxes1, boxes2].map((boxes) => box_convert(boxes, fmt, 'xyxy')) as [Tensor, Tensor];
  const [common, covered] = common_and_covered(one.unsqueeze(1), other);
  return common.div(covered);
}

/** Two sets of boxes with corners, of shapes (N, 4) and (M, 4). */
export interface BoxPairArguments {
  boxes1: Tensor;
  boxes2: Tensor;
}
const generalized_arguments = signature<BoxPairArguments>('generalized_box_iou', ['boxes1', 'boxes2']);

/**
 * As {@link box_iou}, less the share of the box around both that neither covers.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.generalized_box_iou.html
 */
export function generalized_box_iou(...args: Arguments<BoxPairArguments, ['boxes1', 'boxes2']>): Tensor {
  const { boxes1, boxes2 } = generalized_arguments(args);
  const one = boxes1.unsqueeze(1);
  const [common, covered] = common_and_covered(one, boxes2);
  const all = product(around(one, boxes2));
  return common.div(covered).sub(all.sub(covered).div(all));
}

/** Overlaps less the squared distance of the middles, measured by the diagonal of the box around both. */
function distance_overlaps(one: Tensor, other: Tensor, eps: number): [distance: Tensor, overlap: Tensor] {
  const [common, covered] = common_and_covered(one, other);
  const overlap = common.div(covered);
  const sizes = around(one, other);
  const diagonal = column(sizes, 0).pow(2).add(column(sizes, 1).pow(2)).add(eps);
  const middle = (boxes: Tensor): Tensor => corner(boxes, 0).add(corner(boxes, 1)).div(2);
  const apart = wide(middle(one).sub(middle(other))).pow(2);
  return [overlap.sub(column(apart, 0).add(column(apart, 1)).div(diagonal)), overlap];
}

/** Arguments of {@link distance_box_iou} and {@link complete_box_iou}. */
export interface DistanceBoxIouArguments extends BoxPairArguments {
  /** Keeps divisors from being zero (default: 1e-7). */
  eps?: number;
}
type DistanceNames = ['boxes1', 'boxes2', 'eps'];
const distance_arguments = signature<DistanceBoxIouArguments>('distance_box_iou', ['boxes1', 'boxes2', ['eps', 1e-7]]);

/**
 * As {@link box_iou}, less the squared distance of the boxes' middles in relation to the box around both.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.distance_box_iou.html
 */
export function distance_box_iou(...args: Arguments<DistanceBoxIouArguments, DistanceNames>): Tensor {
  const { boxes1, boxes2, eps } = distance_arguments(args);
  return distance_overlaps(wide(boxes1).unsqueeze(1), wide(boxes2), eps)[0];
}

const complete_arguments = signature<DistanceBoxIouArguments>('complete_box_iou', ['boxes1', 'boxes2', ['eps', 1e-7]]);

/**
 * As {@link distance_box_iou}, less a measure of how much the boxes' proportions differ.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.complete_box_iou.html
 */
export function complete_box_iou(...args: Arguments<DistanceBoxIouArguments, DistanceNames>): Tensor {
  const { boxes1, boxes2, eps } = complete_arguments(args);
  const [one, other] = [wide(boxes1).unsqueeze(1), wide(boxes2)];
  const [distance, overlap] = distance_overlaps(one, other, eps);
  const angle = (boxes: Tensor): Tensor => {
    const sizes = corner(boxes, 1).sub(corner(boxes, 0));
    return column(sizes, 0).div(column(sizes, 1)).atan();
  };
  const proportions = angle(one).sub(angle(other)).pow(2).mul(4 / Math.PI ** 2);
  const weight = no_grad(() => proportions.div(overlap.neg().add(1).add(proportions).add(eps)));
  return distance.sub(weight.mul(proportions));
}

/** Arguments of {@link box_convert}. */
export interface BoxConvertArguments {
  boxes: Tensor;
  in_fmt: BoxFormat;
  out_fmt: BoxFormat;
}
const box_convert_arguments = signature<BoxConvertArguments>('box_convert', ['boxes', 'in_fmt', 'out_fmt']);

/**
 * Boxes of shape (N, 4) in another format.
 * @throws ValueError for a format that there is not
 * @throws NotImplementedError for the formats of boxes that are turned
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.box_convert.html
 */
export function box_convert(...args: Arguments<BoxConvertArguments, ['boxes', 'in_fmt', 'out_fmt']>): Tensor {
  const { boxes, in_fmt, out_fmt } = box_convert_arguments(args);
  const given: readonly string[] = [in_fmt, out_fmt];
  const message = `Unsupported Bounding Box Conversions for given in_fmt ${str(in_fmt)} and out_fmt ${str(out_fmt)}`;
  if (!given.every((fmt) => formats.includes(fmt) || rotated.includes(fmt))) throw new ValueError(message);
  if (!given.every((fmt) => formats.includes(fmt))) throw new NotImplementedError(message);
  if (in_fmt === out_fmt) return boxes.clone();
  const [a, b, c, d] = boxes.unbind(-1) as unknown as [Tensor, Tensor, Tensor, Tensor];
  let corners: [Tensor, Tensor, Tensor, Tensor] = [a, b, c, d];
  if (in_fmt === 'xywh') corners = [a, b, a.add(c), b.add(d)];
  if (in_fmt === 'cxcywh') {
    const [half_width, half_height] = [c.mul(0.5), d.mul(0.5)];
    corners = [a.sub(half_width), b.sub(half_height), a.add(half_width), b.add(half_height)];
  }
  const [x1, y1, x2, y2] = corners;
  if (out_fmt === 'xywh') return aten.stack([x1, y1, x2.sub(x1), y2.sub(y1)], -1);
  if (out_fmt === 'cxcywh') return aten.stack([x1.add(x2).div(2), y1.add(y2).div(2), x2.sub(x1), y2.sub(y1)], -1);
  return aten.stack(corners, -1);
}

/** Arguments of {@link clip_boxes_to_image}. */
export interface ClipBoxesArguments {
  boxes: Tensor;
  size: readonly [height: number, width: number];
}
const clip_arguments = signature<ClipBoxesArguments>('clip_boxes_to_image', ['boxes', 'size']);

/**
 * Boxes with corners, cut to what is inside of an image.
 * @param size the height and the width of the image
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.clip_boxes_to_image.html
 */
export function clip_boxes_to_image(...args: Arguments<ClipBoxesArguments, ['boxes', 'size']>): Tensor {
  const { boxes, size } = clip_arguments(args);
  const cut = boxes.unbind(-1).map((edge, i) => edge.clamp({ min: 0, max: size[i % 2 === 0 ? 1 : 0] }));
  return aten.stack(cut, boxes.ndim - 1);
}

/** Arguments of {@link remove_small_boxes}. */
export interface RemoveSmallBoxesArguments {
  boxes: Tensor;
  min_size: number;
}
const remove_arguments = signature<RemoveSmallBoxesArguments>('remove_small_boxes', ['boxes', 'min_size']);

/**
 * The numbers of the boxes whose sides are all `min_size` or longer.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.remove_small_boxes.html
 */
export function remove_small_boxes(...args: Arguments<RemoveSmallBoxesArguments, ['boxes', 'min_size']>): Tensor {
  const { boxes, min_size } = remove_arguments(args);
  const sizes = corner(boxes, 1).sub(corner(boxes, 0)).ge(min_size);
  return column(sizes, 0).logical_and(column(sizes, 1)).nonzero().select(1, 0);
}

const masks_arguments = signature<{ masks: Tensor }>('masks_to_boxes', ['masks']);

/**
 * The boxes around what is not zero in masks of shape (N, H, W); zeros for an empty mask.
 * @returns a tensor of shape (N, 4): the first and the last column and row that are in it
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.ops.masks_to_boxes.html
 */
export function masks_to_boxes(...args: Arguments<{ masks: Tensor }, ['masks']>): Tensor {
  const { masks } = masks_arguments(args);
  const boxes = aten.zeros([masks.size(0), 4], { dtype: float32, device: masks.device });
  for (let i = 0; i < masks.size(0); i++) {
    const places = masks.select(0, i).nonzero();
    if (places.numel() === 0) continue;
    const [first, last] = [places.amin(0), places.amax(0)];
    boxes.select(0, i).copy_(aten.stack([first.select(0, 1), first.select(0, 0), last.select(0, 1), last.select(0, 0)]));
  }
  return boxes;
}
