/** The figures of a GPU's allocator as a table. */
import type { DeviceMemoryStats } from '../accelerator/memory.ts';

/** In the largest unit that leaves three digits. */
function scaled(value: number, units: readonly string[], step: number, most: number, digits: number): string {
  let unit = 0;
  while (unit < units.length - 1 && value >= most * step) {
    value = Math.floor(value / step);
    unit++;
  }
  return `${String(value).padStart(digits)} ${units[unit]!}`;
}

const bytes = (value: number): string => scaled(value, ['B  ', 'KiB', 'MiB', 'GiB', 'TiB', 'PiB'], 1024, 768, 6);
const count = (value: number): string => scaled(value, ['  ', 'K ', 'M '], 1000, 750, 7);

type Row = readonly [metric: string, title: string, format: (value: number) => string];

const POOLED: readonly Row[] = [
  ['allocated_bytes', 'Allocated memory', bytes],
  ['active_bytes', 'Active memory', bytes],
  ['requested_bytes', 'Requested memory', bytes],
  ['reserved_bytes', 'GPU reserved memory', bytes],
  ['inactive_split_bytes', 'Non-releasable memory', bytes],
  ['allocation', 'Allocations', count],
  ['active', 'Active allocs', count],
  ['segment', 'GPU reserved segments', count],
  ['inactive_split', 'Non-releasable allocs', count],
];
const UNPOOLED: readonly Row[] = [
  ['oversize_allocations', 'Oversize allocations', count],
  ['oversize_segments', 'Oversize GPU segments', count],
];
const COLUMNS = ['current', 'peak', 'allocated', 'freed'] as const;

const WIDTH = 75;
const EDGE = `|${'='.repeat(WIDTH)}|`;
const LINE = `|${'-'.repeat(WIDTH)}|`;

/** In the middle; an odd space comes after the text. */
function centred(text: string, width: number): string {
  const space = Math.max(0, width - text.length);
  const left = Math.floor(space / 2);
  return ' '.repeat(left) + text + ' '.repeat(space - left);
}

function row(title: string, stats: DeviceMemoryStats, metric: string, format: Row[2]): string {
  const cells = COLUMNS.map((column) => ` ${format(stats[`${metric}.${column}`] ?? 0)} `);
  return `| ${title.padEnd(21)} |${cells.join('|')}|`;
}

/** @internal The table of these figures. */
export function memory_table(stats: DeviceMemoryStats, index: number, abbreviated: boolean): string {
  const cells = (...texts: string[]): string => `| ${centred('Metric', 21)} |${texts.map((text) => ` ${centred(text, 10)} `).join('|')}|`;
  const ooms = String(stats['num_ooms'] ?? 0).padEnd(13);
  const retries = String(stats['num_alloc_retries'] ?? 0).padEnd(10);
  const lines = [
    EDGE,
    `|${' '.repeat(18)}PyTorch CUDA memory summary, device ID ${String(index).padEnd(17)} |`,
    LINE,
    `|${' '.repeat(12)}CUDA OOMs: ${ooms}|${' '.repeat(8)}cudaMalloc retries: ${retries}|`,
    EDGE,
    cells('Cur Usage', 'Peak Usage', 'Tot Alloc', 'Tot Freed'),
  ];
  for (const [metric, title, format] of POOLED) {
    lines.push(LINE, row(title, stats, `${metric}.all`, format));
    if (abbreviated) continue;
    for (const pool of ['large', 'small']) {
      lines.push(row(`      from ${pool} pool`, stats, `${metric}.${pool}_pool`, format));
    }
  }
  for (const [metric, title, format] of UNPOOLED) lines.push(LINE, row(title, stats, metric, format));
  lines.push(EDGE, '');
  return lines.join('\n');
}
