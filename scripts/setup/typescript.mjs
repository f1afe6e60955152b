/** The steps that tsc does: the set-up's own part of lib/, the package, its tests and examples. */
import { existsSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { ADDON, BOOTSTRAP, BUILD, DIST, ROOT } from './paths.mjs';
import { bundle_package } from './bundle.mjs';
import { announce, run_node } from './run.mjs';
import { checksum, files_below, is_done, mark_begun, mark_done } from './stamps.mjs';

const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
const SETTINGS = ['tsconfig.json', 'package-lock.json'].map((name) => join(ROOT, name));

function tsc(project, failure, options = []) {
  run_node(TSC, ['-p', join(ROOT, project), ...options], failure);
}

/** Compiles what the set-up needs of lib/, the search for LibTorch and the loader, to build/setup. */
export function compile_bootstrap() {
  const inputs = ['lib/libtorch', 'lib/loader.ts', 'scripts/setup/tsconfig.json'].map((name) => join(ROOT, name));
  const sum = checksum([...inputs, ...SETTINGS]);
  if (is_done('bootstrap', sum, [BOOTSTRAP])) return;
  mark_begun('bootstrap');
  tsc('scripts/setup/tsconfig.json', "The set-up's own part of lib/ does not compile: see above.");
  mark_done('bootstrap', sum);
}

/** Writes lib/generated from the operators that LibTorch reports; the addon asks it. */
export function generate_code(libtorch) {
  const script = join(ROOT, 'scripts', 'codegen', 'main.mjs');
  // Methods that tensor.ts defines itself are left out of the generated ones.
  const inputs = [join(ROOT, 'scripts', 'codegen'), join(ROOT, 'lib', 'tensor.ts'), ADDON];
  const sum = checksum(inputs, [libtorch.identity]);
  if (!existsSync(script) || !existsSync(ADDON) || is_done('codegen', sum, [join(ROOT, 'lib', 'generated')])) return;
  announce("Generating the operators' types");
  mark_begun('codegen');
  run_node(script, [], "The operators' types could not be generated: see above.", { TSTORCH_LIBTORCH: libtorch.root });
  mark_done('codegen', sum);
}

/** Deletes declarations whose source is gone, so that nothing goes on importing them. */
function prune_declarations() {
  for (const file of files_below(DIST)) {
    if (!file.endsWith('.d.ts')) continue;
    const source = relative(DIST, file).replace(/\.d\.ts$/, '.ts');
    if (!existsSync(join(ROOT, 'lib', source))) rmSync(file);
  }
}

/** Compiles lib/ to dist/: declarations by tsc, JavaScript by the bundler. Gives the checksum of what it was made of. */
export async function compile_package() {
  const sum = checksum([join(ROOT, 'lib'), join(ROOT, 'scripts', 'setup', 'bundle.mjs'), ...SETTINGS]);
  if (is_done('package', sum, [join(DIST, 'index.js')])) return sum;
  announce('Compiling TypeScript');
  mark_begun('package');
  tsc('tsconfig.json', 'lib/ has type errors: see above.', ['--emitDeclarationOnly']);
  prune_declarations();
  await bundle_package();
  mark_done('package', sum);
  return sum;
}

/** Checks the tests' types against the compiled package. */
export function check_tests(package_sum) {
  const sum = checksum([join(ROOT, 'tests'), join(ROOT, 'vitest.config.ts'), ...SETTINGS], [package_sum]);
  if (is_done('tests', sum)) return;
  announce("Checking the tests' types");
  tsc('tests/tsconfig.json', 'The tests have type errors: see above.');
  mark_done('tests', sum);
}

/** Compiles examples/ to build/examples. */
export function compile_examples(package_sum) {
  const sum = checksum([join(ROOT, 'examples'), ...SETTINGS], [package_sum]);
  const output = join(BUILD, 'examples');
  if (is_done('examples', sum, [output])) return;
  announce('Compiling the examples');
  mark_begun('examples');
  tsc('examples/tsconfig.json', 'The examples have type errors: see above.');
  mark_done('examples', sum);
}

/** Compiles what replays the conformance samples, a part of the tests, to build/conformance/replay. */
export function compile_conformance(package_sum) {
  const folder = join(ROOT, 'tests', 'conformance');
  const sources = files_below(folder).filter((path) => /\.(ts|json)$/.test(path));
  const sum = checksum([...sources, ...SETTINGS], [package_sum]);
  const output = join(BUILD, 'conformance', 'replay');
  if (is_done('conformance', sum, [output])) return;
  mark_begun('conformance');
  tsc('tests/conformance/tsconfig.json', 'tests/conformance has type errors: see above.');
  mark_done('conformance', sum);
}
