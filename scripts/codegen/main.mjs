/**
 * Writes lib/generated/ from the operators that the loaded LibTorch reports and the C++ API in its headers:
 *
 *   names.ts         the operators that are methods of Tensor
 *   functions.ts     the functions of `torch`, typed
 *   linalg.ts, …     those of `torch.linalg` and the like
 *   methods.ts       the types of Tensor's methods
 *   aten.ts          the types of all operators, for the library's own use and `torch.ops.aten`
 *   return_types.ts  the types of results with several values
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { functions_file, methods_file, names_file, operators_file, return_types_file } from './files.mjs';
import { NAMESPACES, read_operators } from './operators.mjs';

const ROOT = resolve(import.meta.dirname, '../..');

const { load_addon, loaded_libtorch } = await import('../../build/setup/loader.js');
const schemas = load_addon().schemas();
const operators = read_operators(schemas, join(loaded_libtorch().root, 'include', 'ATen'), join(ROOT, 'lib', 'tensor.ts'));

const output = join(ROOT, 'lib', 'generated');
mkdirSync(output, { recursive: true });
for (const [name, text] of Object.entries({
  'names.ts': names_file(operators),
  'functions.ts': functions_file(operators),
  ...Object.fromEntries(NAMESPACES.map((namespace) => [`${namespace}.ts`, functions_file(operators, namespace)])),
  'methods.ts': methods_file(operators),
  'aten.ts': operators_file(operators),
  'return_types.ts': return_types_file(operators),
})) {
  writeFileSync(join(output, name), text);
}
