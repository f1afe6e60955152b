/** What GoogLeNet and Inception v3, which are of one family, share. */
import * as F from '../../nn/functional.ts';
import * as nn from '../../nn/index.ts';
import type { ConvOptions } from '../../nn/index.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';

/** A convolution's arguments beside its channels. */
export type BasicConv2dOptions = Partial<Omit<ConvOptions, 'in_channels' | 'out_channels' | 'bias'>>;

/** A convolution, batch norm and ReLU. */
export class BasicConv2d extends nn.Module {
  conv: nn.Conv2d;
  bn: nn.BatchNorm2d;

  constructor(in_channels: number, out_channels: number, options: BasicConv2dOptions & { kernel_size: ConvOptions['kernel_size'] }) {
    super();
    this.conv = new nn.Conv2d({ in_channels, out_channels, ...options, bias: false });
    this.bn = new nn.BatchNorm2d(out_channels, { eps: 0.001 });
  }

  override forward(x: Tensor): Tensor {
    return F.relu(this.bn(this.conv(x)), { inplace: true });
  }
}

/** Whether to draw the initial parameters as the papers say: yes, but that will change, as torchvision warns. */
export function init_weights_or_default(given: boolean | null, model: string): boolean {
  if (given !== null) return given;
  warn(
    `The default weight initialization of ${model} will be changed in future releases of torchvision. If you wish to ` +
      'keep the old behavior (which leads to long initialization times due to scipy/scipy#11299), please set ' +
      'init_weights=True.',
    'FutureWarning',
  );
  return true;
}

/** Draws the initial parameters of all modules below one. */
export function initialize(model: nn.Module, deviation: (module: nn.Module) => number): void {
  for (const module of model.modules()) {
    if (module instanceof nn.Conv2d || module instanceof nn.Linear) {
      nn.init.trunc_normal_(module.weight, { mean: 0, std: deviation(module), a: -2, b: 2 });
    } else if (module instanceof nn.BatchNorm2d) {
      nn.init.constant_(module.weight!, 1);
      nn.init.constant_(module.bias!, 0);
    }
  }
}

/** ImageNet's means and standard deviations. */
const channels = [
  [0.485, 0.229],
  [0.456, 0.224],
  [0.406, 0.225],
] as const;

/** Images that were normalized with ImageNet's means and deviations, as if with 0.5 and 0.5. */
export function renormalized(x: Tensor): Tensor {
  const parts = channels.map(([mean, std], i) =>
    aten.unsqueeze(aten.select(x, 1, i), 1)
      .mul(std / 0.5)
      .add((mean - 0.5) / 0.5),
  );
  return aten.cat(parts, 1);
}
