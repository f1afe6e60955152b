/**
 * What all optimizers have in common.
 * @see https://docs.pytorch.org/docs/stable/optim.html#base-class
 */
import { inspect } from 'node:util';
import { is_kwargs, signature } from '../arguments.ts';
import { enable_grad } from '../autograd/grad_mode.ts';
import { float32 } from '../dtype.ts';
import { NotImplementedError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { typename } from '../inquiries.ts';
import { native } from '../native.ts';
import { list_repr, repr, str, type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { move_to_front, RemovableHandle } from '../utils/hooks.ts';
import { warn } from '../warnings.ts';
import { number_tensor, type NumberPlace } from './scalars.ts';
import { type Chunk, type Gradients, GroupChunks } from './tensor_lists.ts';

/** Parameters that are updated in the same way, and the options that say how. */
export interface ParamGroup {
  params: Tensor[];
  /** The names of the parameters, where the optimizer was given `model.named_parameters()`. */
  param_names?: string[];
  lr?: number | Tensor;
  [option: string]: unknown;
}

/** A parameter with its name, as `model.named_parameters()` gives it. */
export type NamedParam = readonly [name: string, param: Tensor];

/** A parameter group as it is given to an optimizer. Options that are left out are those of the optimizer. */
export type ParamGroupLike<G extends ParamGroup = ParamGroup> = Omit<Partial<G>, 'params'> & {
  params: Tensor | Iterable<Tensor> | Iterable<NamedParam>;
};

/** What an optimizer is to optimize: parameters, parameters with names, or groups of them. */
export type Params<G extends ParamGroup = ParamGroup> =
  | Iterable<Tensor>
  | Iterable<NamedParam>
  | Iterable<ParamGroupLike<G>>;

/** What an optimizer remembers of one parameter, by name: tensors, mostly. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- which name holds what is the optimizer's business
export type ParamState = Record<string, any>;

/** The states of all parameters. */
export class OptimizerState extends Map<Tensor, ParamState> {
  /** The state of a parameter, which is made if there is none: Python's `state[param]`. Ask with `has` if there is. */
  override get(param: Tensor): ParamState {
    let state = super.get(param);
    if (state === undefined) {
      state = {};
      this.set(param, state);
    }
    return state;
  }
}

/** What `state_dict()` gives: a number stands for each parameter. */
export interface OptimizerStateDict {
  /** By number of the parameter. */
  state: Map<number, ParamState>;
  param_groups: (Record<string, unknown> & { params: number[] })[];
}

/** What `load_state_dict()` takes: what `state_dict()` has given, be it here or in Python. */
export interface OptimizerStateDictLike {
  state: ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>;
  param_groups: readonly Readonly<Record<string, unknown>>[];
}

/** Computes the loss anew, gradients included. */
export type Closure<T> = (() => T) | { closure: () => T };

type Kwargs = Record<string, unknown>;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever its groups are
type AnyOptimizer = Optimizer<any>;

/** Runs before a step: may give back `[args, kwargs]` to be used instead of those given. */
export type OptimizerPreHook<O extends AnyOptimizer = Optimizer> = (
  optimizer: O,
  args: readonly unknown[],
  kwargs: Readonly<Kwargs>,
) => void | null | readonly [args: readonly unknown[], kwargs: Readonly<Kwargs>];
/** Runs after a step. */
export type OptimizerPostHook<O extends AnyOptimizer = Optimizer> = (
  optimizer: O,
  args: readonly unknown[],
  kwargs: Readonly<Kwargs>,
) => void;

/** A hook that is handed the optimizer alone. */
export type OptimizerHook<O> = (optimizer: O) => void;
/** A hook that sees a state dict, and may give another. */
export type StateDictHook<O, S> = (optimizer: O, state_dict: S) => S | void;

/** Hooks by the number of their handle, in the order in which they run. */
type Hooks<H> = Map<number, H>;

const global_pre_hooks: Hooks<OptimizerPreHook> = new Map();
const global_post_hooks: Hooks<OptimizerPostHook> = new Map();

/** A hook given by its name. */
export interface NamedHook<H> {
  hook: H;
  prepend?: boolean;
}

function register<H>(
  hooks: Hooks<H>,
  given: H | NamedHook<H>,
  options: boolean | { prepend?: boolean } = false,
): RemovableHandle {
  const by_name = is_kwargs(given) && 'hook' in given ? (given as unknown as NamedHook<H>) : null;
  const { prepend } = by_name ?? (typeof options === 'object' ? options : { prepend: options });
  const handle = new RemovableHandle(hooks);
  hooks.set(handle.id, by_name === null ? (given as H) : by_name.hook);
  if (prepend) move_to_front(hooks, handle.id);
  return handle;
}

/**
 * Adds a hook that runs before every step of every optimizer.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.register_step_pre_hook.html
 */
export function register_optimizer_step_pre_hook(hook: OptimizerPreHook): RemovableHandle {
  return register(global_pre_hooks, hook);
}

/**
 * Adds a hook that runs after every step of every optimizer.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.register_step_post_hook.html
 */
export function register_optimizer_step_post_hook(hook: OptimizerPostHook): RemovableHandle {
  return register(global_post_hooks, hook);
}

type Step = (this: Optimizer, ...args: unknown[]) => unknown;

/** The `step` functions that run hooks already. */
const hooked_steps = new WeakSet<Step>();

/** The same step with the hooks before and after it. */
function with_hooks(step: Step): Step {
  const hooked: Step = function (...args) {
    return this._has_step_hooks() ? this._step_with_hooks(step, args) : step.apply(this, args);
  };
  hooked_steps.add(hooked);
  return hooked;
}

/** Sees to it that the `step` of a class, or the one that it inherits, runs hooks. */
function hook_step(prototype: Optimizer): void {
  let owner: object = prototype;
  while (!Object.hasOwn(owner, 'step')) owner = Object.getPrototypeOf(owner) as object;
  const { step } = owner as { step: Step };
  if (hooked_steps.has(step)) return;
  Object.defineProperty(owner, 'step', { value: with_hooks(step), writable: true, configurable: true });
}

function is_iterable(value: unknown): value is Iterable<unknown> {
  return typeof (value as Partial<Iterable<unknown>> | null | undefined)?.[Symbol.iterator] === 'function';
}

/** Is this a parameter with its name? */
function is_named(value: unknown): value is NamedParam {
  return Array.isArray(value) && value.length === 2 && typeof value[0] === 'string';
}

/** A copy of options, with tensors, arrays and objects in them copied as well. */
function deep_copy<T>(value: T): T {
  if (value instanceof Tensor) return value.clone() as T;
  if (Array.isArray(value)) {
    const copy = value.map(deep_copy);
    return (Object.isFrozen(value) ? Object.freeze(copy) : copy) as T;
  }
  if (value instanceof Map) return new Map(Array.from(value, ([key, item]) => [key, deep_copy(item)])) as T;
  if (is_kwargs(value)) {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, deep_copy(item)])) as T;
  }
  return value;
}

/** The entries of a dict, whose keys a plain object holds as strings. */
function entries_by_number(
  dict: ReadonlyMap<unknown, unknown> | Readonly<Record<string, unknown>>,
): [unknown, unknown][] {
  if (dict instanceof Map) return [...dict];
  return Object.entries(dict).map(([key, value]) => [/^\d+$/.test(key) ? Number(key) : key, value]);
}

const zero_grad_arguments = signature<{ set_to_none?: boolean }>('zero_grad', [['set_to_none', true]]);

/**
 * What all optimizers are made of: groups of parameters with their options, and a state for each parameter.
 *
 * An optimizer of your own gives its options' defaults to `super`, and defines `step`:
 *
 * ```ts
 * class Descent extends optim.Optimizer {
 *   constructor(params: optim.Params, lr = 1e-3) {
 *     super(params, { lr });
 *   }
 *   override step(): null {
 *     torch.no_grad(() => {
 *       for (const { params, lr } of this.param_groups) {
 *         for (const p of params) if (p.grad !== null) p.add_(p.grad, { alpha: -lr });
 *       }
 *     });
 *     return null;
 *   }
 * }
 * ```
 *
 * @see https://docs.pytorch.org/docs/stable/optim.html#torch.optim.Optimizer
 */
export class Optimizer<G extends ParamGroup = ParamGroup> {
  /** The options of groups that do not say otherwise. */
  defaults: Record<string, unknown>;
  /** What is remembered of each parameter from step to step. */
  state: OptimizerState = new OptimizerState();
  /** The groups. Options may be changed between steps: `optimizer.param_groups[0].lr = 0.1`. */
  param_groups: G[] = [];

  /** @internal Has there been a step since the first scheduler was made? Schedulers set it, and want to know. */
  declare _opt_called?: boolean;
  /** Does `step` itself divide the gradients by `grad_scale`, and leave parameters alone if `found_inf` is not 0? */
  declare _step_supports_amp_scaling?: boolean;
  /** What the gradients have been multiplied by, during a step for a gradient scaler. */
  declare grad_scale?: Tensor | null;
  /** Whether one of them is infinite or NaN (1) or not (0), likewise. */
  declare found_inf?: Tensor | null;
  readonly #step_pre_hooks: Hooks<OptimizerPreHook> = new Map();
  readonly #step_post_hooks: Hooks<OptimizerPostHook> = new Map();
  // Not of `this`: every optimizer has to be an `Optimizer` for TypeScript too.
  readonly #state_dict_pre_hooks: Hooks<(optimizer: never) => void> = new Map();
  readonly #state_dict_post_hooks: Hooks<
    (optimizer: never, state_dict: OptimizerStateDict) => OptimizerStateDict | void
  > = new Map();
  readonly #load_state_dict_pre_hooks: Hooks<
    (optimizer: never, state_dict: OptimizerStateDictLike) => OptimizerStateDictLike | void
  > = new Map();
  readonly #load_state_dict_post_hooks: Hooks<(optimizer: never) => void> = new Map();
  /** By their number, the chunks of the groups' parameters. */
  readonly #chunks: GroupChunks[] = [];

  /**
   * @param params what to optimize: tensors, `[name, tensor]` pairs or parameter groups
   * @param defaults the options of groups that do not say otherwise
   * @throws TypeError if `params` is not such a thing
   * @throws ValueError if it is empty
   */
  constructor(params: Params<G>, defaults: Record<string, unknown>) {
    this.defaults = defaults;
    // What is an array here is a tuple in Python, and is saved as one when it is frozen.
    for (const [name, value] of Object.entries(defaults)) {
      if (Array.isArray(value) && !Object.isFrozen(value)) defaults[name] = Object.freeze([...(value as unknown[])]);
    }
    hook_step(Object.getPrototypeOf(this) as Optimizer);

    if (params instanceof Tensor || !is_iterable(params)) {
      throw new TypeError(
        'params argument given to the optimizer should be an iterable of Tensors or dicts, but got ' + typename(params),
      );
    }
    const items: unknown[] = [...params];
    if (items.length === 0) throw new ValueError('optimizer got an empty parameter list');
    const groups = is_kwargs(items[0]) ? items : [{ params: items }];
    for (const group of groups) this.add_param_group(group as ParamGroupLike<G>);
  }

  // --- Groups -----------------------------------------------------------------------------------------------------

  /**
   * Adds a group of parameters. Options that it leaves out are those that the optimizer was made with.
   *
   * @throws TypeError if something in `param_group.params` is not a tensor
   * @throws ValueError if a parameter is in another group already, or is not a leaf of the graph
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.add_param_group.html
   */
  add_param_group(param_group: ParamGroupLike<G>): void {
    if (!is_kwargs(param_group)) {
      throw new TypeError(`param_group must be a dict, but got <class '${type_name(param_group)}'>`);
    }
    const group = param_group as Kwargs as G;
    const { tensors, names } = this.#split_names(param_group['params']);
    group.params = tensors;
    if (names !== null) group.param_names = names;

    for (const name in this.defaults) {
      if (!(name in group)) (group as Kwargs)[name] = this.defaults[name];
    }
    const own = new Set(tensors);
    if (own.size < tensors.length) {
      warn(
        'optimizer contains a parameter group with duplicate parameters; in future, this will cause an error; ' +
          'see github.com/pytorch/pytorch/issues/40967 for more information',
      );
    }
    for (const other of this.param_groups) {
      if ('param_names' in group !== 'param_names' in other) {
        throw new ValueError(
          'all optimizer param groups should be with/without names. cannot add param group ' +
            `${'param_names' in group ? 'with names' : 'without names'} to the optimizer`,
        );
      }
    }
    if (this.param_groups.some(({ params }) => params.some((param) => own.has(param)))) {
      throw new ValueError('some parameters appear in more than one parameter group');
    }
    this.param_groups.push(group);
  }

  /** The parameters of a new group, checked, and their names if they have any. */
  #split_names(params: unknown): { tensors: Tensor[]; names: string[] | null } {
    if (!is_iterable(params)) {
      throw new TypeError(
        `the params of a parameter group must be a Tensor or an iterable of Tensors, not ${typename(params)}`,
      );
    }
    const items: unknown[] = params instanceof Tensor ? [params] : [...params];
    const names = items.filter(is_named).map(([name]) => name);
    const tensors = items.map((item) => (is_named(item) ? item[1] : item) as Tensor);
    if (names.length > 0 && names.length < tensors.length) {
      throw new ValueError('all optimizer params should be with/without names. Some param names are missing');
    }
    for (const tensor of tensors) {
      if (!(tensor instanceof Tensor)) {
        throw new TypeError(`optimizer can only optimize Tensors, but one of the params is ${typename(tensor)}`);
      }
      if (!this.defaults['differentiable'] && !(tensor.is_leaf || tensor.retains_grad)) {
        throw new ValueError("can't optimize a non-leaf Tensor");
      }
    }
    return { tensors, names: names.length > 0 ? names : null };
  }

  /** The parameters of a group, in pieces to be worked on together. */
  #chunks_of(group: G): readonly Chunk[] {
    return this.#group_chunks(this.param_groups.indexOf(group)).current(group.params);
  }

  #group_chunks(index: number): GroupChunks {
    return (this.#chunks[index] ??= new GroupChunks());
  }

  // --- Steps ------------------------------------------------------------------------------------------------------

  /**
   * Updates the parameters from their gradients.
   *
   * @param closure computes the loss anew, gradients included; some optimizers call it several times
   * @returns what the closure has returned, null without one
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.step.html
   */
  step(closure?: Closure<unknown> | null): unknown {
    void closure;
    throw new NotImplementedError(`${this.constructor.name} has no step()`);
  }

  /**
   * @internal Does a step: the closure first, then `update` with each piece of a group that has gradients, which is
   * recorded only if the optimizer says so.
   */
  protected _run_step(closure: unknown, update: (group: G, chunk: Chunk, gradients: Gradients) => void): unknown {
    const call = is_kwargs(closure) ? closure['closure'] : closure;
    if (call !== undefined && call !== null && typeof call !== 'function') {
      throw new TypeError(`step(): argument 'closure' must be a function, not ${type_name(call)}`);
    }
    const before = native.is_grad_enabled();
    const differentiable = this.defaults['differentiable'] === true;
    if (before !== differentiable) native.set_grad_enabled(differentiable);
    try {
      const loss: unknown = typeof call === 'function' ? enable_grad(call as () => unknown) : null;
      for (const group of this.param_groups) {
        for (const chunk of this.#chunks_of(group)) {
          const gradients = chunk.collect();
          if (gradients === null) continue;
          try {
            update(group, chunk, gradients);
          } finally {
            gradients.dispose();
            chunk.release();
          }
        }
      }
      return loss;
    } finally {
      if (before !== differentiable) native.set_grad_enabled(before);
    }
  }

  /**
   * Takes the gradients of all parameters away.
   *
   * @param set_to_none false fills them with zeros instead, which takes longer and is not the same: a step leaves a
   *   parameter without a gradient alone, but one with a gradient of zero may still move
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.zero_grad.html
   */
  zero_grad(set_to_none: boolean | { set_to_none?: boolean } = true): void {
    const clear = typeof set_to_none === 'boolean' ? set_to_none : zero_grad_arguments([set_to_none]).set_to_none;
    for (let i = 0; i < this.param_groups.length; i++) {
      for (const chunk of this.#group_chunks(i).of(this.param_groups[i]!.params)) chunk.clear_grads(clear);
    }
  }

  // --- Hooks ------------------------------------------------------------------------------------------------------

  /** Adds a hook that runs before each step. */
  register_step_pre_hook(hook: OptimizerPreHook<this> | NamedHook<OptimizerPreHook<this>>): RemovableHandle {
    return register(this.#step_pre_hooks, hook as unknown as OptimizerPreHook);
  }

  /** Adds a hook that runs after each step. */
  register_step_post_hook(hook: OptimizerPostHook<this> | NamedHook<OptimizerPostHook<this>>): RemovableHandle {
    return register(this.#step_post_hooks, hook as unknown as OptimizerPostHook);
  }

  /** Adds a hook that runs before `state_dict()`; with `prepend` before those that are there already. */
  register_state_dict_pre_hook(
    hook: OptimizerHook<this> | NamedHook<OptimizerHook<this>>,
    prepend?: boolean | { prepend?: boolean },
  ): RemovableHandle {
    return register(this.#state_dict_pre_hooks, hook, prepend);
  }

  /** Adds a hook that is given what `state_dict()` is about to return, and may give back something else. */
  register_state_dict_post_hook(
    hook: StateDictHook<this, OptimizerStateDict> | NamedHook<StateDictHook<this, OptimizerStateDict>>,
    prepend?: boolean | { prepend?: boolean },
  ): RemovableHandle {
    return register(this.#state_dict_post_hooks, hook, prepend);
  }

  /** Adds a hook that is given a shallow copy of what is to be loaded, and may give back something else. */
  register_load_state_dict_pre_hook(
    hook: StateDictHook<this, OptimizerStateDictLike> | NamedHook<StateDictHook<this, OptimizerStateDictLike>>,
    prepend?: boolean | { prepend?: boolean },
  ): RemovableHandle {
    return register(this.#load_state_dict_pre_hooks, hook, prepend);
  }

  /** Adds a hook that runs after `load_state_dict()`. */
  register_load_state_dict_post_hook(
    hook: OptimizerHook<this> | NamedHook<OptimizerHook<this>>,
    prepend?: boolean | { prepend?: boolean },
  ): RemovableHandle {
    return register(this.#load_state_dict_post_hooks, hook, prepend);
  }

  /** @internal */
  _has_step_hooks(): boolean {
    return (
      global_pre_hooks.size + global_post_hooks.size + this.#step_pre_hooks.size + this.#step_post_hooks.size > 0
    );
  }

  /** @internal */
  _step_with_hooks(step: Step, given: readonly unknown[]): unknown {
    const named = is_kwargs(given.at(-1));
    let args: readonly unknown[] = named ? given.slice(0, -1) : given;
    let kwargs = (named ? given.at(-1) : {}) as Readonly<Kwargs>;
    for (const hook of [...global_pre_hooks.values(), ...this.#step_pre_hooks.values()]) {
      const result: unknown = hook(this as unknown as Optimizer, args, kwargs);
      if (result === undefined || result === null) continue;
      if (!Array.isArray(result) || result.length !== 2) {
        throw new RuntimeError(
          `${this.constructor.name}.step must return None or a tuple of (new_args, new_kwargs), ` +
            `but got ${str(result)}.`,
        );
      }
      [args, kwargs] = result as [unknown[], Kwargs];
    }
    const all = Object.keys(kwargs).length > 0 ? [...args, kwargs] : [...args];
    const result = step.apply(this as unknown as Optimizer, all);
    for (const hook of [...this.#step_post_hooks.values(), ...global_post_hooks.values()]) {
      hook(this as unknown as Optimizer, args, kwargs);
    }
    return result;
  }

  // --- State ------------------------------------------------------------------------------------------------------

  /**
   * The state of the optimizer, to be saved: `{ state, param_groups }`, in which numbers stand for the parameters.
   * The tensors are the optimizer's own.
   *
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.state_dict.html
   */
  state_dict(): OptimizerStateDict {
    for (const hook of this.#state_dict_pre_hooks.values()) hook(this as never);
    const numbers = new Map<unknown, number>();
    let start = 0;
    const param_groups = this.param_groups.map(({ params, ...options }) => {
      params.forEach((param, i) => {
        if (!numbers.has(param)) numbers.set(param, start + i);
      });
      start += params.length;
      return { ...options, params: params.map((param) => numbers.get(param)!) };
    });
    const state = new Map<number, ParamState>();
    // Whatever else somebody has put there keeps its key.
    for (const [param, value] of this.state) state.set(numbers.get(param) ?? (param as unknown as number), value);

    let state_dict: OptimizerStateDict = { state, param_groups };
    for (const hook of this.#state_dict_post_hooks.values()) {
      state_dict = hook(this as never, state_dict) ?? state_dict;
    }
    return state_dict;
  }

  /**
   * Takes over the state of another optimizer: the options of its groups, and what it has remembered of its
   * parameters, which are taken to be these in the same order.
   *
   * @param state_dict what `state_dict()` has given, or what `torch.load` has read of a file, be it Python's
   * @throws ValueError if the groups do not fit
   * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.Optimizer.load_state_dict.html
   */
  load_state_dict(state_dict: OptimizerStateDictLike | { state_dict: OptimizerStateDictLike }): void {
    const given = ('state_dict' in state_dict ? state_dict.state_dict : state_dict) as OptimizerStateDictLike;
    let loaded: OptimizerStateDictLike = checked_state_dict(given);
    for (const hook of this.#load_state_dict_pre_hooks.values()) loaded = hook(this as never, loaded) ?? loaded;

    const saved = deep_copy(loaded.param_groups) as (Kwargs & { params: unknown[] })[];
    if (saved.length !== this.param_groups.length) {
      throw new ValueError('loaded state dict has a different number of parameter groups');
    }
    if (saved.some(({ params }, i) => params.length !== this.param_groups[i]!.params.length)) {
      throw new ValueError(
        "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
      );
    }

    const state = new OptimizerState();
    const params = new Map<unknown, [param: Tensor, group: Kwargs]>();
    saved.forEach((group, i) => {
      group.params.forEach((key, j) => params.set(key, [this.param_groups[i]!.params[j]!, group]));
    });
    for (const [key, value] of entries_by_number(loaded.state)) {
      const found = params.get(key);
      if (found === undefined) state.set(key as Tensor, value as ParamState);
      else state.set(found[0], plain(fit_to(...found, value)) as ParamState);
    }
    const param_groups = this.param_groups.map((group, i) => {
      const names = 'param_names' in group ? { param_names: group.param_names } : {};
      return { ...names, ...saved[i], params: group.params } as ParamGroup as G;
    });
    this.__setstate__({ state, param_groups });

    for (const hook of this.#load_state_dict_post_hooks.values()) hook(this as never);
  }

  /** Puts a state in place, and adds what states of older versions lack. */
  protected __setstate__(state: { state: OptimizerState; param_groups: G[] }): void {
    Object.assign(this, state);
    this.defaults['differentiable'] ??= false;
  }

  // --- Printing ---------------------------------------------------------------------------------------------------

  /** @internal An option as Python writes it. */
  protected _option_repr(name: string, value: unknown): string {
    // The one option that is a list in Python, and no tuple.
    return name === 'param_names' ? list_repr(value as string[]) : option_text(value);
  }

  __repr__(): string {
    let text = `${this.constructor.name} (`;
    this.param_groups.forEach((group, i) => {
      text += `\nParameter Group ${i}\n`;
      for (const key of Object.keys(group).sort()) {
        if (key === 'params') continue;
        const value = group[key];
        text += `    ${key}: ${this._option_repr(key, value)}\n`;
      }
    });
    return `${text})`;
  }

  toString(): string {
    return this.__repr__();
  }

  [inspect.custom](): string {
    return this.__repr__();
  }
}

/**
 * Adds to an optimizer's groups the options that those of older versions lack, and makes tensors of the numbers that
 * these kept in the states.
 */
export function fill_in(
  { param_groups, state }: Pick<AnyOptimizer, 'param_groups' | 'state'>,
  options: Readonly<Record<string, unknown>>,
  numbers: readonly string[] = ['step'],
  place = (group: ParamGroup): NumberPlace => group as NumberPlace,
): void {
  for (const group of param_groups as ParamGroup[]) {
    for (const [name, value] of Object.entries(options)) {
      if (!(name in group)) group[name] = value;
    }
    for (const param of group.params) {
      if (!state.has(param)) continue;
      const param_state = state.get(param);
      for (const name of numbers) {
        const value: unknown = param_state[name];
        if (typeof value === 'number') param_state[name] = number_tensor(place(group), param, value);
      }
    }
  }
}

/** An option as Python's f-strings write it. */
export function option_text(value: unknown): string {
  return value instanceof Tensor ? `${value}` : typeof value === 'string' ? value : repr(value);
}

function checked_state_dict(state_dict: OptimizerStateDictLike): OptimizerStateDictLike {
  const { state, param_groups } = (state_dict ?? {}) as Partial<OptimizerStateDictLike>;
  const groups_fit =
    Array.isArray(param_groups) && param_groups.every((group) => is_kwargs(group) && Array.isArray(group['params']));
  if (!groups_fit || !(state instanceof Map || is_kwargs(state))) {
    throw new TypeError("load_state_dict(): expected what an optimizer's state_dict() gives: { state, param_groups }");
  }
  return { ...state_dict };
}

/** A dict that a file holds as an ordered one is a map here. */
function plain(value: unknown): unknown {
  return value instanceof Map ? Object.fromEntries(value) : value;
}

/** A value of a parameter's state with its tensors on the parameter's device and of its dtype. */
function fit_to(param: Tensor, group: Kwargs, value: unknown, key?: unknown): unknown {
  if (value instanceof Tensor) {
    if (key === 'step') {
      // Counted on the CPU, and in floats of its own, unless it is computed with on the device.
      return group['capturable'] || group['fused'] ? value.to({ dtype: float32, device: param.device }) : value;
    }
    return param.is_floating_point() ? value.to({ dtype: param.dtype, device: param.device }) : value.to(param.device);
  }
  if (Array.isArray(value)) return value.map((item) => fit_to(param, group, item));
  if (value instanceof Map) return new Map(Array.from(value, ([k, item]) => [k, fit_to(param, group, item, k)]));
  if (is_kwargs(value)) {
    return Object.fromEntries(Object.entries(value).map(([k, item]) => [k, fit_to(param, group, item, k)]));
  }
  return value;
}
