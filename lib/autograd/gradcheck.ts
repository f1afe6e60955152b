/**
 * Gradients compared with what small differences give.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#numerical-gradient-checking
 */
import { is_array, is_instance, signature } from '../arguments.ts';
import { Complex } from '../complex.ts';
import { complex128, float64 } from '../dtype.ts';
import { AssertionError, NotImplementedError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { named } from '../named_error.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { make_tensor } from '../testing/creation.ts';
import { promote_types } from '../type_promotion.ts';
import { warn } from '../warnings.ts';
import { dual_level, make_dual, unpack_dual } from './forward_ad.ts';
import { grad } from './index.ts';

/** A gradient that is not what it should be. */
export class GradcheckError extends RuntimeError {}
named(GradcheckError, 'GradcheckError');

function check_function(func: unknown): void {
  if (typeof func !== 'function') throw new TypeError(`'${type_name(func)}' object is not callable`);
}

/** What is checked: takes tensors and whatever else, gives one tensor or an array. */
export type CheckedFunction = (...inputs: never[]) => unknown;

/** What both checks take by name. */
export interface CheckOptions {
  /** The difference (default: 1e-6). */
  eps?: number;
  atol?: number;
  rtol?: number;
  /** Whether a failure is thrown (the default); otherwise the result is false. */
  raise_exception?: boolean;
  /** How much the same backward may differ from one call to the next (default: 0). */
  nondet_tol?: number;
  /** Whether gradients that are not there are tried too (default: true). */
  check_undefined_grad?: boolean;
  check_grad_dtypes?: boolean;
  check_batched_grad?: boolean;
  /** Python's cheaper check by random projections. Here the full one is done. */
  fast_mode?: boolean;
  masked?: boolean | null;
}

/** What `gradcheck` takes by name. */
export interface GradcheckOptions extends CheckOptions {
  check_batched_forward_grad?: boolean;
  /** Whether forward mode is checked (default: false). */
  check_forward_ad?: boolean;
  /** Whether backward mode is checked (default: true). */
  check_backward_ad?: boolean;
}

interface GradcheckParameters extends GradcheckOptions {
  func: CheckedFunction;
  inputs: unknown;
}

const gradcheck_arguments = signature<GradcheckParameters>(
  'gradcheck',
  ['func', 'inputs'],
  [
    ['eps', 1e-6], ['atol', 1e-5], ['rtol', 1e-3], ['raise_exception', true], ['nondet_tol', 0],
    ['check_undefined_grad', true], ['check_grad_dtypes', false], ['check_batched_grad', false],
    ['check_batched_forward_grad', false], ['check_forward_ad', false], ['check_backward_ad', true],
    ['fast_mode', false], ['masked', null],
  ],
);

type Checked = (...inputs: readonly unknown[]) => unknown;
type Settings = Required<GradcheckParameters>;

/**
 * Compares the gradients of a function with what small differences of its inputs give.
 *
 * ```ts
 * torch.autograd.gradcheck((x: Tensor) => x.sin(), [x]); // x of dtype float64, with requires_grad
 * ```
 * @param func gives tensors
 * @param inputs an array of its arguments, or the only one
 * @returns true; false where something differs and `raise_exception` is false
 * @throws GradcheckError where something differs
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradcheck.html
 */
export function gradcheck(func: CheckedFunction, inputs: unknown, options?: GradcheckOptions): boolean;
export function gradcheck(...args: unknown[]): boolean {
  const given = gradcheck_arguments(args);
  check_function(given.func);
  if (!given.check_forward_ad && !given.check_backward_ad) {
    throw new AssertionError('Expected at least one of check_forward_ad or check_backward_ad to be True');
  }
  if (given.check_undefined_grad && !given.check_backward_ad) given.check_undefined_grad = false;
  if (given.raise_exception) return run_check(given);
  try {
    return run_check(given);
  } catch (error) {
    if (error instanceof GradcheckError) return false;
    throw error;
  }
}

function list_of(value: unknown): readonly unknown[] {
  return is_array(value) ? value : [value];
}

function is_checked(value: unknown): value is Tensor {
  return is_instance(value, Tensor) && value.requires_grad;
}

function is_float_tensor(value: unknown): value is Tensor {
  return is_instance(value, Tensor) && (value.dtype.is_floating_point || value.dtype.is_complex);
}

function run_check(given: Settings): boolean {
  const func = given.func as Checked;
  const inputs = list_of(given.inputs);
  check_inputs(inputs);
  const outputs = list_of(func(...inputs)).filter(is_float_tensor);
  if (outputs.some((one) => one.is_sparse || one.layout !== inputs_layout(one))) {
    throw new ValueError(
      'Sparse output is not supported at gradcheck yet. Please call to_dense(masked_grad=...) on the output of fn for gradcheck.',
    );
  }
  const complex = outputs.some((one) => one.dtype.is_complex);
  if (complex) {
    check_jacobians(part_of(func, 'real'), inputs, given);
    check_jacobians(part_of(func, 'imag'), inputs, given);
  } else {
    check_jacobians(func, inputs, given);
  }
  if (!given.check_backward_ad) return true;
  const differentiable = list_of(func(...inputs)).filter(is_float_tensor).filter(is_checked);
  if (differentiable.length === 0) return true;
  if (given.check_batched_grad) differentiable.forEach((one, i) => check_batches(one, i, inputs));
  check_zeros(differentiable, inputs);
  if (given.check_undefined_grad) check_undefined(func, inputs);
  return true;
}

function inputs_layout(tensor: Tensor): unknown {
  return String(tensor.layout) === 'torch.strided' ? tensor.layout : undefined;
}

function check_inputs(inputs: readonly unknown[]): void {
  inputs.forEach((one, i) => {
    if (!is_checked(one)) return;
    if (one.dtype !== float64 && one.dtype !== complex128) {
      warn(
        `Input #${i} requires gradient and is not a double precision floating point or complex. This check will likely fail if all the inputs are not of double precision floating point or complex. `,
      );
    }
    if (String(one.layout) !== 'torch.strided') {
      throw new NotImplementedError('gradcheck(): only inputs of strided layout can be checked');
    }
    const sizes = [...one.shape];
    if (!one.stride().every((stride, dim) => stride > 0 || sizes[dim]! <= 1)) {
      throw new RuntimeError(
        `The ${i}th input has a dimension with stride 0. gradcheck only supports inputs that are non-overlapping to be able to compute the numerical gradients correctly. You should call .contiguous on the input before passing it to gradcheck.`,
      );
    }
  });
  if (!inputs.some(is_checked)) {
    throw new ValueError(
      'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
    );
  }
}

/** The function with one part of those outputs that are complex. */
function part_of(func: Checked, part: 'real' | 'imag'): Checked {
  return (...inputs) =>
    list_of(func(...inputs)).map((one) =>
      is_instance(one, Tensor) && one.dtype.is_complex ? (part === 'real' ? aten.real(one) : aten.imag(one)) : one,
    );
}

/** The elements of a tensor as views without dimensions, in row-major order. */
function* elements_of(tensor: Tensor): Generator<Tensor> {
  if (tensor.dim() === 0) {
    yield tensor;
    return;
  }
  for (let i = 0; i < tensor.size(0); i++) yield* elements_of(tensor.select(0, i));
}

/** By output, the matrix of `(elements of the input, elements of the output)` by small differences. */
function numerical_jacobian(func: Checked, inputs: readonly unknown[], input: Tensor, eps: number): Tensor[] {
  const data = input.detach();
  const outputs = () => list_of(func(...inputs)).filter(is_float_tensor).map((one) => one.detach().clone());
  const difference = (element: Tensor, step: number | Complex): Tensor[] => {
    const before = element.clone();
    element.copy_(aten.sub(before, aten.full([], step, { dtype: element.dtype })));
    const low = outputs();
    element.copy_(aten.add(before, aten.full([], step, { dtype: element.dtype })));
    const high = outputs();
    element.copy_(before);
    return high.map((one, i) => one.sub(low[i]!).div(2 * eps).reshape(-1));
  };
  const rows: Tensor[][] = [];
  for (const element of elements_of(data)) {
    const along = difference(element, eps);
    if (!input.dtype.is_complex) {
      rows.push(along);
      continue;
    }
    const across = difference(element, new Complex(0, eps));
    rows.push(along.map((one, i) => aten.add(one, aten.mul(across[i]!, new Complex(0, 1)))));
  }
  const first = rows[0] ?? outputs().map((one) => one.reshape(-1));
  return first.map((one, i) => (rows.length > 0 ? aten.stack(rows.map((row) => row[i]!)) : one.new_zeros([0, one.numel()])));
}

/** By input, the matrix of `(elements of the input, elements of the output)` by backward passes. */
function backward_jacobian(output: Tensor, inputs: readonly Tensor[], given: Settings): Tensor[] {
  const columns: Tensor[][] = inputs.map(() => []);
  const grad_output = aten.zeros_like(output);
  for (const element of elements_of(grad_output)) {
    element.fill_(1);
    const gradients = grad(output, inputs, grad_output.clone(), { retain_graph: true, allow_unused: true });
    element.fill_(0);
    gradients.forEach((one, i) => {
      const input = inputs[i]!;
      if (one !== null && one.dtype !== input.dtype && given.check_grad_dtypes) {
        throw new GradcheckError('Gradient has dtype mismatch');
      }
      if (one !== null && !one.shape.equals(input.shape)) {
        throw new GradcheckError('Analytical gradient has incorrect size');
      }
      const dense = one === null ? aten.zeros_like(input) : String(one.layout) === 'torch.strided' ? one : one.to_dense();
      columns[i]!.push(dense.detach().reshape(-1));
    });
  }
  return columns.map((list, i) =>
    list.length > 0 ? aten.stack(list, 1) : inputs[i]!.new_zeros([inputs[i]!.numel(), 0]),
  );
}

/** By output, the matrix of `(elements of the input, elements of the output)` by forward mode. */
function forward_jacobian(func: Checked, inputs: readonly unknown[], position: number): Tensor[] {
  return dual_level(() => {
    const rows: Tensor[][] = [];
    const input = inputs[position] as Tensor;
    const tangent = aten.zeros_like(input);
    for (const element of elements_of(tangent)) {
      element.fill_(1);
      const duals = inputs.map((one, i) => {
        if (!is_checked(one)) return one;
        return make_dual(one.detach(), i === position ? tangent.clone() : aten.zeros_like(one));
      });
      element.fill_(0);
      const outputs = list_of(func(...duals)).filter(is_float_tensor);
      rows.push(
        outputs.map((one) => {
          const { primal, tangent: result } = unpack_dual(one);
          return (result ?? aten.zeros_like(primal)).detach().reshape(-1);
        }),
      );
    }
    return (rows[0] ?? []).map((_, i) => aten.stack(rows.map((row) => row[i]!)));
  });
}

function close(a: Tensor, b: Tensor, rtol: number, atol: number): boolean {
  const kind = promote_types(a.dtype, b.dtype);
  return aten.allclose(a.to(kind), b.to(kind), rtol, atol);
}

function check_jacobians(func: Checked, inputs: readonly unknown[], given: Settings): void {
  const { eps, rtol, atol, nondet_tol } = given;
  const positions = inputs.flatMap((one, i) => (is_checked(one) ? [i] : []));
  const checked = positions.map((i) => inputs[i] as Tensor);
  const numerical = checked.map((one) => numerical_jacobian(func, inputs, one, eps));
  // Not before: autograd takes the small differences for changes of the inputs.
  const outputs = list_of(func(...inputs)).filter(is_float_tensor);
  if (!outputs.some((one) => one.requires_grad)) {
    for (const jacobian of numerical.flat()) {
      if (!aten.ne(jacobian, 0).any().item()) continue;
      throw new GradcheckError('Numerical gradient for function expected to be zero');
    }
    return;
  }
  const compare = (analytical: Tensor, output: number, input: number, mode: string) => {
    if (close(analytical, numerical[input]![output]!, rtol, atol)) return;
    const shown = outputs.slice(0, output).filter((one) => one.requires_grad).length;
    throw new GradcheckError(
      `Jacobian ${mode}mismatch for output ${shown} with respect to input ${input},\nnumerical:${String(numerical[input]![output])}\nanalytical:${String(analytical)}\n`,
    );
  };
  if (given.check_backward_ad) {
    outputs.forEach((output, i) => {
      if (!output.requires_grad) return;
      const analytical = backward_jacobian(output, checked, given);
      const again = backward_jacobian(output, checked, given);
      if (!analytical.every((one, j) => !one.numel() || Number(one.sub(again[j]!).abs().max().item()) <= nondet_tol)) {
        throw new GradcheckError(
          `Backward is not reentrant, i.e., running backward with same input and grad_output multiple times gives different values, although analytical gradient matches numerical gradient.The tolerance for nondeterminism was ${Number.isInteger(nondet_tol) ? nondet_tol.toFixed(1) : nondet_tol}.`,
        );
      }
      analytical.forEach((one, j) => compare(one, i, j, ''));
    });
  }
  if (given.check_forward_ad) {
    if (checked.some((one) => one.dtype.is_complex)) {
      throw new NotImplementedError('gradcheck(): forward mode is checked for real inputs alone');
    }
    positions.forEach((position, j) => {
      forward_jacobian(func, inputs, position).forEach((one, i) => {
        if (outputs[i]!.requires_grad) compare(one, i, j, 'computed with forward mode ');
      });
    });
  }
}

/** Gradients of several vectors at once have to be those of each. */
function check_batches(output: Tensor, output_index: number, inputs: readonly unknown[]): void {
  const checked = inputs.filter(is_checked);
  const vectors = [0, 1].map(() => aten.randn_like(output));
  const options = { retain_graph: true, allow_unused: true };
  const expected = vectors.map((one) => grad(output, checked, one, options));
  const batches = grad(output, checked, aten.stack(vectors), { ...options, is_grads_batched: true });
  batches.forEach((batch, i) => {
    expected.forEach((one, k) => {
      const single = one[i] ?? null;
      if (batch === null ? single === null : single !== null && close(batch.select(0, k), single, 1e-5, 1e-8)) return;
      throw new GradcheckError(
        `gradcheck or gradgradcheck failed while testing batched gradient computation, for output ${output_index} and input ${i}.`,
      );
    });
  });
}

/** Gradients of zeros have to be zeros, like the inputs. */
function check_zeros(outputs: readonly Tensor[], inputs: readonly unknown[]): void {
  const checked = inputs.filter(is_checked);
  const zeros = outputs.map((one) => aten.zeros_like(one));
  grad(outputs, checked, zeros, { allow_unused: true }).forEach((one, i) => {
    if (one === null) return;
    const input = checked[i]!;
    if (!aten.eq(one, 0).all().item()) throw new GradcheckError('backward not multiplied by grad_output');
    if (one.dtype !== input.dtype) throw new GradcheckError('grad is incorrect type');
    if (!one.device.equals(input.device)) throw new GradcheckError('grad is incorrect device');
    if (!one.shape.equals(input.shape)) throw new GradcheckError('grad is incorrect size');
  });
}

const NOTES = 'Please look at "Notes about undefined output gradients" in "tools/autograd/derivatives.yaml"';

/** A backward has to do with gradients of outputs that are not there: of all, and of each. */
function check_undefined(func: Checked, inputs: readonly unknown[]): void {
  const checked = inputs.filter(is_checked);
  const without = (one: Tensor) => new Tensor(native.undefined_grad(one._h)[0]);
  const fresh = () => list_of(func(...inputs)).filter(is_checked);
  const count = fresh().length;
  const trials = [fresh().map(without)];
  for (let i = 0; count > 1 && i < count; i++) trials.push(fresh().map((one, j) => (i === j ? without(one) : one)));
  for (const outputs of trials) {
    let gradients: (Tensor | null)[];
    try {
      gradients = grad(outputs, checked, outputs.map((one) => aten.zeros_like(one)), { allow_unused: true });
    } catch (cause) {
      throw Object.assign(
        new GradcheckError(`Expected backward function to handle undefined output grads. ${NOTES}`),
        { cause },
      );
    }
    if (gradients.every((one) => one === null || aten.eq(one, 0).all().item())) continue;
    throw new GradcheckError(
      `Expected all input grads to be undefined or zero when all output grads are undefined or zero. ${NOTES}`,
    );
  }
}

/** What `gradgradcheck` takes by name. */
export interface GradgradcheckOptions extends CheckOptions {
  gen_non_contig_grad_outputs?: boolean;
  /** Whether forward mode through the backward is checked (default: false). */
  check_fwd_over_rev?: boolean;
  /** Whether backward mode through the backward is checked (default: true). */
  check_rev_over_rev?: boolean;
}

interface GradgradcheckParameters extends GradgradcheckOptions {
  func: CheckedFunction;
  inputs: unknown;
  grad_outputs?: Tensor | readonly Tensor[] | null;
}

const gradgradcheck_arguments = signature<GradgradcheckParameters>(
  'gradgradcheck',
  ['func', 'inputs', ['grad_outputs', null]],
  [
    ['eps', 1e-6], ['atol', 1e-5], ['rtol', 1e-3], ['gen_non_contig_grad_outputs', false], ['raise_exception', true],
    ['nondet_tol', 0], ['check_undefined_grad', true], ['check_grad_dtypes', false], ['check_batched_grad', false],
    ['check_fwd_over_rev', false], ['check_rev_over_rev', true], ['fast_mode', false], ['masked', false],
  ],
);

/**
 * As `gradcheck`, of the gradients of a function: second derivatives.
 * @param grad_outputs the gradients of the outputs that the first ones start from; random ones by default
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.gradcheck.gradgradcheck.html
 */
export function gradgradcheck(
  func: CheckedFunction,
  inputs: unknown,
  grad_outputs?: Tensor | readonly Tensor[] | null | GradgradcheckOptions,
  options?: GradgradcheckOptions,
): boolean;
export function gradgradcheck(...args: unknown[]): boolean {
  const { inputs: given, grad_outputs, gen_non_contig_grad_outputs, check_fwd_over_rev, check_rev_over_rev, ...rest } =
    gradgradcheck_arguments(args);
  check_function(rest.func);
  if (!check_fwd_over_rev && !check_rev_over_rev) {
    throw new AssertionError('Expected at least one of check_fwd_over_rev or check_rev_over_rev to be True');
  }
  for (const name of ['check_undefined_grad', 'check_batched_grad'] as const) {
    if (!rest[name] || check_rev_over_rev) continue;
    throw new AssertionError(`Setting ${name}=True requires check_rev_over_rev to be True`);
  }
  const func = rest.func as Checked;
  const inputs = list_of(given);
  const starts = grad_outputs === null ? random_like(func, inputs, gen_non_contig_grad_outputs) : list_of(grad_outputs);
  const count = starts.length;
  const needs = [...inputs, ...starts].map(is_checked);
  const gradients = (...all: readonly unknown[]): Tensor[] => {
    const prepared = all.map((one, i) => (needs[i] ? (one as Tensor).requires_grad_() : one));
    const arguments_ = prepared.slice(0, -count);
    const outputs = list_of(func(...arguments_)).filter(is_checked);
    const checked = arguments_.filter((_, i) => needs[i]) as Tensor[];
    return grad(outputs, checked, prepared.slice(-count) as Tensor[], { create_graph: true, allow_unused: true }).filter(
      (one) => one !== null,
    );
  };
  const { eps, atol, rtol, raise_exception, nondet_tol, check_undefined_grad, check_grad_dtypes } = rest;
  return gradcheck(gradients as CheckedFunction, [...inputs, ...starts], {
    eps, atol, rtol, raise_exception, nondet_tol, check_undefined_grad, check_grad_dtypes,
    check_batched_grad: rest.check_batched_grad,
    check_forward_ad: check_fwd_over_rev,
    check_backward_ad: check_rev_over_rev,
  });
}

function random_like(func: Checked, inputs: readonly unknown[], noncontiguous: boolean): Tensor[] {
  return list_of(func(...inputs))
    .filter(is_checked)
    .map((one) =>
      make_tensor(one.shape, {
        dtype: one.dtype.is_floating_point || one.dtype.is_complex ? one.dtype : float64,
        device: one.device,
        low: -1,
        high: 1,
        requires_grad: true,
        noncontiguous,
      }),
    );
}
