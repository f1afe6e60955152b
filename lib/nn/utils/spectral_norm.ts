/**
 * Spectral normalization as it was before there were parametrizations.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.spectral_norm.html
 */
import type { Arguments } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import { KeyError, RuntimeError, ValueError } from '../../errors.ts';
import { contiguous_format } from '../../layout.ts';
import { aten } from '../../ops.ts';
import type { OrderedDict } from '../../ordered_dict.ts';
import type { Tensor } from '../../tensor.ts';
import { normalize } from '../functional/normalization.ts';
import type { Module } from '../modules/module.ts';
import type { AnyHook } from '../modules/module_hooks.ts';
import type { StateDict } from '../modules/state_dict.ts';
import { Parameter, UninitializedParameter } from '../parameter.ts';
import { signature } from './checked.ts';
import { output_dim } from './parametrizations.ts';

export interface SpectralNormOptions<M extends Module = Module> {
  module: M;
  name?: string;
  n_power_iterations?: number;
  eps?: number;
  dim?: number | null;
}
const spectral_norm_arguments = signature<SpectralNormOptions>('spectral_norm', [
  'module',
  ['name', 'weight'],
  ['n_power_iterations', 1],
  ['eps', 1e-12],
  ['dim', null],
]);

type Metadata = Record<string, unknown>;

/** The hook that divides a weight by its largest singular value before every call of its module. */
export class SpectralNorm {
  /** The version of what is saved; before the first, `weight_v` was not. */
  static readonly _version = 1;

  readonly name: string;
  readonly dim: number;
  readonly n_power_iterations: number;
  readonly eps: number;

  /**
   * @param name the name of the weight (default: `'weight'`)
   * @param n_power_iterations how many steps of power iteration at each call (default: 1)
   * @param dim the dimension of the outputs (default: 0)
   * @param eps the smallest norm that is divided by (default: 1e-12)
   * @throws ValueError unless the number of steps is positive
   */
  constructor(name = 'weight', n_power_iterations = 1, dim = 0, eps = 1e-12) {
    if (n_power_iterations <= 0) {
      throw new ValueError(
        `Expected n_power_iterations to be positive, but got n_power_iterations=${n_power_iterations}`,
      );
    }
    this.name = name;
    this.dim = dim;
    this.n_power_iterations = n_power_iterations;
    this.eps = eps;
  }

  /** The weight as a matrix whose rows are the outputs. */
  reshape_weight_to_matrix(weight: Tensor): Tensor {
    const others = [...weight.shape.keys()].filter((dim) => dim !== this.dim);
    const matrix = this.dim === 0 ? weight : weight.permute([this.dim, ...others]);
    return matrix.reshape([matrix.size(0), -1]);
  }

  /** @param do_power_iteration whether to improve the singular vectors, in place, before */
  compute_weight(module: Module, do_power_iteration: boolean): Tensor {
    const { name, eps } = this;
    const weight = module._get_member(`${name}_orig`) as Tensor;
    let u = module._get_member(`${name}_u`) as Tensor;
    let v = module._get_member(`${name}_v`) as Tensor;
    const matrix = this.reshape_weight_to_matrix(weight);
    if (do_power_iteration) {
      no_grad(() => {
        for (let i = 0; i < this.n_power_iterations; i++) {
          v = normalize(matrix.t().mv(u), { dim: 0, eps, out: v });
          u = normalize(matrix.mv(v), { dim: 0, eps, out: u });
        }
        // The next call changes the vectors in place, and backward still needs these.
        u = u.clone({ memory_format: contiguous_format });
        v = v.clone({ memory_format: contiguous_format });
      });
    }
    return weight.div(u.dot(matrix.mv(v)));
  }

  /** Makes the weight a parameter of the module's again, as it has been computed. */
  remove(module: Module): void {
    const weight = no_grad(() => this.compute_weight(module, false));
    for (const suffix of ['', '_u', '_v', '_orig']) module.__delattr__(this.name + suffix);
    module.register_parameter(this.name, new Parameter(weight.detach()));
  }

  __call__(module: Module): void {
    module._set_member(this.name, this.compute_weight(module, module.training));
  }

  /** A `v` for which `uᵀ · matrix · v` is the given value. */
  _solve_v_and_rescale(matrix: Tensor, u: Tensor, target_sigma: Tensor): Tensor {
    const v = aten
      .linalg_multi_dot([matrix.t().mm(matrix).pinverse(), matrix.t(), u.unsqueeze(1)])
      .squeeze(1);
    return v.mul_(target_sigma.div(u.dot(matrix.mv(v))));
  }

  /**
   * Sets up the hook on a module, and those that save and load what belongs to it.
   * @throws RuntimeError if there is one for this weight already
   * @throws ValueError for a weight that is null, or whose shape is not known yet
   */
  static apply(module: Module, name: string, n_power_iterations: number, dim: number, eps: number): SpectralNorm {
    for (const hook of module._forward_pre_hooks.values()) {
      if (hook instanceof SpectralNorm && hook.name === name) {
        throw new RuntimeError(`Cannot register two spectral_norm hooks on the same parameter ${name}`);
      }
    }
    const hook = new SpectralNorm(name, n_power_iterations, dim, eps);
    const weight = module._get_member(name);
    if (weight === null) {
      throw new ValueError(`\`SpectralNorm\` cannot be applied as parameter \`${name}\` is None`);
    }
    if (weight instanceof UninitializedParameter) {
      throw new ValueError(
        "The module passed to `SpectralNorm` can't have uninitialized parameters. Make sure to run the dummy forward " +
          'before applying spectral normalization',
      );
    }
    if (!(weight instanceof Parameter)) throw new KeyError(`'${name}'`);
    const [u, v] = no_grad(() => {
      const [height, width] = hook.reshape_weight_to_matrix(weight).shape as unknown as [number, number];
      return [height, width].map((size) => normalize(weight.new_empty([size]).normal_(0, 1), { dim: 0, eps }));
    }) as [Tensor, Tensor];
    module.__delattr__(name);
    module.register_parameter(`${name}_orig`, weight);
    // Only calls compute it; until then it has to be there, and to be no parameter.
    module._set_member(name, weight.data);
    module.register_buffer(`${name}_u`, u);
    module.register_buffer(`${name}_v`, v);
    module.register_forward_pre_hook(hook);
    module._register_state_dict_hook(new SpectralNormStateDictHook(hook));
    module._register_load_state_dict_pre_hook(new SpectralNormLoadStateDictPreHook(hook));
    return hook;
  }
}

/** The hook that completes what older versions saved. */
export class SpectralNormLoadStateDictPreHook {
  readonly fn: SpectralNorm;

  constructor(fn: SpectralNorm) {
    this.fn = fn;
  }

  __call__(
    state_dict: OrderedDict<string, unknown>,
    prefix: string,
    local_metadata: Metadata,
    strict: boolean,
    missing_keys: string[],
  ): void {
    const { fn } = this;
    const version = (local_metadata['spectral_norm'] as Metadata | undefined)?.[`${fn.name}.version`];
    if (typeof version === 'number' && version >= 1) return;
    const key = prefix + fn.name;
    const has = (suffix: string): boolean => state_dict.has(key + suffix);
    // Somebody has taken the metadata away, but it is all there.
    if (version === undefined && ['_orig', '_u', '_v'].every(has) && !has('')) return;
    const missing = ['_orig', '', '_u'].filter((suffix) => !has(suffix));
    if (strict) missing_keys.push(...missing.map((suffix) => key + suffix));
    if (missing.length > 0) return;
    no_grad(() => {
      const original = state_dict.get(`${key}_orig`) as Tensor;
      const weight = state_dict.get(key) as Tensor;
      state_dict.delete(key);
      const sigma = original.div(weight).mean();
      const u = state_dict.get(`${key}_u`) as Tensor;
      state_dict.set(`${key}_v`, fn._solve_v_and_rescale(fn.reshape_weight_to_matrix(original), u, sigma));
    });
  }
}

/** The hook that notes the version of what is saved. */
export class SpectralNormStateDictHook {
  readonly fn: SpectralNorm;

  constructor(fn: SpectralNorm) {
    this.fn = fn;
  }

  __call__(module: Module, state_dict: StateDict, prefix: string, local_metadata: Metadata): void {
    void module, void state_dict, void prefix;
    const versions = (local_metadata['spectral_norm'] ??= {}) as Metadata;
    const key = `${this.fn.name}.version`;
    if (key in versions) throw new RuntimeError(`Unexpected key in metadata['spectral_norm']: ${key}`);
    versions[key] = SpectralNorm._version;
  }
}

/**
 * Divides a weight by its largest singular value before every call: the parameter is `weight_orig`. Power iteration
 * finds the value, a few steps at each call in training mode, from the buffers `weight_u` and `weight_v`.
 * @param module the module, which is changed in place
 * @param name the name of the weight (default: `'weight'`)
 * @param n_power_iterations how many steps at each call (default: 1)
 * @param eps the smallest norm that is divided by (default: 1e-12)
 * @param dim the dimension of the outputs (default: 0, for transposed convolutions 1)
 * @returns the module
 * @throws RuntimeError if it has been done already
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.spectral_norm.html
 */
export function spectral_norm<M extends Module>(
  ...args: Arguments<SpectralNormOptions<M>, ['module', 'name', 'n_power_iterations', 'eps', 'dim']>
): M {
  const { module, name, n_power_iterations, eps, dim } = spectral_norm_arguments(args);
  SpectralNorm.apply(module, name, n_power_iterations, dim ?? output_dim(module), eps);
  return module as M;
}

const remove_spectral_norm_arguments = signature<{ module: Module; name?: string }>('remove_spectral_norm', [
  'module',
  ['name', 'weight'],
]);

/**
 * Undoes {@link spectral_norm}: the weight is a parameter again, divided as it was last.
 * @returns the module, which is changed in place
 * @throws ValueError if there is nothing to undo
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.remove_spectral_norm.html
 */
export function remove_spectral_norm<M extends Module>(
  ...args: Arguments<{ module: M; name?: string }, ['module', 'name']>
): M {
  const { module: given, name } = remove_spectral_norm_arguments(args);
  const module = given as M;
  const found = [...module._forward_pre_hooks].find(
    ([, hook]) => hook instanceof SpectralNorm && hook.name === name,
  );
  if (found === undefined) throw new ValueError(`spectral_norm of '${name}' not found in ${String(module)}`);
  const hook = found[1] as SpectralNorm;
  hook.remove(module);
  module._forward_pre_hooks.delete(found[0]);
  forget_hook(module._state_dict_hooks, SpectralNormStateDictHook, name);
  forget_hook(module._load_state_dict_pre_hooks, SpectralNormLoadStateDictPreHook, name);
  return module;
}

/** Takes the hook of a class for a weight out of a table. */
function forget_hook(
  table: Map<number, AnyHook>,
  Class: typeof SpectralNormStateDictHook | typeof SpectralNormLoadStateDictPreHook,
  name: string,
): void {
  for (const [id, hook] of table) {
    if (!(hook instanceof Class) || hook.fn.name !== name) continue;
    table.delete(id);
    return;
  }
}
