import { type Arguments, is_array, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { TypeError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';

/** Arguments of {@link make_grid}. */
export interface MakeGridOptions {
  /** Images of shape (N, C, H, W), one image, or a list of images of one size. */
  tensor: Tensor | readonly Tensor[];
  /** How many images stand in a row (default: 8). */
  nrow?: number;
  /** How many pixels there are between images (default: 2). */
  padding?: number;
  /** Bring the images to values from 0 to 1 (default: false)? */
  normalize?: boolean;
  /** The values that become 0 and 1; the smallest and the largest if null (default: null). */
  value_range?: readonly [low: number, high: number] | null;
  /** Look at each image on its own for that (default: false)? */
  scale_each?: boolean;
  /** What is between images (default: 0). */
  pad_value?: number;
}
/** What {@link make_grid} takes beside the images. */
export type GridOptions = Omit<MakeGridOptions, 'tensor'>;
export type MakeGridNames = ['tensor', 'nrow', 'padding', 'normalize', 'value_range', 'scale_each', 'pad_value'];
const parse = signature<MakeGridOptions>('make_grid', [
  'tensor',
  ['nrow', 8],
  ['padding', 2],
  ['normalize', false],
  ['value_range', null],
  ['scale_each', false],
  ['pad_value', 0],
]);

/** The images one behind the other, with three channels where there was one. */
function batch_of(given: unknown): Tensor {
  const wrong = 'tensor or list of tensors expected, got';
  if (!(given instanceof Tensor)) {
    if (!is_array(given)) throw new TypeError(`${wrong} <class '${type_name(given)}'>`);
    for (const item of given) {
      if (!(item instanceof Tensor)) throw new TypeError(`${wrong} a list containing <class '${type_name(item)}'>`);
    }
  }
  let images = given instanceof Tensor ? given : aten.stack(given as readonly Tensor[], 0);
  if (images.ndim === 2) images = images.unsqueeze(0);
  if (images.ndim === 3) {
    if (images.size(0) === 1) images = aten.cat([images, images, images], 0);
    images = images.unsqueeze(0);
  }
  if (images.ndim === 4 && images.size(1) === 1) images = aten.cat([images, images, images], 1);
  return images;
}

/** Brings values to a range from 0 to 1, in place. */
function normalize_(images: Tensor, range: MakeGridOptions['value_range']): void {
  const [low, high] = range ?? [images.min().item() as number, images.max().item() as number];
  images
    .clamp_({ min: low, max: high })
    .sub_(low)
    .div_(Math.max(high - low, 1e-5));
}

/**
 * Images side by side as one image.
 * @returns an image of shape (3, H, W)
 * @throws TypeError for anything but tensors
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.make_grid.html
 */
export function make_grid(...args: Arguments<MakeGridOptions, MakeGridNames>): Tensor {
  const { tensor, nrow, padding, normalize, value_range, scale_each, pad_value } = parse(args);
  return no_grad(() => {
    let images = batch_of(tensor);
    if (normalize) {
      if (value_range !== null && !is_array(value_range)) {
        throw new TypeError('value_range has to be a tuple (min, max) if specified. min and max are numbers');
      }
      images = images.clone();
      if (scale_each) for (const image of images.unbind(0)) normalize_(image, value_range);
      else normalize_(images, value_range);
    }
    const [count, channels, image_height, image_width] = images.shape as unknown as [number, number, number, number];
    if (count === 1) return images.squeeze(0);
    const columns = Math.min(nrow, count);
    const rows = Math.ceil(count / columns);
    const height = Math.trunc(image_height + padding);
    const width = Math.trunc(image_width + padding);
    const grid = images.new_full([channels, height * rows + padding, width * columns + padding], pad_value);
    images.unbind(0).forEach((image, i) => {
      const top = Math.floor(i / columns) * height + padding;
      const left = (i % columns) * width + padding;
      aten.narrow(aten.narrow(grid, 1, top, height - padding), 2, left, width - padding).copy_(image);
    });
    return grid;
  });
}
