/**
 * Replays every sample of one of PyTorch's data bases through the package, and writes docs/operators.md or modules.md:
 *
 *     node scripts/conformance/run.mjs                 all operators
 *     node scripts/conformance/run.mjs modules         all modules
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
import { DATABASES } from './databases.mjs';
import { find_python } from './python.mjs';
import { replay_all } from './replay.mjs';
import { failure_list, rate } from './report.mjs';

const REPLAY = join(BUILD, 'conformance', 'replay');

function compiled(name) {
  return import(pathToFileURL(join(REPLAY, `${name}.js`)).href);
}

async function pinned_version() {
  const { PINNED_VERSION } = await import(pathToFileURL(join(BUILD, 'setup', 'libtorch', 'search.js')).href);
  return PINNED_VERSION;
}

await main(async () => {
  const { values: given, positionals } = parseArgs({
    options: { replay: { type: 'boolean' }, only: { type: 'string' }, failures: { type: 'string' } },
    allowPositionals: true,
  });
  const [name = 'operators'] = positionals;
  const database = DATABASES[name];
  if (database === undefined) {
    throw new SetupError(`There is no data base ${name}: give one of ${Object.keys(DATABASES).join(', ')}.`);
  }
  await build_all(compile_conformance);
  const python = find_python(await pinned_version());
  const { samples } = database;
  const index = join(samples, 'index.json');
  if (!given.replay || !existsSync(index)) {
    announce(`Writing samples with PyTorch ${python.torch}`);
    const script = join(ROOT, 'scripts', 'conformance', database.script);
    run(python.command, [script, '--full', samples], 'The samples could not be written: see above.');
  }
  const { files } = JSON.parse(readFileSync(index, 'utf8'));
  const chosen = files.filter((file) => given.only === undefined || file.includes(given.only));
  if (chosen.length === 0) throw new SetupError(`No name contains ${given.only}.`);

  announce(`Replaying ${chosen.length} ${name}`);
  const { read_bundle } = await compiled('bundle');
  const results = new Map();
  let current = { file: '' };
  await replay_all(samples, chosen, (file, number, outcome) => {
    if (current.file !== file) {
      const [entry] = read_bundle(join(samples, file)).ops;
      current = { file, entry };
      results.set(file, new database.Results(entry.name, entry.skipped));
    }
    results.get(file).add(current.entry.samples[number], outcome);
  });
  for (const file of chosen) {
    if (results.has(file)) continue;
    const [entry] = read_bundle(join(samples, file)).ops;
    results.set(file, new database.Results(entry.name, entry.skipped));
  }
  const list = chosen.map((file) => results.get(file));

  const totals = Object.entries(database.totals(list));
  for (const [what, counts] of totals) {
    const { total, passed, exact } = counts;
    const rates = `${rate(counts)}; ${rate({ total, passed: exact })} to the last bit`;
    console.log(`${what}: ${passed} of ${total} samples pass (${rates})`);
  }
  if (given.failures !== undefined) writeFileSync(given.failures, failure_list(list));
  if (given.only !== undefined) {
    console.log(failure_list(list));
    const [[, { total, passed }]] = totals;
    return passed === total ? 0 : 1;
  }
  const exclusions = (await compiled('exclusions'))[database.exclusions];
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const versions = {
    date: new Date().toISOString().slice(0, 10),
    torch: python.torch,
    python: python.python,
    tstorch: version,
    node: process.versions.node,
  };
  mkdirSync(dirname(database.page), { recursive: true });
  writeFileSync(database.page, database.report(list, exclusions, versions));
  announce(`Wrote ${database.page}`);
  return 0;
});
