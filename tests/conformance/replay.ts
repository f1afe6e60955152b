/** Makes the calls of a sample through the package's public functions and says whether they give what Python gives. */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import type { Bundle, GradientSample, Sample } from './bundle.ts';
import { Comparison } from './compare.ts';
import { Missing, Scope, tensor_of } from './values.ts';

/** What became of a sample's call or of its gradient. */
export interface Verdict {
  passed: boolean;
  /** Was it the same to the last bit, an error's message to the last letter? */
  exact: boolean;
  /** What was wrong, and what was not exact. */
  reason?: string;
  /** Is what the sample calls not there at all? */
  missing?: boolean;
}

/** `gradient` is null for a sample that has none. */
export interface Outcome {
  result: Verdict;
  gradient: Verdict | null;
}

/** The seed before every call, as in scripts/conformance/samples.py. */
const SEED = 42;

/** Python's names for errors, where ours differ. */
const ERROR_NAMES: Readonly<Record<string, string>> = { _LinAlgError: 'LinAlgError' };

export function replay(bundle: Bundle, sample: Sample): Outcome {
  const has_gradient = sample.gradient !== undefined;
  let scope: Scope;
  try {
    scope = new Scope((sample.inputs ?? []).map((input) => tensor_of(bundle.bytes, input)));
    torch.manual_seed(SEED);
  } catch (error) {
    const failed = failure(error);
    return { result: failed, gradient: has_gradient ? failed : null };
  }
  if (sample.error !== undefined) return { result: replay_error(sample, scope, sample.error), gradient: null };
  try {
    for (const call of sample.calls) scope.call(call);
  } catch (error) {
    const failed = failure(error);
    return { result: failed, gradient: has_gradient ? failed : null };
  }
  const out = scope.value(sample.out ?? []);
  return {
    result: verdict(bundle, (comparison) => comparison.difference(out, sample.expect!)),
    gradient: has_gradient
      ? verdict(bundle, (comparison) => difference_of_gradients(comparison, sample.gradient!, scope, out))
      : null,
  };
}

function verdict(bundle: Bundle, difference: (comparison: Comparison) => string | null): Verdict {
  const comparison = new Comparison(bundle.bytes);
  try {
    const reason = difference(comparison);
    return reason === null ? { passed: true, exact: comparison.exact } : { passed: false, exact: false, reason };
  } catch (error) {
    return failure(error);
  }
}

function failure(error: unknown): Verdict {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const reason = text.split('\n').slice(0, 3).join(' ').slice(0, 300);
  return { passed: false, exact: false, reason, ...(error instanceof Missing && { missing: true }) };
}

function replay_error(sample: Sample, scope: Scope, [name, message]: readonly [string, string]): Verdict {
  try {
    for (const call of sample.calls) scope.call(call);
  } catch (error) {
    if (error instanceof Missing) return failure(error);
    const wanted = (torch as unknown as Record<string, new () => Error>)[ERROR_NAMES[name] ?? name];
    const exact = error instanceof Error && error.message === message;
    const verdict = { ...failure(error), passed: wanted !== undefined && error instanceof wanted, exact };
    if (!exact) verdict.reason = `${verdict.reason!}; in Python ${name}: ${message.split('\n')[0]!}`;
    return verdict;
  }
  return { passed: false, exact: false, reason: `no error; in Python ${name}: ${message.split('\n')[0]!}` };
}

/** All tensors in a value, depth first. */
function tensors_in(value: unknown): Tensor[] {
  if (torch.is_tensor(value)) return [value];
  return Array.isArray(value) ? value.flatMap(tensors_in) : [];
}

/** What the result at `position` is weighted with. */
function cotangent(result: Tensor, position: number): Tensor {
  const weights = Float64Array.from({ length: result.numel() }, (_, i) => (((i * 7 + 3 * position) % 11) - 5) / 8);
  return torch.tensor(weights).to(result.dtype).reshape(result.shape);
}

function difference_of_gradients(
  comparison: Comparison,
  sample: GradientSample,
  scope: Scope,
  out: unknown,
): string | null {
  for (const call of sample.calls ?? []) scope.call(call);
  const tensors = tensors_in(sample.out === undefined ? out : scope.value(sample.out));
  const results = sample.results.map((i) => tensors[i]!);
  const gradients = torch.autograd.grad({
    outputs: results,
    inputs: sample.wrt.map((i) => scope.inputs[i]!),
    grad_outputs: results.map(cotangent),
    allow_unused: true,
  });
  return comparison.difference(gradients, sample.expect);
}
