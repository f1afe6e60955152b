/** "SqueezeNet: AlexNet-level accuracy with 50x fewer parameters and <0.5MB model size" (Iandola et al., 2016). */
import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import * as nn from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import { str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { type Builder, builder } from './_builder.ts';
import type { WeightsEnumOf } from './_weights.ts';
import { SqueezeNet1_0_Weights, SqueezeNet1_1_Weights } from './weights/squeezenet.ts';

/** A convolution of 1 x 1 to few channels, and from these convolutions of 1 x 1 and 3 x 3 side by side. */
export class Fire extends nn.Module {
  inplanes: number;
  squeeze: nn.Conv2d;
  squeeze_activation: nn.ReLU;
  expand1x1: nn.Conv2d;
  expand1x1_activation: nn.ReLU;
  expand3x3: nn.Conv2d;
  expand3x3_activation: nn.ReLU;

  constructor(inplanes: number, squeeze_planes: number, expand1x1_planes: number, expand3x3_planes: number) {
    super();
    this.inplanes = inplanes;
    this.squeeze = new nn.Conv2d(inplanes, squeeze_planes, 1);
    this.squeeze_activation = new nn.ReLU(true);
    this.expand1x1 = new nn.Conv2d(squeeze_planes, expand1x1_planes, 1);
    this.expand1x1_activation = new nn.ReLU(true);
    this.expand3x3 = new nn.Conv2d(squeeze_planes, expand3x3_planes, 3, { padding: 1 });
    this.expand3x3_activation = new nn.ReLU(true);
  }

  override forward(x: Tensor): Tensor {
    const squeezed = this.squeeze_activation(this.squeeze(x));
    return aten.cat(
      [this.expand1x1_activation(this.expand1x1(squeezed)), this.expand3x3_activation(this.expand3x3(squeezed))],
      1,
    );
  }
}

/** Arguments of {@link SqueezeNet}. */
export interface SqueezeNetOptions {
  version?: '1_0' | '1_1';
  /** (default: 1000) */
  num_classes?: number;
  /** (default: 0.5) */
  dropout?: number;
}
const parse = signature<SqueezeNetOptions>('SqueezeNet', [
  ['version', '1_0'],
  ['num_classes', 1000],
  ['dropout', 0.5],
]);

/** The first convolution: its channels and its window; the sizes of the fire modules, `M` for a max pool. */
const versions: Readonly<Record<string, [channels: number, kernel_size: number, fires: string]>> = {
  '1_0': [96, 7, 'M 16,64 16,64 32,128 M 32,128 48,192 48,192 64,256 M 64,256'],
  '1_1': [64, 3, 'M 16,64 16,64 M 32,128 32,128 M 48,192 48,192 64,256 64,256'],
};

function features_of(version: string): nn.Sequential {
  if (!Object.hasOwn(versions, version)) {
    throw new ValueError(`Unsupported SqueezeNet version ${str(version)}: 1_0 or 1_1 expected`);
  }
  const [first, kernel_size, fires] = versions[version]!;
  const layers: nn.Module[] = [new nn.Conv2d(3, first, kernel_size, 2), new nn.ReLU(true)];
  let channels = first;
  for (const part of fires.split(' ')) {
    if (part === 'M') {
      layers.push(new nn.MaxPool2d(3, 2, { ceil_mode: true }));
      continue;
    }
    const [squeeze, expand] = part.split(',').map(Number) as [number, number];
    layers.push(new Fire(channels, squeeze, expand, expand));
    channels = 2 * expand;
  }
  return new nn.Sequential(...layers);
}

/**
 * A small network of fire modules: (N, 3, H, W) to (N, num_classes).
 * @throws ValueError for a version that there is not
 * @see https://docs.pytorch.org/vision/stable/models/squeezenet.html
 */
export class SqueezeNet extends nn.Module {
  num_classes: number;
  features: nn.Sequential;
  classifier: nn.Sequential;

  constructor(...args: Arguments<SqueezeNetOptions, ['version', 'num_classes', 'dropout']>) {
    super();
    const { version, num_classes, dropout } = parse(args);
    this.num_classes = num_classes;
    this.features = features_of(version);
    const final_conv = new nn.Conv2d(512, num_classes, 1);
    this.classifier = new nn.Sequential(
      new nn.Dropout(dropout),
      final_conv,
      new nn.ReLU(true),
      new nn.AdaptiveAvgPool2d([1, 1]),
    );
    for (const module of this.modules()) {
      if (!(module instanceof nn.Conv2d)) continue;
      if (module === final_conv) nn.init.normal_(module.weight, 0, 0.01);
      else nn.init.kaiming_uniform_(module.weight);
      if (module.bias !== null) nn.init.constant_(module.bias, 0);
    }
  }

  override forward(x: Tensor): Tensor {
    return this.classifier(this.features(x)).flatten(1);
  }
}

/** What the functions below take. */
export type SqueezeNetBuilderOptions = Omit<SqueezeNetOptions, 'version'>;

function squeezenet<K extends string>(
  version: '1_0' | '1_1',
  weights: WeightsEnumOf<K>,
): Builder<SqueezeNetBuilderOptions, SqueezeNet, K> {
  return builder(`squeezenet${version}`, weights, {
    make: (options: SqueezeNetBuilderOptions) => new SqueezeNet(version, options),
  });
}

/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.squeezenet1_0.html */
export const squeezenet1_0 = squeezenet('1_0', SqueezeNet1_0_Weights);
/** See https://docs.pytorch.org/vision/stable/models/generated/torchvision.models.squeezenet1_1.html */
export const squeezenet1_1 = squeezenet('1_1', SqueezeNet1_1_Weights);

export { SqueezeNet1_0_Weights, SqueezeNet1_1_Weights };
