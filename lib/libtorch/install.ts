/**
 * Puts a build of LibTorch into the user's cache: from pip where it offers one, else from the official archive. Builds
 * for CUDA are gigabytes, and are downloaded for those alone who ask for them.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { download, network_reason } from './download.ts';
import { Progress } from './progress.ts';
import { cache_dir, cached_libtorch, has_gpu, open_libtorch, PYTHONS, same_version, type LibTorch } from './search.ts';
import { require_space } from './space.ts';
import { entry_path, ZipFile } from './unzip.ts';

/** Libraries in a Python package or an archive that only Python or LibTorch's own tests use. */
const NOT_NEEDED = /(_python|shm|_test|backend_with_compiler|aoti_custom_ops)\.|\.(a|pdb)$/;
/** Of the import libraries for Windows, those that the addon links; the rest are large static ones. */
const IMPORT_LIBRARY = /^(c10|torch|torch_cpu)\.lib$/;

/** Where an archive's entry goes below the folder of LibTorch; null when it is not needed. */
function destination(name: string): string | null {
  if (name.endsWith('/')) return null;
  const [top, ...rest] = name.split('/') as [string, ...string[]];
  // Packages of CUDA's libraries; LibTorch looks for them beside its own first.
  if (top === 'nvidia') return /^[^/]+\/lib\/[^/]+\.so[.\d]*$/.test(rest.join('/')) ? `lib/${rest[2]}` : null;
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

/** The build that is wanted. */
interface Wanted {
  /** '2.13.0' */
  readonly version: string;
  /** 'cpu', or a version of CUDA as PyTorch names it: 'cu130'. */
  readonly variant: string;
}

/** What is wrong with an unpacked LibTorch; null when nothing is. */
function misfit(unpacked: LibTorch | null, { version, variant }: Wanted): string | null {
  if (!unpacked) return `no LibTorch for ${process.platform}-${process.arch}`;
  if (variant === 'cpu' && has_gpu(unpacked)) return 'a build for a GPU';
  if (variant !== 'cpu' && !has_gpu(unpacked)) return 'a build for the CPU';
  if (unpacked.version === null || !same_version(unpacked.version, version)) {
    return `LibTorch ${unpacked.version ?? 'of an unknown version'}, not ${version}`;
  }
  const tag = unpacked.version.split('+')[1];
  return tag?.startsWith('cu') && tag !== variant ? `a build for ${tag}, not ${variant}` : null;
}

/** Unpacks archives or wheels that make one LibTorch into the cache, all of it or nothing. */
async function unpack(archives: string[], wanted: Wanted, source: string): Promise<LibTorch> {
  const target = cached_libtorch(wanted.version, wanted.variant);
  const partial = `${target}.${process.pid}.partial`;
  const zips: ZipFile[] = [];
  try {
    for (const archive of archives) zips.push(new ZipFile(archive));
    const files = zips.flatMap((zip) =>
      zip.entries.flatMap((entry) => {
        const path = destination(entry.name);
        return path === null ? [] : [{ zip, entry, path }];
      }),
    );
    const size = files.reduce((sum, { entry }) => sum + entry.size, 0);
    mkdirSync(partial, { recursive: true });
    require_space(partial, size);
    const progress = new Progress('Unpacking LibTorch', size);
    let done = 0;
    for (const { zip, entry, path } of files) {
      await zip.extract(entry, entry_path(partial, path), (count) => progress.update((done += count)));
    }
    progress.done();
    const wrong = misfit(open_libtorch(partial, source), wanted);
    if (wrong !== null) throw new Error(`${archives.map((archive) => basename(archive)).join(', ')} holds ${wrong}`);
    // Another process may have been faster; what it put there is as good.
    if (!existsSync(target)) renameSync(partial, target);
    return open_libtorch(target, source) as LibTorch;
  } finally {
    for (const zip of zips) zip.close();
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
function requirements({ version, variant }: Wanted): string[] {
  // Untagged and nothing else: two signs of equality would take a CPU build as well.
  if (variant !== 'cpu') return [`torch==${version}+${variant}`, `torch===${version}`];
  if (process.platform === 'darwin') return [`torch==${version}`];
  if (process.platform === 'win32') return [`torch==${version}+cpu`, `torch==${version}`];
  return [`torch==${version}+cpu`];
}

async function from_pip(wanted: Wanted): Promise<LibTorch> {
  const work = join(cache_dir(), `pip.${process.pid}.partial`);
  mkdirSync(work, { recursive: true });
  try {
    let reason: string | null = 'there is no Python';
    for (const python of PYTHONS) {
      for (const requirement of requirements(wanted)) {
        const folder = join(work, 'wheel');
        const alone = wanted.variant === 'cpu' ? ['--no-deps'] : [];
        const options = ['--quiet', ...alone, '--only-binary=:all:', '--dest', folder];
        reason = await run_pip(python, ['download', ...options, requirement], work);
        if (reason !== null) continue;
        const wheels = readdirSync(folder).filter((name) => /^(torch|nvidia_.*)-.*\.whl$/.test(name));
        if (wheels.length > 0) return await unpack(wheels.map((name) => join(folder, name)), wanted, 'pip download');
        reason = 'pip downloaded no wheel';
      }
      if (reason !== null && !/ENOENT/.test(reason)) break;
    }
    throw new Error(
      /No matching distribution|Could not find a version/.test(reason ?? '') ? `it offers no build for ${wanted.variant}` : reason!,
    );
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

const ARCHIVES = 'https://download.pytorch.org/libtorch';

/** The official archive for this platform; null where none is published. */
function archive_url({ version, variant }: Wanted): string | null {
  const folder = `${ARCHIVES}/${variant}`;
  switch (`${process.platform}-${process.arch}`) {
    case 'linux-x64':
      return `${folder}/libtorch-shared-with-deps-${version}%2B${variant}.zip`;
    case 'win32-x64':
      return `${folder}/libtorch-win-shared-with-deps-${version}%2B${variant}.zip`;
    case 'darwin-arm64':
      return variant === 'cpu' ? `${folder}/libtorch-macos-arm64-${version}.zip` : null;
    default:
      return null;
  }
}

/** The checksum that an address ends with, as pip's do (`#sha256=…`), and the address without it. */
function split_checksum(location: string): [location: string, sha256: string | null] {
  const match = /^(.*)#sha256=([0-9a-f]{64})$/i.exec(location);
  return match ? [match[1]!, match[2]!.toLowerCase()] : [location, null];
}

async function check_sum(file: string, expected: string | null): Promise<void> {
  if (expected === null) return;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  const found = hash.digest('hex');
  if (found !== expected) throw new Error(`${basename(file)} is damaged: its SHA-256 is ${found}, not ${expected}`);
}

async function from_archive(address: string, wanted: Wanted): Promise<LibTorch> {
  const [location, sha256] = split_checksum(address);
  if (!/^https?:/.test(location)) {
    const file = location.startsWith('file:') ? fileURLToPath(location) : resolve(location);
    await check_sum(file, sha256);
    return unpack([file], wanted, 'archive');
  }
  const target = join(cache_dir(), `libtorch-${wanted.version}-${wanted.variant}.zip`);
  mkdirSync(cache_dir(), { recursive: true });
  await download(location, target, `Downloading LibTorch ${wanted.version} (${wanted.variant})`);
  try {
    await check_sum(target, sha256);
    return await unpack([target], wanted, 'download');
  } finally {
    // Complete but unusable: the next attempt has to fetch it again.
    rmSync(target, { force: true });
  }
}

/** Which build to install, and where from. */
export interface InstallOptions {
  /** 'cpu', or a version of CUDA as PyTorch names it: 'cu130'. */
  readonly variant?: string;
  /** 'pip', or the address or path of an archive or a wheel, `#sha256=…` behind it if it is to be checked. */
  readonly from?: string;
}

/**
 * Downloads and unpacks LibTorch into the user's cache. Where it comes from is tried in turn, unless `from` or
 * `TSTORCH_LIBTORCH_URL`, the address or path of an archive or a wheel, says it.
 * @throws Error, one sentence with the remedies, when no source works
 */
export async function install_libtorch(version: string, options: InstallOptions = {}): Promise<LibTorch> {
  const wanted: Wanted = { version, variant: options.variant ?? 'cpu' };
  const variable = process.env['TSTORCH_LIBTORCH_URL'];
  const given = options.from ?? variable;
  sweep_cache();
  const failures: string[] = [];
  const attempts: [name: string, run: () => Promise<LibTorch>][] = [];
  // A build for CUDA is one archive there, several gigabytes of packages with pip.
  const official = archive_url(wanted);
  if (given === 'pip' || (!given && wanted.variant === 'cpu')) attempts.push(['pip', () => from_pip(wanted)]);
  if (given && given !== 'pip') {
    attempts.push([options.from ? given : 'TSTORCH_LIBTORCH_URL', () => from_archive(given, wanted)]);
  } else if (!given && official) attempts.push(['the official archive', () => from_archive(official, wanted)]);
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
