/** "Rethinking the Inception architecture for computer vision" (Szegedy et al., 2015). */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { type Builder, builder, inception_options } from './_builder.ts';
import { BasicConv2d, init_weights_or_default, initialize, renormalized } from './_inception.ts';
import { InceptionOutputs } from './_outputs.ts';
import { Inception_V3_Weights } from './weights/inception.ts';

/** Windows by name: square ones keep the size, `1x7` and the like too; `3/2` halves it. */
const windows = {
  '1x1': { kernel_size: 1 },
  '3x3': { kernel_size: 3, padding: 1 },
  '5x5': { kernel_size: 5, padding: 2 },
  '1x3': { kernel_size: [1, 3], padding: [0, 1] },
  '3x1': { kernel_size: [3, 1], padding: [1, 0] },
  '1x7': { kernel_size: [1, 7], padding: [0, 3] },
  '7x1': { kernel_size: [7, 1], padding: [3, 0] },
  '3/2': { kernel_size: 3, stride: 2 },
} as const;

/** The outputs of several modules, one after the other. */
function chain(x: Tensor, ...modules: nn.Module[]): Tensor {
  let result = x;
  for (const module of modules) result = module(result) as Tensor;
  return result;
}

/** What the modules below share: how they make their convolutions. */
abstract class Mixed extends nn.Module {
  /** A convolution of a block's kind. */
  protected _conv(block: Layer, from: number, to: number, window: keyof typeof windows): nn.Module {
    return make_layer(block, from, to, windows[window]);
  }

  protected _average(x: Tensor): Tensor {
    return F.avg_pool2d(x, 3, 1, 1);
  }
}

/** Branches of 1 x 1, 5 x 5 and two times 3 x 3. */
export class InceptionA extends Mixed {
  branch1x1: nn.Module;
  branch5x5_1: nn.Module;
  branch5x5_2: nn.Module;
  branch3x3dbl_1: nn.Module;
  branch3x3dbl_2: nn.Module;
  branch3x3dbl_3: nn.Module;
  branch_pool: nn.Module;

  constructor(in_channels: number, pool_features: number, conv_block: Layer = BasicConv2d) {
    super();
    this.branch1x1 = this._conv(conv_block, in_channels, 64, '1x1');
    this.branch5x5_1 = this._conv(conv_block, in_channels, 48, '1x1');
    this.branch5x5_2 = this._conv(conv_block, 48, 64, '5x5');
    this.branch3x3dbl_1 = this._conv(conv_block, in_channels, 64, '1x1');
    this.branch3x3dbl_2 = this._conv(conv_block, 64, 96, '3x3');
    this.branch3x3dbl_3 = this._conv(conv_block, 96, 96, '3x3');
    this.branch_pool = this._conv(conv_block, in_channels, pool_features, '1x1');
  }

  override forward(x: Tensor): Tensor {
    return aten.cat(
      [
        chain(x, this.branch1x1),
        chain(x, this.branch5x5_1, this.branch5x5_2),
        chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2, this.branch3x3dbl_3),
        chain(this._average(x), this.branch_pool),
      ],
      1,
    );
  }
}

/** Halves the image. */
export class InceptionB extends Mixed {
  branch3x3: nn.Module;
  branch3x3dbl_1: nn.Module;
  branch3x3dbl_2: nn.Module;
  branch3x3dbl_3: nn.Module;

  constructor(in_channels: number, conv_block: Layer = BasicConv2d) {
    super();
    this.branch3x3 = this._conv(conv_block, in_channels, 384, '3/2');
    this.branch3x3dbl_1 = this._conv(conv_block, in_channels, 64, '1x1');
    this.branch3x3dbl_2 = this._conv(conv_block, 64, 96, '3x3');
    this.branch3x3dbl_3 = this._conv(conv_block, 96, 96, '3/2');
  }

  override forward(x: Tensor): Tensor {
    return aten.cat(
      [
        chain(x, this.branch3x3),
        chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2, this.branch3x3dbl_3),
        F.max_pool2d(x, 3, 2),
      ],
      1,
    );
  }
}

/** Branches of 7 x 7, in turns along one dimension and the other. */
export class InceptionC extends Mixed {
  branch1x1: nn.Module;
  branch7x7_1: nn.Module;
  branch7x7_2: nn.Module;
  branch7x7_3: nn.Module;
  branch7x7dbl_1: nn.Module;
  branch7x7dbl_2: nn.Module;
  branch7x7dbl_3: nn.Module;
  branch7x7dbl_4: nn.Module;
  branch7x7dbl_5: nn.Module;
  branch_pool: nn.Module;

  constructor(in_channels: number, channels_7x7: number, conv_block: Layer = BasicConv2d) {
    super();
    const c7 = channels_7x7;
    this.branch1x1 = this._conv(conv_block, in_channels, 192, '1x1');
    this.branch7x7_1 = this._conv(conv_block, in_channels, c7, '1x1');
    this.branch7x7_2 = this._conv(conv_block, c7, c7, '1x7');
    this.branch7x7_3 = this._conv(conv_block, c7, 192, '7x1');
    this.branch7x7dbl_1 = this._conv(conv_block, in_channels, c7, '1x1');
    this.branch7x7dbl_2 = this._conv(conv_block, c7, c7, '7x1');
    this.branch7x7dbl_3 = this._conv(conv_block, c7, c7, '1x7');
    this.branch7x7dbl_4 = this._conv(conv_block, c7, c7, '7x1');
    this.branch7x7dbl_5 = this._conv(conv_block, c7, 192, '1x7');
    this.branch_pool = this._conv(conv_block, in_channels, 192, '1x1');
  }

  override forward(x: Tensor): Tensor {
    return aten.cat(
      [
        chain(x, this.branch1x1),
        chain(x, this.branch7x7_1, this.branch7x7_2, this.branch7x7_3),
        chain(
          x,
          this.branch7x7dbl_1,
          this.branch7x7dbl_2,
          this.branch7x7dbl_3,
          this.branch7x7dbl_4,
          this.branch7x7dbl_5,
        ),
        chain(this._average(x), this.branch_pool),
      ],
      1,
    );
  }
}

/** Halves the image. */
export class InceptionD extends Mixed {
  branch3x3_1: nn.Module;
  branch3x3_2: nn.Module;
  branch7x7x3_1: nn.Module;
  branch7x7x3_2: nn.Module;
  branch7x7x3_3: nn.Module;
  branch7x7x3_4: nn.Module;

  constructor(in_channels: number, conv_block: Layer = BasicConv2d) {
    super();
    this.branch3x3_1 = this._conv(conv_block, in_channels, 192, '1x1');
    this.branch3x3_2 = this._conv(conv_block, 192, 320, '3/2');
    this.branch7x7x3_1 = this._conv(conv_block, in_channels, 192, '1x1');
    this.branch7x7x3_2 = this._conv(conv_block, 192, 192, '1x7');
    this.branch7x7x3_3 = this._conv(conv_block, 192, 192, '7x1');
    this.branch7x7x3_4 = this._conv(conv_block, 192, 192, '3/2');
  }

  override forward(x: Tensor): Tensor {
    return aten.cat(
      [
        chain(x, this.branch3x3_1, this.branch3x3_2),
        chain(x, this.branch7x7x3_1, this.branch7x7x3_2, this.branch7x7x3_3, this.branch7x7x3_4),
        F.max_pool2d(x, 3, 2),
      ],
      1,
    );
  }
}

/** Branches that end in 1 x 3 and 3 x 1 side by side. */
export class InceptionE extends Mixed {
  branch1x1: nn.Module;
  branch3x3_1: nn.Module;
  branch3x3_2a: nn.Module;
  branch3x3_2b: nn.Module;
  branch3x3dbl_1: nn.Module;
  branch3x3dbl_2: nn.Module;
  branch3x3dbl_3a: nn.Module;
  branch3x3dbl_3b: nn.Module;
  branch_pool: nn.Module;

  constructor(in_channels: number, conv_block: Layer = BasicConv2d) {
    super();
    this.branch1x1 = this._conv(conv_block, in_channels, 320, '1x1');
    this.branch3x3_1 = this._conv(conv_block, in_channels, 384, '1x1');
    this.branch3x3_2a = this._conv(conv_block, 384, 384, '1x3');
    this.branch3x3_2b = this._conv(conv_block, 384, 384, '3x1');
    this.branch3x3dbl_1 = this._conv(conv_block, in_channels, 448, '1x1');
    this.branch3x3dbl_2 = this._conv(conv_block, 448, 384, '3x3');
    this.branch3x3dbl_3a = this._conv(conv_block, 384, 384, '1x3');
    this.branch3x3dbl_3b = this._conv(conv_block, 384, 384, '3x1');
    this.branch_pool = this._conv(conv_block, in_channels, 192, '1x1');
  }

  override forward(x: Tensor): Tensor {
    const single = chain(x, this.branch3x3_1);
    const double = chain(x, this.branch3x3dbl_1, this.branch3x3dbl_2);
    return aten.cat(
      [
        chain(x, this.branch1x1),
        aten.cat([chain(single, this.branch3x3_2a), chain(single, this.branch3x3_2b)], 1),
        aten.cat([chain(double, this.branch3x3dbl_3a), chain(double, this.branch3x3dbl_3b)], 1),
        chain(this._average(x), this.branch_pool),
      ],
      1,
    );
  }
}

/** A classifier in the middle of the network, for training. */
export class InceptionAux extends nn.Module {
  conv0: nn.Module;
  conv1: nn.Module;
  fc: nn.Linear & { stddev?: number };

  constructor(in_channels: number, num_classes: number, conv_block: Layer = BasicConv2d) {
    super();
    this.conv0 = make_layer(conv_block, in_channels, 128, { kernel_size: 1 });
    this.conv1 = make_layer(conv_block, 128, 768, { kernel_size: 5 });
    (this.conv1 as { stddev?: number }).stddev = 0.01;
    this.fc = new nn.Linear(768, num_classes);
    this.fc.stddev = 0.001;
  }

  override forward(x: Tensor): Tensor {
    const features = chain(F.avg_pool2d(x, 5, 3), this.conv0, this.conv1);
    return this.fc(F.adaptive_avg_pool2d(features, [1, 1]).flatten(1));
  }
}

/** Arguments of {@link Inception3}. */
export interface Inception3Options {
  /** (default: 1000) */
  num_classes?: number;
  /** Have another classifier for training (default: true)? */
  aux_logits?: boolean;
  /** Normalize the images once more, for weights that ask for it (default: false)? */
  transform_input?: boolean;
  /** What stands in for `BasicConv2d`, `InceptionA` to `InceptionE` and `InceptionAux`. */
  inception_blocks?: readonly Layer[] | null;
  /** Draw the initial parameters as the paper says? Null means yes, with a warning (default: null). */
  init_weights?: boolean | null;
  /** (default: 0.5) */
  dropout?: number;
}
const parse = signature<Inception3Options>('Inception3', [
  ['num_classes', 1000],
  ['aux_logits', true],
  ['transform_input', false],
  ['inception_blocks', null],
  ['init_weights', null],
  ['dropout', 0.5],
]);

/**
 * Inception v3: (N, 3, H, W) to (N, num_classes), or in training with an auxiliary classifier to
 * {@link InceptionOutputs}; for images from 75 x 75 on, meant for 299 x 299.
 * @throws ValueError unless there are seven `inception_blocks`
 * @see https://docs.pytorch.org/vision/stable/models/inception.html
 */
export class Inception3 extends nn.Module {
  aux_logits: boolean;
  transform_input: boolean;
  Conv2d_1a_3x3: nn.Module;
  Conv2d_2a_3x3: nn.Module;
  Conv2d_2b_3x3: nn.Module;
  maxpool1: nn.MaxPool2d;
  Conv2d_3b_1x1: nn.Module;
  Conv2d_4a_3x3: nn.Module;
  maxpool2: nn.MaxPool2d;
  Mixed_5b: nn.Module;
  Mixed_5c: nn.Module;
  Mixed_5d: nn.Module;
  Mixed_6a: nn.Module;
  Mixed_6b: nn.Module;
  Mixed_6c: nn.Module;
  Mixed_6d: nn.Module;
  Mixed_6e: nn.Module;
  AuxLogits: nn.Module | null;
  Mixed_7a: nn.Module;
  Mixed_7b: nn.Module;
  Mixed_7c: nn.Module;
  avgpool: nn.AdaptiveAvgPool2d;
  dropout: nn.Dropout;
  fc: nn.Linear;

  constructor(
    ...args: Arguments<
      Inception3Options,
      ['num_classes', 'aux_logits', 'transform_input', 'inception_blocks', 'init_weights', 'dropout']
    >
  ) {
    super();
    const options = parse(args);
    const { num_classes, aux_logits, dropout } = options;
    const init_weights = init_weights_or_default(options.init_weights, 'inception_v3');
    const blocks: readonly Layer[] = options.inception_blocks ?? [
      BasicConv2d,
      InceptionA,
      InceptionB,
      InceptionC,
      InceptionD,
      InceptionE,
      InceptionAux,
    ];
    if (blocks.length !== 7) {
      throw new ValueError(`length of inception_blocks should be 7 instead of ${blocks.length}`);
    }
    const [conv, a, b, c, d, e, aux] = blocks as [Layer, Layer, Layer, Layer, Layer, Layer, Layer];

    this.aux_logits = aux_logits;
    this.transform_input = options.transform_input;
    this.Conv2d_1a_3x3 = make_layer(conv, 3, 32, { kernel_size: 3, stride: 2 });
    this.Conv2d_2a_3x3 = make_layer(conv, 32, 32, { kernel_size: 3 });
    this.Conv2d_2b_3x3 = make_layer(conv, 32, 64, { kernel_size: 3, padding: 1 });
    this.maxpool1 = new nn.MaxPool2d(3, 2);
    this.Conv2d_3b_1x1 = make_layer(conv, 64, 80, { kernel_size: 1 });
    this.Conv2d_4a_3x3 = make_layer(conv, 80, 192, { kernel_size: 3 });
    this.maxpool2 = new nn.MaxPool2d(3, 2);
    this.Mixed_5b = make_layer(a, 192, 32);
    this.Mixed_5c = make_layer(a, 256, 64);
    this.Mixed_5d = make_layer(a, 288, 64);
    this.Mixed_6a = make_layer(b, 288);
    this.Mixed_6b = make_layer(c, 768, 128);
    this.Mixed_6c = make_layer(c, 768, 160);
    this.Mixed_6d = make_layer(c, 768, 160);
    this.Mixed_6e = make_layer(c, 768, 192);
    this.AuxLogits = aux_logits ? make_layer(aux, 768, num_classes) : null;
    this.Mixed_7a = make_layer(d, 768);
    this.Mixed_7b = make_layer(e, 1280);
    this.Mixed_7c = make_layer(e, 2048);
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.dropout = new nn.Dropout(dropout);
    this.fc = new nn.Linear(2048, num_classes);
    if (init_weights) initialize(this, (module) => (module as { stddev?: number }).stddev ?? 0.1);
  }

  override forward(input: Tensor): Tensor | InceptionOutputs {
    let x = this.transform_input ? renormalized(input) : input;
    x = chain(x, this.Conv2d_1a_3x3, this.Conv2d_2a_3x3, this.Conv2d_2b_3x3, this.maxpool1);
    x = chain(x, this.Conv2d_3b_1x1, this.Conv2d_4a_3x3, this.maxpool2);
    x = chain(x, this.Mixed_5b, this.Mixed_5c, this.Mixed_5d);
    x = chain(x, this.Mixed_6a, this.Mixed_6b, this.Mixed_6c, this.Mixed_6d, this.Mixed_6e);
    const aux = this.training && this.AuxLogits !== null ? (this.AuxLogits(x) as Tensor) : null;
    x = chain(x, this.Mixed_7a, this.Mixed_7b, this.Mixed_7c, this.avgpool, this.dropout);
    const logits = this.fc(x.flatten(1));
    return this.training && this.aux_logits ? new InceptionOutputs(logits, aux) : logits;
  }
}

/**
 * An {@link Inception3}. With weights it has no auxiliary classifier unless asked for.
 * @see https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.inception_v3.html
 */
export const inception_v3: Builder<Inception3Options, Inception3, 'IMAGENET1K_V1'> = builder(
  'inception_v3',
  Inception_V3_Weights,
  {
    make: (options: Inception3Options) => new Inception3(options),
    wanted: inception_options,
    finish: (model, options) => {
      if ((options['aux_logits'] ?? true) === true) return;
      model.aux_logits = false;
      model.add_module('AuxLogits', null);
    },
  },
);

export { InceptionOutputs, Inception_V3_Weights };
