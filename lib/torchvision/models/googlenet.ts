/** "Going deeper with convolutions" (Szegedy et al., 2014). */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { type Layer, make_layer } from '../ops/layer.ts';
import { type Builder, builder, inception_options } from './_builder.ts';
import { BasicConv2d, init_weights_or_default, initialize, renormalized } from './_inception.ts';
import { GoogLeNetOutputs } from './_outputs.ts';
import { GoogLeNet_Weights } from './weights/googlenet.ts';

/** Convolutions of several sizes side by side. */
export class Inception extends nn.Module {
  branch1: nn.Module;
  branch2: nn.Sequential;
  branch3: nn.Sequential;
  branch4: nn.Sequential;

  constructor(
    in_channels: number,
    ch1x1: number,
    ch3x3red: number,
    ch3x3: number,
    ch5x5red: number,
    ch5x5: number,
    pool_proj: number,
    conv_block: Layer = BasicConv2d,
  ) {
    super();
    const conv = (from: number, to: number, options: object): nn.Module => make_layer(conv_block, from, to, options);
    const one = { kernel_size: 1 };
    // The paper has 5 x 5 in the third branch; the model that this is a port of had 3 x 3, and so have its weights.
    const three = { kernel_size: 3, padding: 1 };
    this.branch1 = conv(in_channels, ch1x1, one);
    this.branch2 = new nn.Sequential(conv(in_channels, ch3x3red, one), conv(ch3x3red, ch3x3, three));
    this.branch3 = new nn.Sequential(conv(in_channels, ch5x5red, one), conv(ch5x5red, ch5x5, three));
    this.branch4 = new nn.Sequential(
      new nn.MaxPool2d(3, { stride: 1, padding: 1, ceil_mode: true }),
      conv(in_channels, pool_proj, one),
    );
  }

  override forward(x: Tensor): Tensor {
    return aten.cat([this.branch1(x) as Tensor, this.branch2(x), this.branch3(x), this.branch4(x)], 1);
  }
}

/** A classifier in the middle of the network, for training. */
export class InceptionAux extends nn.Module {
  conv: nn.Module;
  fc1: nn.Linear;
  fc2: nn.Linear;
  dropout: nn.Dropout;

  constructor(in_channels: number, num_classes: number, conv_block: Layer = BasicConv2d, dropout = 0.7) {
    super();
    this.conv = make_layer(conv_block, in_channels, 128, { kernel_size: 1 });
    this.fc1 = new nn.Linear(2048, 1024);
    this.fc2 = new nn.Linear(1024, num_classes);
    this.dropout = new nn.Dropout(dropout);
  }

  override forward(x: Tensor): Tensor {
    const features = (this.conv(F.adaptive_avg_pool2d(x, [4, 4])) as Tensor).flatten(1);
    return this.fc2(this.dropout(F.relu(this.fc1(features), { inplace: true })));
  }
}

/** Arguments of {@link GoogLeNet}. */
export interface GoogLeNetOptions {
  /** (default: 1000) */
  num_classes?: number;
  /** Have two more classifiers for training (default: true)? */
  aux_logits?: boolean;
  /** Normalize the images once more, for weights that ask for it (default: false)? */
  transform_input?: boolean;
  /** Draw the initial parameters as the paper says? Null means yes, with a warning (default: null). */
  init_weights?: boolean | null;
  /** What stands in for `BasicConv2d`, `Inception` and `InceptionAux`. */
  blocks?: readonly Layer[] | null;
  /** (default: 0.2) */
  dropout?: number;
  /** (default: 0.7) */
  dropout_aux?: number;
}
const parse = signature<GoogLeNetOptions>('GoogLeNet', [
  ['num_classes', 1000],
  ['aux_logits', true],
  ['transform_input', false],
  ['init_weights', null],
  ['blocks', null],
  ['dropout', 0.2],
  ['dropout_aux', 0.7],
]);

/**
 * Inception modules in a row: (N, 3, H, W) to (N, num_classes), or in training with auxiliary classifiers to
 * {@link GoogLeNetOutputs}; for images from 15 x 15 on.
 * @throws ValueError unless there are three `blocks`
 * @see https://docs.pytorch.org/vision/stable/models/googlenet.html
 */
export class GoogLeNet extends nn.Module {
  aux_logits: boolean;
  transform_input: boolean;
  conv1: nn.Module;
  maxpool1: nn.MaxPool2d;
  conv2: nn.Module;
  conv3: nn.Module;
  maxpool2: nn.MaxPool2d;
  inception3a: nn.Module;
  inception3b: nn.Module;
  maxpool3: nn.MaxPool2d;
  inception4a: nn.Module;
  inception4b: nn.Module;
  inception4c: nn.Module;
  inception4d: nn.Module;
  inception4e: nn.Module;
  maxpool4: nn.MaxPool2d;
  inception5a: nn.Module;
  inception5b: nn.Module;
  aux1: nn.Module | null;
  aux2: nn.Module | null;
  avgpool: nn.AdaptiveAvgPool2d;
  dropout: nn.Dropout;
  fc: nn.Linear;

  constructor(
    ...args: Arguments<
      GoogLeNetOptions,
      ['num_classes', 'aux_logits', 'transform_input', 'init_weights', 'blocks', 'dropout', 'dropout_aux']
    >
  ) {
    super();
    const options = parse(args);
    const { num_classes, aux_logits, dropout, dropout_aux } = options;
    const init_weights = init_weights_or_default(options.init_weights, 'GoogleNet');
    const blocks = options.blocks ?? [BasicConv2d, Inception, InceptionAux];
    if (blocks.length !== 3) throw new ValueError(`blocks length should be 3 instead of ${blocks.length}`);
    const [conv, inception, aux] = blocks as [Layer, Layer, Layer];
    const pool = (size: number): nn.MaxPool2d => new nn.MaxPool2d(size, { stride: 2, ceil_mode: true });

    this.aux_logits = aux_logits;
    this.transform_input = options.transform_input;
    this.conv1 = make_layer(conv, 3, 64, { kernel_size: 7, stride: 2, padding: 3 });
    this.maxpool1 = pool(3);
    this.conv2 = make_layer(conv, 64, 64, { kernel_size: 1 });
    this.conv3 = make_layer(conv, 64, 192, { kernel_size: 3, padding: 1 });
    this.maxpool2 = pool(3);
    this.inception3a = make_layer(inception, 192, 64, 96, 128, 16, 32, 32);
    this.inception3b = make_layer(inception, 256, 128, 128, 192, 32, 96, 64);
    this.maxpool3 = pool(3);
    this.inception4a = make_layer(inception, 480, 192, 96, 208, 16, 48, 64);
    this.inception4b = make_layer(inception, 512, 160, 112, 224, 24, 64, 64);
    this.inception4c = make_layer(inception, 512, 128, 128, 256, 24, 64, 64);
    this.inception4d = make_layer(inception, 512, 112, 144, 288, 32, 64, 64);
    this.inception4e = make_layer(inception, 528, 256, 160, 320, 32, 128, 128);
    this.maxpool4 = pool(2);
    this.inception5a = make_layer(inception, 832, 256, 160, 320, 32, 128, 128);
    this.inception5b = make_layer(inception, 832, 384, 192, 384, 48, 128, 128);
    this.aux1 = aux_logits ? make_layer(aux, 512, num_classes, undefined, dropout_aux) : null;
    this.aux2 = aux_logits ? make_layer(aux, 528, num_classes, undefined, dropout_aux) : null;
    this.avgpool = new nn.AdaptiveAvgPool2d([1, 1]);
    this.dropout = new nn.Dropout(dropout);
    this.fc = new nn.Linear(1024, num_classes);
    if (init_weights) initialize(this, () => 0.01);
  }

  override forward(input: Tensor): Tensor | GoogLeNetOutputs {
    const { training } = this;
    let x = this.transform_input ? renormalized(input) : input;
    x = this.maxpool1(this.conv1(x) as Tensor) as Tensor;
    x = this.maxpool2(this.conv3(this.conv2(x)) as Tensor) as Tensor;
    x = this.maxpool3(this.inception3b(this.inception3a(x)) as Tensor) as Tensor;
    x = this.inception4a(x) as Tensor;
    const aux1 = training && this.aux1 !== null ? (this.aux1(x) as Tensor) : null;
    x = this.inception4d(this.inception4c(this.inception4b(x))) as Tensor;
    const aux2 = training && this.aux2 !== null ? (this.aux2(x) as Tensor) : null;
    x = this.maxpool4(this.inception4e(x) as Tensor) as Tensor;
    x = this.inception5b(this.inception5a(x)) as Tensor;
    const logits = this.fc(this.dropout(this.avgpool(x).flatten(1)));
    return training && this.aux_logits ? new GoogLeNetOutputs(logits, aux2, aux1) : logits;
  }
}

/**
 * A {@link GoogLeNet}. With weights it has no auxiliary classifiers unless asked for, and those are not trained.
 * @see https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.googlenet.html
 */
export const googlenet: Builder<GoogLeNetOptions, GoogLeNet, 'IMAGENET1K_V1'> = builder(
  'googlenet',
  GoogLeNet_Weights,
  {
    make: (options: GoogLeNetOptions) => new GoogLeNet(options),
    wanted: inception_options,
    finish: (model, options) => {
      if (options['aux_logits'] === true) {
        warn(
          'auxiliary heads in the pretrained googlenet model are NOT pretrained, so make sure to train them',
        );
        return;
      }
      model.aux_logits = false;
      model.add_module('aux1', null);
      model.add_module('aux2', null);
    },
  },
);

export { BasicConv2d, GoogLeNetOutputs, GoogLeNet_Weights };
