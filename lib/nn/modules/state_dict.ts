import { inspect } from 'node:util';
import { is_kwargs, signature } from '../../arguments.ts';
import { TypeError } from '../../errors.ts';
import type { OrderedDict } from '../../ordered_dict.ts';
import { list_repr, type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';

type Kwargs = Record<string, unknown>;

/** What `state_dict()` gives: every parameter and persistent buffer under its dotted name. */
export type StateDict = OrderedDict<string, Tensor>;
/** What `load_state_dict()` takes: a `state_dict()`, any other map, or a plain object. */
export type StateDictLike = ReadonlyMap<string, unknown> | Readonly<Record<string, unknown>>;

export interface LoadStateDictOptions {
  state_dict: StateDictLike;
  strict?: boolean;
  assign?: boolean;
}

const load_state_dict_arguments = signature<LoadStateDictOptions>('load_state_dict', [
  'state_dict',
  ['strict', true],
  ['assign', false],
]);

/** The first parameter may itself be a plain object, so these arguments are told apart here. */
export type LoadStateDictArguments =
  | [state_dict: StateDictLike, strict?: boolean, assign?: boolean]
  | [state_dict: StateDictLike, strict: boolean, kwargs: { assign?: boolean }]
  | [state_dict: StateDictLike, kwargs: { strict?: boolean; assign?: boolean }]
  | [kwargs: LoadStateDictOptions];

/** Reads the arguments of `module.load_state_dict`. */
export function parse_load_state_dict(args: LoadStateDictArguments): Required<LoadStateDictOptions> {
  const [first] = args;
  const keywords = args.length === 1 && is_kwargs(first) ? first : {};
  const named = 'state_dict' in keywords && !(keywords['state_dict'] instanceof Tensor);
  if (!named && (typeof first !== 'object' || first === null || !(first instanceof Map || is_kwargs(first)))) {
    throw new TypeError(`Expected state_dict to be dict-like, got <class '${type_name(first)}'>.`);
  }
  // A state dict that is a plain object must not be taken for keyword arguments.
  const parsed = named || args.length > 1 ? args : [...args, {}];
  return load_state_dict_arguments(parsed);
}

/** The metadata of one module, which a file may hold as a map. */
export function plain(metadata: Kwargs | Map<string, unknown> | undefined): Kwargs {
  return metadata instanceof Map ? Object.fromEntries(metadata) : { ...metadata };
}

/** What {@link Module.load_state_dict} gives back. */
export class IncompatibleKeys {
  /** Keys of the module that the state dict does not have. */
  readonly missing_keys: string[];
  /** Keys of the state dict that the module does not have. */
  readonly unexpected_keys: string[];

  constructor(missing_keys: string[], unexpected_keys: string[]) {
    this.missing_keys = missing_keys;
    this.unexpected_keys = unexpected_keys;
  }

  /** `const [missing, unexpected] = model.load_state_dict(...)` */
  *[Symbol.iterator](): Generator<string[], void> {
    yield this.missing_keys;
    yield this.unexpected_keys;
  }

  toString(): string {
    if (this.missing_keys.length === 0 && this.unexpected_keys.length === 0) return '<All keys matched successfully>';
    return (
      `_IncompatibleKeys(missing_keys=${list_repr(this.missing_keys)}, ` +
      `unexpected_keys=${list_repr(this.unexpected_keys)})`
    );
  }

  [inspect.custom](): string {
    return this.toString();
  }
}
