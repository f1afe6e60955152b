/** Runs a script of tests/processes in a process of its own: what may crash, exit or use much memory. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** The two ways in which the addon learns that JavaScript has dropped a tensor; both have to do. */
export const HANDLE_MODES = ['finalizers', 'weak'] as const;
export type HandleMode = (typeof HANDLE_MODES)[number];

export interface Finished extends Pick<SpawnSyncReturns<string>, 'status' | 'signal' | 'stdout' | 'stderr'> {
  /** The last line of the output, read as JSON. */
  readonly report: unknown;
}

export interface RunOptions {
  handles?: HandleMode;
  args?: readonly (string | number)[];
  /** The most memory that the process may reserve, in KB (only where there is a shell with `ulimit -v`). */
  address_space?: number;
}

export function run_script(name: string, { handles, args = [], address_space }: RunOptions = {}): Finished {
  const script = fileURLToPath(new URL(`processes/${name}.mjs`, import.meta.url));
  const command = [process.execPath, script, ...args.map(String)];
  const limited =
    address_space === undefined ? command : ['sh', '-c', `ulimit -v ${address_space}; exec "$0" "$@"`, ...command];
  const { status, signal, stdout, stderr } = spawnSync(limited[0]!, limited.slice(1), {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    env: { ...process.env, OMP_NUM_THREADS: '1', ...(handles && { TSTORCH_HANDLES: handles }) },
  });
  return {
    status,
    signal,
    stdout,
    stderr,
    get report(): unknown {
      return JSON.parse(stdout.trim().split('\n').at(-1)!) as unknown;
    },
  };
}
