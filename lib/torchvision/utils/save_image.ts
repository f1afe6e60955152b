import { type Arguments, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { uint8 } from '../../dtype.ts';
import type { Tensor } from '../../tensor.ts';
import { to_pil_image } from '../transforms/functional.ts';
import type { ImageFormat } from '../imaging/codecs.ts';
import { type GridOptions, make_grid } from './make_grid.ts';

/** Arguments of {@link save_image}, and what `make_grid` takes. */
export interface SaveImageOptions extends GridOptions {
  /** An image, or several that are put side by side. */
  tensor: Tensor | readonly Tensor[];
  /** The file to write. */
  fp: string;
  /** Its format; what the file's name says if null (default: null). */
  format?: ImageFormat | null;
}
const parse = signature<SaveImageOptions>(
  'save_image',
  ['tensor', 'fp', ['format', null]],
  [
    ['nrow', 8],
    ['padding', 2],
    ['normalize', false],
    ['value_range', null],
    ['scale_each', false],
    ['pad_value', 0],
  ],
);

/**
 * Writes an image, or several side by side, to a file. Values from 0 to 1 become bytes.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.utils.save_image.html
 */
export function save_image(...args: Arguments<SaveImageOptions, ['tensor', 'fp', 'format']>): void {
  const { tensor, fp, format, ...options } = parse(args);
  no_grad(() => {
    const bytes = make_grid(tensor, options).mul(255).add_(0.5).clamp_(0, 255).to(uint8);
    to_pil_image(bytes).save(fp, format);
  });
}
