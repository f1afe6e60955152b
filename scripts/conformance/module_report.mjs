/** Writes docs/modules.md. */
import { cell, escape, rate, reasons } from './report.mjs';
import { module_totals, sum } from './results.mjs';

const COLUMNS = ['float32, train', 'float32, eval', 'float64, train', 'float64, eval', 'others'];

/** What became of the samples in a column; in the last, of those that are in no other one. */
function column(one, name) {
  if (name !== 'others') return one.whole[name];
  const others = Object.entries(one.whole).filter(([key]) => !COLUMNS.includes(key));
  return others.length === 0 ? undefined : others.map(([, counts]) => counts).reduce(sum);
}

function remark(one, exclusions) {
  const parts = reasons(one, exclusions, (what) => `${what}: `);
  for (const [reason, count] of Object.entries(one.skipped)) parts.push(`not replayed (${count}): ${reason}`);
  return escape(parts.join('; ')).replaceAll('\n', ' ');
}

/** The text of the page. */
export function module_report(results, exclusions, { date, torch, python, tstorch, node }) {
  const all = module_totals(results);
  const complete = results.filter(
    (one) => one.all.total > 0 && one.all.passed === one.all.total && one.errors.exact === one.errors.total,
  );
  const lines = [
    '# Modules',
    '',
    'Samples from the data base with which PyTorch tests its own modules',
    "(`torch.testing._internal.common_modules.module_db`), made and called through tstorch's public classes and",
    "compared with what Python's PyTorch gives.",
    '',
    '> This page is a record, committed as `node scripts/conformance/run.mjs modules` wrote it; nobody keeps it up to',
    '> date by hand. The test suite replays a selection of these samples (`tests/conformance`).',
    '',
    `Written on ${date} with PyTorch ${torch} (Python ${python}) and tstorch ${tstorch} (Node ${node}),`,
    'with one thread and the kernels that every processor runs.',
    '',
    '| | samples | passed | | the same to the last bit |',
    '|---|---:|---:|---:|---:|',
    ...[
      ['the module: what it prints, its state dict with fresh parameters', all.made],
      ['results, in evaluation mode without gradients too', all.result],
      ['gradients of parameters and inputs', all.gradient],
      ['what is left: buffers, the random stream, what a lazy module became', all.after],
      ['**all of these**', all.all],
      ['errors (the class)', all.errors],
    ].map(
      ([name, { total, passed, exact }]) =>
        `| ${name} | ${total} | ${passed} | ${rate({ total, passed })} | ${rate({ total, passed: exact })} |`,
    ),
    '',
    `Of ${results.length} modules ${complete.length} pass entirely.`,
    '',
    'A cell gives the samples that pass as a whole and those that there are, by dtype and mode. An error passes when',
    'its class is the same; "the same to the last bit" means its message then. Fresh parameters are the same to the',
    'last bit, or the module has not passed. JavaScript has one number for `2` and `2.0`, so a module may print either',
    'form, as Python does when it is given one or the other.',
    '',
    `| module | ${COLUMNS.join(' | ')} | errors | remarks |`,
    `|---|${'---|'.repeat(COLUMNS.length + 2)}`,
  ];
  for (const one of results) {
    const cells = [...COLUMNS.map((name) => column(one, name)), one.errors].map(cell);
    lines.push(`| ${escape(one.name)} | ${cells.join(' | ')} | ${remark(one, exclusions)} |`);
  }
  return `${lines.join('\n')}\n`;
}
