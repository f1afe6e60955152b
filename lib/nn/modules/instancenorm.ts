import type { Arguments } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import type { OrderedDict } from '../../ordered_dict.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { check_tensor } from '../checked_arguments.ts';
import * as F from '../functional.ts';
import { verify_dimensions } from '../functional/batch_norm_checks.ts';
import { _NormBase } from './batchnorm.ts';
import { family } from './family.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { LazyNormMixin } from './lazy_norm.ts';
import type { FactoryOptions } from './linear.ts';

export interface InstanceNormOptions extends FactoryOptions {
  num_features: number;
  eps?: number;
  momentum?: number | null;
  affine?: boolean;
  track_running_stats?: boolean;
  bias?: boolean;
}
export type InstanceNormArguments = Arguments<
  InstanceNormOptions,
  ['num_features', 'eps', 'momentum', 'affine', 'track_running_stats', 'device', 'dtype']
>;

const instance_norm_arguments = family<InstanceNormOptions>(
  [
    'num_features',
    ['eps', 1e-5],
    ['momentum', 0.1],
    ['affine', false],
    ['track_running_stats', false],
    ['device', null],
    ['dtype', null],
  ],
  [['bias', true]],
);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface _InstanceNorm {
  (...args: Input): Tensor;
}

/** What the instance norm layers have in common: each channel of each sample gets mean 0 and variance 1. */
export abstract class _InstanceNorm extends _NormBase {
  /**
   * @param num_features channels of the input
   * @param eps what is added to the variance (default: 1e-5)
   * @param momentum the share of the batch in the running statistics (default: 0.1)
   * @param affine whether there are a weight and a bias to learn (default: false)
   * @param track_running_stats whether there are running statistics, used in evaluation mode (default: false)
   * @param device where to make parameters and buffers
   * @param dtype the type of parameters and buffers
   * @param bias whether there is a bias to learn (default: true; by name only)
   */
  constructor(...args: InstanceNormArguments) {
    super(instance_norm_arguments(new.target.name, args));
  }

  /** How many dimensions an input without a batch has. */
  abstract _get_no_batch_dim(): number;

  override _check_input_dim(input: Tensor): void {
    const without_batch = this._get_no_batch_dim();
    verify_dimensions(input, without_batch, without_batch + 1);
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    check_tensor('forward', 'input', input);
    this._check_input_dim(input);
    const dim = input.dim() - this._get_no_batch_dim();
    const features = input.size(dim);
    if (features !== this.num_features) {
      if (this.affine) {
        throw new ValueError(
          `expected input's size at dim=${dim} to match num_features (${this.num_features}), but got: ${features}.`,
        );
      }
      warn(
        `input's size at dim=${dim} does not match num_features. You can silence this warning by not passing in ` +
          'num_features, which is not used because affine=False',
      );
    }
    return dim === 0 ? this._apply_instance_norm(input.unsqueeze(0)).squeeze(0) : this._apply_instance_norm(input);
  }

  _apply_instance_norm(input: Tensor): Tensor {
    return F.instance_norm(
      input,
      this.running_mean,
      this.running_var,
      this.weight,
      this.bias,
      this.training || !this.track_running_stats,
      this.momentum ?? 0,
      this.eps,
    );
  }

  override _load_from_state_dict(
    state_dict: OrderedDict<string, unknown>,
    prefix: string,
    local_metadata: Record<string, unknown>,
    strict: boolean,
    missing_keys: string[],
    unexpected_keys: string[],
    error_msgs: string[],
  ): void {
    // Before there were versions, running statistics were kept by default.
    if ((local_metadata['version'] ?? null) === null && !this.track_running_stats) {
      const keys = ['running_mean', 'running_var'].map((name) => prefix + name).filter((key) => state_dict.has(key));
      if (keys.length > 0) {
        const name = this._get_name();
        error_msgs.push(
          `Unexpected running stats buffer(s) ${keys.map((key) => `"${key}"`).join(' and ')} for ${name} with ` +
            'track_running_stats=False. If state_dict is a checkpoint saved before 0.4.0, this may be expected ' +
            `because ${name} does not track running stats by default since 0.4.0. Please remove these keys from ` +
            'state_dict. If the running stats are actually needed, instead set track_running_stats=True in ' +
            `${name} to enable them. See the documentation of ${name} for details.`,
        );
        for (const key of keys) state_dict.delete(key);
      }
    }
    super._load_from_state_dict(
      state_dict,
      prefix,
      local_metadata,
      strict,
      missing_keys,
      unexpected_keys,
      error_msgs,
    );
  }
}

/**
 * Instance norm of `(N, C, L)` or `(C, L)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm1d.html
 */
export class InstanceNorm1d extends _InstanceNorm {
  override _get_no_batch_dim(): number {
    return 2;
  }
}

/**
 * Instance norm of `(N, C, H, W)` or `(C, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm2d.html
 */
export class InstanceNorm2d extends _InstanceNorm {
  override _get_no_batch_dim(): number {
    return 3;
  }
}

/**
 * Instance norm of `(N, C, D, H, W)` or `(C, D, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.InstanceNorm3d.html
 */
export class InstanceNorm3d extends _InstanceNorm {
  override _get_no_batch_dim(): number {
    return 4;
  }
}

/**
 * An {@link InstanceNorm1d} that takes `num_features` from its first input, and is an `InstanceNorm1d` from then on.
 * By default it has a weight, a bias and running statistics, as a lazy batch norm has.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm1d.html
 */
export class LazyInstanceNorm1d extends LazyNormMixin(InstanceNorm1d) {
  static override cls_to_become = InstanceNorm1d;
}

/**
 * An {@link InstanceNorm2d} that takes `num_features` from its first input, and is an `InstanceNorm2d` from then on.
 * By default it has a weight, a bias and running statistics, as a lazy batch norm has.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm2d.html
 */
export class LazyInstanceNorm2d extends LazyNormMixin(InstanceNorm2d) {
  static override cls_to_become = InstanceNorm2d;
}

/**
 * An {@link InstanceNorm3d} that takes `num_features` from its first input, and is an `InstanceNorm3d` from then on.
 * By default it has a weight, a bias and running statistics, as a lazy batch norm has.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyInstanceNorm3d.html
 */
export class LazyInstanceNorm3d extends LazyNormMixin(InstanceNorm3d) {
  static override cls_to_become = InstanceNorm3d;
}
