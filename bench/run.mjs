/**
 * `npm run bench`: tstorch beside Python's PyTorch on the same machine, in the same minutes. See bench/README.md.
 */
import { build_all } from '../scripts/setup/build.mjs';
import { main } from '../scripts/setup/run.mjs';
import { GROUPS } from './groups.mjs';
import { HELP, read_options } from './runner/options.mjs';
import { machine } from './runner/machine.mjs';
import { find_python } from './runner/python.mjs';
import { save_json, save_results } from './runner/results.mjs';
import { format_group } from './runner/table.mjs';
import { libtorch_version } from './runner/worker.mjs';

await main(async () => {
  const options = read_options(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  if (options.build) await build_all();

  const version = await libtorch_version();
  const needs_python = options.groups.some((name) => GROUPS[name].python !== false);
  const python = needs_python ? find_python(version) : null;
  const results = { ...machine(), libtorch: version, threads: options.threads, groups: {} };
  process.stdout.write(
    `${results.cpu}, ${results.cores} cores, Node ${results.node}, LibTorch ${version}, ${options.threads} thread(s)\n`,
  );

  for (const name of options.groups) {
    const group = GROUPS[name];
    results.groups[name] = { title: group.title, ...(await group.measure({ name, group, python, options })) };
    process.stdout.write(`\n${format_group(results.groups[name])}\n`);
  }

  if (options.json !== null) save_json(options.json, results);
  // A part of the groups, or fewer rounds than usual, would replace better figures.
  if (options.complete) process.stdout.write(`\nkept in ${save_results(results)}\n`);
});
