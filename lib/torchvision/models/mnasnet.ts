/** "MnasNet: platform-aware neural architecture search for mobile" (Tan et al., 2018). */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import { str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { type Builder, builder } from './_builder.ts';
import { init_norm } from './_init.ts';
import { make_divisible } from './_utils.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  MNASNet0_5_Weights,
  MNASNet0_75_Weights,
  MNASNet1_0_Weights,
  MNASNet1_3_Weights,
} from './weights/mnasnet.ts';

/** The paper's decay of 0.9997 by a batch, as PyTorch counts. */
const MOMENTUM = 1 - 0.9997;

/** More channels, a convolution of each channel, fewer channels; and the input added where it has the same shape. */
export class _InvertedResidual extends nn.Module {
  apply_residual: boolean;
  layers: nn.Sequential;

  /** @throws ValueError for a stride or a window that the paper does not have */
  constructor(
    in_ch: number,
    out_ch: number,
    kernel_size: number,
    stride: number,
    expansion_factor: number,
    bn_momentum = 0.1,
  ) {
    super();
    if (stride !== 1 && stride !== 2) throw new ValueError(`stride should be 1 or 2 instead of ${str(stride)}`);
    if (kernel_size !== 3 && kernel_size !== 5) {
      throw new ValueError(`kernel_size should be 3 or 5 instead of ${str(kernel_size)}`);
    }
    const mid = in_ch * expansion_factor;
    const norm = (channels: number): nn.BatchNorm2d => new nn.BatchNorm2d(channels, { momentum: bn_momentum });
    const padding = Math.floor(kernel_size / 2);
    this.apply_residual = in_ch === out_ch && stride === 1;
    this.layers = new nn.Sequential(
      new nn.Conv2d(in_ch, mid, 1, { bias: false }),
      norm(mid),
      new nn.ReLU(true),
      new nn.Conv2d(mid, mid, kernel_size, { padding, stride, groups: mid, bias: false }),
      norm(mid),
      new nn.ReLU(true),
      new nn.Conv2d(mid, out_ch, 1, { bias: false }),
      norm(out_ch),
    );
  }

  override forward(input: Tensor): Tensor {
    return this.apply_residual ? this.layers(input).add(input) : this.layers(input);
  }
}

/** Blocks in a row; the first brings the image and the channels to their new sizes. */
function stack(
  in_ch: number,
  out_ch: number,
  kernel_size: number,
  stride: number,
  factor: number,
  repeats: number,
): nn.Sequential {
  const blocks = [new _InvertedResidual(in_ch, out_ch, kernel_size, stride, factor, MOMENTUM)];
  while (blocks.length < repeats) {
    blocks.push(new _InvertedResidual(out_ch, out_ch, kernel_size, 1, factor, MOMENTUM));
  }
  return new nn.Sequential(...blocks);
}

/** The first layers: everything before the second stack, for so many channels. */
function stem(first: number, second: number, third: number): nn.Module[] {
  const norm = (channels: number): nn.BatchNorm2d => new nn.BatchNorm2d(channels, { momentum: MOMENTUM });
  return [
    new nn.Conv2d(3, first, 3, { padding: 1, stride: 2, bias: false }),
    norm(first),
    new nn.ReLU(true),
    new nn.Conv2d(first, first, 3, { padding: 1, groups: first, bias: false }),
    norm(first),
    new nn.ReLU(true),
    new nn.Conv2d(first, second, 1, { bias: false }),
    norm(second),
    stack(second, third, 3, 2, 3, 3),
  ];
}

/** Channels for a width. */
function depths_of(alpha: number): number[] {
  return [32, 16, 24, 40, 80, 96, 192, 320].map((depth) => make_divisible(depth * alpha, 8));
}

/** Arguments of {@link MNASNet}. */
export interface MNASNetOptions {
  /** How many times as many channels as usual. */
  alpha: number;
  /** (default: 1000) */
  num_classes?: number;
  /** (default: 0.2) */
  dropout?: number;
}
const parse = signature<MNASNetOptions>('MNASNet', ['alpha', ['num_classes', 1000], ['dropout', 0.2]]);

/**
 * A small network for telephones: (N, 3, H, W) to (N, num_classes).
 * @throws ValueError unless `alpha` is above zero
 * @see https://docs.pytorch.org/vision/stable/models/mnasnet.html
 */
export class MNASNet extends nn.Module {
  // Version 1 did not change the width of the first layers.
  static override _version = 2;

  alpha: number;
  num_classes: number;
  layers: nn.Sequential;
  classifier: nn.Sequential;

  constructor(...args: Arguments<MNASNetOptions, ['alpha', 'num_classes', 'dropout']>) {
    super();
    const { alpha, num_classes, dropout } = parse(args);
    if (!(alpha > 0)) throw new ValueError(`alpha should be greater than 0.0 instead of ${str(alpha)}`);
    this.alpha = alpha;
    this.num_classes = num_classes;
    const depths = depths_of(alpha) as [number, number, number, number, number, number, number, number];
    this.layers = new nn.Sequential(
      ...stem(depths[0], depths[1], depths[2]),
      stack(depths[2], depths[3], 5, 2, 3, 3),
      stack(depths[3], depths[4], 5, 2, 6, 3),
      stack(depths[4], depths[5], 3, 1, 6, 2),
      stack(depths[5], depths[6], 5, 2, 6, 4),
      stack(depths[6], depths[7], 3, 1, 6, 1),
      new nn.Conv2d(depths[7], 1280, 1, { bias: false }),
      new nn.BatchNorm2d(1280, { momentum: MOMENTUM }),
      new nn.ReLU(true),
    );
    this.classifier = new nn.Sequential(new nn.Dropout(dropout, true), new nn.Linear(1280, num_classes));
    for (const module of this.modules()) {
      if (module instanceof nn.Conv2d) {
        nn.init.kaiming_normal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
      } else if (module instanceof nn.BatchNorm2d) {
        init_norm(module);
      } else if (module instanceof nn.Linear) {
        nn.init.kaiming_uniform_(module.weight, { mode: 'fan_out', nonlinearity: 'sigmoid' });
        nn.init.zeros_(module.bias!);
      }
    }
  }

  override forward(x: Tensor): Tensor {
    return this.classifier(this.layers(x).mean([2, 3]));
  }

  override _load_from_state_dict(
    ...args: Parameters<nn.Module['_load_from_state_dict']>
  ): ReturnType<nn.Module['_load_from_state_dict']> {
    const version = (args[2] as { version?: number }).version;
    if (version !== 1 && version !== 2) {
      throw new ValueError(`version should be set to 1 or 2 instead of ${str(version ?? null)}`);
    }
    if (version === 1 && this.alpha !== 1) {
      stem(32, 16, depths_of(this.alpha)[2]!).forEach((layer, i) => this.layers.__setitem__(i, layer));
      warn(
        'A new version of MNASNet model has been implemented. Your checkpoint was saved using the previous version. ' +
          'This checkpoint will load and work as before, but you may want to upgrade by training a newer model or ' +
          'transfer learning from an updated ImageNet checkpoint.',
      );
    }
    super._load_from_state_dict(...args);
  }
}

/** What the functions below take. */
export type MNASNetBuilderOptions = Omit<MNASNetOptions, 'alpha'>;

function mnasnet<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  alpha: number,
): Builder<MNASNetBuilderOptions, MNASNet, K> {
  return builder(name, weights, { make: (options: MNASNetBuilderOptions) => new MNASNet(alpha, options) });
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.mnasnet0_5.html */
export const mnasnet0_5 = mnasnet('mnasnet0_5', MNASNet0_5_Weights, 0.5);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.mnasnet0_75.html */
export const mnasnet0_75 = mnasnet('mnasnet0_75', MNASNet0_75_Weights, 0.75);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.mnasnet1_0.html */
export const mnasnet1_0 = mnasnet('mnasnet1_0', MNASNet1_0_Weights, 1);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.mnasnet1_3.html */
export const mnasnet1_3 = mnasnet('mnasnet1_3', MNASNet1_3_Weights, 1.3);

export { MNASNet0_5_Weights, MNASNet0_75_Weights, MNASNet1_0_Weights, MNASNet1_3_Weights };
