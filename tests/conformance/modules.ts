/** Makes the module of a sample, calls it and differentiates what it gives, and says where Python has something else. */
import torch from 'tstorch';
import type { nn, Tensor } from 'tstorch';
import type { Bundle, ModuleSample, State, Value } from './bundle.ts';
import { digest, type Comparison } from './compare.ts';
import { cotangent, failure, SEED, tensors_in, verdict, verdict_of_error, type Verdict } from './replay.ts';
import { Scope, tensor_of } from './values.ts';

/** What is compared of a module, in the order in which it is. */
export const CHECKS = ['made', 'result', 'gradient', 'after'] as const;
export type Check = (typeof CHECKS)[number];

/**
 * What became of a sample: whether the module was made as in Python (what is printed, its fresh state dict), what it
 * gave, the gradients, and what was left behind (buffers, the random stream). A check that a sample has not is null.
 */
export type ModuleOutcome = Readonly<Record<Check, Verdict | null>>;

export function replay_module(bundle: Bundle<ModuleSample>, sample: ModuleSample): ModuleOutcome {
  const nothing: Record<Check, Verdict | null> = { made: null, result: null, gradient: null, after: null };
  let scope: Scope;
  try {
    scope = new Scope((sample.inputs ?? []).map((input) => tensor_of(bundle.bytes, input)));
    torch.manual_seed(SEED);
  } catch (error) {
    return { ...nothing, made: failure(error) };
  }
  if (sample.error !== undefined) return { ...nothing, result: verdict_of_error(() => call(sample, scope), sample.error) };

  let module: nn.Module;
  let outputs: unknown;
  const made = verdict(bundle, () => {
    module = scope.make(sample.make) as nn.Module;
    return difference_of_text(String(module), sample.repr) ?? difference_of_state(module, sample.initial);
  });
  if (module! === undefined) return { ...nothing, made };
  const result = verdict(bundle, (comparison) => {
    prepare(module, sample);
    outputs = module(...(scope.arguments(sample.call) as never[]));
    return comparison.difference(outputs, sample.expect) ?? difference_without_grad(comparison, module, sample, scope);
  });
  if (outputs === undefined) return { ...nothing, made, result };
  const { gradient } = sample;
  return {
    made,
    result,
    gradient: gradient
      ? verdict(bundle, (comparison) => difference_of_gradients(comparison, module, gradient, scope, outputs))
      : null,
    after: verdict(bundle, (comparison) => difference_afterwards(comparison, module, sample)),
  };
}

function prepare(module: nn.Module, { dtype, mode }: ModuleSample): void {
  module.to((torch as unknown as Record<string, typeof torch.float32>)[dtype]!);
  module.train(mode === 'train');
}

/** What is refused: the module is made, or made and called. */
function call(sample: ModuleSample, scope: Scope): void {
  const module = scope.make(sample.make) as nn.Module;
  if (sample.call !== undefined) module(...(scope.arguments(sample.call) as never[]));
}

function difference_of_text(actual: string, expected: readonly string[]): string | null {
  return expected.includes(actual) ? null : `prints as ${actual}, in Python ${expected[0]!}`;
}

function difference_of_state(module: nn.Module, expected: State): string | null {
  const state = module.state_dict();
  const names = [...state.keys()].join(', ');
  const wanted = expected.map(([name]) => name).join(', ');
  if (names !== wanted) return `the state dict has ${names}, in Python ${wanted}`;
  for (const [name, entry] of expected) {
    const tensor = state.get(name)!;
    if (typeof entry === 'string') {
      if (tensor.__repr__() !== entry) return `${name} is ${tensor.__repr__()}, in Python ${entry}`;
      continue;
    }
    const [dtype, shape, elements] = entry;
    const ours = `${tensor.dtype.name} [${tensor.shape.join(', ')}]`;
    const pythons = `${dtype} [${shape.join(', ')}]`;
    if (ours !== pythons) return `${name} is ${ours}, in Python ${pythons}`;
    if (digest(tensor) !== elements) return `${name} has other elements`;
  }
  return null;
}

function difference_without_grad(
  comparison: Comparison,
  module: nn.Module,
  { no_grad, call }: ModuleSample,
  scope: Scope,
): string | null {
  if (no_grad === undefined) return null;
  const outputs = torch.no_grad(() => module(...(scope.arguments(call) as never[])) as unknown);
  const wrong = comparison.difference(outputs, no_grad);
  return wrong === null ? null : `without gradients: ${wrong}`;
}

function difference_of_gradients(
  comparison: Comparison,
  module: nn.Module,
  { inputs, parameters }: NonNullable<ModuleSample['gradient']>,
  scope: Scope,
  outputs: unknown,
): string | null {
  const results = tensors_in(outputs).filter((one) => one.requires_grad && one.layout === torch.strided);
  torch.autograd.backward(results, results.map(cotangent));
  const difference = (tensor: Tensor, expected: Value, name: string): string | null => {
    const { grad } = tensor;
    if (expected === null || grad === null) return grad === expected ? null : `only one gradient of ${name} is null`;
    const wrong = comparison.difference(grad, expected);
    return wrong === null ? null : `${name}: ${wrong}`;
  };
  const named = new Map(module.named_parameters());
  for (const [name, expected] of parameters) {
    const wrong = difference(named.get(name)!, expected, name);
    if (wrong !== null) return wrong;
  }
  return inputs.reduce<string | null>(
    (wrong, expected, i) => wrong ?? difference(scope.inputs[i]!, expected, `input ${i}`),
    null,
  );
}

function difference_afterwards(comparison: Comparison, module: nn.Module, sample: ModuleSample): string | null {
  if (sample.became !== undefined) {
    const [text, state] = sample.became;
    const wrong = difference_of_text(String(module), [text]) ?? difference_of_state(module, state);
    if (wrong !== null) return wrong;
  }
  const buffers = new Map(module.named_buffers());
  for (const [name, expected] of sample.buffers ?? []) {
    const wrong = comparison.difference(buffers.get(name), expected);
    if (wrong !== null) return `${name}: ${wrong}`;
  }
  const next = torch.rand([]).item();
  return next === sample.random ? null : `the next random number is ${next}, in Python ${sample.random}`;
}
