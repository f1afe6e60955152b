/** What the sessions of scripts/fixtures/nn_module.py use, defined there in Python. */
import torch, { nn, type Tensor } from 'tstorch';
import type { Scope } from '../sessions.ts';

class Net extends nn.Module {
  first = new nn.Linear(2, 2);
  bn = new nn.BatchNorm1d(2);
  scale = new nn.Parameter(torch.tensor([1.5, 2.5]));
  shared = this.first;
  kind = 'net';
  declare mask: Tensor;

  constructor() {
    super();
    this.register_buffer('mask', torch.tensor([1, 0], { dtype: torch.float32 }));
    this.register_buffer('tmp', torch.zeros(1), { persistent: false });
    this.register_buffer('none', null);
    this.register_parameter('absent', null);
  }

  override forward(x: Tensor): Tensor {
    return this.bn(this.first(x)).mul(this.scale);
  }
}

/** Two arguments, and as many results. */
class Two extends nn.Module {
  override forward(a: Tensor, b: Tensor): [Tensor, Tensor] {
    return [a.mul(2), b.sum().mul(a.sum())];
  }
}

/** Results without gradients, and none of some that have them. */
class Some extends nn.Module {
  override forward(a: Tensor, b: Tensor): Tensor[] {
    return [a.mul(3), b.detach(), a.add(1)];
  }
}

/** Arguments of different dtypes. */
class Mixed extends nn.Module {
  override forward(a: Tensor, i: Tensor, d: Tensor): [Tensor, Tensor] {
    return [a.index([i]).mul(2), d.mul(3).sum()];
  }
}

class Heads extends nn.Module {
  a = new nn.Linear(1, 1);
  b = new nn.Linear(1, 1);

  override forward(x: Tensor): [Tensor, Tensor] {
    return [this.a(x), this.b(x)];
  }
}

class Nested extends nn.Module {
  override forward(x: Tensor): { a: Tensor } {
    return { a: x.mul(2) };
  }
}

class Counting extends nn.Module {
  count = 0;

  override get_extra_state(): unknown {
    return this.count;
  }

  override set_extra_state(state: unknown): void {
    this.count = state as number;
  }
}

class Failing extends nn.Module {
  override forward(): never {
    throw new torch.ValueError('no');
  }
}

type StateDict = ReturnType<nn.Module['state_dict']>;
type LoadArguments = Parameters<nn.Module['_load_from_state_dict']>;

/** Loads what older versions of it have saved. */
class Renaming extends nn.Linear {
  static override _version = 3;

  override _save_to_state_dict(destination: StateDict, prefix: string, keep_vars: boolean): void {
    super._save_to_state_dict(destination, prefix, keep_vars);
    destination.set(`${prefix}more`, torch.tensor([7], { dtype: torch.float32 }));
  }

  override _load_from_state_dict(...args: LoadArguments): void {
    const [state_dict, prefix, local_metadata] = args;
    if (local_metadata['version'] === undefined) {
      state_dict.set(`${prefix}weight`, state_dict.get(`${prefix}w`));
      state_dict.delete(`${prefix}w`);
    }
    state_dict.delete(`${prefix}more`);
    super._load_from_state_dict(...args);
  }
}

class Odd extends nn.Module {
  override extra_repr(): string {
    return 'a=1\nb=2';
  }
}

type Log = unknown[];
type Hook = (...args: unknown[]) => unknown;

function note(log: Log, name: string, result?: unknown): Hook {
  return () => {
    log.push(name);
    return result;
  };
}

/** What a hook was given, dicts as their names. */
function shown(value: unknown): unknown {
  const is_dict = typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
  return is_dict ? Object.keys(value) : value;
}

/** A hook that keeps all that it is given but the module. */
function note_values(log: Log, result?: unknown): Hook {
  return (_module, ...values) => {
    log.push(values.map(shown));
    return result;
  };
}

/** A hook on gradients, or on the arguments of a call, that scales them. */
function scale_all(factor: number): Hook {
  return (_module, values) => (values as (Tensor | null)[]).map((value) => value?.mul(factor) ?? null);
}

function failing(message: string): Hook {
  return () => {
    throw new torch.RuntimeError(message);
  };
}

/** What a method gives, or what it fails with. */
function attempt(fn: (...args: unknown[]) => unknown, ...args: unknown[]): unknown {
  try {
    return fn(...args);
  } catch (error) {
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

export function make_scope(): Scope {
  return {
    net: () => new Net(),
    two: () => new Two(),
    some: () => new Some(),
    nested: () => new Nested(),
    mixed: () => new Mixed(),
    heads: () => new Heads(),
    grad_of: (y: Tensor, x: Tensor) => torch.autograd.grad(y, x, { create_graph: true })[0],
    counting: () => new Counting(),
    failing_module: () => new Failing(),
    renaming: () => new Renaming(2, 1),
    odd: () => new Odd(),
    new_log: () => [],
    told: (log: Log) => [...log],
    clear: (log: Log) => void (log.length = 0),
    note,
    note_values,
    scale_all,
    add_to: (amount: number) => (_module: nn.Module, _args: unknown, output: Tensor) => output.add(amount),
    failing,
    load: (module: nn.Module, state: StateDict, strict: boolean) =>
      attempt(() => module.load_state_dict(state, strict)),
    names: (pairs: [string, unknown][]) => pairs.map(([name]) => name),
    keys: (state: StateDict | object) => (state instanceof Map ? [...state.keys()] : Object.keys(state)),
    count: (items: unknown[]) => items.length,
    get: (state: StateDict | Record<string, unknown>, key: string) =>
      state instanceof Map ? state.get(key) : state[key],
    put: (state: StateDict, key: string, value: Tensor) => void state.set(key, value),
    drop: (state: StateDict, key: string) => {
      const value = state.get(key);
      state.delete(key);
      return value;
    },
    versions: (state: StateDict) =>
      Array.from(state._metadata!, ([key, { version }]) => `${key}: ${String(version)}`),
    without_metadata: (state: StateDict) => new Map(state),
    text: String,
    same: (a: unknown, b: unknown) => a === b,
    deepcopy: (module: nn.Module) => module.__deepcopy__(),
    name_all: (log: Log) => (module: nn.Module) => void log.push(module.constructor.name),
    set_of: (...items: unknown[]) => new Set(items),
    is_param: (value: unknown) => value instanceof nn.Parameter,
    generator: (seed: number) => new torch.Generator().manual_seed(seed),
    per_module: nn.modules.module,
    init: nn.init,
    nn,
  };
}
