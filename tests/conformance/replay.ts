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

/** The seed before every call, as in scripts/conformance/writer.py. */
export const SEED = 42;

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
  if (sample.error !== undefined) {
    const attempt = () => sample.calls.forEach((call) => scope.call(call));
    return { result: verdict_of_error(attempt, sample.error), gradient: null };
  }
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

/** What comes of a comparison with what is in the bundle. */
export function verdict(
  bundle: Pick<Bundle, 'bytes'>,
  difference: (comparison: Comparison) => string | null,
): Verdict {
  const comparison = new Comparison(bundle.bytes);
  try {
    const reason = difference(comparison);
    return reason === null ? { passed: true, exact: comparison.exact } : { passed: false, exact: false, reason };
  } catch (error) {
    return failure(error);
  }
}

export function failure(error: unknown): Verdict {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const reason = text.split('\n').slice(0, 3).join(' ').slice(0, 300);
  return { passed: false, exact: false, reason, ...(error instanceof Missing && { missing: true }) };
}

/** What comes of something that Python refuses. */
export function verdict_of_error(attempt: () => unknown, [name, ...messages]: readonly [string, ...string[]]): Verdict {
  const in_python = `in Python ${name}: ${messages[0]!.split('\n')[0]!}`;
  try {
    attempt();
  } catch (error) {
    if (error instanceof Missing) return failure(error);
    const wanted = (torch as unknown as Record<string, new () => Error>)[ERROR_NAMES[name] ?? name];
    const exact = error instanceof Error && messages.includes(error.message);
    const verdict = { ...failure(error), passed: wanted !== undefined && error instanceof wanted, exact };
    if (!exact) verdict.reason = `${verdict.reason!}; ${in_python}`;
    return verdict;
  }
  return { passed: false, exact: false, reason: `no error; ${in_python}` };
}

/** All tensors in a value, depth first. */
export function tensors_in(value: unknown): Tensor[] {
  if (torch.is_tensor(value)) return [value];
  return Array.isArray(value) ? value.flatMap(tensors_in) : [];
}

/** What the result at `position` is weighted with. */
export function cotangent(result: Tensor, position: number): Tensor {
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
