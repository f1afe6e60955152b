/** Where figures are kept: a JSON file a day, and the last one's tables as a page. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../../scripts/setup/paths.mjs';
import { format_group } from './table.mjs';

const FOLDER = join(ROOT, 'bench', 'results');

export function save_json(path, results) {
  // Samples on one line each: nobody reads them, but a change of the file is easier to look at.
  const text = JSON.stringify(results, null, 2).replace(/\[[\d\s,.]+\]/g, (list) => list.replace(/\s+/g, ' '));
  writeFileSync(path, `${text}\n`);
}

function page(results) {
  const { date, cpu, cores, memory_gb, node, libtorch, threads, version, commit } = results;
  const tables = Object.values(results.groups).map(format_group);
  return `# tstorch beside Python's PyTorch, ${date}

Written by \`npm run bench\`; bench/README.md says how it measures. Ratios are tstorch's time over Python's, so less than
1 is faster than Python; *middle half* is between what the ratios of half of the rounds lay. Compare ratios, not times:
those are this machine's.

- ${cpu}, ${cores} cores, ${memory_gb} GB
- tstorch ${version}${commit === null ? '' : ` (${commit})`}, Node ${node}, LibTorch and Python's PyTorch ${libtorch}
- threads: ${threads}, where a case does not say otherwise

${tables.join('\n\n')}
`;
}

/** Keeps a complete run's figures. Gives the file's path in the repository. */
export function save_results(results) {
  mkdirSync(FOLDER, { recursive: true });
  const path = join(FOLDER, `${results.date}-cpu.json`);
  save_json(path, results);
  writeFileSync(join(FOLDER, 'README.md'), page(results));
  return relative(ROOT, path);
}
