/**
 * Prints what Python's `torch` and `torch.Tensor` have and ours have not:
 *
 *   python scripts/conformance/surface.py | node scripts/conformance/surface.mjs
 *
 * Names in docs/surface.md, in backquotes at the start of a table's row, are left out on purpose.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../..');
const { default: torch, Tensor } = await import('../../dist/index.mjs');

const python = JSON.parse(readFileSync(0, 'utf8'));
const documented = readFileSync(resolve(ROOT, 'docs/surface.md'), 'utf8');
const excluded = new Set();
for (const row of documented.matchAll(/^\| (`[^|]*`) \|/gm)) {
  for (const [, name] of row[1].matchAll(/`([^`]+)`/g)) excluded.add(name);
}

let missing = 0;
for (const [owner, has, prefix] of [
  ['torch', (name) => name in torch, ''],
  ['Tensor', (name) => Reflect.has(Tensor.prototype, name) || Object.hasOwn(Tensor, name), 'Tensor.'],
]) {
  const gaps = {};
  const stale = [];
  for (const [name, kind] of Object.entries(python[owner])) {
    const left_out = excluded.has(prefix + name);
    if (has(name)) {
      if (left_out) stale.push(name);
    } else if (!left_out) {
      (gaps[kind] ??= []).push(name);
      missing++;
    }
  }
  console.log(`${owner}: ${Object.keys(python[owner]).length} names in Python`);
  for (const [kind, names] of Object.entries(gaps)) console.log(`  ${kind} missing (${names.length}): ${names.join(' ')}`);
  if (stale.length > 0) console.log(`  listed as left out, but there: ${stale.join(' ')}`);
}
process.exitCode = missing > 0 ? 1 : 0;
