/**
 * The images of FashionMNIST, for the quickstart and for the tests that use them. The data set downloads them itself;
 * this is for machines that cannot reach its servers, where Debian's own package of the images may still be had.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { announce } from './run.mjs';
import { is_done, mark_done } from './stamps.mjs';

const PACKAGE = 'dataset-fashion-mnist';
/** Where the package puts them. */
const DEBIAN_FOLDER = '/usr/share/datasets/fashion-mnist';
/** Where the examples and the tests keep data sets, as torchvision lays them out. */
const OWN_FOLDER = join(ROOT, 'data', 'FashionMNIST', 'raw');
const FILE = 'train-images-idx3-ubyte';
const SERVER = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/train-labels-idx1-ubyte.gz';

function have_images() {
  return [OWN_FOLDER, DEBIAN_FOLDER].some((dir) => [FILE, `${FILE}.gz`].some((name) => existsSync(join(dir, name))));
}

async function can_download() {
  try {
    return (await fetch(SERVER, { method: 'HEAD', signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

function apt_get(...args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-qq', ...args], { env, stdio: ['ignore', 'ignore', 'ignore'] }).status === 0;
}

/**
 * Installs Debian's package when the images are nowhere and cannot be downloaded, if this is Debian and we are root.
 * Never fails: whoever needs the images says what to do where they are missing. Tries once a day.
 */
export async function provide_fashion_mnist() {
  if (have_images()) return;
  const today = new Date().toISOString().slice(0, 10);
  if (is_done('fashion_mnist', today)) return;
  mark_done('fashion_mnist', today);
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return;
  if (await can_download()) return;
  announce(`Installing Debian's package ${PACKAGE}, since the images of FashionMNIST cannot be downloaded here`);
  const install = () => apt_get('install', '-y', '--no-install-recommends', PACKAGE);
  if (!install() && !(apt_get('update') && install())) announce(`${PACKAGE} could not be installed`);
}
