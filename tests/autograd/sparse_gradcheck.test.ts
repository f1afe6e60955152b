/** torch.sparse.as_sparse_gradcheck: what Python's finds of the same functions. */
import torch, { type Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';

const gradcheck = torch.sparse.as_sparse_gradcheck(torch.autograd.gradcheck);
const dense = torch.tensor([[0, 2, 0], [1, 0, -3], [0, 0, 0.5]], { dtype: torch.float64 });

const LAYOUTS: Record<string, () => Tensor> = {
  coo: () => dense.to_sparse(),
  csr: () => dense.to_sparse_csr(),
  csc: () => dense.to_sparse_csc(),
};
const RIGHT: Record<string, (x: Tensor) => Tensor> = {
  'all elements': (x) => x.to_dense({ masked_grad: false }),
  'those that are there': (x) => x.to_dense({ masked_grad: true }),
  'a sparse result': (x) => x.mul(2),
};
/** Its gradient is half of what it should be. */
const wrong = (x: Tensor) => x.to_dense({ masked_grad: true }).detach().mul(x.to_dense({ masked_grad: true }));

describe.each(Object.keys(LAYOUTS))('%s', (layout) => {
  const input = () => LAYOUTS[layout]!().requires_grad_();

  test.each(Object.keys(RIGHT))('%s', (name) => {
    for (const masked of [true, false]) expect(gradcheck(RIGHT[name]!, [input()], { masked })).toBe(true);
  });

  test('a wrong gradient', () => {
    for (const masked of [true, false]) {
      expect(() => gradcheck(wrong, [input()], { masked })).toThrow(
        'Jacobian mismatch for output 0 with respect to input 0,',
      );
      expect(gradcheck(wrong, [input()], { masked, raise_exception: false })).toBe(false);
    }
  });
});

test('products, which have no gradient by columns', () => {
  const check = (x: Tensor) => gradcheck((one: Tensor) => torch.sparse.mm(one, dense), [x.requires_grad_()]);
  expect(check(LAYOUTS['coo']!())).toBe(true);
  expect(check(LAYOUTS['csr']!())).toBe(true);
  expect(() => check(LAYOUTS['csc']!())).toThrow('sparse_addmm_sparse_backward: unsupported combination of layouts');
});

test('dense inputs, and a reduction', () => {
  expect(gradcheck((x: Tensor) => x.sin(), [dense.clone().requires_grad_()])).toBe(true);
  expect(gradcheck((x: Tensor) => torch.sparse.sum(x), [dense.to_sparse().requires_grad_()])).toBe(true);
});
