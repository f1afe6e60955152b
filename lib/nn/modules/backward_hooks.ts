/**
 * How a module's backward hooks get to see gradients: what goes into the module, and what comes out of it, is led
 * through a step of the graph of its own, on which hooks run that LibTorch calls.
 */
import { checked } from '../../autograd/hooks.ts';
import type { Gradients } from '../../autograd/hooks.ts';
import { is_grad_enabled } from '../../autograd/grad_mode.ts';
import type { Node } from '../../autograd/graph.ts';
import { RuntimeError, TypeError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { call_hook } from './module_hooks.ts';
import type { AnyHook, ModuleGradients } from './module_hooks.ts';
import type { Module } from './module.ts';

/** Sees the gradients that have come back, and gives those that are to go on; nothing to change none. */
type GradientsHook = (gradients: Gradients) => Gradients | undefined;

/**
 * Leads tensors through one step of the graph, so that their gradients come back together. Nothing is copied for a
 * single one; several go through one vector.
 *
 * Both ways end in an operator with views as its results, so changing them in place is an error as in Python, where it
 * would go behind the hooks' back.
 */
function through_one_step(tensors: readonly Tensor[], hook: GradientsHook): Tensor[] {
  const single = tensors.length === 1;
  const joined = single ? tensors[0]!.unsqueeze(0) : aten.cat(tensors.map((tensor) => tensor.reshape(-1)));
  const pieces = single
    ? aten.unbind(joined, 0)
    : aten.split_with_sizes(
        joined,
        tensors.map((tensor) => tensor.numel()),
      );
  const like = tensors.map(({ shape, dtype }) => ({ shape, dtype }));
  let received: Gradients = [];
  pieces[0]!.grad_fn!.register_hook((_, gradients) => {
    received = gradients.map((gradient, i) => gradient?.reshape(like[i]!.shape).to(like[i]!.dtype) ?? null);
  });
  joined.grad_fn!.register_hook((gradients) => {
    const results = hook(received);
    received = [];
    if (results === undefined) return undefined;
    return gradients.map((gradient, i) => {
      const result = checked(gradient!.reshape(like[i]!.shape), results[i], hook);
      return single || result === null ? result : result.reshape(-1);
    });
  });
  return pieces.map((piece, i) => (single ? piece : piece.view(like[i]!.shape).to(like[i]!.dtype)));
}

/** The values with the tensors among them that have gradients led through one step; undefined if there are none. */
function hooked(values: readonly unknown[], hook: GradientsHook): unknown[] | undefined {
  if (!is_grad_enabled()) return undefined;
  const places = places_of(values);
  if (places.length === 0) return undefined;
  const tensors = through_one_step(
    places.map((place) => values[place] as Tensor),
    hook,
  );
  const result = [...values];
  places.forEach((place, i) => (result[place] = tensors[i]));
  return result;
}

/** Where the tensors are that have gradients. */
function places_of(values: readonly unknown[]): number[] {
  return [...values.keys()].filter((i) => values[i] instanceof Tensor && (values[i] as Tensor).requires_grad);
}

/** What a hook gave in the place of `count` gradients; a tensor is as good as an array of its rows. */
function replacement(given: unknown, count: number, what: string): ModuleGradients {
  const length = given instanceof Tensor || Array.isArray(given) ? given.length : undefined;
  if (length === undefined) throw new TypeError(`object of type '${type_name(given)}' has no len()`);
  if (length !== count) {
    throw new RuntimeError(`${what}, got ${length}, but expected ${count}`);
  }
  return [...(given as Iterable<Tensor | null>)];
}

/** The full backward hooks of one call of a module. */
export class BackwardHook {
  readonly #module: Module;
  readonly #hooks: readonly AnyHook[];
  readonly #pre_hooks: readonly AnyHook[];
  /** The gradients of the results, between the time when they are known and that when those of the arguments are. */
  #grad_outputs: ModuleGradients | null = null;
  #input_count = 0;
  #inputs_have_gradients = false;

  constructor(module: Module, hooks: readonly AnyHook[], pre_hooks: readonly AnyHook[]) {
    this.#module = module;
    this.#hooks = hooks;
    this.#pre_hooks = pre_hooks;
  }

  /** The arguments to call `forward` with. */
  setup_input_hook(args: readonly unknown[]): unknown[] {
    const places = places_of(args);
    // What is no argument of the hook's own must not be kept until the backward pass.
    const zeros = args.map((arg) => (arg instanceof Tensor ? zeros_of(arg) : null));
    // Errors call the hook by this name, as in Python.
    const hook: GradientsHook = (gradients) => {
      const grad_inputs = zeros.map((make, i) => {
        const known = places.indexOf(i);
        return (known < 0 ? null : gradients[known]) ?? make?.() ?? null;
      });
      const changed = this.#inputs_done(grad_inputs);
      return changed && places.map((place) => changed[place] ?? null);
    };
    const result = hooked(args, hook);
    this.#input_count = args.length;
    this.#inputs_have_gradients = result !== undefined;
    return result ?? [...args];
  }

  /** What the call is to give in the place of the result of `forward`. */
  setup_output_hook(result: unknown): unknown {
    if (!(result instanceof Tensor) && !Array.isArray(result)) {
      warn(
        'For backward hooks to be called, module output should be a Tensor or a tuple of Tensors but received ' +
          `<class '${type_name(result)}'>`,
      );
      return result;
    }
    const values: unknown[] = Array.isArray(result) ? result : [result];
    const places = places_of(values);
    const count = values.length;
    const hook: GradientsHook = (gradients) => {
      const passed_on = this.#outputs_done(values_at(places, gradients, count));
      return places.map((place) => passed_on[place] ?? null);
    };
    const through = hooked(values, hook);
    if (through === undefined) return result;
    return Array.isArray(result) ? through : through[0];
  }

  /** The gradients of the results are there; those that it gives go on into the module. */
  #outputs_done(grad_outputs: ModuleGradients): ModuleGradients {
    let passed_on = grad_outputs;
    for (const hook of this.#pre_hooks) {
      const given = call_hook(hook, this.#module, passed_on);
      if (given === undefined || given === null) continue;
      passed_on = replacement(
        given,
        grad_outputs.length,
        'Backward pre hook returned an invalid number of grad_output',
      );
    }
    if (this.#inputs_have_gradients) {
      this.#grad_outputs = passed_on;
    } else {
      this.#run_without_inputs(passed_on);
    }
    return passed_on;
  }

  #run_without_inputs(grad_outputs: ModuleGradients): void {
    warn(
      'Full backward hook is firing when gradients are computed with respect to module outputs since no inputs ' +
        'require gradients. See https://docs.pytorch.org/docs/main/generated/torch.nn.Module.html' +
        '#torch.nn.Module.register_full_backward_hook for more details.',
    );
    const none = values_at([], [], this.#input_count);
    for (const hook of this.#hooks) {
      const result = call_hook(hook, this.#module, none, grad_outputs);
      if (result === undefined || result === null) continue;
      if (!Array.isArray(result) || result.some((item) => item !== null && item !== undefined)) {
        throw new RuntimeError(
          'Backward hook for Modules where no input requires gradient should always return None or None for all ' +
            'gradients.',
        );
      }
    }
  }

  /** The gradients of the arguments are there; those that it gives, if any, go on to what made the arguments. */
  #inputs_done(grad_inputs: ModuleGradients): ModuleGradients | undefined {
    // Backward has reached the arguments on another way than through the results.
    if (this.#grad_outputs === null) return undefined;
    let result = grad_inputs;
    for (const hook of this.#hooks) {
      const given = call_hook(hook, this.#module, result, this.#grad_outputs);
      if (given === undefined || given === null) continue;
      result = replacement(given, result.length, 'Backward hook returned an invalid number of grad_input');
    }
    this.#grad_outputs = null;
    return result;
  }
}

/** Values at their places, null everywhere else. */
function values_at(places: readonly number[], values: Gradients, count: number): ModuleGradients {
  const result: (Tensor | null)[] = Array.from({ length: count }, () => null);
  places.forEach((place, i) => (result[place] = values[i] ?? null));
  return result;
}

/** Makes zeros like a tensor, later and without keeping it. */
function zeros_of(tensor: Tensor): () => Tensor {
  const { shape, dtype, device } = tensor;
  return () => aten.zeros(shape, { dtype, device });
}

/** The first tensor in a result. */
function first_tensor(result: unknown): Tensor | undefined {
  if (result instanceof Tensor || result === undefined || result === null) return result ?? undefined;
  if (Array.isArray(result)) return first_tensor(result[0]);
  if (typeof result !== 'object') return undefined;
  const values: Iterable<unknown> = result instanceof Map ? result.values() : Object.values(result);
  return [...values].find((value) => value instanceof Tensor);
}

/** Sets up the hooks of the old kind, which see the last step of the module alone. */
export function hook_last_step(
  module: Module,
  hooks: readonly AnyHook[],
  args: readonly unknown[],
  result: unknown,
): void {
  const grad_fn = first_tensor(result)?.grad_fn ?? null;
  if (grad_fn === null) return;
  for (const hook of hooks) {
    grad_fn.register_hook((grad_inputs, grad_outputs) =>
      call_hook(hook, module, grad_inputs, grad_outputs) as Gradients | undefined,
    );
  }
  const missing = what_is_missing(args, result, grad_fn);
  if (missing !== undefined) warn(missing, 'FutureWarning');
}

/** What is missing where hooks on the last step do not do. */
function not_seen(what: string, use: string, advice = true): string {
  return (
    `Using ${use} is deprecated and will be removed in future versions. This hook will be missing ${what}.` +
    (advice ? ' Please use register_full_backward_hook to get the documented behavior.' : '')
  );
}

/** Why a hook on the last step does not see all gradients; undefined if it does. */
function what_is_missing(args: readonly unknown[], result: unknown, grad_fn: Node): string | undefined {
  const results: unknown[] = Array.isArray(result) ? result : [result];
  const one_hook = 'a non-full backward hook when';
  if (!results.every((item) => item instanceof Tensor)) {
    const what = 'return a single Tensor or a tuple of Tensors';
    return not_seen('some of the grad_output', `non-full backward hooks on a Module that does not ${what}`);
  }
  if (!args.every((item) => item instanceof Tensor)) {
    const what = 'take as input a single Tensor or a tuple of Tensors';
    return not_seen('some of the grad_input', `non-full backward hooks on a Module that does not ${what}`);
  }
  const last = steps_of(results);
  if (last.size === 0 || (last.size === 1 && !last.has(grad_fn._key))) {
    return not_seen('some grad_output', `${one_hook} outputs are nested in python data structure`, false);
  }
  if (last.size > 1) {
    return not_seen('some grad_output', `${one_hook} outputs are generated by different autograd Nodes`);
  }
  const before = steps_of(args);
  const next = new Set(grad_fn.next_functions.map(([node]) => node?._key));
  if (before.size === next.size && [...before].every((key) => next.has(key))) return undefined;
  return not_seen('some grad_input', `${one_hook} the forward contains multiple autograd Nodes`);
}

function steps_of(tensors: readonly Tensor[]): Set<number> {
  return new Set(tensors.map(({ grad_fn }) => grad_fn?._key).filter((key) => key !== undefined));
}
