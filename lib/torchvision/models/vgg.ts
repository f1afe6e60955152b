/** "Very deep convolutional networks for large-scale image recognition" (Simonyan and Zisserman, 2014). */
import { type Arguments, signature } from '../../arguments.ts';
import * as nn from '../../nn/index.ts';
import type { Tensor } from '../../tensor.ts';
import { type Builder, builder, classes_of } from './_builder.ts';
import type { WeightsEnumOf } from './_weights.ts';
import {
  VGG11_BN_Weights,
  VGG11_Weights,
  VGG13_BN_Weights,
  VGG13_Weights,
  VGG16_BN_Weights,
  VGG16_Weights,
  VGG19_BN_Weights,
  VGG19_Weights,
} from './weights/vgg.ts';

/** Arguments of {@link VGG}. */
export interface VGGOptions {
  /** What comes before the fully connected layers: 512 channels in the end. */
  features: nn.Module;
  /** (default: 1000) */
  num_classes?: number;
  /** Draw initial parameters that suit deep networks (default: true)? */
  init_weights?: boolean;
  /** (default: 0.5) */
  dropout?: number;
}
const parse = signature<VGGOptions>('VGG', ['features', ['num_classes', 1000], ['init_weights', true], ['dropout', 0.5]]);

/**
 * Convolutions of 3 x 3 and three fully connected layers: (N, 3, H, W) to (N, num_classes), for images from 32 x 32 on.
 * @see https://docs.pytorch.org/vision/stable/models/vgg.html
 */
export class VGG extends nn.Module {
  features: nn.Module;
  avgpool: nn.AdaptiveAvgPool2d;
  classifier: nn.Sequential;

  constructor(...args: Arguments<VGGOptions, ['features', 'num_classes', 'init_weights', 'dropout']>) {
    super();
    const { features, num_classes, init_weights, dropout } = parse(args);
    this.features = features;
    this.avgpool = new nn.AdaptiveAvgPool2d([7, 7]);
    this.classifier = new nn.Sequential(
      new nn.Linear(512 * 7 * 7, 4096),
      new nn.ReLU(true),
      new nn.Dropout(dropout),
      new nn.Linear(4096, 4096),
      new nn.ReLU(true),
      new nn.Dropout(dropout),
      new nn.Linear(4096, num_classes),
    );
    if (init_weights) this._initialize_weights();
  }

  /** Draws new initial parameters. */
  _initialize_weights(): void {
    for (const module of this.modules()) {
      if (module instanceof nn.Conv2d) {
        nn.init.kaiming_normal_(module.weight, { mode: 'fan_out', nonlinearity: 'relu' });
        if (module.bias !== null) nn.init.constant_(module.bias, 0);
      } else if (module instanceof nn.BatchNorm2d) {
        nn.init.constant_(module.weight!, 1);
        nn.init.constant_(module.bias!, 0);
      } else if (module instanceof nn.Linear) {
        nn.init.normal_(module.weight, 0, 0.01);
        nn.init.constant_(module.bias!, 0);
      }
    }
  }

  override forward(x: Tensor): Tensor {
    const features = this.features(x) as Tensor;
    return this.classifier(this.avgpool(features).flatten(1));
  }
}

/** Channels of the convolutions by the paper's letters, `M` for a max pool. */
export const cfgs: Readonly<Record<'A' | 'B' | 'D' | 'E', string>> = {
  A: '64 M 128 M 256 256 M 512 512 M 512 512 M',
  B: '64 64 M 128 128 M 256 256 M 512 512 M 512 512 M',
  D: '64 64 M 128 128 M 256 256 256 M 512 512 512 M 512 512 512 M',
  E: '64 64 M 128 128 M 256 256 256 256 M 512 512 512 512 M 512 512 512 512 M',
};

/** The convolutions of a {@link VGG}. */
export function make_layers(cfg: readonly (number | 'M')[], batch_norm = false): nn.Sequential {
  const layers: nn.Module[] = [];
  let in_channels = 3;
  for (const channels of cfg) {
    if (channels === 'M') {
      layers.push(new nn.MaxPool2d(2, 2));
      continue;
    }
    layers.push(new nn.Conv2d(in_channels, channels, 3, { padding: 1 }));
    if (batch_norm) layers.push(new nn.BatchNorm2d(channels));
    layers.push(new nn.ReLU(true));
    in_channels = channels;
  }
  return new nn.Sequential(...layers);
}

/** What the functions below take. */
export type VGGBuilderOptions = Omit<VGGOptions, 'features'>;

function vgg<K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  cfg: keyof typeof cfgs,
  batch_norm: boolean,
): Builder<VGGBuilderOptions, VGG, K> {
  const layers = cfgs[cfg].split(' ').map((channels) => (channels === 'M' ? channels : Number(channels)));
  return builder(name, weights, {
    // Trained weights replace the initial ones, so these need not be drawn with care.
    wanted: (chosen, options) => {
      options['init_weights'] = false;
      return classes_of(chosen);
    },
    make: (options: VGGBuilderOptions) => new VGG({ features: make_layers(layers, batch_norm), ...options }),
  });
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg11.html */
export const vgg11 = vgg('vgg11', VGG11_Weights, 'A', false);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg11_bn.html */
export const vgg11_bn = vgg('vgg11_bn', VGG11_BN_Weights, 'A', true);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg13.html */
export const vgg13 = vgg('vgg13', VGG13_Weights, 'B', false);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg13_bn.html */
export const vgg13_bn = vgg('vgg13_bn', VGG13_BN_Weights, 'B', true);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg16.html */
export const vgg16 = vgg('vgg16', VGG16_Weights, 'D', false);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg16_bn.html */
export const vgg16_bn = vgg('vgg16_bn', VGG16_BN_Weights, 'D', true);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg19.html */
export const vgg19 = vgg('vgg19', VGG19_Weights, 'E', false);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.vgg19_bn.html */
export const vgg19_bn = vgg('vgg19_bn', VGG19_BN_Weights, 'E', true);

export {
  VGG11_BN_Weights,
  VGG11_Weights,
  VGG13_BN_Weights,
  VGG13_Weights,
  VGG16_BN_Weights,
  VGG16_Weights,
  VGG19_BN_Weights,
  VGG19_Weights,
};
