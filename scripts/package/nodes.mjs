/** Binaries of other versions of Node, from the npm packages that hold them, in build/nodes. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from '../setup/paths.mjs';
import { announce, run } from '../setup/run.mjs';

const PACKAGE = `node-${process.platform}-${process.arch}`;

/** The path of the newest Node of a major version; the running one if it is of that version. */
export function provide_node(major) {
  if (process.versions.node.startsWith(`${major}.`)) return process.execPath;
  const folder = join(BUILD, 'nodes', String(major));
  const node = join(folder, 'node_modules', PACKAGE, 'bin', 'node');
  if (existsSync(node)) return node;
  announce(`Obtaining Node ${major}`);
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', `${PACKAGE}@${major}`];
  run('npm', args, `Node ${major} could not be obtained from npm.`);
  return node;
}
