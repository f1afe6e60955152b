/** A few extreme eigenvalues of large matrices, by a locally optimal block method of conjugate gradients. */
import { type Arguments, signature } from '../arguments.ts';
import { Function, type FunctionCtx } from '../autograd/function/index.ts';
import { float32, float64 } from '../dtype.ts';
import { AssertionError, IndexError, TypeError, ValueError } from '../errors.ts';
import { strided } from '../layout.ts';
import { aten } from '../ops.ts';
import type { Tensor } from '../tensor.ts';
import { check_tensor } from './tensors.ts';

/** With `niter: -1` the search has no end but this, and that the tolerance is met. */
const MOST_STEPS = 1e6;

interface LobpcgParameters {
  A: Tensor;
  k?: number | null;
  B?: Tensor | null;
  X?: Tensor | null;
  n?: number | null;
  iK?: Tensor | null;
  niter?: number | null;
  tol?: number | null;
  largest?: boolean | null;
  method?: string | null;
  tracker?: null;
  ortho_iparams?: Record<string, number> | null;
  ortho_fparams?: Record<string, number> | null;
  ortho_bparams?: Record<string, boolean> | null;
}

const lobpcg_arguments = signature<LobpcgParameters>('lobpcg', [
  'A',
  ...([
    'k', 'B', 'X', 'n', 'iK', 'niter', 'tol', 'largest', 'method', 'tracker', 'ortho_iparams', 'ortho_fparams',
    'ortho_bparams',
  ] as const).map((name) => [name, null] as [string, null]),
]);

/** One problem, not a batch of them. */
interface Problem {
  A: Tensor;
  B: Tensor | null;
  iK: Tensor | null;
  /** The first guess, a column for each eigenvector. */
  X: Tensor;
  niter: number;
  tol: number;
  largest: boolean;
}

/** A product of which the first factor may be sparse, or null for the identity. */
function times(matrix: Tensor | null, x: Tensor): Tensor {
  if (matrix === null) return x;
  return matrix.layout === strided ? aten.matmul(matrix, x) : aten.mm(matrix, x);
}

/** Columns that span what those of `S` span, orthonormal in the product that B makes; dependent ones are left out. */
function orthonormal(S: Tensor, B: Tensor | null): Tensor {
  let basis = S;
  // The second pass mends what rounding has left of the first.
  for (let pass = 0; pass < 2 && basis.size(1) > 0; pass++) {
    const gram = basis.mT.matmul(times(B, basis));
    const lengths = gram.diagonal().clamp_min(0).sqrt();
    const scale = aten.where(lengths.gt(0), lengths.reciprocal(), 0);
    const [values, vectors] = aten.linalg_eigh(gram.mul(scale).mul(scale.unsqueeze(-1)));
    const smallest = (S.dtype === float64 ? 2 ** -52 : 2 ** -23) * S.size(-1) * 4;
    const kept = aten.nonzero(values.gt(values.max().mul(smallest))).squeeze(-1);
    const turn = vectors.index_select(1, kept).mul(values.index_select(0, kept).rsqrt());
    basis = basis.matmul(turn.mul(scale.unsqueeze(-1)));
  }
  return basis;
}

/** The norm of what a matrix does to random vectors, next to the vectors' own. */
function norm_of(matrix: Tensor | null, X: Tensor): number {
  return matrix === null ? 1 : times(matrix, X).norm().item() / X.norm().item();
}

function solve(problem: Problem): [E: Tensor, X: Tensor] {
  const { A, B, iK, largest, tol } = problem;
  const count = problem.X.size(-1);
  const size_of_A = norm_of(A, problem.X);
  const size_of_B = norm_of(B, problem.X);
  let basis = orthonormal(problem.X, B);
  let columns = basis.size(-1);
  for (let step = 0; ; step++) {
    const inner = basis.mT.matmul(times(A, basis));
    const [ascending, turns] = aten.linalg_eigh(inner.add(inner.mT).div(2));
    const values = largest ? ascending.flip([0]) : ascending;
    const vectors = largest ? turns.flip([1]) : turns;
    const wanted = Math.min(count, values.numel());
    const E = values.narrow(0, 0, wanted);
    const turn = vectors.narrow(1, 0, wanted);
    const X = basis.matmul(turn);
    const residual = times(A, X).sub(times(B, X).mul(E));
    const allowed = X.norm(2, 0).mul(E.abs().mul(size_of_B).add(size_of_A)).mul(tol);
    const converged = residual.norm(2, 0).le(allowed).all().item() as unknown as boolean;
    // A space of all dimensions has nothing to be searched in.
    const complete = basis.size(-1) >= A.size(-1);
    const last = problem.niter > 0 ? problem.niter : MOST_STEPS;
    if (converged || step >= last || complete) return [E, X];
    // The part of the new guess that is not in the old one: where the search goes on to.
    const rest = basis.size(1) - columns;
    const directions = rest === 0 ? [] : [basis.narrow(1, columns, rest).matmul(turn.narrow(0, columns, rest))];
    const searched = aten.cat([times(iK, residual), ...directions], 1);
    // X is orthonormal already; what is searched next is made so beside it.
    const beside = searched.sub(X.matmul(X.mT.matmul(times(B, searched))));
    const again = beside.sub(X.matmul(X.mT.matmul(times(B, beside))));
    const added = orthonormal(again, B);
    if (added.size(1) === 0) return [E, X];
    columns = wanted;
    basis = aten.cat([X, added], 1);
  }
}

type Run = (A: Tensor) => [E: Tensor, X: Tensor];

/** The gradients of a few eigenvalues and eigenvectors, from all of them. */
function make_function() {
  return class Lobpcg extends Function {
    static override forward(ctx: FunctionCtx, A: Tensor, run: Run, B: Tensor | null): Tensor[] {
      const [E, X] = run(A);
      ctx.save_for_backward(A, E, X);
      ctx['general'] = B !== null;
      return [E, X];
    }

    static override backward(ctx: FunctionCtx, grad_E: Tensor, grad_X: Tensor): (Tensor | null)[] {
      const [A, E, X] = ctx.saved_tensors as [Tensor, Tensor, Tensor];
      if (A.layout !== strided) {
        throw new ValueError('lobpcg.backward does not support sparse input yet. Note that lobpcg.forward does though.');
      }
      if (ctx['general']) throw new ValueError('lobpcg.backward does not support backward with B != I yet.');
      const [values, vectors] = aten.linalg_eigh(A);
      const gaps = E.unsqueeze(-2).sub(values.unsqueeze(-1));
      const tolerance = values.abs().amax([-1], true).unsqueeze(-1).mul(A.dtype === float64 ? 1e-9 : 1e-4);
      // An eigenvector does not turn towards itself.
      const weights = aten.where(gaps.abs().gt(tolerance), gaps.reciprocal(), 0);
      const turned = vectors.matmul(vectors.mT.matmul(grad_X).mul(weights));
      const gradient = turned.add(X.mul(grad_E.unsqueeze(-2))).matmul(X.mT);
      return [gradient.add(gradient.mT).div(2), null, null];
    }
  };
}

// Made at the first call: modules that load each other may not have come to `Function` yet.
let made: ReturnType<typeof make_function> | undefined;

function apply_differentiably(A: Tensor, run: Run, B: Tensor | null): [E: Tensor, X: Tensor] {
  made ??= make_function();
  return made.apply(A, run, B) as [Tensor, Tensor];
}

/**
 * The largest (or smallest) eigenvalues E (…, k) and eigenvectors X (…, m, k) of symmetric matrices A (…, m, m), or of
 * A X = B X diag(E) for positive definite B. A is multiplied with vectors alone, and may be sparse. Draws random
 * numbers unless it is given X.
 *
 * @param k how many; by default as many as X has columns, or 1
 * @param X a first guess (…, m, n), n of them
 * @param n how many columns a random guess has, `k` by default
 * @param iK a preconditioner (…, m, m), which is nearly the inverse of A
 * @param niter after how many steps to stop in any case, 1000 by default; -1 for never
 * @param tol how small the residuals have to be, by default the root of the dtype's precision
 * @param largest the largest eigenvalues (the default) or the smallest
 * @param method `'ortho'` or `'basic'`; both are the same here
 * @throws ValueError if m is less than 3 n
 * @see https://docs.pytorch.org/docs/stable/generated/torch.lobpcg.html
 */
export function lobpcg(
  ...args: Arguments<
    LobpcgParameters,
    [
      'A', 'k', 'B', 'X', 'n', 'iK', 'niter', 'tol', 'largest', 'method', 'tracker', 'ortho_iparams', 'ortho_fparams',
      'ortho_bparams',
    ]
  >
): [E: Tensor, X: Tensor] {
  const given = lobpcg_arguments(args);
  const { A, B, iK, niter, tol, largest, tracker } = given;
  check_tensor('lobpcg', 'A', A);
  for (const name of ['B', 'X', 'iK'] as const) if (given[name] !== null) check_tensor('lobpcg', name, given[name]);
  for (const name of ['k', 'n', 'niter'] as const) {
    if (given[name] === null || Number.isInteger(given[name])) continue;
    throw new TypeError(`lobpcg(): argument '${name}' must be int, not ${typeof given[name]}`);
  }
  if (tracker !== null) throw new TypeError("lobpcg(): argument 'tracker' must be None");
  if (A.ndim < 2) throw new IndexError('tuple index out of range');
  const m = A.size(-1);
  if (A.size(-2) !== m) throw new AssertionError(`A must be square, got shape ${String(A.shape)}`);
  const n = given.X?.size(-1) ?? given.n ?? given.k ?? 1;
  if (m < 3 * n) {
    throw new ValueError(
      `LOBPCG algorithm is not applicable when the number of A rows (=${m}) is smaller than 3 x the number of requested eigenpairs (=${n})`,
    );
  }
  if (n < 1) throw new ValueError(`lobpcg(): the number of requested eigenpairs (=${n}) must be positive`);
  const batch = A.shape.slice(0, -2);
  const dtype = A.dtype === float64 ? float64 : float32;
  const X = given.X ?? aten.randn([...batch, m, n], { dtype, device: A.device });
  if (X.ndim < 2 || X.size(-2) !== m) {
    throw new AssertionError(`X shape mismatch: got ${String(X.shape)}, expected (${[...batch, m, n].join(', ')})`);
  }
  const precision = dtype === float64 ? 2.23e-16 : 1.2e-7;
  const options = { niter: niter ?? 1000, tol: tol ?? Math.sqrt(precision), largest: largest ?? true };
  const run: Run = (matrix) => {
    if (batch.length === 0) return narrowed(solve({ A: matrix, B, iK, X, ...options }), given.k);
    const flat = (x: Tensor | null): Tensor | null => {
      const matrix_shape = x?.shape.slice(-2) ?? [];
      return x?.expand([...batch, ...matrix_shape]).reshape([-1, ...matrix_shape]) ?? null;
    };
    const [As, Bs, iKs, Xs] = [matrix, B, iK, X].map(flat) as [Tensor, Tensor | null, Tensor | null, Tensor];
    const solved = Array.from({ length: As.size(0) }, (_, i) => {
      const one = { A: As.select(0, i), B: Bs?.select(0, i) ?? null, iK: iKs?.select(0, i) ?? null, X: Xs.select(0, i) };
      return narrowed(solve({ ...one, ...options }), given.k);
    });
    const stacked = [0, 1].map((i) => {
      const parts = aten.stack(solved.map((one) => one[i]!));
      return parts.reshape([...batch, ...parts.shape.slice(1)]);
    });
    return stacked as [Tensor, Tensor];
  };
  if (!A.requires_grad && B?.requires_grad !== true) return run(A);
  return apply_differentiably(A.layout === strided ? A.add(A.mT).div(2) : A, run, B);
}

/** The first `k` eigenvalues and eigenvectors. */
function narrowed([E, X]: [Tensor, Tensor], k: number | null): [Tensor, Tensor] {
  if (k === null || k >= E.numel()) return [E, X];
  return [E.narrow(0, 0, k), X.narrow(1, 0, k)];
}
