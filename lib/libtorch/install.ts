/**
 * Puts the CPU build of LibTorch into the user's cache: from pip where it offers one, else from the official archive.
 * CUDA builds are never downloaded: they are gigabytes, and whoever wants one has it as a Python package or unpacked.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { download, network_reason } from './download.ts';
import { Progress } from './progress.ts';
import { cache_dir, open_libtorch, PYTHONS, same_version, type LibTorch } from './search.ts';
import { entry_path, ZipFile } from './unzip.ts';

/** Libraries in a Python package or an archive that only Python or LibTorch's own tests use. */
const NOT_NEEDED = /(_python|shm|_test|backend_with_compiler|aoti_custom_ops)\.|\.(a|pdb)$/;
/** Of the import libraries for Windows, those that the addon links; the rest are large static ones. */
const IMPORT_LIBRARY = /^(c10|torch|torch_cpu)\.lib$/;

/** Where an archive's entry goes below the folder of LibTorch; null when it is not needed. */
function destination(name: string): string | null {
  if (name.endsWith('/')) return null;
  const [top, ...rest] = name.split('/') as [string, ...string[]];
  if (/^torch-.*\.dist-info$/.test(top)) return rest[0] === 'licenses' ? rest.join('/') : null;
  if (top !== 'torch' && top !== 'libtorch') return null;
  const [folder, ...below] = rest as [string, ...string[]];
  if (below.length === 0)
    return /^(build-version|build-hash|version\.py|LICENSE.*|NOTICE.*)$/.test(folder) ? folder : null;
  if (folder === 'include') return rest.join('/');
  if (folder === 'share') return below[0] === 'cmake' ? rest.join('/') : null;
  if (folder !== 'lib' || below.length > 1) return null;
  const file = below[0]!;
  if (file.endsWith('.lib')) return IMPORT_LIBRARY.test(file) ? rest.join('/') : null;
  return NOT_NEEDED.test(file) ? null : rest.join('/');
}

/** Unpacks a wheel or an archive into the cache, all of it or nothing. */
async function unpack(archive: string, version: string, source: string): Promise<LibTorch> {
  const target = join(cache_dir(), `libtorch-${version}-cpu`);
  const partial = `${target}.${process.pid}.partial`;
  const zip = new ZipFile(archive);
  try {
    const wanted = zip.entries.flatMap((entry) => {
      const path = destination(entry.name);
      return path === null ? [] : [{ entry, path }];
    });
    if (wanted.some(({ path }) => /^lib\/(lib)?torch_(cuda|hip|xpu)\./.test(path))) {
      throw new Error(`${basename(archive)} is a build for a GPU`);
    }
    const progress = new Progress(
      'Unpacking LibTorch',
      wanted.reduce((sum, { entry }) => sum + entry.size, 0),
    );
    let done = 0;
    for (const { entry, path } of wanted) {
      await zip.extract(entry, entry_path(partial, path), (count) => progress.update((done += count)));
    }
    progress.done();
    const unpacked = open_libtorch(partial, source);
    if (!unpacked) throw new Error(`${basename(archive)} holds no LibTorch for ${process.platform}-${process.arch}`);
    if (unpacked.version === null || !same_version(unpacked.version, version)) {
      throw new Error(
        `${basename(archive)} holds LibTorch ${unpacked.version ?? 'of an unknown version'}, not ${version}`,
      );
    }
    // Another process may have been faster; what it put there is as good.
    if (!existsSync(target)) renameSync(partial, target);
    return open_libtorch(target, source) as LibTorch;
  } finally {
    zip.close();
    rmSync(partial, { recursive: true, force: true });
  }
}

/** Removes what interrupted processes left half done. */
function sweep_cache(): void {
  const cache = cache_dir();
  for (const name of existsSync(cache) ? readdirSync(cache) : []) {
    const owner = /\.(\d+)\.partial$/.exec(name);
    if (!owner) continue;
    try {
      process.kill(Number(owner[1]), 0);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ESRCH')
        rmSync(join(cache, name), { recursive: true, force: true });
    }
  }
}

function bytes_below(folder: string): number {
  let total = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    try {
      total += entry.isDirectory() ? bytes_below(path) : statSync(path).size;
    } catch {
      // Moved or deleted meanwhile.
    }
  }
  return total;
}

/** Runs pip quietly, showing how much it has downloaded. Gives null when it succeeds, else its last words. */
function run_pip(python: string, arguments_: string[], work: string): Promise<string | null> {
  return new Promise((done) => {
    const child = spawn(python, ['-m', 'pip', ...arguments_], {
      // It downloads into its temporary folder first, so that is what can be watched.
      env: { ...process.env, TMPDIR: work, TEMP: work, TMP: work, PIP_DISABLE_PIP_VERSION_CHECK: '1' },
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    let progress: Progress | null = null;
    const timer = setInterval(() => {
      const bytes = bytes_below(work);
      // A few megabytes are its index pages and metadata.
      if (bytes > 8e6) (progress ??= new Progress('Downloading LibTorch with pip', null)).update(bytes);
    }, 500);
    const finish = (reason: string | null): void => {
      clearInterval(timer);
      progress?.done();
      done(reason);
    };
    child.on('error', (error) => finish(error.message));
    child.on('close', (code) => {
      const last =
        errors
          .trim()
          .split('\n')
          .filter((line) => line.startsWith('ERROR'))
          .pop() ?? errors.trim().split('\n').pop();
      finish(code === 0 ? null : last || `pip ended with ${code}`);
    });
  });
}

/**
 * What to ask pip for. On Linux the untagged wheel is a CUDA build, useless without its further packages, so only the
 * tagged CPU build is asked for by name; elsewhere the untagged one is for the CPU.
 */
function requirements(version: string): string[] {
  if (process.platform === 'darwin') return [`torch==${version}`];
  if (process.platform === 'win32') return [`torch==${version}+cpu`, `torch==${version}`];
  return [`torch==${version}+cpu`];
}

async function from_pip(version: string): Promise<LibTorch> {
  const work = join(cache_dir(), `pip.${process.pid}.partial`);
  mkdirSync(work, { recursive: true });
  try {
    let reason: string | null = 'there is no Python';
    for (const python of PYTHONS) {
      for (const requirement of requirements(version)) {
        const folder = join(work, 'wheel');
        const options = ['--quiet', '--no-deps', '--only-binary=:all:', '--dest', folder];
        reason = await run_pip(python, ['download', ...options, requirement], work);
        if (reason !== null) continue;
        const wheel = readdirSync(folder).find((name) => name.endsWith('.whl'));
        if (wheel) return await unpack(join(folder, wheel), version, 'pip download');
        reason = 'pip downloaded no wheel';
      }
      if (reason !== null && !/ENOENT/.test(reason)) break;
    }
    throw new Error(
      /No matching distribution|Could not find a version/.test(reason ?? '') ? 'it offers no CPU build' : reason!,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const ARCHIVES = 'https://download.pytorch.org/libtorch/cpu';

/** The official archive for this platform; null where none is published. */
function archive_url(version: string): string | null {
  switch (`${process.platform}-${process.arch}`) {
    case 'linux-x64':
      return `${ARCHIVES}/libtorch-shared-with-deps-${version}%2Bcpu.zip`;
    case 'win32-x64':
      return `${ARCHIVES}/libtorch-win-shared-with-deps-${version}%2Bcpu.zip`;
    case 'darwin-arm64':
      return `${ARCHIVES}/libtorch-macos-arm64-${version}.zip`;
    default:
      return null;
  }
}

async function from_archive(location: string, version: string): Promise<LibTorch> {
  if (!/^https?:/.test(location)) {
    return unpack(location.startsWith('file:') ? fileURLToPath(location) : resolve(location), version, 'archive');
  }
  const target = join(cache_dir(), `libtorch-${version}.zip`);
  mkdirSync(cache_dir(), { recursive: true });
  await download(location, target, `Downloading LibTorch ${version}`);
  try {
    return await unpack(target, version, 'download');
  } finally {
    // Complete but unusable: the next attempt has to fetch it again.
    rmSync(target, { force: true });
  }
}

/**
 * Downloads and unpacks LibTorch for the CPU into the user's cache. `TSTORCH_LIBTORCH_URL`, the address or path of an
 * archive or a wheel, takes the place of all other sources.
 * @throws Error, one sentence with the remedies, when no source works
 */
export async function install_libtorch(version: string): Promise<LibTorch> {
  const given = process.env['TSTORCH_LIBTORCH_URL'];
  const url = given || archive_url(version);
  sweep_cache();
  const failures: string[] = [];
  const attempts: [name: string, run: () => Promise<LibTorch>][] = [];
  if (!given) attempts.push(['pip', () => from_pip(version)]);
  if (url) attempts.push([given ? 'TSTORCH_LIBTORCH_URL' : 'the official archive', () => from_archive(url, version)]);
  for (const [name, run] of attempts) {
    try {
      return await run();
    } catch (error) {
      failures.push(`${name}: ${network_reason(error).replace(/\.$/, '')}`);
    }
  }
  throw new Error(
    `LibTorch ${version} could not be obtained (${failures.join('; ')}): set TSTORCH_LIBTORCH to the folder of an ` +
      `unpacked LibTorch or to the torch folder of a Python package, activate a Python that has torch ${version}, or ` +
      `set TSTORCH_LIBTORCH_URL to an archive of it.`,
  );
}
