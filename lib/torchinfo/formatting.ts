import { repr } from '../python/index.ts';
import type { LayerInfo } from './layer_info.ts';
import { type ColumnName, COLUMNS, type RowSetting } from './settings.ts';

type Row = Partial<Record<ColumnName, string>>;

/** How far a level is indented, at most. */
const INDENT = 5;

function text_or_dashes(value: number | readonly unknown[] | null): string {
  return value === null || value === 0 || (Array.isArray(value) && value.length === 0) ? '--' : repr(value);
}

/** How the table looks. */
export class FormattingOptions {
  readonly max_depth: number;
  readonly verbose: number;
  readonly col_names: readonly ColumnName[];
  readonly col_width: number;
  readonly row_settings: ReadonlySet<RowSetting>;
  layer_name_width = 40;

  constructor(
    max_depth: number,
    verbose: number,
    col_names: readonly ColumnName[],
    col_width: number,
    row_settings: ReadonlySet<RowSetting>,
  ) {
    this.max_depth = max_depth;
    this.verbose = verbose;
    this.col_names = col_names;
    this.col_width = col_width;
    this.row_settings = row_settings;
  }

  get total_width(): number {
    return this.col_names.length * this.col_width + this.layer_name_width;
  }

  #name_of(layer: LayerInfo): string {
    return layer.layer_name(this.row_settings.has('var_names'), this.row_settings.has('depth'));
  }

  #start(depth: number): string {
    if (depth === 0) return '';
    const ascii = this.row_settings.has('ascii_only');
    if (depth === 1) return ascii ? '+ ' : '├─';
    return (ascii ? '|    ' : '│    ').repeat(depth - 1) + (ascii ? '+ ' : '└─');
  }

  /** Makes the first column wide enough for all names. */
  set_layer_name_width(layers: readonly LayerInfo[]): void {
    let width = 0;
    for (const layer of layers) width = Math.max(width, this.#name_of(layer).length + layer.depth * INDENT + 1);
    if (width >= this.layer_name_width) this.layer_name_width = Math.ceil(width / INDENT) * INDENT;
  }

  #row(name: string, values: Row): string {
    let line = `${name.padEnd(this.layer_name_width)} `;
    for (const column of this.col_names) line += `${(values[column] ?? '').padEnd(this.col_width)} `;
    return `${line.trimEnd()}\n`;
  }

  header_row(): string {
    const var_name = this.row_settings.has('var_names') ? ' (var_name)' : '';
    const depth = this.row_settings.has('depth') ? ':depth-idx' : '';
    return this.#row(`Layer (type${var_name}${depth})`, COLUMNS);
  }

  #layer_rows(layer: LayerInfo, total_params: number): string {
    const reached_max_depth = layer.depth === this.max_depth;
    let rows = this.#row(this.#start(layer.depth) + this.#name_of(layer), {
      kernel_size: text_or_dashes(layer.kernel_size),
      input_size: text_or_dashes(layer.input_size),
      output_size: text_or_dashes(layer.output_size),
      num_params: layer.num_params_to_str(reached_max_depth),
      params_percent: layer.params_percent(total_params, reached_max_depth),
      mult_adds: layer.macs_to_str(reached_max_depth),
      trainable: layer.trainable,
    });
    if (this.verbose === 2) {
      for (const [name, values] of layer.inner_layers) rows += this.#row(this.#start(layer.depth + 1) + name, values);
    }
    return rows;
  }

  layer_rows(layers: readonly LayerInfo[], total_params: number): string {
    const hidden = (layer: LayerInfo): boolean =>
      layer.depth > this.max_depth || (this.row_settings.has('hide_recursive_layers') && layer.is_recursive);
    return layers
      .filter((layer) => !hidden(layer))
      .map((layer) => this.#layer_rows(layer, total_params))
      .join('');
  }
}
