import { inspect } from 'node:util';
import { is_kwargs } from '../arguments.ts';
import { format } from '../python/index.ts';
import type { FormattingOptions } from './formatting.ts';
import type { LayerInfo } from './layer_info.ts';

/** Is there anything in the sizes of the input? */
function is_filled(sizes: unknown): boolean {
  if (Array.isArray(sizes)) return sizes.length > 0;
  if (sizes instanceof Map) return sizes.size > 0;
  return is_kwargs(sizes) && Object.keys(sizes).length > 0;
}

function megabytes(bytes: number): string {
  return format(bytes / 1e6, '0.2f');
}

/** A number with commas, and without a fraction where it has none. */
function number_text(value: number): string {
  return format(value, Number.isInteger(value) ? ',d' : ',.2f');
}

/** A count in millions, billions or trillions. The units are called what torchinfo calls them from Python 3.11 on. */
function in_large_units(count: number): string {
  if (count >= 1e12) return ` (Units.TERABYTES): ${number_text(count / 1e12)}`;
  if (count >= 1e9) return ` (Units.GIGABYTES): ${number_text(count / 1e9)}`;
  return ` (Units.MEGABYTES): ${number_text(count / 1e6)}`;
}

/** What `summary` found out about a model; prints as a table. */
export class ModelStatistics {
  readonly summary_list: readonly LayerInfo[];
  readonly input_size: unknown;
  readonly formatting: FormattingOptions;
  /** Bytes of the input. */
  readonly total_input: number;
  /** Multiplications and additions of a forward pass. */
  readonly total_mult_adds: number;
  readonly total_params: number;
  readonly trainable_params: number;
  readonly total_param_bytes: number;
  /** Bytes of what all layers with parameters give, and of its gradients. */
  readonly total_output_bytes: number;

  constructor(
    summary_list: readonly LayerInfo[],
    input_size: unknown,
    total_input_size: number,
    formatting: FormattingOptions,
  ) {
    let mult_adds = 0;
    let params = 0;
    let trainable = 0;
    let param_bytes = 0;
    let output_bytes = 0;
    for (const layer of summary_list) {
      if (layer.is_leaf_layer) {
        mult_adds += layer.macs;
        if (layer.num_params > 0) output_bytes += layer.output_bytes * 2;
        if (layer.is_recursive) continue;
        params += layer.num_params;
        param_bytes += layer.param_bytes;
        trainable += layer.trainable_params;
      } else if (!layer.is_recursive) {
        params += Math.max(layer.leftover_params(), 0);
        trainable += Math.max(layer.leftover_trainable_params(), 0);
      }
    }
    this.summary_list = summary_list;
    this.input_size = input_size;
    this.formatting = formatting;
    this.total_input = total_input_size;
    this.total_mult_adds = mult_adds;
    this.total_params = params;
    this.trainable_params = trainable;
    this.total_param_bytes = param_bytes;
    this.total_output_bytes = output_bytes;
    formatting.set_layer_name_width(summary_list);
  }

  toString(): string {
    const { formatting, total_input, total_output_bytes, total_param_bytes } = this;
    const divider = '='.repeat(formatting.total_width);
    let text =
      `${divider}\n${formatting.header_row()}${divider}\n` +
      `${formatting.layer_rows(this.summary_list, this.total_params)}${divider}\n` +
      `Total params: ${number_text(this.total_params)}\n` +
      `Trainable params: ${number_text(this.trainable_params)}\n` +
      `Non-trainable params: ${number_text(this.total_params - this.trainable_params)}\n`;
    if (is_filled(this.input_size)) {
      text +=
        `Total mult-adds${in_large_units(this.total_mult_adds)}\n${divider}\n` +
        `Input size (MB): ${megabytes(total_input)}\n` +
        `Forward/backward pass size (MB): ${megabytes(total_output_bytes)}\n` +
        `Params size (MB): ${megabytes(total_param_bytes)}\n` +
        `Estimated Total Size (MB): ${megabytes(total_input + total_output_bytes + total_param_bytes)}\n`;
    }
    return text + divider;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
