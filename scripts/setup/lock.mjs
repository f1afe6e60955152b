/** Lets one set-up at a time work in a clone: two builds at once would write the same files. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BUILD } from './paths.mjs';
import { announce } from './run.mjs';

const LOCK = join(BUILD, 'lock');

function is_alive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function owner() {
  try {
    return Number(readFileSync(LOCK, 'utf8'));
  } catch {
    return null;
  }
}

/** Runs `action` while no other process does; waits for one that does. A lock whose owner has died is taken over. */
export async function with_lock(action) {
  mkdirSync(BUILD, { recursive: true });
  for (let waited = false; ; waited = true) {
    try {
      writeFileSync(LOCK, String(process.pid), { flag: 'wx' });
      break;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const pid = owner();
    if (pid !== null && !is_alive(pid)) {
      rmSync(LOCK, { force: true });
      continue;
    }
    if (!waited) announce(`Waiting for the build that process ${pid} runs here`);
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const release = () => rmSync(LOCK, { force: true });
  process.on('exit', release);
  try {
    return await action();
  } finally {
    process.off('exit', release);
    release();
  }
}
