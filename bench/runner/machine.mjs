/** What the figures depend on besides the code. */
import { availableParallelism, cpus, totalmem } from 'node:os';
import { readFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../scripts/setup/paths.mjs';

function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' }).stdout?.trim() ?? '';
  const revision = git('rev-parse', '--short', 'HEAD');
  if (revision === '') return null;
  return git('status', '--porcelain', 'lib', 'native') === '' ? revision : `${revision} and changes`;
}

export function machine() {
  return {
    date: new Date().toISOString().slice(0, 10),
    version: JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).version,
    commit: commit(),
    platform: `${process.platform}-${process.arch}`,
    cpu: cpus()[0]?.model.trim() ?? 'unknown processor',
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    node: process.versions.node,
  };
}
