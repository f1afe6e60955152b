/**
 * The set-up's note, in a clone's `build/` folder, of the LibTorch that the addon was built with. With it an ordinary
 * start neither searches nor asks Python.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { open_libtorch, type LibTorch } from './search.ts';

function record_path(package_root: string): string {
  return join(package_root, 'build', 'libtorch.json');
}

/** The recorded LibTorch, if it is still there; its version is read anew, since a Python package may be updated. */
export function recorded_libtorch(package_root: string): LibTorch | null {
  try {
    const { root, source } = JSON.parse(readFileSync(record_path(package_root), 'utf8')) as LibTorch;
    return typeof root === 'string' ? open_libtorch(root, source) : null;
  } catch {
    return null;
  }
}

/** Notes what the addon was built with. */
export function record_libtorch(package_root: string, { root, version, source }: LibTorch): void {
  mkdirSync(join(package_root, 'build'), { recursive: true });
  writeFileSync(record_path(package_root), `${JSON.stringify({ root, version, source }, null, 2)}\n`);
}
