/**
 * Prints what Python's `torch` and `torch.Tensor` have and ours have not, and the same of the modules in surface.py with
 * the members of their classes and the arguments of their functions:
 *
 *   python scripts/conformance/surface.py | node scripts/conformance/surface.mjs
 *
 * Names in docs/surface.md, in backquotes at the start of a table's row, are left out on purpose; with a dot before it, a
 * name is left out of whatever class it is in.
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

/** The parameters of a function or a constructor, as the error for a name that it does not know lists them. */
function parameters_of(value, kind) {
  const kwargs = { no_such_parameter: 1 };
  try {
    kind === 'class' ? new value(kwargs) : value(kwargs);
  } catch (error) {
    return /valid ones are: (.*)$/.exec(String(error.message))?.[1].split(', ') ?? null;
  }
  return null;
}

const is_tensor_class = (value) => value.prototype instanceof Tensor;
process.removeAllListeners('warning');
for (const [path, contents] of Object.entries(python.modules)) {
  const module = path.split('.').reduce((value, name) => value?.[name], torch) ?? {};
  const gaps = [];
  for (const [name, { kind, takes, members }] of Object.entries(contents)) {
    if (excluded.has(`${path}.${name}`)) continue;
    const value = module[name];
    if (value === undefined) {
      gaps.push(name);
      continue;
    }
    if (typeof value !== 'function') continue;
    const own = parameters_of(value, kind);
    for (const parameter of own === null ? [] : (takes ?? [])) {
      if (!own.includes(parameter)) gaps.push(`${name}(${parameter})`);
    }
    // What a tensor has is listed above.
    if (is_tensor_class(value)) continue;
    for (const member of members ?? []) {
      const is_left_out = excluded.has(`.${member}`) || excluded.has(`${name}.${member}`);
      if (!(member in (value.prototype ?? {})) && !(member in value) && !is_left_out) gaps.push(`${name}.${member}`);
    }
  }
  missing += gaps.length;
  console.log(`${path}: ${Object.keys(contents).length} names in Python`);
  if (gaps.length > 0) console.log(`  missing (${gaps.length}): ${gaps.join(' ')}`);
}
process.exitCode = missing > 0 ? 1 : 0;
