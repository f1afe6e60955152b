/** Compiles the addons with cmake-js. */
import { copyFileSync, existsSync, rmSync } from 'node:fs';
import { availableParallelism, totalmem } from 'node:os';
import { basename, join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { record } from './libtorch.mjs';
import { ADDON, BUILD, LIBJPEG, LOADER, ROOT } from './paths.mjs';
import { announce, run_node, SetupError } from './run.mjs';
import { checksum, is_done, mark_begun, mark_done } from './stamps.mjs';

const CMAKE_JS = join(ROOT, 'node_modules', 'cmake-js', 'bin', 'cmake-js');

/** A file that includes LibTorch's headers takes the compiler up to 2 GB. */
function jobs() {
  return Math.max(1, Math.min(availableParallelism(), Math.floor(totalmem() / 2 ** 31)));
}

function require_tools() {
  if (spawnSync('cmake', ['--version'], { stdio: 'ignore' }).status !== 0) {
    throw new SetupError('cmake is needed to build tstorch and was not found: install cmake 3.18 or newer.');
  }
}

function configure(libtorch) {
  const args = ['configure', '--log-level', 'warn', `--CDTSTORCH_LIBTORCH=${libtorch.root}`];
  const failure = 'CMake could not configure the build: see its message above.';
  try {
    run_node(CMAKE_JS, args, failure);
  } catch (error) {
    // Its cache may be of another generator or of a clone that was moved; a fresh one tells.
    if (!existsSync(join(BUILD, 'CMakeCache.txt'))) throw error;
    announce('Starting the build afresh');
    rmSync(join(BUILD, 'CMakeCache.txt'), { force: true });
    rmSync(join(BUILD, 'CMakeFiles'), { recursive: true, force: true });
    run_node(CMAKE_JS, args, failure);
  }
}

/**
 * Puts a libjpeg-turbo with vector instructions beside the addon, on the platforms that its package has one for; images
 * are decoded by a slower build of it elsewhere.
 */
function provide_libjpeg() {
  const musl = process.platform === 'linux' && process.report.getReport().header.glibcVersionRuntime === undefined;
  const platform = `${process.platform}-${process.arch}${musl ? '-musl' : ''}`;
  const folder = join(ROOT, 'node_modules', '@julusian', 'jpeg-turbo', 'prebuilds', `jpeg-turbo-${platform}`);
  const library = join(folder, basename(LIBJPEG));
  if (existsSync(library)) copyFileSync(library, LIBJPEG);
}

/** Builds the loader and the bridge against `libtorch`, unless they are. */
export async function build_native(libtorch) {
  const inputs = ['native', 'CMakeLists.txt', 'package-lock.json'].map((name) => join(ROOT, name));
  const sum = checksum(inputs, [libtorch.identity, process.platform, process.arch]);
  if (is_done('native', sum, [ADDON, LOADER, join(BUILD, 'libtorch.json')])) return;
  require_tools();
  announce(`Compiling the addon for LibTorch ${libtorch.version} (a minute or two the first time)`);
  mark_begun('native');
  configure(libtorch);
  run_node(
    CMAKE_JS,
    ['build', '--log-level', 'warn', '--parallel', String(jobs())],
    "The addon could not be compiled: see the compiler's message above.",
  );
  provide_libjpeg();
  await record(libtorch);
  mark_done('native', sum);
}
