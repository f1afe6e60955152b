/** The set-up of a clone: everything between a checkout and code that runs, each step only when it is due. */
import { obtain_libtorch } from './libtorch.mjs';
import { with_lock } from './lock.mjs';
import { build_native } from './native.mjs';
import { install_packages } from './packages.mjs';
import { SetupError } from './run.mjs';
import { compile_bootstrap, compile_package, generate_code } from './typescript.mjs';

const OLDEST_NODE = [20, 17];

function require_node() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor >= OLDEST_NODE[1])) return;
  throw new SetupError(`tstorch needs Node ${OLDEST_NODE.join('.')} or newer; this is ${process.versions.node}.`);
}

/** Compiles the addon, and what has to come before. Gives the LibTorch that was used. */
async function native_steps() {
  require_node();
  install_packages();
  compile_bootstrap();
  const libtorch = await obtain_libtorch();
  await build_native(libtorch);
  return libtorch;
}

export async function build_addon() {
  await with_lock(native_steps);
}

/** Compiles the package with the addon that is there, however old. */
export async function build_package() {
  await with_lock(async () => {
    require_node();
    install_packages();
    compile_bootstrap();
    generate_code(await obtain_libtorch());
    await compile_package();
  });
}

/**
 * Brings all of the clone up to date.
 * @param further steps to do after it under the same lock; they get the package's checksum
 */
export async function build_all(...further) {
  await with_lock(async () => {
    const libtorch = await native_steps();
    generate_code(libtorch);
    const package_sum = await compile_package();
    for (const step of further) step(package_sum);
  });
}
