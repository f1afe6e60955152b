/** Transforms that mix the samples of a batch, and their labels with them. */
import { type Arguments, signature } from '../../../arguments.ts';
import { float32 } from '../../../dtype.ts';
import { TypeError, ValueError } from '../../../errors.ts';
import { Module } from '../../../nn/modules/module.ts';
import { aten } from '../../../ops.ts';
import { float_str, repr, type_name } from '../../../repr.ts';
import { Tensor } from '../../../tensor.ts';
import { Image } from '../../image.ts';
import { draw_integer } from '../setup.ts';

interface MixArguments {
  /** Both parameters of the Beta distribution that says how much is mixed. */
  alpha?: number;
  /** How many classes there are; needed where the labels are indices. */
  num_classes?: number | null;
}
const parse_mix = signature<MixArguments>('MixUp', [['alpha', 1], ['num_classes', null]]);

/** What changes an image and how much of the sample's own label stays. */
interface Mixing {
  mix: (images: Tensor) => Tensor;
  share: number;
}

/** Base of the transforms that mix: they take a batch of images and its labels. */
abstract class Mix extends Module {
  alpha: number;
  num_classes: number | null;

  constructor(...args: Arguments<MixArguments, readonly ['alpha', 'num_classes']>) {
    super();
    const { alpha, num_classes } = parse_mix(args);
    // What the distribution in Python says of parameters it does not take is longer; the error's class is the same.
    if (!(alpha > 0)) throw new ValueError(`Expected alpha to be greater than 0, but got ${repr(alpha)}`);
    this.alpha = alpha;
    this.num_classes = num_classes;
  }

  /** The next mixing of a batch of images of this size. */
  protected abstract next(height: number, width: number): Mixing;

  /** A share between 0 and 1, as `torch.distributions.Beta` draws it. */
  protected draw_share(): number {
    return aten._sample_dirichlet(aten.full([1, 2], this.alpha, { dtype: float32 })).select(-1, 0).item() as number;
  }

  /**
   * @param images (N, C, H, W)
   * @param labels (N,) indices, or (N, classes) chances
   * @returns the mixed images and chances of shape (N, classes)
   * @throws ValueError for images in memory and for shapes that do not fit
   */
  override forward(images: Tensor, labels: Tensor): [Tensor, Tensor] {
    if (images instanceof Image) {
      throw new ValueError(
        `${type_name(this)}() does not support PIL images, bounding boxes, keypoints and masks.`,
      );
    }
    if (!(images instanceof Tensor)) throw new TypeError(`images should be a tensor, got ${type_name(images)}`);
    if (!(labels instanceof Tensor)) {
      throw new ValueError(`The labels must be a tensor, but got <class '${type_name(labels)}'> instead.`);
    }
    this.check_labels(labels);
    const [height, width] = images.shape.slice(-2) as number[];
    const { mix, share } = this.next(height!, width!);
    if (images.ndim !== 4) {
      throw new ValueError(`Expected a batched input with 4 dims, but got ${images.ndim} dimensions instead.`);
    }
    if (images.shape[0] !== labels.shape[0]) {
      throw new ValueError(
        `The batch size of the image or video does not match the batch size of the labels: ${images.shape[0]} != ${labels.shape[0]}.`,
      );
    }
    return [mix(images), this.mix_labels(labels, share)];
  }

  private check_labels(labels: Tensor): void {
    const { num_classes } = this;
    if (labels.ndim !== 1 && labels.ndim !== 2) {
      throw new ValueError(
        'labels should be index based with shape (batch_size,) or probability based with shape (batch_size, num_classes), ' +
          `but got a tensor of shape ${String(labels.shape)} instead.`,
      );
    }
    if (labels.ndim === 2 && num_classes !== null && labels.shape[1] !== num_classes) {
      throw new ValueError(
        'When passing 2D labels, the number of elements in last dimension must match num_classes: ' +
          `${labels.shape[1]} != ${num_classes}. You can Leave num_classes to None.`,
      );
    }
    if (labels.ndim === 1 && num_classes === null) {
      throw new ValueError('num_classes must be passed if the labels are index-based (1D)');
    }
  }

  private mix_labels(labels: Tensor, share: number): Tensor {
    let chances = labels.ndim === 1 ? aten.one_hot(labels, this.num_classes as number) : labels;
    if (!chances.dtype.is_floating_point) chances = chances.to(float32);
    return blend(chances, share);
  }

  override __repr__(): string {
    const classes = this.num_classes === null ? '' : `, num_classes=${this.num_classes}`;
    return `${type_name(this)}(alpha=${float_str(this.alpha)}${classes})`;
  }
}

/** Every sample of a batch with a share of the one before it. */
function blend(batch: Tensor, share: number): Tensor {
  return batch.roll(1, 0).mul_(1 - share).add_(batch.mul(share));
}

/**
 * Blends every image of a batch with the one before it.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.MixUp.html
 */
export class MixUp extends Mix {
  protected override next(): Mixing {
    const share = this.draw_share();
    return { mix: (images) => blend(images, share), share };
  }
}

/**
 * Puts a rectangle of the image before it into every image of a batch.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.CutMix.html
 */
export class CutMix extends Mix {
  protected override next(height: number, width: number): Mixing {
    const ratio = 0.5 * Math.sqrt(1 - this.draw_share());
    const x = draw_integer(0, width);
    const y = draw_integer(0, height);
    const half_width = Math.trunc(ratio * width);
    const half_height = Math.trunc(ratio * height);
    const left = Math.max(x - half_width, 0);
    const top = Math.max(y - half_height, 0);
    const w = Math.min(x + half_width, width) - left;
    const h = Math.min(y + half_height, height) - top;
    const part = (images: Tensor): Tensor => images.narrow(-2, top, h).narrow(-1, left, w);
    return {
      mix: (images) => {
        const output = images.clone();
        part(output).copy_(part(images.roll(1, 0)));
        return output;
      },
      share: 1 - (w * h) / (width * height),
    };
  }
}
