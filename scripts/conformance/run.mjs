/**
 * Replays every sample of PyTorch's data base of operators through the package, and writes docs/operators.md:
 *
 *     node scripts/conformance/run.mjs                 all of it
 *     node scripts/conformance/run.mjs --replay        with the samples that an earlier run wrote
 *     node scripts/conformance/run.mjs --only linalg   names that contain this; prints failures, writes no page
 *     node scripts/conformance/run.mjs --failures FILE writes the list of failures as well
 *
 * Needs a Python with PyTorch 2.13, named by TSTORCH_PYTHON or found on the path.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { pathToFileURL } from 'node:url';
import { build_all } from '../setup/build.mjs';
import { BUILD, ROOT } from '../setup/paths.mjs';
import { announce, main, run, SetupError } from '../setup/run.mjs';
import { compile_conformance } from '../setup/typescript.mjs';
import { find_python } from './python.mjs';
import { replay_all } from './replay.mjs';
import { failure_list, rate, report } from './report.mjs';
import { OperatorResults, totals } from './results.mjs';

const SAMPLES = join(BUILD, 'conformance', 'op_db');
const REPLAY = join(BUILD, 'conformance', 'replay');
const PAGE = join(ROOT, 'docs', 'operators.md');

function compiled(name) {
  return import(pathToFileURL(join(REPLAY, `${name}.js`)).href);
}

async function pinned_version() {
  const { PINNED_VERSION } = await import(pathToFileURL(join(BUILD, 'setup', 'libtorch', 'search.js')).href);
  return PINNED_VERSION;
}

await main(async () => {
  const { values: given } = parseArgs({
    options: { replay: { type: 'boolean' }, only: { type: 'string' }, failures: { type: 'string' } },
  });
  await build_all(compile_conformance);
  const python = find_python(await pinned_version());
  const index = join(SAMPLES, 'index.json');
  if (!given.replay || !existsSync(index)) {
    announce(`Writing samples with PyTorch ${python.torch}`);
    const script = join(ROOT, 'scripts', 'conformance', 'op_db.py');
    run(python.command, [script, '--full', SAMPLES], 'The samples could not be written: see above.');
  }
  const { files } = JSON.parse(readFileSync(index, 'utf8'));
  const chosen = files.filter((file) => given.only === undefined || file.includes(given.only));
  if (chosen.length === 0) throw new SetupError(`No operator's name contains ${given.only}.`);

  announce(`Replaying ${chosen.length} operators`);
  const { read_bundle } = await compiled('bundle');
  const results = new Map();
  let current = { file: '' };
  await replay_all(SAMPLES, chosen, (file, number, outcome) => {
    if (current.file !== file) {
      const [operator] = read_bundle(join(SAMPLES, file)).ops;
      current = { file, operator };
      results.set(file, new OperatorResults(operator.name, operator.skipped));
    }
    results.get(file).add(current.operator.samples[number], outcome);
  });
  for (const file of chosen) {
    if (results.has(file)) continue;
    const [operator] = read_bundle(join(SAMPLES, file)).ops;
    results.set(file, new OperatorResults(operator.name, operator.skipped));
  }
  const list = chosen.map((file) => results.get(file));

  const { forward, gradient, errors } = totals(list);
  for (const [name, counts] of Object.entries({ results: forward, gradients: gradient, errors })) {
    const { total, passed, exact } = counts;
    const rates = `${rate(counts)}; ${rate({ total, passed: exact })} to the last bit`;
    console.log(`${name}: ${passed} of ${total} samples pass (${rates})`);
  }
  if (given.failures !== undefined) writeFileSync(given.failures, failure_list(list));
  if (given.only !== undefined) {
    console.log(failure_list(list));
    return forward.passed === forward.total ? 0 : 1;
  }
  const { EXCLUSIONS } = await compiled('exclusions');
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const versions = {
    date: new Date().toISOString().slice(0, 10),
    torch: python.torch,
    python: python.python,
    tstorch: version,
    node: process.versions.node,
  };
  mkdirSync(dirname(PAGE), { recursive: true });
  writeFileSync(PAGE, report(list, EXCLUSIONS, versions));
  announce(`Wrote ${PAGE}`);
  return 0;
});
