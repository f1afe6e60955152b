/**
 * Puts the package's JavaScript together: one file for each path that can be imported, and shared ones in
 * dist/chunks. Node opens a few dozen files several times as fast as hundreds, which is a good part of the time that
 * an import takes.
 */
import { rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { DIST, ROOT } from './paths.mjs';
import { files_below } from './stamps.mjs';

const LIB = join(ROOT, 'lib');

/** Besides every index.ts: what runs in a process or thread of its own, and what the set-up's tests look into. */
const OTHER_ENTRIES = [
  'loader.ts',
  'ops.ts',
  'libtorch/install.ts',
  'hub/fetch_file.ts',
  'utils/data/_utils/worker_main.ts',
];

/** The inputs of the bundle by the name of what comes out. */
function entries() {
  const indexes = files_below(LIB)
    .map((file) => relative(LIB, file))
    .filter((file) => /(^|\/)index\.ts$/.test(file));
  return Object.fromEntries([...indexes, ...OTHER_ENTRIES].map((file) => [file.slice(0, -'.ts'.length), join(LIB, file)]));
}

export async function bundle_package() {
  const { rolldown } = await import('rolldown');
  for (const file of files_below(DIST)) if (/\.js(\.map)?$/.test(file)) rmSync(file);
  const bundle = await rolldown({
    input: entries(),
    platform: 'node',
    // What is not part of the package is looked up where it is installed.
    external: (name) => !/^[./]/.test(name),
    // Modules that add methods to a class are imported for that alone.
    treeshake: false,
    preserveEntrySignatures: 'exports-only',
    tsconfig: false,
  });
  await bundle.write({
    dir: DIST,
    format: 'esm',
    // Errors and reprs show the names of classes and functions.
    keepNames: true,
    chunkFileNames: 'chunks/[name]-[hash].js',
  });
  await bundle.close();
}
