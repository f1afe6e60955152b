/** `memory_summary`. */
import { type Arguments, signature } from '../arguments.ts';
import type { DeviceLike } from '../device.ts';
import { cuda_index } from './device.ts';
import { memory_stats } from './memory.ts';
import { memory_table } from './memory_table.ts';

interface SummaryParameters {
  device?: DeviceLike | null;
  abbreviated?: boolean;
}

const summary_arguments = signature<SummaryParameters>('memory_summary', [
  ['device', null],
  ['abbreviated', false],
]);

/**
 * The figures of a GPU's allocator as a table to print.
 * @param abbreviated leaves out the pools
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.memory.memory_summary.html
 */
export function memory_summary(...args: Arguments<SummaryParameters, ['device', 'abbreviated']>): string {
  const { device, abbreviated } = summary_arguments(args);
  return memory_table(memory_stats(device), cuda_index(device), abbreviated);
}
