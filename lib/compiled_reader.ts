/**
 * The fast way through `signature` (lib/arguments.ts): a reader written as source text for the parameters of one
 * function. V8 makes and fills an object in one step where the code names its properties, and specialises the code of
 * each function by itself; a loop over names, shared by all functions, takes some 0.2 µs a call more, as long as a
 * small operator's own work.
 *
 * It reads calls that are right. For all others it asks the reader of lib/arguments.ts, which knows what to say of them.
 */

/** A parameter as a compiled reader sees it. */
export interface CompiledParameter {
  readonly name: string;
  readonly required: boolean;
  readonly default_value: unknown;
  /** Is it a value that the function takes, beside the default? */
  readonly fits: (value: unknown) => boolean;
}

export type Reader = (args: readonly unknown[]) => Record<string, unknown>;

/** The reader of one function, or null where Node was told to make no code out of text. */
export function compile_reader(
  parameters: readonly CompiledParameter[],
  positional_count: number,
  is_kwargs: (value: unknown) => boolean,
  read_any: Reader,
): Reader | null {
  const each = (line: (i: number) => string) => parameters.map((_, i) => line(i)).join('\n');
  const source = `
    return (args) => {
      let count = args.length;
      let kwargs;
      if (count > 0 && is_kwargs(args[count - 1])) kwargs = args[--count];
      if (count > ${positional_count}) return read_any(args);
      ${each((i) => `let value${i} = ${i < positional_count ? `count > ${i} ? args[${i}] : undefined` : 'undefined'};`)}
      if (kwargs !== undefined) {
        let unread = 0;
        try {
          for (const key in kwargs) unread++;
          ${each((i) => `if (value${i} === undefined && (value${i} = kwargs.${parameters[i]!.name}) !== undefined) unread--;`)}
        } catch {
          return read_any(args);
        }
        if (unread !== 0) return read_any(args);
      }
      ${each((i) => {
        const { required } = parameters[i]!;
        return `if (value${i} === undefined) ${required ? 'return read_any(args)' : `value${i} = default${i}`};
        else if (value${i} !== default${i} && !fits${i}(value${i})) return read_any(args);`;
      })}
      return { ${parameters.map(({ name }, i) => `${name}: value${i}`).join(', ')} };
    };`;
  const names = parameters.flatMap((_, i) => [`default${i}`, `fits${i}`]);
  const values = parameters.flatMap(({ default_value, fits }) => [default_value, fits]);
  try {
    const make = new Function('is_kwargs', 'read_any', ...names, source) as (...given: unknown[]) => Reader;
    return make(is_kwargs, read_any, ...values);
  } catch (error) {
    if (error instanceof EvalError) return null;
    throw error;
  }
}
