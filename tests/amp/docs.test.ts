/** The examples of docs/mixed_precision.md run, and print what stands below them, which is what Python prints. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(ROOT, 'docs', 'mixed_precision.md'), 'utf8');
const examples = [...text.matchAll(/```ts\n(.*?)```\s+```text\n(.*?)```/gs)].map(([, code, output]) => [code!, output!] as const);

test('there are two', () => {
  expect(examples.length).toBe(2);
});

test.each(examples.map((one, i) => [i + 1, ...one] as const))('example %i', (number, code, output) => {
  const folder = join(ROOT, 'build', 'tests');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `mixed_precision_${number}.mjs`);
  writeFileSync(file, code);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe(output);
});
