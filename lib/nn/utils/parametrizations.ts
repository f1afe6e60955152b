/**
 * Parametrizations that are often needed.
 * @see https://docs.pytorch.org/docs/stable/nn.html#parametrizations-implemented-using-the-new-parametrization-functionality-in-torch-nn-utils-parametrize-register-parametrization
 */
import { wrong_type } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { IndexError, NotImplementedError, ValueError } from '../../errors.ts';
import { contiguous_format } from '../../layout.ts';
import { aten } from '../../ops.ts';
import type { OrderedDict } from '../../ordered_dict.ts';
import type { Size } from '../../size.ts';
import { Tensor } from '../../tensor.ts';
import { finfo } from '../../type_info.ts';
import { normalize } from '../functional/normalization.ts';
import { ConvTranspose1d, ConvTranspose2d, ConvTranspose3d } from '../modules/conv.ts';
import { Module } from '../modules/module.ts';
import { signature } from './checked.ts';
import { register_parametrization } from './parametrize.ts';
import type { Parametrized } from './parametrize.ts';

/** How an orthogonal matrix is made of any matrix. */
export type OrthogonalMap = 'matrix_exp' | 'cayley' | 'householder';
const ORTHOGONAL_MAPS: readonly string[] = ['matrix_exp', 'cayley', 'householder'];

export interface OrthogonalOptions<M extends Module = Module> {
  module: M;
  name?: string;
  orthogonal_map?: OrthogonalMap | null;
  use_trivialization?: boolean;
}
export interface ParametrizedWeightNormOptions<M extends Module = Module> {
  module: M;
  name?: string;
  dim?: number | null;
}
export interface ParametrizedSpectralNormOptions<M extends Module = Module> {
  module: M;
  name?: string;
  n_power_iterations?: number;
  eps?: number;
  dim?: number | null;
}

const orthogonal_arguments = signature<OrthogonalOptions>(
  'orthogonal',
  ['module', ['name', 'weight'], ['orthogonal_map', null]],
  [['use_trivialization', true]],
);
const weight_norm_arguments = signature<ParametrizedWeightNormOptions>('weight_norm', [
  'module',
  ['name', 'weight'],
  ['dim', 0],
]);
const spectral_norm_arguments = signature<ParametrizedSpectralNormOptions>('spectral_norm', [
  'module',
  ['name', 'weight'],
  ['n_power_iterations', 1],
  ['eps', 1e-12],
  ['dim', null],
]);

/** @throws ValueError unless the module has a tensor of this name */
function tensor_named(module: Module, name: string): Tensor {
  const weight = module._get_member(name);
  if (weight instanceof Tensor) return weight;
  throw new ValueError(`Module '${String(module)}' has no parameter or buffer with name '${name}'`);
}

/** The diagonals of matrices. */
function diagonal_of(matrix: Tensor): Tensor {
  return matrix.diagonal(0, -2, -1);
}

function is_orthogonal(matrix: Tensor): boolean {
  const { dtype, device } = matrix;
  const identity = aten.eye(matrix.size(-1), { dtype, device });
  const atol = 10 * matrix.size(-2) * new finfo(dtype).eps;
  return matrix.mH.matmul(matrix).allclose(identity, { atol });
}

/** The orthogonal matrix of a QR decomposition whose triangle has a positive diagonal. */
function make_orthogonal(matrix: Tensor): Tensor {
  const [reflections, tau] = aten.geqrf(matrix);
  const result = aten.linalg_householder_product(reflections, tau);
  return result.mul_(diagonal_of(reflections).sgn().unsqueeze(-2));
}

/** Makes an orthogonal matrix, or one of orthonormal rows or columns, of any matrix. */
class _Orthogonal extends Module {
  readonly shape: Size;
  readonly orthogonal_map: OrthogonalMap;
  readonly use_trivialization: boolean;
  /** What the matrix is multiplied with, so that training may start anywhere. */
  declare base: Tensor | null;

  constructor(weight: Tensor, orthogonal_map: OrthogonalMap, use_trivialization: boolean) {
    super();
    if (weight.is_complex() && orthogonal_map === 'householder') {
      throw new ValueError('The householder parametrization does not support complex tensors.');
    }
    this.shape = weight.shape;
    this.orthogonal_map = orthogonal_map;
    this.use_trivialization = use_trivialization;
    if (use_trivialization) this.register_buffer('base', null);
  }

  override forward(input: Tensor): Tensor {
    const transposed = input.size(-2) < input.size(-1);
    const x = transposed ? input.mT : input;
    let q = this.orthogonal_map === 'householder' ? this._reflections(x) : this._of_skew(x);
    if (this.use_trivialization) q = this.base!.matmul(q);
    return transposed ? q.mT : q;
  }

  _of_skew(input: Tensor): Tensor {
    const n = input.size(-2);
    const k = input.size(-1);
    let x = input.tril();
    if (n !== k) {
      const zeros = x.new_zeros([n, n - k]).expand([...x.shape.slice(0, -2), -1, -1]);
      x = aten.cat([x, zeros], -1);
    }
    const skew = x.sub(x.mH);
    let q: Tensor;
    if (this.orthogonal_map === 'matrix_exp') {
      q = aten.linalg_matrix_exp(skew);
    } else {
      const identity = aten.eye(n, { dtype: skew.dtype, device: skew.device });
      q = aten.linalg_solve(identity.add(skew, { alpha: -0.5 }), identity.add(skew, { alpha: 0.5 }));
    }
    return n === k ? q : q.narrow(-1, 0, k);
  }

  _reflections(x: Tensor): Tensor {
    const a = x.tril(-1);
    const tau = a.mul(a).sum(-2).add(1).reciprocal().mul(2);
    return aten.linalg_householder_product(a, tau).mul(diagonal_of(x).int().unsqueeze(-2));
  }

  right_inverse(matrix: Tensor): Tensor {
    if (!matrix.shape.equals(this.shape)) {
      throw new ValueError(
        `Expected a matrix or batch of matrices of shape ${String(this.shape)}. Got a tensor of shape ` +
          `${String(matrix.shape)}.`,
      );
    }
    return no_grad(() => (this.use_trivialization ? this._rebase(matrix) : this._reflections_of(matrix)));
  }

  _reflections_of(matrix: Tensor): Tensor {
    if (this.orthogonal_map !== 'householder') {
      throw new NotImplementedError(
        'It is not possible to assign to the matrix exponential or the Cayley parametrizations when ' +
          'use_trivialization=False.',
      );
    }
    const transposed = matrix.size(-2) < matrix.size(-1);
    const [a, tau] = aten.geqrf(transposed ? matrix.mT : matrix);
    // The diagonal, which is 1 there, says which columns to turn round.
    const diagonal = diagonal_of(a).sign_();
    diagonal.copy_(aten.where(tau.eq(0), diagonal.neg(), diagonal));
    return transposed ? a.mT : a;
  }

  /** Keeps the matrix as the base, so that there is nothing left to be done but to start from the identity. */
  _rebase(matrix: Tensor): Tensor {
    const transposed = matrix.size(-2) < matrix.size(-1);
    let q = transposed ? matrix.mT : matrix;
    const { dtype, device } = q;
    const n = q.size(-2);
    const k = q.size(-1);
    if (n === k) {
      q = is_orthogonal(q) ? q.clone() : make_orthogonal(q);
    } else {
      const others = aten.randn([...q.shape.slice(0, -2), n, n - k], { dtype, device });
      q = make_orthogonal(aten.cat([q, others], -1));
    }
    this.base = q;
    const negative_identity = aten.zeros_like(matrix);
    diagonal_of(negative_identity).fill_(-1);
    return negative_identity;
  }
}

/**
 * Keeps a matrix, or batch of matrices, orthogonal: those with more rows than columns have orthonormal columns, the
 * others orthonormal rows.
 * @param module the module, which is changed in place
 * @param name which of its tensors (default: `'weight'`)
 * @param orthogonal_map how: by the matrix exponential, by the Cayley map, or by Householder reflections (default: the
 *   first for square and for complex matrices, the last for all others)
 * @param use_trivialization start from any orthogonal matrix, kept beside the parameter, rather than from one that the
 *   map gives; only then can the tensor be assigned to for all maps (default: true)
 * @returns the module
 * @throws ValueError for a name or a map that there is not, or a tensor of fewer than 2 dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.orthogonal.html
 */
export function orthogonal<M extends Module>(
  ...args: Arguments<OrthogonalOptions<M>, ['module', 'name', 'orthogonal_map']>
): M & Parametrized {
  const { module, name, orthogonal_map, use_trivialization } = orthogonal_arguments(args);
  const weight = tensor_named(module, name);
  if (weight.dim() < 2) {
    throw new ValueError(`Expected a matrix or batch of matrices. Got a tensor of ${weight.dim()} dimensions.`);
  }
  const is_square = weight.size(-2) === weight.size(-1);
  const map = orthogonal_map ?? (is_square || weight.is_complex() ? 'matrix_exp' : 'householder');
  if (typeof map !== 'string') throw wrong_type('orthogonal', 'orthogonal_map', 'str', map);
  if (!ORTHOGONAL_MAPS.includes(map)) {
    throw new ValueError(`orthogonal_map has to be one of "matrix_exp", "cayley", "householder". Got: ${map}`);
  }
  const parametrization = new _Orthogonal(weight, map, use_trivialization);
  return register_parametrization(module as M, name, parametrization, { unsafe: true });
}

/** A tensor by its direction and its norm. */
class _WeightNorm extends Module {
  readonly dim: number;

  constructor(dim: number | null) {
    super();
    this.dim = dim ?? -1;
  }

  override forward(weight_g: Tensor, weight_v: Tensor): Tensor {
    return aten._weight_norm(weight_v, weight_g, this.dim);
  }

  right_inverse(weight: Tensor): [Tensor, Tensor] {
    return [aten.norm_except_dim(weight, 2, this.dim), weight];
  }
}

/**
 * Trains the norm and the direction of a tensor apart: they are `parametrizations.weight.original0` and `original1`.
 * State dicts of the older {@link torch.nn.utils.weight_norm} can be loaded.
 * @param module the module, which is changed in place
 * @param name which of its tensors (default: `'weight'`)
 * @param dim the dimension along which there are norms, null for one of the whole tensor (default: 0)
 * @returns the module
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.weight_norm.html
 */
export function weight_norm<M extends Module>(
  ...args: Arguments<ParametrizedWeightNormOptions<M>, ['module', 'name', 'dim']>
): M & Parametrized {
  const { module, name, dim } = weight_norm_arguments(args);
  register_parametrization(module, name, new _WeightNorm(dim), { unsafe: true });
  module._register_load_state_dict_pre_hook((state_dict: OrderedDict<string, unknown>, prefix: string) => {
    const old_keys = [`${prefix}${name}_g`, `${prefix}${name}_v`];
    if (!old_keys.every((key) => state_dict.has(key))) return;
    const values = old_keys.map((key) => state_dict.get(key));
    for (const key of old_keys) state_dict.delete(key);
    values.forEach((value, i) => state_dict.set(`${prefix}parametrizations.${name}.original${i}`, value));
  });
  return module as M & Parametrized;
}

/** A tensor divided by its largest singular value, which power iteration finds. */
class _SpectralNorm extends Module {
  readonly dim: number;
  readonly eps: number;
  declare n_power_iterations: number;
  declare _u: Tensor;
  declare _v: Tensor;

  constructor(weight: Tensor, n_power_iterations: number, dim: number, eps: number) {
    super();
    const ndim = weight.dim();
    if (dim >= ndim || dim < -ndim) {
      throw new IndexError(
        `Dimension out of range (expected to be in range of [-${ndim}, ${ndim - 1}] but got ${dim})`,
      );
    }
    if (n_power_iterations <= 0) {
      throw new ValueError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${n_power_iterations}`,
      );
    }
    this.dim = dim < 0 ? dim + ndim : dim;
    this.eps = eps;
    if (ndim <= 1) return;
    this.n_power_iterations = n_power_iterations;
    const matrix = this._matrix_of(weight);
    const [height, width] = matrix.shape as unknown as [number, number];
    const u = matrix.new_empty([height]).normal_(0, 1);
    const v = matrix.new_empty([width]).normal_(0, 1);
    this.register_buffer('_u', normalize(u, { dim: 0, eps }));
    this.register_buffer('_v', normalize(v, { dim: 0, eps }));
    this._power_method(matrix, 15);
  }

  _matrix_of(weight: Tensor): Tensor {
    const others = [...weight.shape.keys()].filter((dim) => dim !== this.dim);
    return (this.dim === 0 ? weight : weight.permute([this.dim, ...others])).flatten(1);
  }

  /** Improves the singular vectors, in place. */
  _power_method(matrix: Tensor, iterations: number): void {
    const { eps } = this;
    no_grad(() => {
      for (let i = 0; i < iterations; i++) {
        this._u = normalize(matrix.mv(this._v), { dim: 0, eps, out: this._u });
        this._v = normalize(matrix.H.mv(this._u), { dim: 0, eps, out: this._v });
      }
    });
  }

  override forward(weight: Tensor): Tensor {
    if (weight.dim() === 1) return normalize(weight, { dim: 0, eps: this.eps });
    const matrix = this._matrix_of(weight);
    if (this.training) this._power_method(matrix, this.n_power_iterations);
    // The next call changes the vectors in place, and backward still needs these.
    const u = this._u.clone({ memory_format: contiguous_format });
    const v = this._v.clone({ memory_format: contiguous_format });
    return weight.div(aten.vdot(u, matrix.mv(v)));
  }

  right_inverse(value: Tensor): Tensor {
    return value;
  }
}

/**
 * Divides a tensor by its largest singular value. Power iteration finds it, a few steps at each call in training mode.
 * @param module the module, which is changed in place
 * @param name which of its tensors (default: `'weight'`)
 * @param n_power_iterations how many steps at each call (default: 1)
 * @param eps the smallest norm that is divided by (default: 1e-12)
 * @param dim the dimension of the outputs (default: 0, for transposed convolutions 1)
 * @returns the module
 * @throws ValueError for a name that there is not, or a number of steps that is not positive
 * @throws IndexError for a dimension that there is not
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parametrizations.spectral_norm.html
 */
export function spectral_norm<M extends Module>(
  ...args: Arguments<ParametrizedSpectralNormOptions<M>, ['module', 'name', 'n_power_iterations', 'eps', 'dim']>
): M & Parametrized {
  const { module, name, n_power_iterations, eps, dim } = spectral_norm_arguments(args);
  const weight = tensor_named(module, name);
  const parametrization = new _SpectralNorm(weight, n_power_iterations, dim ?? output_dim(module), eps);
  return register_parametrization(module as M, name, parametrization);
}

/** The dimension of a layer's weight that counts its outputs. */
export function output_dim(module: Module): number {
  const transposed = [ConvTranspose1d, ConvTranspose2d, ConvTranspose3d];
  return transposed.some((cls) => module instanceof cls) ? 1 : 0;
}
