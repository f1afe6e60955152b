/** Gradients that are computed by other means than by differentiating what computed the value. */
import { is_grad_enabled } from '../../autograd/grad_mode.ts';
import type { Tensor } from '../../tensor.ts';

/** Gives the gradients of the inputs for that of the value; null for those that need none. */
export type GivenGradient = (grad_output: Tensor) => readonly (Tensor | null)[];

/**
 * `value` as a function of `inputs` whose gradients `backward` gives. It is called once in each backward pass.
 * @param value what is outside of any graph
 */
export function with_gradient(value: Tensor, inputs: readonly (Tensor | null)[], backward: GivenGradient): Tensor {
  if (!is_grad_enabled()) return value;
  // Aliases are where the gradients come in: what is added to the value is nothing, but hangs on all of them.
  const aliases = inputs.map((input) => (input?.requires_grad ? input.view_as(input) : null));
  let result = value;
  for (const alias of aliases) {
    if (alias !== null) result = result.add(alias.flatten().narrow(0, 0, 0).sum().to(value.dtype));
  }
  if (result === value) return value;
  let gradients: readonly (Tensor | null)[] = [];
  result.register_hook((grad_output) => {
    gradients = backward(grad_output);
  });
  aliases.forEach((alias, i) => {
    alias?.register_hook((zeros) => gradients[i] ?? zeros);
  });
  return result;
}
