/**
 * Calls modules with other parameters and buffers than their own.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.functional_call.html
 */
import { is_array, is_instance, is_kwargs, wrong_type } from '../../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../../errors.ts';
import { list_repr, repr, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { Module } from '../modules/module.ts';
import { NamedMemberAccessor } from './named_member_accessor.ts';

/** Parameters and buffers by their dotted names. */
export type TensorDict = Map<string, Tensor> | Record<string, Tensor>;

export interface FunctionalCallOptions {
  /** Whether a tensor that the module has under several names may be given under one of them (default: true). */
  tie_weights?: boolean;
  /** Whether exactly the module's parameters and buffers have to be given (default: false). */
  strict?: boolean;
}
/** The arguments of `forward`: an array of them, or a single one that is no array. */
export type CallArguments<M extends Module> =
  | Parameters<M['forward']>
  | (Parameters<M['forward']>[0] extends readonly unknown[] ? never : Parameters<M['forward']>[0])
  | null;

/** What a call is made of. */
export interface ParsedFunctionalCall {
  module: Module;
  dicts: unknown;
  args: unknown[];
  options: Required<FunctionalCallOptions>;
}

const NAMED = ['args', 'kwargs', 'tie_weights', 'strict'];

/** Is it an object of named arguments, and no value of one? */
function names_arguments(value: unknown, names: readonly string[]): value is Record<string, unknown> {
  if (!is_kwargs(value)) return false;
  const keys = Object.keys(value);
  return keys.length > 0 && keys.every((key) => names.includes(key));
}

/**
 * Reads the arguments of a functional call: the module, the dicts, then by position or by name `args` and `kwargs`, and
 * by name what is in {@link FunctionalCallOptions}. Dicts and `kwargs` are plain objects themselves, so only objects
 * with nothing but the names of parameters in them count as named arguments.
 */
export function parse_functional_call(dicts_name: string, given: readonly unknown[]): ParsedFunctionalCall {
  const names = ['module', dicts_name, ...NAMED];
  const values: Record<string, unknown> = {};
  let position = 0;
  for (const [i, value] of given.entries()) {
    if (i === given.length - 1 && names_arguments(value, names.slice(position))) Object.assign(values, value);
    else if (position < 4) values[names[position++]!] = value;
    else throw new TypeError(`functional_call() takes from 2 to 4 positional arguments but ${i + 1} were given`);
  }
  for (const name of names.slice(0, 2)) {
    if (values[name] === undefined) {
      throw new TypeError(`functional_call() missing 1 required positional argument: '${name}'`);
    }
  }
  const { module, args = null, kwargs = null, tie_weights = true, strict = false } = values;
  if (!is_instance(module, Module)) throw wrong_type('functional_call', 'module', 'Module', module);
  if (kwargs !== null && !is_kwargs(kwargs)) throw wrong_type('functional_call', 'kwargs', 'dict', kwargs);
  const positional = args === null ? [] : is_array(args) ? args : [args];
  const named = kwargs === null || Object.keys(kwargs).length === 0 ? [] : [kwargs];
  return {
    module,
    dicts: values[dicts_name],
    args: [...positional, ...named],
    options: { tie_weights: tie_weights === true, strict: strict === true },
  };
}

/** Is it a dict, of whatever? */
export function is_dict(value: unknown): value is TensorDict {
  return is_instance(value, Map) || is_kwargs(value);
}

/** The tensors of a dict by name. */
export function entries_of(dict: TensorDict): [name: string, tensor: Tensor][] {
  return dict instanceof Map ? [...dict] : Object.entries(dict);
}

function set_in(dict: TensorDict, name: string, tensor: Tensor): void {
  if (dict instanceof Map) dict.set(name, tensor);
  else dict[name] = tensor;
}

/**
 * Adds, for each name of a tensor that the module has under several, the others.
 * @throws ValueError if different tensors are given for one that is in several places
 */
function with_tied_names(accessor: NamedMemberAccessor, given: ReadonlyMap<string, Tensor>): Map<string, Tensor> {
  const names_of = new Map<Tensor, string[]>();
  for (const [name, tensor] of accessor.named_tensors()) {
    const names = names_of.get(tensor);
    if (names === undefined) names_of.set(tensor, [name]);
    else if (!names.includes(name)) names.push(name);
  }
  const result = new Map(given);
  for (const names of names_of.values()) {
    const tensors = new Set(names.filter((name) => given.has(name)).map((name) => given.get(name)!));
    if (names.length === 1 || tensors.size === 0) continue;
    if (tensors.size > 1) {
      throw new ValueError(
        `functional_call got multiple values for keys ${list_repr([...names].sort())}, which are tied. ` +
          'Consider using tie_weights=False',
      );
    }
    const [tensor] = tensors as unknown as [Tensor];
    for (const name of names) result.set(name, tensor);
  }
  return result;
}

function check_strictly(accessor: NamedMemberAccessor, names: Iterable<string>): void {
  const [missing, unexpected] = accessor.check_keys(names);
  const messages: string[] = [];
  if (unexpected.length > 0) messages.push(`Unexpected key(s): ${unexpected.map(repr).join(', ')}.`);
  if (missing.length > 0) messages.push(`Missing key(s): ${missing.map(repr).join(', ')}.`);
  if (messages.length === 0) return;
  throw new RuntimeError(
    `Error(s) in reparametrizing for ${accessor.module._get_name()}:\n\t${messages.join('\n\t')}`,
  );
}

/** Calls a module with the tensors of a dict; what the call puts in their place, is in the dict afterwards. */
export function call_with(
  dict: TensorDict,
  { module, args, options: { tie_weights, strict } }: ParsedFunctionalCall,
): unknown {
  const accessor = new NamedMemberAccessor(module);
  const given = new Map(entries_of(dict));
  const tensors = tie_weights ? with_tied_names(accessor, given) : given;
  if (strict) check_strictly(accessor, tensors.keys());
  const own = accessor.swap_tensors(tensors);
  try {
    return (module as (...args: unknown[]) => unknown)(...args);
  } finally {
    const after = accessor.swap_tensors(own);
    for (const name of given.keys()) set_in(dict, name, after.get(name)!);
  }
}

/**
 * Calls a module with other parameters and buffers.
 * @deprecated use {@link torch.func.functional_call}, which takes the same arguments
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.stateless.functional_call.html
 */
export function functional_call<M extends Module>(
  module: M,
  parameters_and_buffers: TensorDict,
  args?: CallArguments<M>,
  kwargs?: Readonly<Record<string, unknown>> | null,
  options?: FunctionalCallOptions,
): ReturnType<M['forward']>;
export function functional_call<M extends Module>(
  module: M,
  parameters_and_buffers: TensorDict,
  args: CallArguments<M>,
  options: FunctionalCallOptions & { kwargs?: Readonly<Record<string, unknown>> | null },
): ReturnType<M['forward']>;
export function functional_call(...given: unknown[]): unknown {
  warn(
    '`torch.nn.utils.stateless.functional_call` is deprecated as of PyTorch 2.0 and will be removed in a future ' +
      'version of PyTorch. Please use `torch.func.functional_call` instead which is a drop-in replacement.',
    'FutureWarning',
  );
  const call = parse_functional_call('parameters_and_buffers', given);
  if (!is_dict(call.dicts)) throw new TypeError(`'${type_name(call.dicts)}' object is not a dict`);
  return call_with(call.dicts, call);
}
