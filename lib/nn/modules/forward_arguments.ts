/**
 * The arguments of the layers' `forward`s, by position or by name. `signature` would make an object of them at each
 * call; nearly all calls of layers give tensors by position, and those pass through here as they are.
 */
import { is_instance, is_kwargs, signature } from '../../arguments.ts';
import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { Tensor } from '../../tensor.ts';

/** The arguments in the order `N`; those not given are undefined. */
type Ordered<P, N extends readonly (keyof P)[]> = { [I in keyof N]: P[N[I]] };

/**
 * Makes the reader of a `forward`'s arguments, which puts them in order. As everywhere in JavaScript, arguments by
 * position that are too many are ignored, so that a layer can be handed to `map`.
 * @throws TypeError (from the reader) for an argument that is missing, or named and unknown or repeated
 */
export function forward_arguments<P extends object, const N extends readonly (keyof P & string)[]>(
  names: N,
  optional: readonly (keyof P & string)[] = [],
): (args: Arguments<P, N>) => Ordered<P, N> {
  const specs: ParameterSpec[] = names.map((name) => (optional.includes(name) ? [name, undefined] : name));
  const parse = signature<P>('forward', specs);
  const required = names.length - optional.length;
  return (args: readonly unknown[]) => {
    const { length } = args;
    const last = args[length - 1];
    // Asking for a tensor first is quicker.
    if (length >= required && (is_instance(last, Tensor) || !is_kwargs(last))) return args as Ordered<P, N>;
    const named = parse(args);
    return names.map((name) => named[name]) as unknown as Ordered<P, N>;
  };
}

/** What a reader reads. */
export type ReadBy<Reader extends (args: never) => unknown> = Parameters<Reader>[0];

const read_input = forward_arguments<{ input: Tensor }, ['input']>(['input']);
/** What most layers take. */
export type Input = ReadBy<typeof read_input>;

/** The one argument of most layers. */
export function input_of(args: Input): Tensor {
  const first: unknown = args[0];
  return args.length === 1 && is_instance(first, Tensor) ? first : read_input(args)[0];
}

/** The one argument of a module that takes anything: an object is a name with its value only if that is `input`. */
export function anything_of(args: Input): Tensor {
  const first: unknown = args[0];
  if (args.length !== 1 || is_instance(first, Tensor)) return input_of(args);
  if (is_kwargs(first) && !('input' in first && Object.keys(first).length === 1)) {
    return first as unknown as Tensor;
  }
  return input_of(args);
}

export const input_and_target = forward_arguments<{ input: Tensor; target: Tensor }, ['input', 'target']>([
  'input',
  'target',
]);
/** What most losses take. */
export type InputAndTarget = ReadBy<typeof input_and_target>;
