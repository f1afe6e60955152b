/** Child processes of the set-up, and what it says while it works. */
import { spawnSync } from 'node:child_process';
import { ROOT } from './paths.mjs';

/** Ends the set-up with one sentence and no stack. */
export class SetupError extends Error {}

/** Tells what is being done now. */
export function announce(text) {
  process.stderr.write(`› ${text}\n`);
}

/**
 * Runs a command in the clone with its output passed through.
 * @param failure the sentence to end with when it fails
 */
export function run(command, args, failure, env = {}) {
  const result = spawnSync(command, args, {
    cwd: ROOT,
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, ...env },
    // On Windows npm and its relatives are scripts, which only a shell runs.
    shell: process.platform === 'win32' && command !== process.execPath,
  });
  if (result.error) throw new SetupError(`${failure} (${result.error.message})`);
  if (result.status !== 0) throw new SetupError(failure);
}

/** Runs one of this clone's scripts, or a package's, with the running Node. */
export function run_node(script, args, failure, env = {}) {
  run(process.execPath, [script, ...args], failure, env);
}

/** Runs a script's main function; an expected failure is printed as one sentence. */
export async function main(action) {
  try {
    process.exitCode = (await action()) ?? 0;
  } catch (error) {
    const expected = error instanceof SetupError || error?.constructor === Error;
    process.stderr.write(`${expected ? `error: ${error.message}` : error.stack}\n`);
    process.exitCode = 1;
  }
}
