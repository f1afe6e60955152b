/** Whether the parts of new sparse tensors are checked for consistency. */
import { type Arguments, signature } from '../arguments.ts';

let enabled = false;

const parameters = signature<{ enable?: boolean }>('check_sparse_tensor_invariants', [['enable', true]]);

/**
 * Switches the check of what sparse tensors are made of. It is off by default, since it takes time; `check_invariants`
 * of the functions that make sparse tensors has precedence.
 *
 *     torch.sparse.check_sparse_tensor_invariants.enable();
 *     { using _ = new torch.sparse.check_sparse_tensor_invariants(); … }
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.check_sparse_tensor_invariants.html
 */
export class check_sparse_tensor_invariants implements Disposable {
  readonly #saved = enabled;

  /** Switches it until the object is disposed of. */
  constructor(...args: Arguments<{ enable?: boolean }, ['enable']>) {
    enabled = parameters(args).enable;
  }

  static is_enabled(): boolean {
    return enabled;
  }

  static enable(): void {
    enabled = true;
  }

  static disable(): void {
    enabled = false;
  }

  [Symbol.dispose](): void {
    enabled = this.#saved;
  }
}
