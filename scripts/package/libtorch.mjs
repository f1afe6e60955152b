/**
 * Makes an npm package of a LibTorch: its libraries as far as they are needed at run time, without the symbols that only
 * debuggers read, and its licences.
 */
import { copyFileSync, cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD, ROOT } from '../setup/paths.mjs';
import { announce, SetupError } from '../setup/run.mjs';
import { checksum, is_done, mark_begun, mark_done } from '../setup/stamps.mjs';
import { binutils } from './prebuild.mjs';

/** What the addon opens. Libraries for a GPU are not for npm: they are gigabytes. */
const OPENED = ['libc10.so', 'libtorch_cpu.so'];

/** The libraries of a folder that `names` need, themselves included. */
function needed(folder, names) {
  const found = new Set();
  const add = (name) => {
    if (found.has(name) || !existsSync(join(folder, name))) return;
    found.add(name);
    for (const [, next] of binutils('objdump', '-p', join(folder, name)).matchAll(/NEEDED\s+(\S+)/g)) add(next);
  };
  names.forEach(add);
  return [...found];
}

function manifest(name, version) {
  const { repository } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  return {
    name,
    version,
    description: `LibTorch ${version} for the CPU, what tstorch needs of it on Linux on x86-64`,
    keywords: ['libtorch', 'pytorch', 'tstorch'],
    license: 'SEE LICENSE IN LICENSE',
    repository,
    os: ['linux'],
    cpu: ['x64'],
    libc: ['glibc'],
    files: ['lib', 'licenses', 'build-version'],
  };
}

const readme = (name, version) => `# ${name}

The libraries of PyTorch ${version} for C++ (LibTorch), CPU build, as tstorch loads them at run time:

    npm install tstorch ${name}@${version}

They are PyTorch's own binaries; symbols that only debuggers read are stripped. PyTorch's licence is in LICENSE, those
of the libraries in it under licenses/. libgomp, GCC's OpenMP runtime, is under GPL 3 with the GCC Runtime Library
Exception.
`;

/**
 * Makes the package of `libtorch`, which `obtain_libtorch` gave, unless it is there. Gives its folder and the checksum of what
 * it was made of.
 * @throws SetupError for a LibTorch that is no CPU build for Linux
 */
export function make_libtorch_package(libtorch) {
  if (process.platform !== 'linux') throw new SetupError('Packages of LibTorch are made for Linux alone so far.');
  const lib = join(libtorch.root, 'lib');
  if (existsSync(join(lib, 'libtorch_cuda.so'))) throw new SetupError(`${libtorch.root} is a build for a GPU.`);
  const [version] = libtorch.version.split('+');
  const platform = `linux-${process.arch}-cpu`;
  const folder = join(BUILD, 'packages', `libtorch-${platform}`);
  const sum = checksum([import.meta.filename, join(ROOT, 'package.json')], [libtorch.identity]);
  if (is_done('libtorch_package', sum, [folder])) return { folder, sum };
  announce(`Making a package of LibTorch ${libtorch.version}`);
  mark_begun('libtorch_package');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'lib'), { recursive: true });
  for (const name of needed(lib, OPENED)) {
    copyFileSync(join(lib, name), join(folder, 'lib', name));
    binutils('strip', '--strip-unneeded', join(folder, 'lib', name));
  }
  copy_licences(libtorch.root, folder);
  const name = `@tstorch/libtorch-${platform}`;
  writeFileSync(join(folder, 'build-version'), `${libtorch.version}\n`);
  writeFileSync(join(folder, 'README.md'), readme(name, version));
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest(name, version), null, 2)}\n`);
  mark_done('libtorch_package', sum);
  return { folder, sum };
}

/** An unpacked wheel has all licences in one folder; where another LibTorch keeps them depends on who packed it. */
function copy_licences(root, folder) {
  const places = [join(root, 'licenses'), root];
  const parent = join(root, '..');
  for (const name of readdirSync(parent)) {
    if (/^torch-.*\.dist-info$/.test(name)) places.unshift(join(parent, name, 'licenses'), join(parent, name));
  }
  const place = places.find((candidate) => existsSync(join(candidate, 'LICENSE')));
  if (place === undefined) throw new SetupError(`${root} has no LICENSE, without which it may not be passed on.`);
  copyFileSync(join(place, 'LICENSE'), join(folder, 'LICENSE'));
  for (const name of ['NOTICE', 'third_party']) {
    if (existsSync(join(place, name))) cpSync(join(place, name), join(folder, 'licenses', name), { recursive: true });
  }
}
