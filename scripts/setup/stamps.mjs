/**
 * Remembers what each step of the set-up last worked on, as a checksum of its inputs' contents, so that a step runs
 * again when they change and only then. File times are not asked: a checkout renews them all.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { BUILD, ROOT } from './paths.mjs';

const FOLDER = join(BUILD, 'stamps');

/** All files at or below `path`, sorted; none when it does not exist. */
export function files_below(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => files_below(join(path, name)));
}

/**
 * The checksum of files, folders and plain words.
 * @param paths files and folders in the clone; a missing one counts as such
 * @param words anything else that the step depends on
 */
export function checksum(paths, words = []) {
  const hash = createHash('sha256');
  for (const path of paths) {
    const files = files_below(path);
    if (files.length === 0) hash.update(`missing ${relative(ROOT, path)}\0`);
    for (const file of files)
      hash
        .update(`${relative(ROOT, file)}\0`)
        .update(readFileSync(file))
        .update('\0');
  }
  for (const word of words) hash.update(`${word}\0`);
  return hash.digest('hex');
}

/** Did the step last finish with this very checksum, and is what it made still there? */
export function is_done(step, sum, outputs = []) {
  const path = join(FOLDER, step);
  return existsSync(path) && readFileSync(path, 'utf8') === sum && outputs.every((output) => existsSync(output));
}

export function mark_done(step, sum) {
  mkdirSync(FOLDER, { recursive: true });
  writeFileSync(join(FOLDER, step), sum);
}

/** To be called before a step changes its outputs, so that a failure half-way does not look like success. */
export function mark_begun(step) {
  rmSync(join(FOLDER, step), { force: true });
}
