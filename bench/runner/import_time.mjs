/** How long a fresh process takes that imports the package and ends, in turns with one that imports Python's torch. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { ROOT } from '../../scripts/setup/paths.mjs';
import { first_match } from '../groups.mjs';
import { progress } from './progress.mjs';
import { compare } from './statistics.mjs';

function nanoseconds_of(command, args) {
  const start = performance.now();
  const { status, stderr, error } = spawnSync(command, args, { cwd: ROOT, stdio: ['ignore', 'ignore', 'pipe'] });
  const elapsed = performance.now() - start;
  if (status !== 0) throw new Error(error?.message ?? String(stderr).trim());
  return elapsed * 1e6;
}

export function measure_import({ name: group_name, group, python, options }) {
  const name = 'import';
  const sides = [
    [process.execPath, [join(ROOT, 'bench', 'programs', 'import.mjs')]],
    [python, ['-c', 'import torch']],
  ];
  const samples = [[], []];
  // The first round is only for the files to be in memory: how fast the disk is does not matter here.
  for (let round = -1; round < options.rounds; round++) {
    progress(`${group_name}: round ${round + 1} of ${options.rounds}`);
    for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
      const time = nanoseconds_of(...sides[side]);
      if (round >= 0) samples[side].push(time);
    }
  }
  progress('');
  const target = first_match(group.targets, name);
  return { rows: [{ name, target, ...compare(...samples) }], note: null };
}
