import { homedir } from 'node:os';

/** A path with `~` spelt out. */
export function expand_user(path: string): string {
  return path === '~' || path.startsWith('~/') ? homedir() + path.slice(1) : path;
}
