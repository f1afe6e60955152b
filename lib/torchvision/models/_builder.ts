/**
 * How functions that make models are made: what they all do about `weights`, and the list that `get_model` looks them
 * up in.
 */
import { is_kwargs } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import type { Module, StateDict } from '../../nn/index.ts';
import { repr } from '../../repr.ts';
import { warn } from '../../warnings.ts';
import { Weights, type WeightsEnum, type WeightsEnumOf } from './_weights.ts';

/** What says which weights are meant: the weights or their name. */
export type WeightsLike = Weights | string;

/** What every function that makes a model takes. */
export interface BuilderOptions {
  /** The trained weights to begin with; new random ones if null (default: null). */
  weights?: WeightsLike | null;
  /** Show how far a download has come (default: true). */
  progress?: boolean;
}

/**
 * A function that makes a model: `resnet18({ weights: 'DEFAULT' })`. What it takes beside `weights` and `progress` goes
 * to the model's class.
 */
export type Builder<O, M extends Module, K extends string = string> = {
  (kwargs?: BuilderOptions & O): M;
  /** The weights that there are for it. */
  readonly weights: WeightsEnumOf<K>;
};

/** Any function that makes a model. */
export type AnyBuilder = Builder<Record<string, unknown>, Module>;

/** All functions that make models, by name. */
export const builders = new Map<string, AnyBuilder>();

/** What a builder consists of. */
interface Recipe<O, M extends Module> {
  /** Makes the model. */
  make(options: O & Record<string, unknown>): M;
  /**
   * Arguments that trained weights ask for; `num_classes` if left out. One that says otherwise is refused, unless it
   * is changed here.
   */
  wanted?(weights: Weights, options: Record<string, unknown>): Record<string, unknown>;
  /** Changes what was read from the file before the model takes it. */
  convert?(state_dict: StateDict): StateDict;
  /** What is left to do when the model has taken its weights. */
  finish?(model: M, options: Readonly<Record<string, unknown>>): void;
  /** Which weights the old `pretrained=True` stood for; null if there were none. */
  pretrained?: string | null;
}

/** Are two arguments the same, for all that Python's `==` would say? */
function same(a: unknown, b: unknown): boolean {
  return a === b || (Array.isArray(a) && Array.isArray(b) && repr(a) === repr(b));
}

/**
 * Puts an argument in, unless it is there.
 * @throws ValueError if it is there and has another value
 */
export function overwrite_named_param(options: Record<string, unknown>, name: string, value: unknown): void {
  const given = options[name];
  if (given === undefined) options[name] = value;
  else if (!same(given, value)) {
    throw new ValueError(`The parameter '${name}' expected value ${repr(value)} but got ${repr(given)} instead.`);
  }
}

/** The number of classes that weights were trained for. */
export function classes_of(weights: Weights): Record<string, unknown> {
  const { categories } = weights.meta;
  return categories === null ? {} : { num_classes: categories.length };
}

/** What the weights of GoogLeNet and Inception v3 want: both were trained with auxiliary classifiers. */
export function inception_options(weights: Weights, options: Record<string, unknown>): Record<string, unknown> {
  return {
    transform_input: options['transform_input'] ?? true,
    aux_logits: true,
    init_weights: false,
    ...classes_of(weights),
  };
}

/** Arguments by position, which were allowed once, and `pretrained`, which `weights` has replaced, as Python reads them. */
function read_options(
  name: string,
  args: readonly unknown[],
  weights: WeightsEnum,
  pretrained: Weights | null,
): Record<string, unknown> {
  const named = args.length > 0 && is_kwargs(args[args.length - 1]) ? args[args.length - 1] : {};
  const positional = named === args[args.length - 1] ? args.slice(0, -1) : args;
  const options: Record<string, unknown> = { ...(named as Record<string, unknown>) };
  for (const key of Object.keys(options)) if (options[key] === undefined) Reflect.deleteProperty(options, key);
  if (positional.length > 2) {
    throw new TypeError(`a model takes at most 2 arguments by position, but ${positional.length} were given`);
  }
  if (positional.length > 0) {
    const names = ['weights', 'progress'].slice(0, positional.length);
    warn(
      `Using ${names.map((name) => `'${name}'`).join(' and ')} as positional parameter(s) is deprecated since 0.13 and ` +
        'may be removed in the future. Please use keyword parameter(s) instead.',
    );
    names.forEach((name, i) => (options[name] = positional[i]));
  }
  const old = typeof options['weights'] === 'boolean' ? 'weights' : 'pretrained' in options ? 'pretrained' : null;
  if (old === null || (old === 'pretrained' && options['weights'] !== undefined)) return options;
  if (old === 'pretrained') {
    warn(
      "The parameter 'pretrained' is deprecated since 0.13 and may be removed in the future, please use 'weights' instead.",
    );
  }
  if (options[old] && pretrained === null) throw new ValueError(`No weights available for model ${name}`);
  const member = options[old] ? pretrained : null;
  Reflect.deleteProperty(options, old);
  warn(
    "Arguments other than a weight enum or `None` for 'weights' are deprecated since 0.13 and may be removed in the " +
      `future. The current behavior is equivalent to passing \`weights=${member === null ? 'None' : String(member)}\`.` +
      (member === null
        ? ''
        : ` You can also use \`weights=${weights.__name__}.DEFAULT\` to get the most up-to-date weights.`),
  );
  options['weights'] = member;
  return options;
}

/** Makes a function that makes models, and puts it in the list. */
export function builder<O, M extends Module, K extends string>(
  name: string,
  weights: WeightsEnumOf<K>,
  recipe: Recipe<O, M>,
): Builder<O, M, K> {
  const { make, wanted = classes_of, convert, finish, pretrained = 'IMAGENET1K_V1' } = recipe;
  const old = pretrained === null ? null : weights.__members__.get(pretrained)!;
  const build = (...args: readonly unknown[]): M => {
    const { weights: given, progress = true, ...options } = read_options(name, args, weights, old);
    const chosen = weights.verify(given);
    const original = { ...options };
    if (chosen !== null) {
      for (const [key, value] of Object.entries(wanted(chosen, options))) overwrite_named_param(options, key, value);
    }
    const model = make(options as O & Record<string, unknown>);
    if (chosen !== null) {
      const state_dict = chosen.get_state_dict({ progress: progress !== false, check_hash: true });
      model.load_state_dict(convert === undefined ? state_dict : convert(state_dict));
      finish?.(model, original);
    }
    return model;
  };
  Object.defineProperty(build, 'name', { value: name });
  const result = Object.assign(build, { weights }) as unknown as Builder<O, M, K>;
  builders.set(name, result as unknown as AnyBuilder);
  return result;
}

