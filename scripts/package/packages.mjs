/** The packages that are published, as tarballs in build/packages. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { obtain_libtorch } from '../setup/libtorch.mjs';
import { BUILD, ROOT } from '../setup/paths.mjs';
import { announce, SetupError } from '../setup/run.mjs';
import { make_libtorch_package } from './libtorch.mjs';
import { make_prebuilds } from './prebuild.mjs';

const FOLDER = join(BUILD, 'packages');

/** Packs a folder; gives its tarball and the number of bytes in it, packed and unpacked. */
function pack(folder) {
  const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', FOLDER];
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) throw new SetupError(`npm could not pack ${folder}: ${stderr}`);
  const report = JSON.parse(stdout);
  const [{ name, version, filename, size, unpackedSize, files }] = Array.isArray(report) ? report : Object.values(report);
  const file = join(FOLDER, filename.replace('@', '').replace('/', '-'));
  return { name, version, file, size, unpacked: unpackedSize, files: files.map(({ path }) => path) };
}

/** Packs a folder that changes rarely and takes long, unless it was packed since its checksum changed. */
function pack_once({ folder, sum }) {
  const note = `${folder}.json`;
  if (existsSync(note)) {
    const packed = JSON.parse(readFileSync(note, 'utf8'));
    if (packed.sum === sum && existsSync(packed.file)) return packed;
  }
  announce('Packing LibTorch');
  const packed = { ...pack(folder), sum };
  writeFileSync(note, JSON.stringify(packed));
  return packed;
}

/** Packs tstorch as it was built last, and the LibTorch that it was built with. */
export async function make_packages() {
  mkdirSync(FOLDER, { recursive: true });
  const libtorch = await obtain_libtorch();
  make_prebuilds();
  return [pack(ROOT), pack_once(make_libtorch_package(libtorch))];
}
