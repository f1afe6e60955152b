/** Where the package's programs are: what it runs in a process or a thread of its own (scripts/setup/bundle.mjs lists them). */
import { join } from 'node:path';
import { package_root } from './libtorch/search.ts';

/** The file of a program, named by its path below lib/ without `.ts`. */
export function program_path(name: string): string {
  return join(package_root(import.meta.dirname), 'dist', `${name}.js`);
}
