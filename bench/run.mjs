/**
 * `npm run bench`: tstorch beside Python's PyTorch on the same machine, in the same minutes. See bench/README.md.
 */
import { build_all } from '../scripts/setup/build.mjs';
import { main, SetupError } from '../scripts/setup/run.mjs';
import { GROUPS } from './groups.mjs';
import { HELP, read_options } from './runner/options.mjs';
import { machine } from './runner/machine.mjs';
import { find_python } from './runner/python.mjs';
import { rewrite_page, save_json, save_results } from './runner/results.mjs';
import { format_group } from './runner/table.mjs';
import { libtorch_version } from './runner/worker.mjs';

await main(async () => {
  const options = read_options(process.argv.slice(2));
  if (options.help) {
    process.stdout.write(HELP);
    return;
  }
  if (options.page !== null) {
    process.stdout.write(`wrote ${rewrite_page(options.page)}\n`);
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

  let failures = 0;
  for (const name of options.groups) {
    const group = GROUPS[name];
    const start = performance.now();
    let measured;
    try {
      measured = await group.measure({ name, group, python, options });
    } catch (error) {
      // The other groups' figures are minutes of work.
      failures++;
      measured = { rows: [], note: `Failed: ${error.message}` };
    }
    const seconds = Math.round((performance.now() - start) / 1e3);
    results.groups[name] = { title: group.title, seconds, ...measured };
    process.stdout.write(`\n${format_group(results.groups[name])}\n`);
    if (options.json !== null) save_json(options.json, results);
  }
  if (failures > 0) throw new SetupError(`${failures} group(s) could not be measured; nothing was kept in bench/results.`);

  // A part of the groups, or fewer rounds than usual, would replace better figures.
  if (options.complete) process.stdout.write(`\nkept in ${save_results(results)}\n`);
});
