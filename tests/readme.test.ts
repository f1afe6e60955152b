/** The README's example runs, and prints what its Python original prints. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');

test("the README's example", () => {
  const code = /```ts\n(.*?)```/s.exec(readFileSync(join(ROOT, 'README.md'), 'utf8'))![1]!;
  const folder = join(ROOT, 'build', 'tests');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'readme.mjs');
  writeFileSync(file, code);
  const { stdout, stderr } = spawnSync(process.execPath, [file], { encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(stdout).toBe('tensor([[0.7790]], grad_fn=<AddmmBackward0>)\n');
});
