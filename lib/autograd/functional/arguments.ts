/** What the functions of `torch.autograd.functional` share: one tensor or an array of them, and the checks of `strict`. */
import { is_array, is_instance } from '../../arguments.ts';
import { RuntimeError, TypeError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { Tensor } from '../../tensor.ts';
import { class_text } from '../../utils/pytree.ts';
import { grad } from '../index.ts';

/** One tensor, or an array of several. */
export type OneOrMore = Tensor | readonly Tensor[];

/** The arguments of a function that is called with these inputs. */
export type Inputs<I extends OneOrMore> = I extends Tensor ? [I] : I extends readonly Tensor[] ? [...I] : never;

/** One tensor for one, an array for an array. */
export type Like<I> = I extends readonly Tensor[] ? { -readonly [K in keyof I]: Tensor } : Tensor;

/** Any function of tensors. */
export type TensorFunction = (...inputs: Tensor[]) => unknown;

/** The tensors, and whether they came as an array. */
export function as_tuple(value: unknown, what: string, name: string): [is_tuple: boolean, tensors: Tensor[]] {
  const is_tuple = is_array(value);
  const list: readonly unknown[] = is_array(value) ? value : [value];
  list.forEach((one, i) => {
    if (is_instance(one, Tensor)) return;
    const which = is_tuple ? `value at index ${i}` : `given ${what}`;
    throw new TypeError(
      `The ${what} given to ${name} must be either a Tensor or a tuple of Tensors but the ${which} has type ${class_text(one)}.`,
    );
  });
  return [is_tuple, list as Tensor[]];
}

/** The one tensor, or the array. */
export function as_given(tensors: readonly Tensor[], is_tuple: boolean): Tensor | Tensor[] {
  return is_tuple ? [...tensors] : tensors[0]!;
}

/** New tensors of the inputs' values, through which gradients flow back to them only if the graph is wanted. */
export function prepared(inputs: readonly Tensor[], create_graph: boolean, need_graph: boolean): Tensor[] {
  return inputs.map((input) => {
    if (!create_graph || !input.requires_grad) return input.detach().requires_grad_(need_graph);
    return input.is_sparse ? input.clone() : input.view_as(input);
  });
}

/** Tensors without a history that nobody asked for. */
export function finished(tensors: readonly Tensor[], create_graph: boolean): Tensor[] {
  return create_graph ? [...tensors] : tensors.map((one) => one.detach());
}

/** Fails unless `v` has the form of what it is multiplied with. */
export function check_v(v: readonly Tensor[], other: readonly Tensor[], is_other_tuple: boolean): void {
  if (other.length !== v.length) {
    throw new RuntimeError(
      is_other_tuple
        ? `v is a tuple of invalid length: should be ${other.length} but got ${v.length}.`
        : 'The given v should contain a single Tensor.',
    );
  }
  v.forEach((one, i) => {
    if (one.shape.equals(other[i]!.shape)) return;
    const entry = is_other_tuple ? `Entry ${i} in ` : '';
    throw new RuntimeError(
      `${entry}v has invalid size: should be ${String(other[i]!.shape)} but got ${String(one.shape)}.`,
    );
  });
}

type Checked = 'outputs' | 'grad_inputs' | 'jacobian' | 'hessian';

const INDEPENDENT: Readonly<Record<Checked, (i: number) => string>> = {
  hessian: (i) =>
    `The hessian of the user-provided function with respect to input ${i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is thrice differentiable and that the hessian depends on the inputs.`,
  jacobian: (i) =>
    `While computing the hessian, found that the jacobian of the user-provided function with respect to input ${i} is independent of the input. This is not allowed in strict mode. You should ensure that your function is twice differentiable and that the jacobian depends on the inputs (this would be violated by a linear function for example).`,
  grad_inputs: (i) =>
    `The gradient with respect to input ${i} is independent of the inputs of the user-provided function. This is not allowed in strict mode.`,
  outputs: (i) =>
    `Output ${i} of the user-provided function does not require gradients. The outputs must be computed in a differentiable manner from the input when running in strict mode.`,
};

/** With `strict`, fails if one of the tensors does not depend on what it should. */
export function check_depends(tensors: readonly (Tensor | null)[], what: Checked, strict: boolean): void {
  if (!strict) return;
  tensors.forEach((one, i) => {
    if (one === null) {
      throw new RuntimeError(
        `The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
      );
    }
    if (!one.requires_grad) throw new RuntimeError(INDEPENDENT[what](i));
  });
}

/** As `grad`, of those outputs that need gradients. */
export function gradients_of(
  outputs: readonly (Tensor | null)[],
  inputs: readonly Tensor[],
  grad_outputs: readonly Tensor[] | null,
  options: { create_graph?: boolean; retain_graph?: boolean; is_grads_batched?: boolean } = {},
): (Tensor | null)[] {
  const used = outputs.flatMap((one, i) => (one?.requires_grad ? [i] : []));
  if (used.length === 0) return inputs.map(() => null);
  return grad({
    outputs: used.map((i) => outputs[i]!),
    inputs,
    grad_outputs: grad_outputs === null ? null : used.map((i) => grad_outputs[i]!),
    allow_unused: true,
    ...options,
  });
}

type Stage = 'back' | 'back_trick' | 'double_back' | 'double_back_trick';

const MISSING: Readonly<Record<Stage, (i: number) => string>> = {
  back: (i) =>
    `The output of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
  back_trick: (i) =>
    `The gradient with respect to the input is independent of entry ${i} in the grad_outputs when using the double backward trick to compute forward mode gradients. This is not allowed in strict mode.`,
  double_back: (i) =>
    `The jacobian of the user-provided function is independent of input ${i}. This is not allowed in strict mode.`,
  double_back_trick: (i) =>
    `The hessian of the user-provided function is independent of entry ${i} in the grad_jacobian. This is not allowed in strict mode as it prevents from using the double backward trick to replace forward mode AD.`,
};

/** Zeros like `refs` for gradients that are not there, which `strict` does not allow. */
export function filled(
  gradients: readonly (Tensor | null)[],
  refs: readonly Tensor[],
  strict: boolean,
  create_graph: boolean,
  stage: Stage,
): Tensor[] {
  return gradients.map((one, i) => {
    if (one === null) {
      if (strict) throw new RuntimeError(MISSING[stage](i));
      return aten.zeros_like(refs[i]!);
    }
    if (strict && create_graph && !one.requires_grad) {
      const what = stage.startsWith('double') ? 'hessian' : 'jacobian';
      throw new RuntimeError(
        `The ${what} of the user-provided function is independent of input ${i}. This is not allowed in strict mode when create_graph=True.`,
      );
    }
    return one;
  });
}
