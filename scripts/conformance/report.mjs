/** Writes docs/operators.md; what module_report.mjs needs of it too. */
import { totals } from './results.mjs';

const DTYPES = ['float32', 'float64', 'int64', 'bool', 'complex64'];

export function rate({ total, passed }) {
  return total === 0 ? '–' : `${((100 * passed) / total).toFixed(2)} %`;
}

export function cell(counts) {
  return counts === undefined || counts.total === 0 ? '' : `${counts.passed} / ${counts.total}`;
}

/** Text in a cell of a table. */
export function escape(text) {
  return text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll(/[`*]/g, '');
}

function remark(one, exclusions) {
  const parts = reasons(one, exclusions, (what) => (what === 'function' ? '' : `${what}: `));
  const has_samples = one.forward.total > 0;
  for (const [reason, count] of Object.entries(one.skipped)) {
    if (!has_samples || !/public|refuse|elements/.test(reason)) parts.push(`not replayed (${count}): ${reason}`);
  }
  if (!has_samples && parts.length === 0) parts.push('PyTorch has no samples for these dtypes on the CPU');
  return escape(parts.join('; '));
}

/** Why something fails: as the exclusions say, else the two reasons that stand for most samples. */
export function reasons(one, exclusions, prefix) {
  const parts = (exclusions[one.name] ?? []).map(({ reason }) => reason);
  if (parts.length === 0) {
    const failures = [...one.failures.values()].filter(({ passed }) => !passed);
    for (const { what, reason } of failures.sort((a, b) => b.samples - a.samples).slice(0, 2)) {
      parts.push(prefix(what) + reason.slice(0, 120));
    }
  }
  return parts;
}

/** The text of the page. */
export function report(results, exclusions, { date, torch, python, tstorch, node }) {
  const all = totals(results);
  const replayed = results.filter((one) => one.forward.total > 0);
  const complete = replayed.filter(
    (one) => one.forward.passed === one.forward.total && one.gradient.passed === one.gradient.total,
  );
  const skipped = results.flatMap((one) => Object.values(one.skipped)).reduce((a, b) => a + b, 0);
  const lines = [
    '# Operators',
    '',
    'Calls from the data base with which PyTorch tests its own operators',
    "(`torch.testing._internal.common_methods_invocations.op_db`), made through tstorch's public functions and",
    "compared with what Python's PyTorch gives: dtypes, shapes, numbers and gradients, and random draws too.",
    '',
    '> This page is a record, committed as `node scripts/conformance/run.mjs` wrote it; nobody keeps it up to date by',
    '> hand. The test suite replays a selection of these samples (`tests/conformance`).',
    '',
    `Written on ${date} with PyTorch ${torch} (Python ${python}) and tstorch ${tstorch} (Node ${node}),`,
    'with one thread and the kernels that every processor runs.',
    '',
    '| | samples | passed | | the same to the last bit |',
    '|---|---:|---:|---:|---:|',
    ...[
      ['results', all.forward],
      ['gradients', all.gradient],
      ['errors (the class)', all.errors],
    ].map(
      ([name, { total, passed, exact }]) =>
        `| ${name} | ${total} | ${passed} | ${rate({ total, passed })} | ${rate({ total, passed: exact })} |`,
    ),
    '',
    `Of ${results.length} entries ${replayed.length} have samples on the CPU in these dtypes,`,
    `and ${complete.length} pass entirely.`,
    `${skipped} samples are left out: PyTorch itself refuses them, they hold what only Python has (its own classes as`,
    'arguments), they need a GPU (`jiterator`), or they are larger than a test needs.',
    '',
    'A cell gives the samples that pass and those that there are: of the function, and for its first samples of the',
    'method, the method in place, `out=` and other names of the function too. An error passes when its class is the',
    'same; "the same to the last bit" means its message then.',
    '',
    `| operator | ${DTYPES.join(' | ')} | gradients | errors | remarks |`,
    `|---|${'---|'.repeat(DTYPES.length + 3)}`,
  ];
  for (const one of results) {
    const cells = [...DTYPES.map((dtype) => one.dtypes[dtype]), one.gradient, one.errors].map(cell);
    lines.push(`| ${escape(one.name)} | ${cells.join(' | ')} | ${remark(one, exclusions)} |`);
  }
  return `${lines.join('\n')}\n`;
}

function* items(failures) {
  for (const { name, what, reason, samples, dtypes, example } of failures.sort((a, b) => b.samples - a.samples)) {
    yield `- **${name}** ${what}, ${samples} samples (${[...dtypes].join(', ')}): ${reason}`;
    yield `  \`${example.slice(0, 300)}\``;
  }
}

/** The failures of all operators, as a list in Markdown: those that stand for most samples first. */
export function failure_list(results) {
  const all = results.flatMap((one) => [...one.failures.values()].map((failure) => ({ name: one.name, ...failure })));
  const missing = new Map();
  for (const { reason, samples, name } of all.filter((one) => one.missing)) {
    const known = missing.get(reason) ?? { samples: 0, names: new Set() };
    known.samples += samples;
    known.names.add(name);
    missing.set(reason, known);
  }
  const lines = [
    '# Failures other than functions that are not there',
    '',
    ...items(all.filter((one) => !one.passed && !one.missing)),
    '',
    '# Not there',
    '',
    ...[...missing]
      .sort(([, a], [, b]) => b.samples - a.samples)
      .map(([reason, { samples, names }]) => `- ${reason} (${samples} samples; ${[...names].join(', ')})`),
    '',
    '# Passed, with other last digits or another message',
    '',
    ...items(all.filter((one) => one.passed)),
  ];
  return `${lines.join('\n')}\n`;
}
