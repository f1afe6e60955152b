/** `npx tstorch doctor`: looks whether tstorch works here. */
import { installed_libtorchs, LIBTORCH_PACKAGE, MANIFEST, package_root, PINNED_VERSION } from '../libtorch/search.ts';
import { load_addon, loaded_libtorch } from '../loader.ts';
import { nvidia_gpus } from './gpu.ts';

const CUDA = 'npx tstorch install --cuda cu130';

function say(what: string, text: string): void {
  process.stdout.write(`${what.padEnd(10)} ${text}\n`);
}

/** Says what is wrong and the command that mends it. Gives the exit status. */
function complain(wrong: string, mend: string): number {
  say('wrong', wrong);
  say('mend', mend);
  return 1;
}

/** @returns the exit status: 1 when something is wrong */
export async function doctor(): Promise<number> {
  const platform = `${process.platform}-${process.arch}`;
  say('tstorch', `${MANIFEST.version} in ${package_root(import.meta.dirname)}`);
  say('Node', `${process.versions.node} on ${platform}`);
  const gpus = nvidia_gpus();
  say('GPU', gpus.length > 0 ? gpus.join('; ') : 'none with a driver from NVIDIA');
  for (const { version, root, source } of installed_libtorchs(package_root(import.meta.dirname))) {
    say('there is', `LibTorch ${version ?? 'of an unknown version'} in ${root} (${source})`);
  }
  try {
    load_addon();
  } catch (error) {
    const npm = `npm install ${LIBTORCH_PACKAGE}@${PINNED_VERSION}`;
    const { message } = error as Error;
    if (message.startsWith('TSTORCH_LIBTORCH')) return complain(message, 'unset TSTORCH_LIBTORCH');
    if (/no binary for|addon .* cannot be loaded/.test(message)) return complain(message, 'npm install tstorch@latest');
    return complain(message, gpus.length > 0 ? CUDA : npm);
  }
  const { version, root, failed } = loaded_libtorch()!;
  say('loaded', `LibTorch ${version} from ${root}`);
  for (const { library, reason } of failed) say('failed', `${library}: ${reason}`);
  const torch = await import('../torch.ts');
  const sum = torch.ones(2, 2).matmul(torch.ones(2, 2)).sum().item();
  say('CPU', `works, ${torch.get_num_threads()} threads`);
  if (sum !== 8) return complain(`A product of matrices is wrong: its sum is ${sum}, not 8.`, 'npx tstorch env');
  if (gpus.length === 0) return 0;
  if (torch.cuda.is_available()) {
    say('CUDA', `works, ${torch.cuda.device_count()} devices`);
    return 0;
  }
  return complain('There is an NVIDIA GPU, but this LibTorch cannot use it.', CUDA);
}
