import { is_array, is_instance, signature } from '../arguments.ts';
import type { CheckedFunction, GradcheckOptions } from '../autograd/gradcheck.ts';
import { layout, sparse_bsc, sparse_coo, sparse_csc, strided } from '../layout.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';
import { sparse_compressed_tensor, sparse_coo_tensor } from './creation.ts';

/** `torch.autograd.gradcheck`, or a function that is called as it. */
export type Gradcheck = (func: CheckedFunction, inputs: unknown, options?: GradcheckOptions) => boolean;

/** An input of a check: what stands for it, and how it is made again of that. */
interface Stand {
  values: unknown;
  restore: (values: unknown) => unknown;
}

/** The sparse tensor whose elements are all there. */
function filled(dense: Tensor, kind: layout): Tensor {
  const places = aten.nonzero(aten.ones_like(dense)).t();
  const made = sparse_coo_tensor(places, dense.reshape([-1]), dense.shape, { is_coalesced: true });
  return kind === sparse_coo ? made : made.to_sparse({ layout: kind });
}

function stand_for(input: unknown, masked: boolean): Stand {
  const same = (values: unknown) => values;
  if (!is_instance(input, Tensor) || !input.requires_grad || input.layout === strided) {
    return { values: input, restore: same };
  }
  const { layout: kind, shape } = input;
  const detached = input.detach();
  if (!masked) {
    const values = detached.to_dense().requires_grad_();
    return { values, restore: (one) => filled(one as Tensor, kind) };
  }
  if (kind === sparse_coo) {
    const coalesced = detached.coalesce();
    const restore = (one: unknown) => sparse_coo_tensor(coalesced.indices(), one as Tensor, shape, { is_coalesced: true });
    return { values: coalesced.values().clone().requires_grad_(), restore };
  }
  const by_columns = kind === sparse_csc || kind === sparse_bsc;
  const compressed = by_columns ? detached.ccol_indices() : detached.crow_indices();
  const plain = by_columns ? detached.row_indices() : detached.col_indices();
  const restore = (one: unknown) => sparse_compressed_tensor(compressed, plain, one as Tensor, shape, { layout: kind });
  return { values: detached.values().clone().requires_grad_(), restore };
}

const check_arguments = signature<{ func: CheckedFunction; inputs: unknown }>('gradcheck', ['func', 'inputs']);

/**
 * `torch.autograd.gradcheck` for functions that take or give sparse tensors: with `masked: true` the elements that are
 * there are checked, otherwise all of them.
 *
 *     const gradcheck = torch.sparse.as_sparse_gradcheck(torch.autograd.gradcheck);
 *
 * @see https://docs.pytorch.org/docs/stable/generated/torch.sparse.as_sparse_gradcheck.html
 */
export function as_sparse_gradcheck(gradcheck: Gradcheck): Gradcheck {
  return function gradcheck_with_sparse_support(func, inputs, options = {}) {
    check_arguments([func, inputs]);
    const masked = options.masked ?? false;
    const stands = (is_array(inputs) ? inputs : [inputs]).map((one) => stand_for(one, masked));
    const call = func as (...given: unknown[]) => unknown;
    const dense = (output: unknown): unknown =>
      is_instance(output, Tensor) && output.layout !== strided ? output.to_dense({ masked_grad: masked }) : output;
    const strided_function = (...given: unknown[]): unknown => {
      const output = call(...given.map((one, i) => stands[i]!.restore(one)));
      return is_array(output) ? output.map(dense) : dense(output);
    };
    return gradcheck(strided_function as CheckedFunction, stands.map((one) => one.values), { ...options, masked });
  };
}
