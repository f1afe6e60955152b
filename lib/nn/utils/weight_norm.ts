/**
 * Weight normalization as it was before there were parametrizations.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.weight_norm.html
 */
import type { Arguments } from '../../arguments.ts';
import { AttributeError, KeyError, RuntimeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import type { Module } from '../modules/module.ts';
import { Parameter, UninitializedParameter } from '../parameter.ts';
import { signature } from './checked.ts';

export interface WeightNormOptions<M extends Module = Module> {
  module: M;
  name?: string;
  dim?: number | null;
}
const weight_norm_arguments = signature<WeightNormOptions>('weight_norm', ['module', ['name', 'weight'], ['dim', 0]]);

/** The hook that computes a weight from its norm and its direction before every call of its module. */
export class WeightNorm {
  readonly name: string;
  readonly dim: number;

  /**
   * @param name the name of the weight
   * @param dim the dimension along which there are norms; null for one of the whole tensor
   */
  constructor(name: string, dim: number | null) {
    this.name = name;
    this.dim = dim ?? -1;
  }

  compute_weight(module: Module): Tensor {
    const g = module._get_member(`${this.name}_g`) as Tensor;
    const v = module._get_member(`${this.name}_v`) as Tensor;
    return aten._weight_norm(v, g, this.dim);
  }

  /**
   * Sets up the hook on a module.
   * @throws RuntimeError if there is one for this weight already
   * @throws ValueError for a weight whose shape is not known yet
   */
  static apply(module: Module, name: string, dim: number | null): WeightNorm {
    warn(
      '`torch.nn.utils.weight_norm` is deprecated in favor of `torch.nn.utils.parametrizations.weight_norm`.',
      'FutureWarning',
    );
    if (weight_norms_of(module).some(([, hook]) => hook.name === name)) {
      throw new RuntimeError(`Cannot register two weight_norm hooks on the same parameter ${name}`);
    }
    const hook = new WeightNorm(name, dim);
    const weight = module._get_member(name);
    if (weight === undefined) {
      throw new AttributeError(`'${module._get_name()}' object has no attribute '${name}'`);
    }
    if (weight instanceof UninitializedParameter) {
      throw new ValueError(
        "The module passed to `WeightNorm` can't have uninitialized parameters. Make sure to run the dummy forward " +
          'before applying weight normalization',
      );
    }
    if (!(weight instanceof Parameter)) throw new KeyError(`'${name}'`);
    module.__delattr__(name);
    const norm = aten.norm_except_dim(weight, 2, hook.dim).detach();
    module.register_parameter(`${name}_g`, new Parameter(norm));
    module.register_parameter(`${name}_v`, new Parameter(weight.data));
    module._set_member(name, hook.compute_weight(module));
    module.register_forward_pre_hook(hook);
    return hook;
  }

  /** Makes the weight a parameter of the module's again. */
  remove(module: Module): void {
    const weight = this.compute_weight(module);
    for (const suffix of ['', '_g', '_v']) module.__delattr__(this.name + suffix);
    module._set_member(this.name, new Parameter(weight.data));
  }

  __call__(module: Module): void {
    module._set_member(this.name, this.compute_weight(module));
  }
}

function weight_norms_of(module: Module): [id: number, hook: WeightNorm][] {
  return [...module._forward_pre_hooks].filter(
    (entry): entry is [number, WeightNorm] => entry[1] instanceof WeightNorm,
  );
}

/**
 * Trains the norm and the direction of a weight apart: they are the parameters `weight_g` and `weight_v`.
 * @deprecated use {@link torch.nn.utils.parametrizations.weight_norm}
 * @param module the module, which is changed in place
 * @param name the name of the weight (default: `'weight'`)
 * @param dim the dimension along which there are norms, null for one of the whole tensor (default: 0)
 * @returns the module
 * @throws RuntimeError if it has been done already
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.weight_norm.html
 */
export function weight_norm<M extends Module>(...args: Arguments<WeightNormOptions<M>, ['module', 'name', 'dim']>): M {
  const { module, name, dim } = weight_norm_arguments(args);
  WeightNorm.apply(module, name, dim);
  return module as M;
}

const remove_weight_norm_arguments = signature<{ module: Module; name?: string }>('remove_weight_norm', [
  'module',
  ['name', 'weight'],
]);

/**
 * Undoes {@link weight_norm}: the weight is a parameter again.
 * @returns the module, which is changed in place
 * @throws ValueError if there is nothing to undo
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.remove_weight_norm.html
 */
export function remove_weight_norm<M extends Module>(
  ...args: Arguments<{ module: M; name?: string }, ['module', 'name']>
): M {
  const { module: given, name } = remove_weight_norm_arguments(args);
  const module = given as M;
  for (const [id, hook] of weight_norms_of(module)) {
    if (hook.name !== name) continue;
    hook.remove(module);
    module._forward_pre_hooks.delete(id);
    return module;
  }
  throw new ValueError(`weight_norm of '${name}' not found in ${String(module)}`);
}
