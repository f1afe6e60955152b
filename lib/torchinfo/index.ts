/**
 * `torchinfo`: what a model is made of, as a table.
 *
 * @see https://github.com/TylerYep/torchinfo
 */
export { clear_cached_forward_pass } from './forward_pass.ts';
export { LayerInfo } from './layer_info.ts';
export { ModelStatistics } from './model_statistics.ts';
export type { ColumnName, Mode, RowSetting } from './settings.ts';
export { type InputSize, summary, type SummaryArguments } from './summary.ts';
