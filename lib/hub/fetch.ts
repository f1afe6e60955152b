/** Fetches a file and waits for it: in a process of its own, since nothing in JavaScript can wait for the network. */
import { spawnSync } from 'node:child_process';
import { RuntimeError } from '../errors.ts';
import { program_path } from '../programs.ts';

/**
 * Runs the program beside this one that fetches, and waits for it.
 * @param url where the file is
 * @param target the file to write
 * @param progress show how far it has come, on the error stream?
 * @throws RuntimeError if it cannot be had
 */
export function fetch_file(url: string, target: string, progress = true): void {
  const program = program_path('hub/fetch_file');
  const result = spawnSync(process.execPath, [program, url, target, progress ? 'progress' : 'quiet'], {
    // The last line on standard output says what went wrong; progress goes to our own error stream.
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    // Node's own switch to go through the proxy that the environment names.
    env: { ...process.env, NODE_USE_ENV_PROXY: '1', NODE_NO_WARNINGS: '1' },
  });
  if (result.error !== undefined) throw new RuntimeError(`download could not be started: ${result.error.message}`);
  if (result.status !== 0) {
    throw new RuntimeError(result.stdout.trim() || `download ended with status ${result.status}`);
  }
}
