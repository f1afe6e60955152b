/** Functions and modules whose forward and backward passes are graphs. */
import { type Arguments, is_array, is_instance, signature } from '../arguments.ts';
import { grad } from '../autograd/index.ts';
import { Function, type FunctionCtx } from '../autograd/function/index.ts';
import { is_grad_enabled } from '../autograd/grad_mode.ts';
import { is_tensor } from '../creation.ts';
import { RuntimeError, TypeError } from '../errors.ts';
import { empty_like } from '../generated/functions.ts';
import { Module } from '../nn/modules/module.ts';
import type { Tensor } from '../tensor.ts';
import { CUDAGraph, graph, graph_pool_handle, on_side_stream, type PoolHandle } from './graphs.ts';

/** What can be made a graph: it takes tensors and gives one or a list of them. */
export type GraphedCallable = (...args: Tensor[]) => Tensor | Tensor[];

interface GraphedParameters {
  callables: GraphedCallable | readonly GraphedCallable[];
  sample_args: readonly Tensor[] | readonly (readonly Tensor[])[];
  num_warmup_iters?: number;
  allow_unused_input?: boolean;
  pool?: PoolHandle | null;
}

const graphed_arguments = signature<GraphedParameters>('make_graphed_callables', [
  'callables',
  'sample_args',
  ['num_warmup_iters', 3],
  ['allow_unused_input', false],
  ['pool', null],
]);

const list_of = (outputs: Tensor | readonly Tensor[]): readonly Tensor[] =>
  is_array(outputs) ? (outputs as readonly Tensor[]) : [outputs as Tensor];

/** The recording of one callable: the memory that its graphs read and write, and how to run them. */
class Recording {
  readonly #forward = new CUDAGraph();
  readonly #backward = new CUDAGraph();
  readonly #inputs: readonly Tensor[];
  /** How many inputs are the caller's: the parameters of a module come after. */
  readonly #given: number;
  readonly #outputs: readonly Tensor[];
  readonly #single: boolean;
  readonly #output_gradients: readonly (Tensor | null)[];
  readonly #input_gradients: readonly (Tensor | null)[];

  constructor(
    call: GraphedCallable,
    args: readonly Tensor[],
    parameters: readonly Tensor[],
    { pool, allow_unused }: { pool: PoolHandle; allow_unused: boolean },
  ) {
    this.#inputs = [...args, ...parameters];
    this.#given = args.length;
    const outputs = graph(this.#forward, { pool }, () => call(...args));
    this.#single = !is_array(outputs);
    this.#outputs = list_of(outputs);
    this.#output_gradients = this.#outputs.map((output) => (output.requires_grad ? empty_like(output) : null));
    const needing = this.#inputs.filter((input) => input.requires_grad);
    let gradients: readonly (Tensor | null)[] = [];
    if (needing.length > 0) {
      gradients = graph(this.#backward, { pool }, () =>
        grad({
          outputs: this.#outputs.filter((output) => output.requires_grad),
          inputs: needing,
          grad_outputs: this.#output_gradients.filter((one) => one !== null),
          allow_unused,
        }),
      );
    }
    let next = 0;
    this.#input_gradients = this.#inputs.map((input) => (input.requires_grad ? (gradients[next++] ?? null) : null));
  }

  run_forward(args: readonly Tensor[]): Tensor[] {
    args.forEach((arg, i) => {
      const own = this.#inputs[i]!;
      if (own.data_ptr() !== arg.data_ptr()) own.copy_(arg);
    });
    this.#forward.replay();
    return this.#outputs.map((output) => output.detach());
  }

  run_backward(gradients: readonly (Tensor | null)[]): (Tensor | null)[] {
    this.#output_gradients.forEach((own, i) => {
      const gradient = gradients[i];
      if (own !== null && gradient != null && own.data_ptr() !== gradient.data_ptr()) own.copy_(gradient);
    });
    this.#backward.replay();
    return this.#input_gradients.map((gradient) => gradient?.detach() ?? null);
  }

  callable(): GraphedCallable {
    const recording = this;
    class Graphed extends Function {
      static override forward(_ctx: FunctionCtx, ...inputs: Tensor[]): Tensor[] {
        return recording.run_forward(inputs.slice(0, recording.#given));
      }

      static override backward(_ctx: FunctionCtx, ...gradients: (Tensor | null)[]): (Tensor | null)[] {
        return recording.run_backward(gradients);
      }
    }
    return (...args) => {
      if (args.length !== this.#given) {
        throw new TypeError(`a graphed callable takes ${this.#given} tensors but ${args.length} were given`);
      }
      const outputs = Graphed.apply(...args, ...this.#inputs.slice(this.#given)) as Tensor[];
      return this.#single ? outputs[0]! : outputs;
    };
  }
}

/**
 * Makes graphs of the forward and backward passes of functions or modules. What comes back is called as before, with
 * tensors of the same shapes as the samples; modules come back themselves, and run as before in the other mode of
 * training.
 *
 * @param callables a function or module, or a list of them, in the order in which they will run
 * @param sample_args tensors for each: shapes, dtypes and `requires_grad` as in use later
 * @param num_warmup_iters how often each runs before it is recorded
 * @param allow_unused_input whether inputs may have no part in the outputs
 * @param pool a pool of memory to share
 * @throws RuntimeError for arguments that cannot be recorded
 * @see https://docs.pytorch.org/docs/stable/generated/torch.cuda.make_graphed_callables.html
 */
export function make_graphed_callables<C extends GraphedCallable>(
  ...args: Arguments<
    Omit<GraphedParameters, 'callables'> & { callables: C },
    ['callables', 'sample_args', 'num_warmup_iters', 'allow_unused_input', 'pool']
  >
): C;
export function make_graphed_callables<C extends readonly GraphedCallable[]>(
  ...args: Arguments<
    Omit<GraphedParameters, 'callables'> & { callables: C },
    ['callables', 'sample_args', 'num_warmup_iters', 'allow_unused_input', 'pool']
  >
): C;
export function make_graphed_callables(...args: unknown[]): unknown {
  const given = graphed_arguments(args);
  const single = !is_array(given.callables);
  const callables = (single ? [given.callables] : given.callables) as readonly GraphedCallable[];
  const samples = (single ? [given.sample_args] : given.sample_args) as readonly (readonly Tensor[])[];
  if (samples.length !== callables.length) {
    throw new RuntimeError(`there are ${callables.length} callables but sample_args for ${samples.length}`);
  }
  for (const list of samples) {
    if (!is_array(list) || !list.every((sample) => is_tensor(sample))) {
      throw new TypeError('In the beta API, sample_args for each callable must contain only Tensors. Other types are not allowed.');
    }
  }
  const parameters = callables.map((call) =>
    is_instance(call, Module) ? [...(call as Module).parameters()] : [],
  );
  const pool = given.pool ?? graph_pool_handle();
  const allow_unused = given.allow_unused_input;
  on_side_stream(() => {
    callables.forEach((call, i) => {
      const inputs = [...samples[i]!, ...parameters[i]!].filter((input) => input.requires_grad);
      for (let step = 0; step < given.num_warmup_iters; step++) {
        const outputs = list_of(call(...samples[i]!)).filter((output) => output.requires_grad);
        if (outputs.length === 0 || inputs.length === 0) continue;
        grad({ outputs, inputs, grad_outputs: outputs.map((output) => empty_like(output)), allow_unused });
      }
    });
  });
  const graphed = callables.map((call, i) => {
    const recorded = new Recording(call, samples[i]!, parameters[i]!, { pool, allow_unused }).callable();
    if (!is_instance(call, Module)) return recorded;
    const module = call as unknown as Module & { forward: GraphedCallable };
    const { training } = module;
    const plain = module.forward.bind(module);
    module.forward = (...inputs) => (module.training === training && is_grad_enabled() ? recorded : plain)(...inputs);
    return call;
  });
  return single ? graphed[0] : graphed;
}
