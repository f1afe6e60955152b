import type { ParameterSpec } from '../../arguments.ts';
import { signature } from '../checked_arguments.ts';

/** The reader of the arguments of a family of classes, which knows the one that they are for. */
export function family<P extends object>(
  specs: readonly ParameterSpec[],
  keyword_only: readonly ParameterSpec[] = [],
): (name: string, args: readonly unknown[]) => Required<P> {
  const readers = new Map<string, (args: readonly unknown[]) => Required<P>>();
  return (name, args) => {
    let reader = readers.get(name);
    if (reader === undefined) readers.set(name, (reader = signature<P>(name, specs, keyword_only)));
    return reader(args);
  };
}
