/** Where figures are kept: a JSON file a day, and the last one's tables and charts as a page. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ROOT } from '../../scripts/setup/paths.mjs';
import { peers_chart, python_chart } from './chart.mjs';
import { format_group } from './table.mjs';

const FOLDER = join(ROOT, 'bench', 'results');

export function save_json(path, results) {
  // Samples on one line each: nobody reads them, but a change of the file is easier to look at.
  const text = JSON.stringify(results, null, 2).replace(/\[[\d\s,.]+\]/g, (list) => list.replace(/\s+/g, ' '));
  writeFileSync(path, `${text}\n`);
}

/** The charts that there is something to draw for, as Markdown and, by file name, as SVG. */
function charts_of(results) {
  const charts = [
    ['python.svg', "Time over that of Python's PyTorch, by group", python_chart(results)],
    ['peers.svg', "Other libraries' time over that of tstorch", peers_chart(results)],
  ].filter(([, , svg]) => svg !== null);
  return {
    markdown: charts.map(([file, alt]) => `![${alt}](${file})\n`),
    files: charts.map(([file, , svg]) => [file, svg]),
  };
}

function page(results, charts) {
  const { date, cpu, cores, memory_gb, node, libtorch, threads, version, commit } = results;
  const tables = Object.values(results.groups).map(format_group);
  return `# tstorch beside Python's PyTorch, ${date}

${charts.join('\n')}
Written by \`npm run bench\`; bench/README.md says how it measures. Ratios are tstorch's time over Python's, so less than
1 is faster than Python; *middle half* is between what the ratios of half of the rounds lay. Compare ratios, not times:
those are this machine's.

- ${cpu}, ${cores} cores, ${memory_gb} GB
- tstorch ${version}${commit === null ? '' : ` (${commit})`}, Node ${node}, LibTorch and Python's PyTorch ${libtorch}
- threads: ${threads}, where a case does not say otherwise

${tables.join('\n\n')}
`;
}

function save_page(results) {
  mkdirSync(FOLDER, { recursive: true });
  const { markdown, files } = charts_of(results);
  for (const [file, svg] of files) writeFileSync(join(FOLDER, file), svg);
  const path = join(FOLDER, 'README.md');
  writeFileSync(path, page(results, markdown));
  return relative(ROOT, path);
}

/** Writes the page and the charts again, from figures that were kept. Gives the page's path in the repository. */
export function rewrite_page(json) {
  return save_page(JSON.parse(readFileSync(json, 'utf8')));
}

/** Keeps a complete run's figures. Gives the file's path in the repository. */
export function save_results(results) {
  save_page(results);
  const path = join(FOLDER, `${results.date}-cpu.json`);
  save_json(path, results);
  return relative(ROOT, path);
}
