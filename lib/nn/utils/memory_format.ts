import type { Arguments } from '../../arguments.ts';
import type { memory_format as MemoryFormat } from '../../layout.ts';
import { Conv2d, Conv3d, ConvTranspose2d, ConvTranspose3d } from '../modules/conv.ts';
import type { _ConvNd } from '../modules/conv.ts';
import type { Module } from '../modules/module.ts';
import { signature } from './checked.ts';

export interface ConvertWeightOptions<M extends Module = Module> {
  module: M;
  memory_format: MemoryFormat;
}
const convert_specs = ['module', 'memory_format'];
const conv2d_arguments = signature<ConvertWeightOptions>('convert_conv2d_weight_memory_format', convert_specs);
const conv3d_arguments = signature<ConvertWeightOptions>('convert_conv3d_weight_memory_format', convert_specs);

/** Lays out the weights of all layers of a kind, the module and all below it, in a format. */
function convert<M extends Module>(
  module: M,
  memory_format: MemoryFormat,
  is_meant: (layer: Module) => layer is _ConvNd,
): M {
  for (const layer of module.modules()) {
    if (!is_meant(layer)) continue;
    const { weight } = layer;
    // What has one channel only fits any format; resizing gives it the strides of this one.
    const data = weight.detach().clone({ memory_format });
    weight.data = data.resize_(data.shape, { memory_format });
  }
  return module;
}

/**
 * Lays out the weights of all `Conv2d` and `ConvTranspose2d`, the module and all below it, in a format.
 * @param memory_format such as `torch.channels_last`
 * @returns the module, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.convert_conv2d_weight_memory_format.html
 */
export function convert_conv2d_weight_memory_format<M extends Module>(
  ...args: Arguments<ConvertWeightOptions<M>, ['module', 'memory_format']>
): M {
  const { module, memory_format } = conv2d_arguments(args);
  return convert(
    module as M,
    memory_format,
    (layer): layer is _ConvNd => layer instanceof Conv2d || layer instanceof ConvTranspose2d,
  );
}

/**
 * Lays out the weights of all `Conv3d` and `ConvTranspose3d`, the module and all below it, in a format.
 * @param memory_format such as `torch.channels_last_3d`
 * @returns the module, which is changed in place
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.convert_conv3d_weight_memory_format.html
 */
export function convert_conv3d_weight_memory_format<M extends Module>(
  ...args: Arguments<ConvertWeightOptions<M>, ['module', 'memory_format']>
): M {
  const { module, memory_format } = conv3d_arguments(args);
  return convert(
    module as M,
    memory_format,
    (layer): layer is _ConvNd => layer instanceof Conv3d || layer instanceof ConvTranspose3d,
  );
}
