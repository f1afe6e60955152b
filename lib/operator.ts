/**
 * How JavaScript calls LibTorch's operators: one mechanism for all of them. Arguments are lowered to handles, the
 * addon matches them against the operator's schemas and calls it, results are wrapped. The addon makes one function for
 * each way of calling an operator (its plan); the positional one is kept at hand, those with keywords in a trie.
 */
import { is_kwargs } from './arguments.ts';
import { Complex } from './complex.ts';
import { is_factory, on_default_device } from './default_device.ts';
import { AttributeError, TypeError } from './errors.ts';
import { type Handle, native, type NativeOperator } from './native.ts';
import { type_name } from './repr.ts';
import { named_tuple } from './return_types.ts';
import { Tensor } from './tensor.ts';

/** Stands for a trailing object of keyword arguments where a lowered value is expected. */
const KEYWORDS: unique symbol = Symbol('keywords');

/** A function over an operator: positional arguments, then perhaps an object of keyword arguments. */
export type OperatorFunction = (...args: never[]) => unknown;

/** Stands for an object that does not let itself be read; no operator takes it. */
const UNREADABLE: unique symbol = Symbol('unreadable');
/** Longer arrays are no lists of an operator's; those of JavaScript can have billions of holes. */
const LONGEST_LIST = 2 ** 24;
/** No operator has more than this many results. */
const MOST_RESULTS = 16;

/** The value that the addon takes for `value`: the handle of the library's own objects, what is inside arrays too. */
export function lower(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  try {
    const handle = (value as { _h?: Handle })._h;
    if (handle === undefined) return lower_object(value);
    return typeof handle === 'object' && handle !== null ? handle : UNREADABLE;
  } catch {
    // A getter or a proxy of the user's threw. The addon says which argument it was.
    return UNREADABLE;
  }
}

function lower_object(value: object): unknown {
  if (Array.isArray(value)) {
    if (value.length > LONGEST_LIST) return UNREADABLE;
    // Numbers need no lowering, and lists of them are the common case.
    for (let i = 0; i < value.length; i++) if (typeof value[i] !== 'number') return lower_elements(value);
    return value;
  }
  if (value instanceof Complex) return value;
  if (is_kwargs(value)) return KEYWORDS;
  return value;
}

/** As `lower`. No operator takes lists in lists, and an array may contain itself. */
function lower_elements(values: readonly unknown[]): unknown[] {
  const lowered: unknown[] = [];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    lowered.push(Array.isArray(value) ? value : lower(value));
  }
  return lowered;
}

/** What the addon puts first in an array that it returns, where that is not the overload's number (native/operators.cc). */
const LIST_TAG = -1;
const COMPLEX_TAG = -2;

/** The JavaScript form of what an operator returned. */
export function lift(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  return Array.isArray(result) ? lift_array(result, lift) : new Tensor(result as Handle);
}

function lift_array(result: unknown[], lift_item: (item: unknown) => unknown): unknown {
  const tag = result[0] as number;
  if (tag === COMPLEX_TAG) return new Complex(result[1] as number, result[2] as number);
  const items: unknown[] = [];
  for (let i = 1; i < result.length; i++) items.push(lift_item(result[i]));
  return tag === LIST_TAG ? items : named_tuple(tag, items);
}

/** As `lift`; an operator that returned one of its arguments gives back the very object that it was called with. */
function lift_same(result: unknown, args: ArrayLike<unknown>, lowered: readonly unknown[]): unknown {
  if (typeof result !== 'object' || result === null) return result;
  const position = lowered.indexOf(result);
  if (position >= 0) return args[position];
  return Array.isArray(result) ? lift_array(result, (item) => lift_same(item, args, lowered)) : lift(result);
}

function missing(name: string): never {
  throw new AttributeError(`LibTorch has no operator ${name}`);
}

/** A way of calling an operator with keywords: the plan for those so far, and those that may follow. */
interface KeywordPlan {
  call: NativeOperator | null;
  next: Map<string, KeywordPlan>;
}

/** Calls of one operator that give keyword arguments. */
class KeywordCalls {
  readonly #name: string;
  readonly #method: boolean;
  readonly #roots: KeywordPlan[] = [];
  #takes_out_list: boolean | undefined;

  constructor(name: string, method: boolean) {
    this.#name = name;
    this.#method = method;
  }

  call(args: readonly unknown[], positional: (...lowered: unknown[]) => unknown): unknown {
    const count = args.length - 1;
    const kwargs = args[count] as Record<string, unknown>;
    const given: unknown[] = args.slice(0, count);
    let plan = (this.#roots[count] ??= { call: null, next: new Map() });
    let requires_grad = false;
    const names: string[] = [];
    for (const name in kwargs) {
      const value = this.#read(kwargs, name);
      if (value === undefined) continue;
      if (name === 'requires_grad') {
        // Not LibTorch's: Python adds it to everything that makes a tensor.
        requires_grad = value === true;
        if (typeof value !== 'boolean') {
          throw new TypeError(`${this.#short_name}(): argument 'requires_grad' must be bool, not ${type_name(value)}`);
        }
        continue;
      }
      if (name === 'out' && typeof value === 'object' && value !== null) {
        const results = this.#results(value);
        for (let i = 0; i < results.length; i++) {
          plan = this.#follow(plan, `out${i}`);
          names.push(`out${i}`);
          given.push(results[i]);
        }
        if (results.length > 0) continue;
      }
      plan = this.#follow(plan, name);
      names.push(name);
      given.push(value);
    }
    const lowered = given.map(lower);
    for (let i = 0; i < lowered.length; i++) {
      if (lowered[i] === KEYWORDS) {
        throw new TypeError(`${this.#short_name}(): argument ${i + 1} must not be an object`);
      }
    }
    let result: unknown;
    if (names.length === 0) {
      result = positional(...lowered);
    } else {
      plan.call ??= native.operator(this.#name, count, names, this.#method) ?? missing(this.#name);
      result = plan.call(...lowered);
    }
    const lifted = lift_same(result, given, lowered);
    return requires_grad && lifted instanceof Tensor ? lifted.requires_grad_() : lifted;
  }

  get #short_name(): string {
    return this.#name.replace(/^.*::/, '');
  }

  #read(kwargs: Record<string, unknown>, name: string): unknown {
    try {
      return kwargs[name];
    } catch (error) {
      throw new TypeError(`${this.#short_name}(): argument '${name}' cannot be read`, { cause: error });
    }
  }

  /** The tensors in `out: [...]`; none where it is one tensor, or whatever else, or what the operator takes as it is. */
  #results(value: object): readonly unknown[] {
    try {
      if (!Array.isArray(value) || (this.#takes_out_list ??= native.takes_out_list(this.#name))) return [];
      if (value.length <= MOST_RESULTS) return [...(value as unknown[])];
    } catch {
      return []; // a proxy that does not let itself be read
    }
    throw new TypeError(`${this.#short_name}(): argument 'out' has ${value.length} elements, more than any result`);
  }

  #follow(plan: KeywordPlan, name: string): KeywordPlan {
    let next = plan.next.get(name);
    if (next === undefined) {
      next = { call: null, next: new Map() };
      plan.next.set(name, next);
    }
    return next;
  }
}

/**
 * The function that calls the operator `name` (`'aten::add'`, or `'aten::add.Tensor'` for one overload).
 * LibTorch is asked for the operator at the first call.
 */
export function operator_function(name: string): OperatorFunction {
  return is_factory(name) ? on_default_device(plain_function(name, false)) : plain_function(name, false);
}

function plain_function(name: string, method: boolean): OperatorFunction {
  let call: NativeOperator = (...args) => {
    call = native.operator(name, 0, [], method) ?? missing(name);
    return call(...args);
  };
  const positional = (...lowered: unknown[]) => call(...lowered);
  let keyword_calls: KeywordCalls | undefined;
  const with_keywords = (args: readonly unknown[]) => (keyword_calls ??= new KeywordCalls(name, method)).call(args, positional);

  function any_number(args: IArguments): unknown {
    const lowered: unknown[] = [];
    for (let i = 0; i < args.length; i++) lowered.push(lower(args[i]));
    if (lowered[lowered.length - 1] === KEYWORDS) return with_keywords(Array.from(args));
    return lift_same(call(...lowered), args, lowered);
  }

  // Up to six positional arguments without an array for them: that is nearly every call there is.
  return function (a?: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown, f?: unknown) {
    let u: unknown, v: unknown, w: unknown, x: unknown, y: unknown, z: unknown, result: unknown;
    switch (arguments.length) {
      case 0:
        return lift(call());
      case 1:
        u = lower(a);
        if (u === KEYWORDS) return with_keywords([a]);
        result = call(u);
        break;
      case 2:
        u = lower(a);
        v = lower(b);
        if (v === KEYWORDS) return with_keywords([a, b]);
        result = call(u, v);
        break;
      case 3:
        u = lower(a);
        v = lower(b);
        w = lower(c);
        if (w === KEYWORDS) return with_keywords([a, b, c]);
        result = call(u, v, w);
        break;
      case 4:
        u = lower(a);
        v = lower(b);
        w = lower(c);
        x = lower(d);
        if (x === KEYWORDS) return with_keywords([a, b, c, d]);
        result = call(u, v, w, x);
        break;
      case 5:
        u = lower(a);
        v = lower(b);
        w = lower(c);
        x = lower(d);
        y = lower(e);
        if (y === KEYWORDS) return with_keywords([a, b, c, d, e]);
        result = call(u, v, w, x, y);
        break;
      case 6:
        u = lower(a);
        v = lower(b);
        w = lower(c);
        x = lower(d);
        y = lower(e);
        z = lower(f);
        if (z === KEYWORDS) return with_keywords([a, b, c, d, e, f]);
        result = call(u, v, w, x, y, z);
        break;
      default:
        return any_number(arguments);
    }
    if (typeof result !== 'object' || result === null) return result;
    if (result === u) return a;
    if (result === v) return b;
    if (result === w) return c;
    if (result === x) return d;
    if (result === y) return e;
    if (result === z) return f;
    return lift(result);
  } as OperatorFunction;
}

/** The same as a method: `this` is the operator's first argument. */
export function operator_method(name: string): (this: Tensor, ...args: never[]) => unknown {
  const call = plain_function(name, true) as (...args: unknown[]) => unknown;
  return function (this: Tensor, a?: unknown, b?: unknown, c?: unknown, d?: unknown, e?: unknown) {
    switch (arguments.length) {
      case 0:
        return call(this);
      case 1:
        return call(this, a);
      case 2:
        return call(this, a, b);
      case 3:
        return call(this, a, b, c);
      case 4:
        return call(this, a, b, c, d);
      case 5:
        return call(this, a, b, c, d, e);
      default:
        return call(this, ...arguments);
    }
  };
}

/** As `operator_method` where `this` is the operator's second argument: `x.where(condition, other)`. */
export function operator_method_second(name: string): (this: Tensor, ...args: never[]) => unknown {
  const call = operator_function(name) as (...args: unknown[]) => unknown;
  return function (this: Tensor, ...args: unknown[]) {
    const [first, ...rest] = args;
    return is_kwargs(first) ? call({ ...first, self: this }) : call(first, this, ...rest);
  };
}
