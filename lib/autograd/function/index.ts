/**
 * Operations whose derivative is written by hand.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#function
 */
import { is_array, is_instance } from '../../arguments.ts';
import { NotImplementedError, RuntimeError, TypeError } from '../../errors.ts';
import { apply_in_transforms } from '../../func/custom_function.ts';
import { type Handle, native } from '../../native.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { no_grad } from '../grad_mode.ts';

/** What a step gives or takes: one gradient or an array of them, null where there is none. */
export type GradientOutput = Tensor | null | undefined | readonly (Tensor | null | undefined)[];

/** What `forward` told of one call, until the call has ended. */
interface Call {
  handle: Handle | undefined;
  saved: readonly unknown[];
  saved_for_forward: readonly unknown[];
  dirty: readonly unknown[];
  non_differentiable: readonly unknown[];
  materialize: boolean;
}

/**
 * The context of one call of a `Function`: what `forward` leaves there, `backward` finds. Any property can be set on it;
 * tensors are better left with `save_for_backward`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.function.FunctionCtx.html
 */
export class FunctionCtx {
  /** Anything else that `forward` wants to tell `backward`. */
  [name: string]: unknown;

  /** For each argument of the call, whether it is a tensor that needs a gradient. */
  readonly needs_input_grad: readonly boolean[];

  /** @internal */
  declare readonly _call: Call;

  /** @internal */
  constructor(needs_input_grad: readonly boolean[]) {
    this.needs_input_grad = needs_input_grad;
    const call: Call = {
      handle: undefined,
      saved: [],
      saved_for_forward: [],
      dirty: [],
      non_differentiable: [],
      materialize: true,
    };
    Object.defineProperty(this, '_call', { value: call });
  }

  /**
   * Keeps arguments or outputs of `forward` for `backward`, null where there is none. To be called once at most.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.function.FunctionCtx.save_for_backward.html
   */
  save_for_backward(...tensors: readonly (Tensor | null | undefined)[]): void {
    this._call.saved = tensors;
  }

  /**
   * Keeps tensors for `jvp`.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.function.BackwardCFunction.html
   */
  save_for_forward(...tensors: readonly (Tensor | null | undefined)[]): void {
    this._call.saved_for_forward = tensors;
  }

  /**
   * Tells which arguments `forward` changed in place; it has to give them back.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.function.FunctionCtx.mark_dirty.html
   */
  mark_dirty(...tensors: readonly Tensor[]): void {
    this._call.dirty = tensors;
  }

  /**
   * Tells which outputs have no gradient.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.function.FunctionCtx.mark_non_differentiable.html
   */
  mark_non_differentiable(...tensors: readonly Tensor[]): void {
    this._call.non_differentiable = tensors;
  }

  /**
   * Whether `backward` gets zeros in the place of gradients that are not there (as is the default), or null.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.function.FunctionCtx.set_materialize_grads.html
   */
  set_materialize_grads(value: boolean): void {
    this._call.materialize = value;
  }

  /**
   * What `save_for_backward` kept, in its order.
   * @throws RuntimeError if it has been freed by a backward pass, or if a tensor has been changed in place meanwhile
   */
  get saved_tensors(): Tensor[] {
    const { handle, saved_for_forward } = this._call;
    if (handle === undefined) return saved_for_forward as Tensor[];
    // Where null was saved there is null, which is rare enough for the type to leave it out.
    return native.function_saved(handle).map((one) => (one === null ? null : new Tensor(one)) as Tensor);
  }
}

/** A class with a `forward` that takes the context first. */
interface WithContext<A extends unknown[], R> {
  forward(ctx: never, ...args: A): R;
}

/** A class whose context is set up apart. */
interface WithSetup<A extends unknown[], R> {
  setup_context(ctx: never, inputs: never, output: never): void;
  forward(...args: A): R;
}

/** A function class as `apply` reads it. */
export interface FunctionClass {
  readonly name: string;
  forward(...args: readonly unknown[]): unknown;
  setup_context?(ctx: FunctionCtx, inputs: readonly unknown[], output: unknown): void;
  backward(ctx: FunctionCtx, ...grad_outputs: readonly (Tensor | null)[]): GradientOutput;
  vjp(ctx: FunctionCtx, ...grad_outputs: readonly (Tensor | null)[]): GradientOutput;
  jvp(ctx: FunctionCtx, ...grad_inputs: readonly (Tensor | null)[]): GradientOutput;
  vmap?(info: VmapInfo, in_dims: readonly (number | null)[], ...args: readonly unknown[]): readonly [unknown, unknown];
  readonly generate_vmap_rule?: boolean;
}

/** @internal What a step of the graph calls, with the context of the call. */
export interface BackwardFunction {
  (gradients: (Handle | null)[]): (Handle | null)[];
  ctx?: FunctionCtx;
}

/** What a `vmap` rule is told of the batch. */
export interface VmapInfo {
  readonly batch_size: number;
  readonly randomness: 'error' | 'same' | 'different';
}

/**
 * An operation with a derivative of its own: a class with static methods `forward` and `backward`, called by `apply`.
 *
 * ```ts
 * class Exp extends torch.autograd.Function {
 *   static forward(ctx: FunctionCtx, i: Tensor): Tensor {
 *     const result = i.exp();
 *     ctx.save_for_backward(result);
 *     return result;
 *   }
 *
 *   static backward(ctx: FunctionCtx, grad_output: Tensor): Tensor {
 *     const [result] = ctx.saved_tensors;
 *     return grad_output.mul(result!);
 *   }
 * }
 *
 * const y = Exp.apply(x);
 * ```
 *
 * `backward` takes a gradient for each output of `forward`, and gives one for each of its arguments, null for those that
 * have none. What it does is recorded with `create_graph`, for derivatives of higher order. A class with a static
 * `setup_context(ctx, inputs, output)` has a `forward` without context.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.Function.html
 */
export class Function {
  /**
   * Computes the outputs. Nothing is recorded inside.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.Function.forward.html
   */
  static forward(..._args: never[]): unknown {
    throw new NotImplementedError('You must implement the forward function for custom autograd.Function.');
  }

  /**
   * Computes the gradients of the arguments from those of the outputs.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.Function.backward.html
   */
  static backward(_ctx: never, ..._grad_outputs: never[]): GradientOutput {
    throw new NotImplementedError(
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.',
    );
  }

  /** The same as `backward`, under another name. */
  static vjp(_ctx: never, ..._grad_outputs: never[]): GradientOutput {
    throw new NotImplementedError(
      'You must implement either the backward or vjp method for your custom autograd.Function to use it with backward mode AD.',
    );
  }

  /**
   * Computes the tangents of the outputs from those of the arguments, for forward mode.
   * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.Function.jvp.html
   */
  static jvp(_ctx: never, ..._grad_inputs: never[]): GradientOutput {
    throw new NotImplementedError(
      'You must implement the jvp function for custom autograd.Function to use it with forward mode AD.',
    );
  }

  /**
   * Calls the operation, with the arguments of `forward` but the context.
   * @returns what `forward` gives, its tensors as steps of the graph
   */
  static apply<A extends unknown[], R>(this: WithSetup<A, R>, ...args: A): R;
  static apply<A extends unknown[], R>(this: WithContext<A, R>, ...args: A): R;
  static apply(...args: unknown[]): unknown {
    const Class = this as unknown as FunctionClass;
    return native.transform_level() > 0 ? apply_in_transforms(Class, args) : apply_function(Class, args);
  }
}

const { backward: no_backward, vjp: no_vjp, jvp: no_jvp } = Function as unknown as FunctionClass;

/** @internal What computes the gradients: `backward`, or `vjp`. */
export function backward_of(Class: FunctionClass): FunctionClass['backward'] {
  if (Class.vjp === no_vjp) return Class.backward.bind(Class);
  if (Class.backward === no_backward) return Class.vjp.bind(Class);
  throw new RuntimeError(
    "Implementing both 'backward' and 'vjp' for a custom Function is not allowed. You should only implement one of them.",
  );
}

/** @internal The derivatives of a class that does what another does, by its rules. */
export function derivatives_of(Class: FunctionClass): Pick<FunctionClass, 'backward' | 'vjp' | 'jvp'> {
  return {
    backward: (ctx, ...gradients) => backward_of(Class)(ctx, ...gradients),
    vjp: no_vjp,
    jvp: Class.jvp === no_jvp ? no_jvp : Class.jvp.bind(Class),
  };
}

/** @internal One call, outside of the transforms of `torch.func`. */
export function apply_function(Class: FunctionClass, args: readonly unknown[]): unknown {
  const tensors = args.filter((one) => is_instance(one, Tensor));
  const ctx = new FunctionCtx(args.map((one) => is_instance(one, Tensor) && one.requires_grad));
  const call = ctx._call;
  const name = `${Class.name}Backward`;
  const are_tensors = args.map((one) => is_instance(one, Tensor));
  const [handle, recorded] = native.function_begin(
    name,
    tensors.map((one) => one._h),
    backward_function(Class, ctx, name, are_tensors),
  );
  const { output, setup } = without_derivatives(() => {
    if (Class.setup_context === undefined) return { output: Class.forward(ctx, ...args), setup: false };
    const result = Class.forward(...args);
    Class.setup_context(ctx, args, result);
    return { output: result, setup: true };
  });
  const outputs = is_array(output) ? output : [output];
  const jvp = Class.jvp === no_jvp ? undefined : jvp_function(Class, ctx, are_tensors);
  const results = native.function_end(
    handle,
    outputs.map((one) => (is_instance(one, Tensor) ? one._h : null)),
    handles_of('mark_dirty', call.dirty),
    handles_of('mark_non_differentiable', call.non_differentiable),
    recorded ? saved_handles(call.saved) : [],
    setup,
    Boolean(call.materialize),
    jvp,
  );
  const wrapped = outputs.map((one, i) => {
    const result = results[i]!;
    return typeof result === 'object' && result !== null ? new Tensor(result) : one;
  });
  call.handle = recorded ? handle : undefined;
  call.saved = [];
  call.saved_for_forward = [];
  call.dirty = [];
  call.non_differentiable = [];
  return is_array(output) ? wrapped : wrapped[0];
}

/**
 * What the step of the graph holds of a call. Made apart from `apply_function`, whose arguments and results it would
 * keep alive otherwise: as long as the graph exists, or for ever where an output is a tensor that belongs to the graph.
 */
function backward_function(Class: FunctionClass, ctx: FunctionCtx, name: string, are_tensors: readonly boolean[]) {
  const backward: BackwardFunction = (gradients) => input_gradients(Class, ctx, name, are_tensors, gradients);
  // In Python the context is the step.
  backward.ctx = ctx;
  return backward;
}

function jvp_function(Class: FunctionClass, ctx: FunctionCtx, are_tensors: readonly boolean[]) {
  return (tangents: (Handle | null)[]) => output_tangents(Class, ctx, are_tensors, tangents);
}

/** Neither gradients nor forward-mode derivatives are recorded inside. */
function without_derivatives<T>(body: () => T): T {
  const before = native.fwd_grad_enabled(false);
  try {
    return no_grad(body);
  } finally {
    native.fwd_grad_enabled(before);
  }
}

function handles_of(name: string, tensors: readonly unknown[]): Handle[] {
  return tensors.map((one, i) => {
    if (is_instance(one, Tensor)) return one._h;
    if (name === 'mark_dirty') {
      throw new RuntimeError(`mark_dirty can only accept variables, but argument ${i} is of type ${type_name(one)}`);
    }
    throw new RuntimeError(`mark_non_differentiable only accepts variable arguments, but got ${type_name(one)}`);
  });
}

function saved_handles(tensors: readonly unknown[]): (Handle | null)[] {
  return tensors.map((one, i) => {
    if (one === null || one === undefined) return null;
    if (is_instance(one, Tensor)) return one._h;
    throw new TypeError(
      `save_for_backward can only save variables, but argument ${i} is of type ${type_name(one)}`,
    );
  });
}

function tensors_or_null(handles: readonly (Handle | null)[]): (Tensor | null)[] {
  return handles.map((one) => (one === null ? null : new Tensor(one)));
}

/** The gradients of the tensors among the arguments, checked. */
function input_gradients(
  Class: FunctionClass,
  ctx: FunctionCtx,
  name: string,
  are_tensors: readonly boolean[],
  handles: readonly (Handle | null)[],
): (Handle | null)[] {
  const result: unknown = backward_of(Class)(ctx, ...tensors_or_null(handles));
  let gradients = is_array(result) ? result : [result];
  const expected = are_tensors.length;
  // More than there are arguments are fine as long as they say nothing.
  if (gradients.slice(expected).every((one) => one === null || one === undefined)) {
    gradients = gradients.slice(0, Math.max(expected, 0));
  }
  if (gradients.length !== expected) {
    throw new RuntimeError(
      `function ${name} returned an incorrect number of gradients (expected ${expected}, got ${gradients.length})`,
    );
  }
  const checked: (Handle | null)[] = [];
  gradients.forEach((one, i) => {
    const nothing = one === null || one === undefined;
    if (!are_tensors[i]) {
      if (nothing) return;
      throw new RuntimeError(
        `function ${name} returned a gradient different than None at position ${i + 1}, but the corresponding forward input was not a Variable`,
      );
    }
    if (!nothing && !is_instance(one, Tensor)) {
      throw new RuntimeError(`expected Variable or None (got ${type_name(one)})`);
    }
    checked.push(nothing ? null : (one as Tensor)._h);
  });
  return checked;
}

/** The tangents of the outputs. */
function output_tangents(
  Class: FunctionClass,
  ctx: FunctionCtx,
  are_tensors: readonly boolean[],
  handles: readonly (Handle | null)[],
): (Handle | null)[] {
  const tangents = tensors_or_null(handles);
  const by_argument = are_tensors.map((tensor) => (tensor ? tangents.shift()! : null));
  const result: unknown = Class.jvp(ctx, ...by_argument);
  return (is_array(result) ? result : [result]).map((one) => (is_instance(one, Tensor) ? one._h : null));
}

/**
 * A `backward` that cannot itself be differentiated: gradients of its result fail.
 *
 * ```ts
 * static backward = once_differentiable((ctx: FunctionCtx, grad_output: Tensor) => ...);
 * ```
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.function.once_differentiable.html
 */
export function once_differentiable<C, A extends readonly unknown[]>(
  fn: (ctx: C, ...args: A) => GradientOutput,
): (ctx: C, ...args: A) => GradientOutput {
  if (typeof fn !== 'function') throw new TypeError(`'${type_name(fn)}' object is not callable`);
  return function wrapper(this: unknown, ctx, ...args) {
    const outputs = no_grad(() => fn.call(this, ctx, ...args));
    if (!native.is_grad_enabled()) return outputs;
    if (!args.some((one) => is_instance(one, Tensor) && one.requires_grad)) return outputs;
    const list = (is_array(outputs) ? outputs : [outputs]) as readonly (Tensor | null | undefined)[];
    // Steps of a graph that leads no further than to the error.
    const leaves = list.map((one) => (is_instance(one, Tensor) ? one.detach().requires_grad_() : null));
    const failing = native.delayed_error(
      'trying to differentiate twice a function that was marked with @once_differentiable',
      leaves.map((one) => one?._h ?? null),
    );
    const results = tensors_or_null(failing);
    return is_array(outputs) ? results : results[0];
  };
}
