/**
 * Brings LibTorch and the addon into the process. LibTorch is found and checked first and opened by a small addon that
 * does not depend on it, so that whatever is missing or does not fit is one sentence that says what to do about it.
 */
import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { recorded_libtorch } from './libtorch/record.ts';
import {
  installed_libtorchs,
  libtorch_from_environment,
  library_path,
  package_root,
  same_release,
  LIBTORCH_PACKAGE,
  PINNED_VERSION,
  type LibTorch,
} from './libtorch/search.ts';

/** native/loader/loader.cc */
interface NativeLoader {
  readonly built_for: string;
  load(
    required: string[],
    optional: string[],
  ): {
    version: string | null;
    failed: { library: string; reason: string }[];
  };
}

/** The LibTorch that this process runs with. */
export interface LoadedLibTorch extends LibTorch {
  /** Libraries for a GPU that are there but could not be opened, and why. The CPU works without them. */
  readonly failed: readonly { readonly library: string; readonly reason: string }[];
}

const require = createRequire(import.meta.url);
const root = package_root(import.meta.dirname);
const platform = `${process.platform}-${process.arch}`;

let addon: unknown;
let libtorch: LoadedLibTorch | null = null;

/** Is this a clone, where things can be built, or an installed package? */
function in_clone(): boolean {
  return existsSync(join(root, 'CMakeLists.txt'));
}

function reason_of(error: unknown): string {
  return error instanceof Error ? error.message.split('\n')[0]! : String(error);
}

/** Finds the addon's file: `build/Release` in a clone, `prebuilds` in a package. */
function find_addon(): string {
  try {
    return (require('node-gyp-build') as { resolve(dir: string): string }).resolve(root);
  } catch (error) {
    // Its own error lists what it looked for over several lines; any other is a fault in the installation.
    if (!/No native build/.test(reason_of(error))) throw error;
    throw new Error(
      in_clone()
        ? `tstorch has not been built in ${root}: run \`npm run build\` there.`
        : `This package of tstorch has no binary for ${platform}: clone its repository and run \`npm run build\` in it.`,
    );
  }
}

function open_addon(path: string): unknown {
  try {
    return require(path);
  } catch (error) {
    throw new Error(
      `tstorch's addon ${path} cannot be loaded on ${platform} with Node ${process.versions.node} ` +
        `(${reason_of(error)}): ${in_clone() ? 'run `npm run build:native`' : 'reinstall tstorch on this machine'}.`,
    );
  }
}

/** The remedies that end every sentence about a LibTorch that is missing. */
function remedies(version: string): string {
  const python = `install it into the active Python with \`pip install torch==${version}\``;
  const variable = 'set TSTORCH_LIBTORCH to a folder that has it';
  if (in_clone()) return `run \`npm run build\` in ${root}, ${python}, or ${variable}`;
  const npm = `run \`npm install ${LIBTORCH_PACKAGE}@${version}\` or \`npx tstorch install\``;
  return `${npm}, ${python}, or ${variable}`;
}

/** The LibTorch to run an addon with that was built for `built_for`. */
function find_libtorch(built_for: string): LibTorch {
  const release = built_for.split('.').slice(0, 2).join('.');
  const chosen = libtorch_from_environment();
  if (chosen) {
    if (chosen.version === null || same_release(chosen.version, built_for)) return chosen;
    throw new Error(
      `TSTORCH_LIBTORCH is set to ${chosen.root}, which holds LibTorch ${chosen.version}, but this build of tstorch ` +
        `needs LibTorch ${release}: set it to a folder that has that version, or ` +
        `${in_clone() ? 'run `npm run build` to build for this one' : 'unset it'}.`,
    );
  }
  const others = new Set<string>();
  const fits = (candidate: LibTorch): boolean => {
    if (candidate.version !== null && same_release(candidate.version, built_for)) return true;
    others.add(`${candidate.version ?? 'an unknown version'} in ${candidate.root}`);
    return false;
  };
  const recorded = recorded_libtorch(root);
  if (recorded && fits(recorded)) return recorded;
  for (const candidate of installed_libtorchs(root)) if (fits(candidate)) return candidate;
  const found = others.size > 0 ? ` (there is ${[...others].join(', ')})` : '';
  const wanted = same_release(built_for, PINNED_VERSION) ? PINNED_VERSION : built_for;
  throw new Error(`tstorch needs LibTorch ${release} and found none${found}: ${remedies(wanted)}.`);
}

function load_libtorch(loader: NativeLoader): LoadedLibTorch {
  const found = find_libtorch(loader.built_for);
  const required = ['c10', 'torch_cpu'].map((name) => library_path(found.root, name));
  // With these in the process, their devices register themselves; the addon never names them.
  const optional = ['c10_cuda', 'torch_cuda', 'c10_hip', 'torch_hip', 'c10_xpu', 'torch_xpu']
    .map((name) => library_path(found.root, name))
    .filter((path) => existsSync(path));
  let loaded;
  try {
    loaded = loader.load(required, optional);
  } catch (error) {
    throw new Error(
      `LibTorch in ${found.root} (found by ${found.source}) cannot be loaded on ${platform} (${reason_of(error)}): ` +
        `${remedies(loader.built_for)}.`,
    );
  }
  // What the files said may be wrong, and in a worker the process may have loaded another one before.
  if (loaded.version !== null && !same_release(loaded.version, loader.built_for)) {
    throw new Error(
      `The LibTorch loaded from ${found.root} is version ${loaded.version}, but this build of tstorch needs ` +
        `${loader.built_for}: ${remedies(loader.built_for)}.`,
    );
  }
  return { ...found, version: found.version ?? loaded.version, failed: loaded.failed };
}

/**
 * The addon's exports, with LibTorch loaded before it. Every environment of a process (worker threads) calls this for
 * itself; LibTorch is opened once for all of them.
 * @throws Error when LibTorch is missing, has another version, or either is for another platform
 */
export function load_addon(): unknown {
  if (addon === undefined) {
    const path = find_addon();
    const loader = open_addon(join(dirname(path), 'loader', 'tstorch_loader.node')) as NativeLoader;
    libtorch = load_libtorch(loader);
    addon = open_addon(path);
  }
  return addon;
}

/** The path of another library that is built, or shipped, in the folder of the addon. */
export function beside_addon(name: string): string {
  return join(dirname(find_addon()), name);
}

/** The LibTorch that `load_addon` has loaded; null before it has. */
export function loaded_libtorch(): LoadedLibTorch | null {
  return libtorch;
}
