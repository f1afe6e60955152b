/** What the types say of torch.linalg, fft, special, … and of generated signatures: checked by compiling, never run. */
import torch, { type return_types, type Scalar } from 'tstorch';
import type { Tensor } from 'tstorch';
import * as fft from 'tstorch/fft';
import * as linalg from 'tstorch/linalg';
import * as masked from 'tstorch/masked';
import * as nested from 'tstorch/nested';
import * as windows from 'tstorch/signal/windows';
import * as sparse from 'tstorch/sparse';
import * as special from 'tstorch/special';
import { assert_close, make_tensor } from 'tstorch/testing';

/** Holds only if the two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(holds: Same<A, B>): void;

declare const x: Tensor;
declare const either: Tensor | number;
declare const dims: number | number[] | null;
declare const any_scalar: Scalar;

export function functions(): void {
  const made: Tensor[] = [
    linalg.norm(x),
    linalg.norm(x, 'fro'),
    linalg.norm(x, 2, [0, 1]),
    linalg.norm(x, { ord: 'nuc', keepdim: true }),
    linalg.cond({ input: x, p: 'fro' }),
    linalg.solve(x, x, { left: false }),
    linalg.solve({ A: x, B: x }),
    linalg.eigvalsh(x, 'U'),
    linalg.multi_dot([x, x]),
    fft.fft(x, 4, -1, 'ortho'),
    fft.fft2(x, { norm: 'forward' }),
    fft.fftfreq(5, { d: 0.5, dtype: torch.float64 }),
    special.xlogy(x, 2),
    special.xlogy(2, x),
    special.xlogy({ input: x, other: x }),
    special.zeta(either as number, x),
    windows.hann(5, { sym: false }),
    windows.kaiser({ M: 5, beta: 3 }),
    masked.sum(x, dims, { mask: x }),
    masked.softmax(x, { dim: 0 }),
    masked.var(x, 0, false),
    sparse.mm(x, x),
    sparse.addmm(x, x, x, { beta: 2 }),
    sparse.softmax(x, 1, { dtype: torch.float64 }),
    torch.sparse_coo_tensor([[0, 1]], [1, 2], [3]),
    torch.sparse_coo_tensor({ size: [2, 3] }),
    torch.sparse_csr_tensor(x, x, x, { size: [2, 2] }),
    torch.sparse_bsc_tensor({ ccol_indices: [0], row_indices: [0], values: x }),
    nested.nested_tensor([x, [1, 2]], { dtype: torch.float32 }),
    nested.as_nested_tensor([x]),
    make_tensor(2, 3, { dtype: torch.float32, device: 'cpu' }),
    make_tensor([2, 3], { dtype: torch.float32, device: 'cpu', low: 0 }),
    torch.linalg.inv(x),
    torch.signal.windows.bartlett(3),
  ];
  void made;
  assert_close(x, x, { rtol: 0, atol: 0 });
  assert_close({ a: 1 }, { a: 1 });
  // @ts-expect-error no such order
  linalg.norm(x, 'foo');
  // @ts-expect-error no such normalisation
  fft.fft(x, { norm: 'unitary' });
  // @ts-expect-error a triangle is upper or lower
  linalg.eigvalsh(x, { UPLO: 'X' });
  // @ts-expect-error B is missing
  linalg.solve(x);
  // @ts-expect-error one of them is a tensor
  special.xlogy(1, 2);
  // @ts-expect-error names are Python's
  windows.hann(5, { symmetric: true });
  // @ts-expect-error the coefficients are missing
  windows.general_cosine(5);
  // @ts-expect-error a mask is a tensor
  masked.sum(x, { mask: true });
  // @ts-expect-error the device is missing
  make_tensor(2, { dtype: torch.float32 });
  // @ts-expect-error no such option
  assert_close(x, x, { tol: 1 });
  // @ts-expect-error the values are missing
  torch.sparse_csr_tensor(x, x);
}

/** Overloads that differ in one parameter take an argument that may be of either type. */
export function either_type(): void {
  const made: Tensor[] = [
    x.add(either),
    x.pow(either),
    torch.pow(x, either),
    x.eq(any_scalar),
    x.sum(dims),
    x.any(dims, true),
    torch.where(x, x, either),
    x.masked_fill(x, either),
    x.where(x, either),
    x.where({ condition: x, other: 2 }),
    x.polygamma(2),
  ];
  void made;
}

export function strings(): void {
  const made: Tensor[] = [
    x.div(2, { rounding_mode: 'floor' }),
    torch.searchsorted(x, x, { side: 'left' }),
    x.scatter_reduce(0, x, x, 'amax'),
    x.scatter(0, x, x, { reduce: 'add' }),
    x.quantile(0.5, { interpolation: 'nearest' }),
    torch.conv2d(x, x, { padding: 'same' }),
  ];
  void made;
  const grid: Tensor[] = torch.meshgrid([x, x], { indexing: 'ij' });
  void grid;
  // @ts-expect-error trunc or floor
  x.div(2, { rounding_mode: 'round' });
  // @ts-expect-error left or right
  torch.searchsorted(x, x, { side: 'middle' });
  // @ts-expect-error not of scatter_reduce
  x.scatter_reduce(0, x, x, 'add');
  // @ts-expect-error not of scatter
  x.scatter(0, x, x, { reduce: 'sum' });
  // @ts-expect-error no such interpolation
  x.quantile(0.5, { interpolation: 'cubic' });
  // @ts-expect-error no such padding
  torch.conv2d(x, x, { padding: 'full' });
}

export function results(): void {
  const best: return_types.max = x.max(1);
  same<(typeof best)['values'], Tensor>(true);
  same<ReturnType<typeof linalg.slogdet>, return_types.linalg_slogdet>(true);
  const { U, S, Vh } = linalg.svd(x);
  const [u, s, vh] = linalg.svd(x, false);
  same<[typeof U, typeof S, typeof Vh], [Tensor, Tensor, Tensor]>(true);
  void [u, s, vh];
  // @ts-expect-error there is no such field
  x.max(1).value;
  // @ts-expect-error the results are read-only
  linalg.svd(x).S = x;
}

export function operators(): void {
  const { add, mm } = torch.ops.aten;
  const made: Tensor[] = [
    add(x, 1),
    add({ input: x, other: x }),
    add.Tensor(x, x, { alpha: 2 }),
    torch.ops.mine.twice(x),
    torch.ops.mine.twice.default(x),
  ];
  const names: string[] = mm.overloads();
  const number = torch.ops.mine.count<number>(x);
  same<typeof number, number>(true);
  const schema: string = add.Tensor._schema;
  torch.ops.load_library('./mine.so');
  void [made, names, schema];
  // @ts-expect-error a string is no tensor
  add('x', x);
  // @ts-expect-error LibTorch has no such operator
  torch.ops.aten.nonsense(x);
  // @ts-expect-error a path is a string
  torch.ops.load_library(5);
}
