/** `npx tstorch install`: puts LibTorch where the loader finds it. */
import { parseArgs } from 'node:util';
import { install_libtorch } from '../libtorch/install.ts';
import { cached_libtorch, open_libtorch, PINNED_VERSION } from '../libtorch/search.ts';

/**
 * @param args see `npx tstorch --help`
 * @returns the exit status
 * @throws Error, one sentence, for arguments that make no sense and when LibTorch cannot be had
 */
export async function install(args: string[]): Promise<number> {
  const { values } = parseArgs({
    args,
    options: { cpu: { type: 'boolean' }, cuda: { type: 'string' }, from: { type: 'string' } },
  });
  const { cpu, cuda, from } = values;
  if (cpu && cuda !== undefined) throw new Error('Of --cpu and --cuda only one can be installed at a time.');
  if (cuda !== undefined && !/^cu\d+$/.test(cuda)) {
    throw new Error(`--cuda takes a version of CUDA as PyTorch names it, cu130 for CUDA 13.0, not ${cuda}.`);
  }
  const variant = cuda ?? 'cpu';
  const there = open_libtorch(cached_libtorch(PINNED_VERSION, variant), 'cache');
  if (there && from === undefined) {
    process.stdout.write(`LibTorch ${there.version} is already in ${there.root}.\n`);
    return 0;
  }
  const { root, version } = await install_libtorch(PINNED_VERSION, { variant, from });
  process.stdout.write(`LibTorch ${version} is in ${root}.\n`);
  return 0;
}
