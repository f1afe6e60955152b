/** Which device the groups for GPUs use. */
import { spawnSync } from 'node:child_process';
import { ROOT } from '../../scripts/setup/paths.mjs';

const PROGRAM = "import torch from 'tstorch'; process.exit(torch.cuda.is_available() ? 0 : 1)";

/** The environment of the processes; null, and why, where there is no GPU. `TSTORCH_BENCH_DEVICE=cpu` tries the cases. */
export function provide_cuda() {
  if (process.env.TSTORCH_BENCH_DEVICE === 'cpu') return { env: {}, note: 'A try on the CPU, with small models.' };
  const { status } = spawnSync(process.execPath, ['--input-type=module', '-e', PROGRAM], { cwd: ROOT, stdio: 'ignore' });
  if (status !== 0) return { env: null, note: 'Not measured: there is no GPU that can be used.' };
  return { env: { TSTORCH_BENCH_DEVICE: 'cuda' }, note: null };
}
