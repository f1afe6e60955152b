import type { FunctionClass } from '../autograd/function.ts';
import { RuntimeError } from '../errors.ts';

/** @internal A call of a `torch.autograd.Function` within transforms. */
export function apply_in_transforms(Class: FunctionClass, _args: readonly unknown[]): unknown {
  if (Class.setup_context === undefined) {
    throw new RuntimeError(
      'In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it must override the setup_context staticmethod. For more details, please see https://pytorch.org/docs/main/notes/extending.func.html',
    );
  }
  throw new RuntimeError(`${Class.name} cannot be called within the transforms of torch.func`);
}
