/** NVIDIA's driver on this machine, which is there or not whatever LibTorch can use. */
import { spawnSync } from 'node:child_process';

/** The GPUs as the driver names them, with its version; empty without a driver. */
export function nvidia_gpus(): string[] {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const { status, stdout } = spawnSync('nvidia-smi', query, { encoding: 'utf8', timeout: 20_000, windowsHide: true });
  return status === 0 ? stdout.trim().split('\n') : [];
}
