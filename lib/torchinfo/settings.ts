import { ValueError } from '../errors.ts';
import { repr } from '../repr.ts';

/** The columns that there are, with their titles. */
export const COLUMNS = {
  kernel_size: 'Kernel Shape',
  input_size: 'Input Shape',
  output_size: 'Output Shape',
  num_params: 'Param #',
  params_percent: 'Param %',
  mult_adds: 'Mult-Adds',
  trainable: 'Trainable',
} as const;

/** The name of a column. */
export type ColumnName = keyof typeof COLUMNS;

const ROW_SETTINGS = ['depth', 'var_names', 'ascii_only', 'hide_recursive_layers'] as const;

/** What a row shows, and how. */
export type RowSetting = (typeof ROW_SETTINGS)[number];

/** Whether the model is in training or in evaluation mode while it runs. */
export type Mode = 'train' | 'eval';

function check<T extends string>(value: unknown, valid: readonly T[], kind: string): T {
  if (!valid.includes(value as T)) throw new ValueError(`${repr(value)} is not a valid ${kind}`);
  return value as T;
}

export function column_named(name: unknown): ColumnName {
  return check(name, Object.keys(COLUMNS) as ColumnName[], 'ColumnSettings');
}

export function row_setting_named(name: unknown): RowSetting {
  return check(name, ROW_SETTINGS, 'RowSettings');
}

export function mode_named(name: unknown): Mode {
  return check(name, ['train', 'eval'], 'Mode');
}
