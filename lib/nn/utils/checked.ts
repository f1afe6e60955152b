/**
 * `signature` for the functions of `nn.utils`, which look at their arguments before they use them. An argument of a
 * name means the same everywhere here, so the names say what is checked.
 */
import { is_instance, signature as unchecked_signature, wrong_type } from '../../arguments.ts';
import type { ParameterSpec } from '../../arguments.ts';
import { Tensor } from '../../tensor.ts';
import { Module } from '../modules/module.ts';

type Kind = 'Module' | 'Tensor' | 'str' | 'int' | 'float';

const NAMES: Readonly<Record<Kind, string>> = {
  Module: 'module parametrization conv bn linear from_module to_module',
  Tensor: 'conv_w conv_b bn_rm bn_rv bn_w bn_b linear_w linear_b total_norm mask importance_scores',
  str: 'name tensor_name',
  int: 'n_power_iterations dim',
  float: 'eps bn_eps',
};
/** Arguments that have to be given, but may be null, by function. */
const NULLABLE: Readonly<Record<string, readonly string[]>> = {
  fuse_conv_bn_weights: ['conv_b', 'bn_w', 'bn_b'],
  fuse_linear_bn_weights: ['linear_b'],
  weight_norm: ['dim'],
};

const KINDS = new Map<string, Kind>();
for (const [kind, names] of Object.entries(NAMES)) for (const name of names.split(' ')) KINDS.set(name, kind as Kind);

function is_of_kind(value: unknown, kind: Kind): boolean {
  switch (kind) {
    case 'Module':
      return is_instance(value, Module);
    case 'Tensor':
      return is_instance(value, Tensor);
    case 'str':
      return typeof value === 'string';
    case 'int':
      return Number.isInteger(value);
    default:
      return typeof value === 'number';
  }
}

/** @throws TypeError unless an argument is what arguments of its name are, or null where that is allowed */
export function check(name: string, argument: string, value: unknown, nullable = false): void {
  const kind = KINDS.get(argument);
  if (kind === undefined || is_of_kind(value, kind) || (value === null && nullable)) return;
  throw wrong_type(name, argument, kind, value);
}

/**
 * Makes the argument reader of one function, as `signature` of lib/arguments.ts does.
 * @throws TypeError (from the reader) for an argument that is missing, unknown or of a wrong type
 */
export function signature<P extends object>(
  name: string,
  positional: readonly ParameterSpec[],
  keyword_only: readonly ParameterSpec[] = [],
): (args: readonly unknown[]) => Required<P> {
  return unchecked_signature<P>(name, positional, keyword_only, (spec) => {
    const argument = typeof spec === 'string' ? spec : spec[0];
    const kind = KINDS.get(argument);
    if (kind === undefined) return undefined;
    const nullable = NULLABLE[name]?.includes(argument);
    return { expected: kind, fits: (value) => is_of_kind(value, kind) || (value === null && nullable === true) };
  });
}
