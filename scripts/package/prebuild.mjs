/**
 * Puts the addons where an installed package has them: prebuilds/PLATFORM-ARCH, laid out and named as prebuildify does,
 * so that node-gyp-build finds them.
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { ADDON, LIBJPEG, LOADER, ROOT } from '../setup/paths.mjs';
import { announce, SetupError } from '../setup/run.mjs';

/** The newest versions of the system's libraries that may be asked for: those that LibTorch itself needs. */
const NEWEST = { GLIBC: [2, 28], GLIBCXX: [3, 4, 22], CXXABI: [1, 3, 11] };

/** Runs one of the compiler's companions; gives what it prints. */
export function binutils(command, ...args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new SetupError(`${command} ${args.join(' ')} failed: ${error?.message ?? stderr}`);
  return stdout;
}

/** Is version `a` newer than `b`? Both are lists of numbers. */
function is_newer(a, b) {
  const at = b.findIndex((part, i) => part !== (a[i] ?? 0));
  return at >= 0 ? (a[at] ?? 0) > b[at] : a.length > b.length;
}

/** Refuses a binary that asks for newer system libraries than its users have to have. */
function check_portability(file) {
  for (const [, library, version] of binutils('objdump', '-T', file).matchAll(/\b(GLIBC|GLIBCXX|CXXABI)_([\d.]+)/g)) {
    if (is_newer(version.split('.').map(Number), NEWEST[library])) {
      throw new SetupError(`${file} needs ${library}_${version}, newer than what LibTorch needs: see native/glibc.cc.`);
    }
  }
}

/** Fills prebuilds/ with what was built. */
export function make_prebuilds() {
  const folder = join(ROOT, 'prebuilds', `${process.platform}-${process.arch}`);
  announce(`Filling ${folder}`);
  rmSync(folder, { recursive: true, force: true });
  const tag = process.platform === 'linux' ? '.glibc' : '';
  const files = [
    [ADDON, join(folder, `tstorch${tag}.node`)],
    [LOADER, join(folder, 'loader', 'tstorch_loader.node')],
  ];
  if (existsSync(LIBJPEG)) {
    files.push([LIBJPEG, join(folder, basename(LIBJPEG))]);
    mkdirSync(folder, { recursive: true });
    copyFileSync(join(import.meta.dirname, 'libjpeg_turbo_licence.txt'), join(folder, 'libturbojpeg.LICENSE.txt'));
  }
  for (const [built, target] of files) {
    mkdirSync(dirname(target), { recursive: true });
    copyFileSync(built, target);
    if (process.platform !== 'linux') continue;
    binutils('strip', '--strip-unneeded', target);
    check_portability(target);
  }
}
