import { type Arguments, is_kwargs, signature } from '../arguments.ts';
import { is_available as cuda_is_available } from '../cuda/index.ts';
import { device as Device, type DeviceLike } from '../device.ts';
import { bfloat16, float16, float32, type dtype as DType } from '../dtype.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import type { Module } from '../nn/modules/module.ts';
import { aten } from '../ops.ts';
import { print } from '../python/index.ts';
import { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';
import { FormattingOptions } from './formatting.ts';
import { forward_pass, type ModelInput } from './forward_pass.ts';
import { ModelStatistics } from './model_statistics.ts';
import { type ColumnName, column_named, type Mode, mode_named, row_setting_named, type RowSetting } from './settings.ts';
import { map_tensors, total_memory } from './sizes.ts';

/** The size of one input. */
export type InputSize = readonly number[];

export interface SummaryArguments {
  model: Module;
  /** The size of the input, or of each of the inputs. */
  input_size?: InputSize | readonly InputSize[] | null;
  /** The input itself: a tensor, an array of arguments, or an object of arguments by name. */
  input_data?: Tensor | readonly unknown[] | Record<string, unknown> | null;
  /** Where to put a batch dimension of 1 into the inputs. */
  batch_dim?: number | null;
  /** Go by the last run of a model of the same class, if there was one? */
  cache_forward_pass?: boolean | null;
  /** The columns; `output_size` and `num_params` where nothing is said. */
  col_names?: readonly ColumnName[] | null;
  /** How wide a column is. */
  col_width?: number;
  /** How many levels of modules are shown. */
  depth?: number;
  device?: DeviceLike | Device | null;
  /** The dtype of each input that `input_size` speaks of. */
  dtypes?: readonly DType[] | null;
  /** Run the model as in training or (where nothing is said) as in evaluation. */
  mode?: Mode | null;
  /** What rows show. */
  row_settings?: readonly RowSetting[] | null;
  /** 0 prints nothing, 1 the table, 2 the parameters of each layer, too. */
  verbose?: 0 | 1 | 2 | null;
}
const POSITIONAL = [
  'model', 'input_size', 'input_data', 'batch_dim', 'cache_forward_pass', 'col_names', 'col_width', 'depth', 'device',
  'dtypes', 'mode', 'row_settings', 'verbose',
] as const;
const DEFAULTS = { col_width: 25, depth: 3 } as const;
const parse = signature<SummaryArguments>(
  'summary',
  POSITIONAL.map((name) => (name === 'model' ? name : [name, name in DEFAULTS ? DEFAULTS[name as 'depth'] : null])),
);

const NEED_INPUT: readonly ColumnName[] = ['input_size', 'output_size', 'mult_adds'];

/** What the call tells `summary`, and what it tells the model's `forward`: the names that are not `summary`'s. */
function split_arguments(args: readonly unknown[]): [Required<SummaryArguments>, Record<string, unknown>] {
  const last = args.at(-1);
  if (!is_kwargs(last)) return [parse(args), {}];
  const names: readonly string[] = POSITIONAL;
  const own = Object.fromEntries(Object.entries(last).filter(([name]) => names.includes(name)));
  const other = Object.fromEntries(Object.entries(last).filter(([name]) => !names.includes(name)));
  return [parse([...args.slice(0, -1), own]), other];
}

function check(
  { input_data, input_size, col_width, dtypes, verbose }: Required<SummaryArguments>,
  columns: readonly ColumnName[],
  device: Device | null,
): void {
  if (col_width <= 0) throw new ValueError(`Column width must be greater than 0: col_width=${col_width}`);
  if (verbose !== null && ![0, 1, 2].includes(verbose)) {
    throw new ValueError('Verbose must be either 0 (quiet), 1 (default), or 2 (verbose).');
  }
  if (input_data !== null && input_size !== null) {
    throw new RuntimeError('Only one of (input_data, input_size) should be specified.');
  }
  const impossible = columns.filter((column) => NEED_INPUT.includes(column));
  if (input_data === null && input_size === null && impossible.length > 0) {
    const names = impossible.map((column) => `<ColumnSettings.${column.toUpperCase()}: '${column}'>`);
    throw new ValueError(`You must pass input_data or input_size in order to use columns: {${names.join(', ')}}`);
  }
  if (dtypes?.some((dtype) => dtype === float16 || dtype === bfloat16) !== true) return;
  if (input_size !== null) {
    warn(
      'Half precision is not supported with input_size parameter, and may output incorrect results. Try passing ' +
        'input_data directly.',
    );
  }
  if (device?.type === 'cpu') {
    warn(
      'Half precision is not supported on cpu. Set the `device` field or pass `input_data` using the correct device.',
    );
  }
}

/** The sizes of all inputs. */
function sizes_of(input_size: unknown): (readonly number[])[] {
  if (!Array.isArray(input_size)) {
    throw new TypeError(
      'Input_size is not a recognized type. Please ensure input_size is valid.\nFor multiple inputs to the network, ' +
        'ensure input_size is a list of tuple sizes. If you are having trouble here, please submit a GitHub issue.',
    );
  }
  const sizes = (typeof input_size[0] === 'number' ? [input_size] : input_size) as (readonly number[])[];
  if (input_size.length === 0 || sizes.flat().some((size) => size <= 0)) {
    throw new ValueError('Input_data is invalid, or negative size found in input_data.');
  }
  return sizes;
}

/** Where the model is, if it is on a GPU, or could be; where there is input, it and the model stay where they are. */
function default_device(model: Module, has_input: boolean): Device | null {
  if (has_input) return null;
  for (const parameter of model.parameters()) {
    if (parameter.is_cuda) return parameter.device;
    break;
  }
  return new Device(cuda_is_available() ? 'cuda' : 'cpu');
}

/**
 * A table of the layers of a model: their names, the sizes of what they give, how many parameters they have:
 *
 * ```ts
 * summary(model, { input_size: [32, 3, 64, 64], col_names: ['input_size', 'output_size', 'num_params', 'trainable'] });
 * ```
 *
 * The model runs once, with random input of the size that is told or with the input that is given; without either, the
 * table shows what is known without a run. Names that are not parameters of `summary` go to the model's `forward`.
 *
 * @returns the numbers, and as text the table
 * @throws RuntimeError if the model cannot be run with the input, with the model's error as its `cause`
 * @throws ValueError for a column, a setting or a size that makes no sense
 * @see https://github.com/TylerYep/torchinfo
 */
export function summary(...args: Arguments<SummaryArguments & Record<string, unknown>, typeof POSITIONAL>): ModelStatistics;
export function summary(...args: readonly unknown[]): ModelStatistics {
  const [options, kwargs] = split_arguments(args);
  const { model, input_size, input_data, batch_dim, depth, dtypes, col_width } = options;
  const has_input = input_data !== null || input_size !== null;
  const columns =
    options.col_names?.map(column_named) ?? (has_input ? (['output_size', 'num_params'] as const) : (['num_params'] as const));
  const rows = new Set(options.row_settings?.map(row_setting_named) ?? (['depth'] as const));
  const mode = options.mode === null ? 'eval' : mode_named(options.mode);
  const verbose = options.verbose ?? 1;
  const device =
    options.device === null
      ? default_device(model, input_data !== null)
      : typeof options.device === 'object'
        ? options.device
        : new Device(options.device as string);
  check(options, columns, device);

  let input: ModelInput = null;
  let sizes: unknown = [];
  if (input_data !== null) {
    sizes = map_tensors(input_data, (tensor) => tensor.shape);
    const moved = device === null ? input_data : map_tensors(input_data, (tensor) => tensor.to(device));
    input = moved instanceof Tensor ? [moved] : (moved as ModelInput);
  }
  if (input_size !== null) {
    const all = sizes_of(input_size);
    sizes = all;
    const kinds = dtypes ?? all.map(() => float32);
    input = all.slice(0, kinds.length).map((size, i) => {
      let made = aten.rand([...size]);
      if (batch_dim !== null) made = made.unsqueeze(batch_dim);
      return made.to({ device: device!, dtype: kinds[i]! });
    });
  }
  const layers = forward_pass(model, input, batch_dim, options.cache_forward_pass ?? false, device, mode, kwargs);
  const formatting = new FormattingOptions(depth, verbose, columns, col_width, rows);
  const results = new ModelStatistics(layers, sizes, total_memory(input), formatting);
  if (verbose > 0) print(results);
  return results;
}
