import { type Arguments, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { int64 } from '../../dtype.ts';
import { NotImplementedError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { Canvas } from './canvas.ts';
import { type ColorsLike, parse_colors } from './colors.ts';
import { canvas_of, check_image, image_of } from './pictures.ts';

/** Arguments of {@link draw_bounding_boxes}. */
export interface DrawBoundingBoxesOptions {
  /** An image of shape (C, H, W) with one or three channels: bytes, or floats from 0 to 1. */
  image: Tensor;
  /** Boxes of shape (N, 4): left, top, right, bottom. */
  boxes: Tensor;
  /** What is written into each box. */
  labels?: readonly (string | null)[] | null;
  /** The colours of the boxes: one for all or one for each; made up if null (default: null). */
  colors?: ColorsLike | null;
  /** Fill the boxes, too (default: false)? */
  fill?: boolean | null;
  /** How many pixels wide the outlines are (default: 1). */
  width?: number;
  /** Not supported: labels are written in letters of a fixed size. */
  font?: null;
  /** Not supported, see `font`. */
  font_size?: number | null;
  /** The colours of the labels; those of the boxes if null (default: null). */
  label_colors?: ColorsLike | null;
  /** The colours behind the labels, with `fill_labels`; those of the boxes if null (default: null). */
  label_background_colors?: ColorsLike | null;
  /** Put a colour behind the labels (default: false)? */
  fill_labels?: boolean;
}
type Names = [
  'image',
  'boxes',
  'labels',
  'colors',
  'fill',
  'width',
  'font',
  'font_size',
  'label_colors',
  'label_background_colors',
  'fill_labels',
];
const parse = signature<DrawBoundingBoxesOptions>('draw_bounding_boxes', [
  'image',
  'boxes',
  ['labels', null],
  ['colors', null],
  ['fill', false],
  ['width', 1],
  ['font', null],
  ['font_size', null],
  ['label_colors', null],
  ['label_background_colors', null],
  ['fill_labels', false],
]);

/**
 * Draws boxes on a copy of an image. Pixels are Pillow's, but for the letters of labels: those are of a small font of
 * ours, and cannot be changed.
 * @throws TypeError and ValueError for images, boxes, labels and colours that do not fit
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.draw_bounding_boxes.html
 */
export function draw_bounding_boxes(...args: Arguments<DrawBoundingBoxesOptions, Names>): Tensor {
  const options = parse(args);
  const { image, boxes, labels, fill, width, fill_labels } = options;
  check_image(image, 'Tensor expected');
  if (image.size(0) !== 1 && image.size(0) !== 3) throw new ValueError('Only grayscale and RGB images are supported');
  if (boxes.ndim === 2 && boxes.size(1) !== 4) {
    throw new NotImplementedError('draw_bounding_boxes(): only boxes of four numbers can be drawn');
  }
  return no_grad(() => {
    const sides = (boxes.to(int64).tolist() as [number, number, number, number][]) ?? [];
    if (boxes.numel() > 0) {
      const [left, top, right, bottom] = boxes.unbind(1) as [Tensor, Tensor, Tensor, Tensor];
      if (left.gt(right).any().item() || top.gt(bottom).any().item()) {
        throw new ValueError(
          'Boxes need to be in (xmin, ymin, xmax, ymax) format. Use torchvision.ops.box_convert to convert them',
        );
      }
    }
    const count = boxes.size(0);
    if (count === 0) {
      warn("boxes doesn't contain any box. No box was drawn");
      return image;
    }
    if (labels !== null && labels.length !== count) {
      throw new ValueError(
        `Number of boxes (${count}) and labels (${labels.length}) mismatch. Please specify labels for each box.`,
      );
    }
    if (options.font !== null) throw new NotImplementedError('draw_bounding_boxes(): there is only one font');
    if (options.font_size !== null) warn("Argument 'font_size' will be ignored since 'font' is not set.");
    const colors = parse_colors(options.colors, count);
    const label_colors =
      options.label_colors !== null || fill_labels ? parse_colors(options.label_colors ?? 'black', count) : colors;
    const backgrounds =
      fill_labels && options.label_background_colors !== null
        ? parse_colors(options.label_background_colors, count)
        : colors;
    const canvas = canvas_of(image.size(0) === 1 ? aten.tile(image, [3, 1, 1]) : image);
    sides.forEach(([left, top, right, bottom], i) => {
      if (fill) canvas.fill(left, top, right, bottom, colors[i]!, 100);
      canvas.outline(left, top, right, bottom, colors[i]!, width);
      const label = labels?.[i] ?? null;
      if (label === null) return;
      const [x, y] = [left + width + 1, top + width + 1];
      if (fill_labels) {
        const [l, t, r, b] = Canvas.text_box(x, y, label);
        canvas.fill(l - 1, t - 1, r + 1, b + 1, backgrounds[i]!);
      }
      canvas.text(x, y, label, label_colors[i]!);
    });
    return image_of(canvas, image.dtype);
  });
}
