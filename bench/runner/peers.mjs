/** Measures tstorch beside what TypeScript has today, each in a process of its own, in turns. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from '../../scripts/setup/paths.mjs';
import { announce, run, SetupError } from '../../scripts/setup/run.mjs';
import { first_match } from '../groups.mjs';
import { progress } from './progress.mjs';
import { compare } from './statistics.mjs';
import { peer_worker, tstorch_worker } from './worker.mjs';

const FOLDER = join(BUILD, 'bench-peers');
const PEERS = { tfjs: '@tensorflow/tfjs@4.22.0', js_pytorch: 'js-pytorch@0.7.2' };

/** Where they are installed, null where they cannot be had; no script of theirs runs. */
function install() {
  const manifest = join(FOLDER, 'package.json');
  if (Object.values(PEERS).every((spec) => existsSync(join(FOLDER, 'node_modules', spec.slice(0, spec.lastIndexOf('@')))))) {
    return manifest;
  }
  announce(`Installing ${Object.values(PEERS).join(' and ')} in ${FOLDER}`);
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(manifest, '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', '--prefix', FOLDER];
  try {
    run('npm', [...args, ...Object.values(PEERS)], 'The packages could not be installed.');
  } catch (error) {
    if (error instanceof SetupError) return null;
    throw error;
  }
  return manifest;
}

export async function measure_peers({ group, options }) {
  const manifest = install();
  if (manifest === null) return { rows: [], note: 'Not measured: the packages could not be installed.' };
  const env = { TSTORCH_BENCH_PEERS: manifest };
  const own = tstorch_worker();
  const rows = [];
  try {
    await own.ask({ action: 'load', group: 'peers' });
    for (const peer of Object.keys(PEERS)) {
      const other = peer_worker(peer, env);
      try {
        for (const name of (await other.ask({ action: 'load' })).cases) {
          if (!name.includes(options.only)) continue;
          const { iterations = null, rounds = options.rounds } = first_match(group.settings, `${name} ${peer}`) ?? {};
          progress(`peers: ${name}, ${peer}`);
          const times = { sample: 20, warm_up: 250, threads: options.threads };
          await own.ask({ action: 'prepare', name, iterations: null, ...times });
          await other.ask({ action: 'prepare', name, iterations, ...times });
          const samples = [[], []];
          for (let round = 0; round < Math.min(rounds, options.rounds); round++) {
            for (const side of round % 2 === 0 ? [0, 1] : [1, 0]) {
              const worker = [own, other][side];
              samples[side].push((await worker.ask({ action: 'time', name, threads: options.threads })).nanoseconds);
            }
          }
          const shown = `${name}, beside ${PEERS[peer]}`;
          rows.push({ name: shown, target: first_match(group.targets, name), threads: options.threads, ...compare(...samples) });
        }
      } finally {
        other.close();
      }
    }
  } finally {
    progress('');
    own.close();
  }
  return { rows, other: 'the other', note: null };
}
