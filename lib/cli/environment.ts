/** `npx tstorch env`: what a report of a bug needs. */
import { cpus, release, totalmem } from 'node:os';
import { MANIFEST } from '../libtorch/search.ts';
import { load_addon, loaded_libtorch } from '../loader.ts';
import { nvidia_gpus } from './gpu.ts';

/** Variables that change how tstorch or LibTorch works. */
const VARIABLES = /^(TSTORCH_|PYTORCH_|CUDA_|OMP_|MKL_|ATEN_|KMP_|NODE_OPTIONS$|LD_LIBRARY_PATH$|LD_PRELOAD$)/;

function libtorch(): string {
  try {
    load_addon();
    const { version, root, source, failed } = loaded_libtorch()!;
    return [`${version} in ${root} (${source})`, ...failed.map(({ reason }) => reason)].join('\n  ');
  } catch (error) {
    return (error as Error).message;
  }
}

/** One line for each thing. */
export function describe_environment(): string {
  const { glibcVersionRuntime: glibc } = (process.report.getReport() as { header: { glibcVersionRuntime?: string } })
    .header;
  const variables = Object.entries(process.env).filter(([name]) => VARIABLES.test(name));
  const lines = {
    tstorch: MANIFEST.version,
    LibTorch: libtorch(),
    Node: process.versions.node,
    system: `${process.platform}-${process.arch} ${release()}${glibc ? `, glibc ${glibc}` : ''}`,
    processor: `${cpus()[0]?.model ?? 'unknown'}, ${cpus().length} threads`,
    memory: `${(totalmem() / 1e9).toFixed(0)} GB`,
    GPU: nvidia_gpus().join('; ') || 'none',
    variables: variables.map(([name, value]) => `${name}=${value}`).join(' ') || 'none',
  };
  return Object.entries(lines)
    .map(([name, value]) => `${name}: ${value}\n`)
    .join('');
}
