/** "Densely connected convolutional networks" (Huang et al., 2016). */
import { type Arguments, signature } from '../../arguments.ts';
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import type { StateDict } from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import { OrderedDict } from '../../ordered_dict.ts';
import { Tensor } from '../../tensor.ts';
import { type Builder, builder } from './_builder.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  DenseNet121_Weights,
  DenseNet161_Weights,
  DenseNet169_Weights,
  DenseNet201_Weights,
} from './weights/densenet.ts';

/** One layer of a block: takes the outputs of all layers before it. */
export class _DenseLayer extends nn.Module {
  norm1: nn.BatchNorm2d;
  relu1: nn.ReLU;
  conv1: nn.Conv2d;
  norm2: nn.BatchNorm2d;
  relu2: nn.ReLU;
  conv2: nn.Conv2d;
  drop_rate: number;
  memory_efficient: boolean;

  constructor(
    num_input_features: number,
    growth_rate: number,
    bn_size: number,
    drop_rate: number,
    memory_efficient = false,
  ) {
    super();
    this.norm1 = new nn.BatchNorm2d(num_input_features);
    this.relu1 = new nn.ReLU(true);
    this.conv1 = new nn.Conv2d(num_input_features, bn_size * growth_rate, 1, { bias: false });
    this.norm2 = new nn.BatchNorm2d(bn_size * growth_rate);
    this.relu2 = new nn.ReLU(true);
    this.conv2 = new nn.Conv2d(bn_size * growth_rate, growth_rate, 3, { padding: 1, bias: false });
    this.drop_rate = drop_rate;
    this.memory_efficient = memory_efficient;
  }

  override forward(input: Tensor | readonly Tensor[]): Tensor {
    const features = aten.cat(input instanceof Tensor ? [input] : input, 1);
    const bottleneck = this.conv1(this.relu1(this.norm1(features)));
    const output = this.conv2(this.relu2(this.norm2(bottleneck)));
    return this.drop_rate > 0 ? F.dropout(output, this.drop_rate, this.training) : output;
  }
}

/** Layers that each take the outputs of all before them. */
export class _DenseBlock extends nn.ModuleDict {
  static override _version = 2;

  constructor(
    num_layers: number,
    num_input_features: number,
    bn_size: number,
    growth_rate: number,
    drop_rate: number,
    memory_efficient = false,
  ) {
    super();
    for (let i = 0; i < num_layers; i++) {
      const channels = num_input_features + i * growth_rate;
      this.add_module(
        `denselayer${i + 1}`,
        new _DenseLayer(channels, growth_rate, bn_size, drop_rate, memory_efficient),
      );
    }
  }

  override forward(init_features: Tensor): Tensor {
    const features = [init_features];
    for (const layer of this.values()) features.push((layer as _DenseLayer)(features));
    return aten.cat(features, 1);
  }
}

/** Fewer channels and a smaller image between two blocks. */
export class _Transition extends nn.Sequential {
  constructor(num_input_features: number, num_output_features: number) {
    super({
      norm: new nn.BatchNorm2d(num_input_features),
      relu: new nn.ReLU(true),
      conv: new nn.Conv2d(num_input_features, num_output_features, 1, { bias: false }),
      pool: new nn.AvgPool2d(2, 2),
    });
  }
}

/** Arguments of {@link DenseNet}. */
export interface DenseNetOptions {
  /** How many channels each layer adds (default: 32). */
  growth_rate?: number;
  /** How many layers each block has. */
  block_config?: readonly number[];
  /** How many channels the first convolution gives (default: 64). */
  num_init_features?: number;
  /** How many times the growth rate the channels within a layer are (default: 4). */
  bn_size?: number;
  drop_rate?: number;
  /** (default: 1000) */
  num_classes?: number;
  /** Accepted for the sake of programs that say it; the outputs are the same. */
  memory_efficient?: boolean;
}
const parse = signature<DenseNetOptions>('DenseNet', [
  ['growth_rate', 32],
  ['block_config', [6, 12, 24, 16]],
  ['num_init_features', 64],
  ['bn_size', 4],
  ['drop_rate', 0],
  ['num_classes', 1000],
  ['memory_efficient', false],
]);

/**
 * A network of densely connected blocks: (N, 3, H, W) to (N, num_classes), for images from 29 x 29 on.
 * @see https://docs.pytorch.org/vision/stable/models/densenet.html
 */
export class DenseNet extends nn.Module {
  features: nn.Sequential;
  classifier: nn.Linear;

  constructor(
    ...args: Arguments<
      DenseNetOptions,
      [
        'growth_rate',
        'block_config',
        'num_init_features',
        'bn_size',
        'drop_rate',
        'num_classes',
        'memory_efficient',
      ]
    >
  ) {
    super();
    const options = parse(args);
    const { growth_rate, block_config, num_init_features, bn_size, drop_rate, memory_efficient } = options;
    this.features = new nn.Sequential({
      conv0: new nn.Conv2d(3, num_init_features, 7, { stride: 2, padding: 3, bias: false }),
      norm0: new nn.BatchNorm2d(num_init_features),
      relu0: new nn.ReLU(true),
      pool0: new nn.MaxPool2d(3, 2, 1),
    });
    let channels = num_init_features;
    block_config.forEach((num_layers, i) => {
      const block = new _DenseBlock(num_layers, channels, bn_size, growth_rate, drop_rate, memory_efficient);
      this.features.add_module(`denseblock${i + 1}`, block);
      channels += num_layers * growth_rate;
      if (i === block_config.length - 1) return;
      const fewer = Math.floor(channels / 2);
      this.features.add_module(`transition${i + 1}`, new _Transition(channels, fewer));
      channels = fewer;
    });
    this.features.add_module('norm5', new nn.BatchNorm2d(channels));
    this.classifier = new nn.Linear(channels, options.num_classes);

    for (const module of this.modules()) {
      if (module instanceof nn.Conv2d) {
        nn.init.kaiming_normal_(module.weight);
      } else if (module instanceof nn.BatchNorm2d) {
        nn.init.constant_(module.weight!, 1);
        nn.init.constant_(module.bias!, 0);
      } else if (module instanceof nn.Linear) {
        nn.init.constant_(module.bias!, 0);
      }
    }
  }

  override forward(x: Tensor): Tensor {
    const features = F.relu(this.features(x), { inplace: true });
    return this.classifier(F.adaptive_avg_pool2d(features, [1, 1]).flatten(1));
  }
}

/** The files are from when a module's name could have a dot in it: `norm.1` is `norm1` now. */
function rename(state_dict: StateDict): StateDict {
  const old = /^(.*denselayer\d+\.(?:norm|relu|conv))\.([12]\.(?:weight|bias|running_mean|running_var))$/;
  const renamed = new OrderedDict<string, Tensor>();
  for (const [key, value] of state_dict) renamed.set(key.replace(old, '$1$2'), value);
  if (state_dict instanceof OrderedDict) renamed._metadata = state_dict._metadata;
  return renamed;
}

/** What the functions below take. */
export type DenseNetBuilderOptions = Omit<DenseNetOptions, 'growth_rate' | 'block_config' | 'num_init_features'>;

function densenet<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  growth_rate: number,
  block_config: readonly number[],
  num_init_features: number,
): Builder<DenseNetBuilderOptions, DenseNet, K> {
  return builder(name, weights, {
    make: (options: DenseNetBuilderOptions) => new DenseNet(growth_rate, block_config, num_init_features, options),
    convert: rename,
  });
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.densenet121.html */
export const densenet121 = densenet('densenet121', DenseNet121_Weights, 32, [6, 12, 24, 16], 64);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.densenet161.html */
export const densenet161 = densenet('densenet161', DenseNet161_Weights, 48, [6, 12, 36, 24], 96);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.densenet169.html */
export const densenet169 = densenet('densenet169', DenseNet169_Weights, 32, [6, 12, 32, 32], 64);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.densenet201.html */
export const densenet201 = densenet('densenet201', DenseNet201_Weights, 32, [6, 12, 48, 32], 64);

export { DenseNet121_Weights, DenseNet161_Weights, DenseNet169_Weights, DenseNet201_Weights };
