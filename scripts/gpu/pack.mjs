/**
 * Packs into `.gpu/` what a machine without a network lacks to run scripts/gpu/run.sh: Node itself, the npm packages
 * that building and testing need, and the compiled TypeScript.
 *
 *     node scripts/gpu/pack.mjs [--node PATH]     the Node binary to take, this one by default
 */
import { mkdirSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build_all } from '../setup/build.mjs';
import { ROOT } from '../setup/paths.mjs';
import { announce, main, run } from '../setup/run.mjs';

const FOLDER = join(ROOT, '.gpu');
/** Packages that only compiling TypeScript, fonts in pictures or checking the package need. */
const LEFT_OUT = ['@typescript', 'typescript', 'dejavu-fonts-ttf', '@resvg', '@types'];

function pack(name, folder, args) {
  const path = join(FOLDER, `${name}.tar.xz`);
  run('tar', ['-C', folder, '-cJf', path, ...args], `${path} could not be written.`);
  announce(`${path}: ${(statSync(path).size / 2 ** 20).toFixed(1)} MB`);
}

await main(async () => {
  const { values } = parseArgs({ options: { node: { type: 'string', default: process.execPath } } });
  await build_all();
  rmSync(FOLDER, { recursive: true, force: true });
  mkdirSync(FOLDER);
  pack('node', dirname(values.node), ['node']);
  pack('node_modules', ROOT, [...LEFT_OUT.map((name) => `--exclude=node_modules/${name}`), 'node_modules']);
  pack('built', ROOT, ['dist', 'lib/generated', 'build/setup']);
});
