/**
 * Where LibTorch may be on this machine, and which version stands there. The package looks here when it is imported,
 * the set-up before it downloads anything; so this file, and all of this folder, needs nothing but Node itself.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

/** What the package's own package.json says, as far as it is asked for. */
export interface Manifest {
  readonly version: string;
  readonly peerDependencies: Readonly<Record<string, string>>;
}

export const MANIFEST = JSON.parse(
  readFileSync(join(package_root(import.meta.dirname), 'package.json'), 'utf8'),
) as Manifest;

/** The package of LibTorch for the CPU; and whose version the set-up obtains and published binaries are built for. */
const [[LIBTORCH_PACKAGE, PINNED_VERSION]] = Object.entries(MANIFEST.peerDependencies) as [[string, string]];
export { LIBTORCH_PACKAGE, PINNED_VERSION };

/** The oldest version that the bridge compiles with. */
export const OLDEST_VERSION = '2.11';

/** A LibTorch on this machine. */
export interface LibTorch {
  /** The folder that holds `lib/` and `include/`. */
  readonly root: string;
  /** As its files tell it, build tag included ('2.13.0+cpu'); null when they don't. */
  readonly version: string | null;
  /** How it was found, in words that fit behind "found by". */
  readonly source: string;
}

/** What the environment variable is called in `LibTorch.source`. */
export const FROM_ENVIRONMENT = 'TSTORCH_LIBTORCH';

const PREFIX = process.platform === 'win32' ? '' : 'lib';
const SUFFIX = process.platform === 'win32' ? '.dll' : process.platform === 'darwin' ? '.dylib' : '.so';

/** The path of one of LibTorch's libraries, `torch_cpu` for instance, by its name on this platform. */
export function library_path(root: string, name: string): string {
  return join(root, 'lib', `${PREFIX}${name}${SUFFIX}`);
}

/** '2.13.0+cpu' → [2, 13, 0]. */
function release(version: string): number[] {
  return version
    .split('+')[0]!
    .split('.')
    .slice(0, 3)
    .map((part) => Number.parseInt(part, 10) || 0);
}

/** Do both belong to one release (major and minor), so that what is compiled for one runs with the other? */
export function same_release(a: string, b: string): boolean {
  const [x, y] = [release(a), release(b)];
  return x[0] === y[0] && x[1] === y[1];
}

/** Is this the very version, whatever build of it? */
export function same_version(a: string, b: string): boolean {
  return release(a).join('.') === release(b).join('.');
}

/** Is `version` at least `oldest`? */
export function at_least(version: string, oldest: string): boolean {
  const [x, y] = [release(version), release(oldest)];
  for (let i = 0; i < 3; i++) {
    const difference = (x[i] ?? 0) - (y[i] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}

/** The version of the LibTorch in a folder: archives, Python packages and headers each write it down elsewhere. */
function version_of(root: string): string | null {
  const archive = read(join(root, 'build-version'))?.trim();
  if (archive) return archive;
  const python = /^__version__\s*=\s*'([^']+)'/m.exec(read(join(root, 'version.py')) ?? '');
  if (python) return python[1]!;
  for (const header of ['headeronly/version.h', 'csrc/api/include/torch/version.h']) {
    const text = read(join(root, 'include', 'torch', header));
    const numbers = ['MAJOR', 'MINOR', 'PATCH'].map((part) =>
      new RegExp(`TORCH_VERSION_${part} (\\d+)`).exec(text ?? ''),
    );
    if (numbers.every((match) => match !== null)) return numbers.map((match) => match[1]).join('.');
  }
  return null;
}

/** The LibTorch in a folder, or null when it holds none for this platform. */
export function open_libtorch(root: string, source: string): LibTorch | null {
  if (!existsSync(library_path(root, 'torch_cpu'))) return null;
  return { root, version: version_of(root), source };
}

/**
 * The LibTorch that `TSTORCH_LIBTORCH` names; null when it is not set.
 * @throws Error when it is set to a folder without one
 */
export function libtorch_from_environment(): LibTorch | null {
  const given = process.env['TSTORCH_LIBTORCH'];
  if (!given) return null;
  const root = resolve(given);
  const found = open_libtorch(root, FROM_ENVIRONMENT);
  if (found) return found;
  const expected = library_path(root, 'torch_cpu');
  throw new Error(
    `TSTORCH_LIBTORCH is set to ${given}, but there is no ${expected}: set it to the folder of an unpacked LibTorch ` +
      `for ${process.platform}-${process.arch} or to the torch folder of a Python package, or unset it.`,
  );
}

/** The folder where downloads are kept, `$TSTORCH_CACHE` or the user's cache. */
export function cache_dir(): string {
  const own = process.env['TSTORCH_CACHE'];
  if (own) return resolve(own);
  if (process.env['XDG_CACHE_HOME']) return join(process.env['XDG_CACHE_HOME'], 'tstorch');
  if (process.platform === 'win32' && process.env['LOCALAPPDATA']) {
    return join(process.env['LOCALAPPDATA'], 'tstorch', 'cache');
  }
  return join(homedir(), '.cache', 'tstorch');
}

function list(dir: string): string[] {
  try {
    return readdirSync(dir).sort();
  } catch {
    return [];
  }
}

/** Platform packages (`@tstorch/libtorch-linux-x64` and its relatives) that the package at `from` can see. */
function* from_packages(from: string): Generator<LibTorch> {
  const folders = createRequire(join(from, 'package.json')).resolve.paths('@tstorch/libtorch') ?? [];
  for (const folder of folders) {
    for (const name of list(join(folder, '@tstorch'))) {
      if (!name.startsWith(`libtorch-${process.platform}-${process.arch}`)) continue;
      const found = open_libtorch(join(folder, '@tstorch', name), `package @tstorch/${name}`);
      if (found) yield found;
    }
  }
}

/** Where a variant of LibTorch, such as 'cpu' or 'cu130', is kept in the cache. */
export function cached_libtorch(version: string, variant: string): string {
  return join(cache_dir(), `libtorch-${version}-${variant}`);
}

/** What was downloaded earlier. */
function* from_cache(): Generator<LibTorch> {
  const cache = cache_dir();
  for (const name of list(cache).filter((entry) => /^libtorch-[\d.]+-\w+$/.test(entry))) {
    const found = open_libtorch(join(cache, name), 'cache');
    if (found) yield found;
  }
}

/** Can it use a GPU? */
export function has_gpu(libtorch: LibTorch): boolean {
  return ['torch_cuda', 'torch_hip', 'torch_xpu'].some((name) => existsSync(library_path(libtorch.root, name)));
}

/** The Python commands to try, best first. */
export const PYTHONS = process.platform === 'win32' ? ['python', 'py'] : ['python3', 'python'];

// Finds the package without importing it, which would take a second; the folder it is started in does not count.
const LOCATE_TORCH = `
import sys, importlib.util
sys.path = [p for p in sys.path if p not in ('', '.')]
spec = importlib.util.find_spec('torch')
print(next(iter(spec.submodule_search_locations)) if spec and spec.submodule_search_locations else '')
`;

/** The torch package of an active environment, else of the Python on the path. */
function* from_python(): Generator<LibTorch> {
  for (const variable of ['VIRTUAL_ENV', 'CONDA_PREFIX']) {
    const prefix = process.env[variable];
    if (!prefix) continue;
    const libraries = [
      join(prefix, 'Lib'),
      ...list(join(prefix, 'lib'))
        .filter((name) => /^python3/.test(name))
        .map((name) => join(prefix, 'lib', name)),
    ];
    for (const library of libraries) {
      const found = open_libtorch(join(library, 'site-packages', 'torch'), `Python of ${variable}`);
      if (found) yield found;
    }
  }
  for (const python of PYTHONS) {
    const result = spawnSync(python, ['-c', LOCATE_TORCH], { encoding: 'utf8', timeout: 20_000, windowsHide: true });
    if (result.status !== 0) continue;
    const root = result.stdout.trim();
    const found = root ? open_libtorch(root, `Python (${python})`) : null;
    if (found) yield found;
    return;
  }
}

/** Every LibTorch that is installed on this machine, in the order in which they are preferred. */
export function* installed_libtorchs(from: string): Generator<LibTorch> {
  const own = [...from_packages(from), ...from_cache()];
  // Builds for a GPU first, since nobody has them by accident.
  yield* own.filter(has_gpu);
  yield* own.filter((libtorch) => !has_gpu(libtorch));
  yield* from_python();
}

/** The folder of the package that the module at `dir` belongs to. */
export function package_root(dir: string): string {
  for (let folder = dir; ; folder = dirname(folder)) {
    // dist/ has one as well, which says no more than that its files are CommonJS.
    if (read(join(folder, 'package.json'))?.includes('"name"')) return folder;
    if (folder === dirname(folder)) return dir;
  }
}
