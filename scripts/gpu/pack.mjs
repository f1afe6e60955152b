/**
 * Packs into `.gpu/` what a machine without a network lacks to run scripts/gpu/run.sh: Node itself, the npm packages
 * that building and testing need, and the compiled TypeScript.
 *
 *     node scripts/gpu/pack.mjs [--node PATH]     the Node binary to take, this one by default
 */
import { mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { build_all } from '../setup/build.mjs';
import { ROOT } from '../setup/paths.mjs';
import { announce, main, run } from '../setup/run.mjs';

const FOLDER = join(ROOT, '.gpu');
/** What building the addon, the tests and the benchmarks use; the rest compiles or checks the package. */
const NEEDED = [
  '@cwasm/jpeg-turbo',
  '@julusian/jpeg-turbo',
  'cmake-js',
  'node-addon-api',
  'node-api-headers',
  'node-gyp-build',
  'vitest',
];

/** The folders of these packages and of all that they depend on, as far as installed. */
function with_dependencies(names) {
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'node_modules/.package-lock.json'), 'utf8'));
  const folders = new Set();
  /** Node looks beside the package that asks, then one level further out, up to the root. */
  function add(name, from) {
    for (let base = from; ; base = base.slice(0, Math.max(base.lastIndexOf('/node_modules/'), 0))) {
      const folder = `${base === '' ? '' : `${base}/`}node_modules/${name}`;
      if (packages[folder] !== undefined) {
        if (folders.has(folder)) return;
        folders.add(folder);
        const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = packages[folder];
        for (const next of Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies })) add(next, folder);
        return;
      }
      if (base === '') return;
    }
  }
  for (const name of names) add(name, '');
  return [...folders].sort();
}

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
  pack('node_modules', ROOT, with_dependencies(NEEDED));
  pack('built', ROOT, ['dist', 'lib/generated', 'build/setup']);
});
