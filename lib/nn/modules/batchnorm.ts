import type { Arguments } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { int64 } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import type { OrderedDict } from '../../ordered_dict.ts';
import { float_str, str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { check_tensor, signature } from '../checked_arguments.ts';
import { verify_batch_norm_eps, verify_batch_size, verify_dimensions } from '../functional/batch_norm_checks.ts';
import * as init from '../init.ts';
import type { Parameter } from '../parameter.ts';
import { input_of } from './forward_arguments.ts';
import type { Input } from './forward_arguments.ts';
import { LazyNormMixin } from './lazy_norm.ts';
import { empty_parameter } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';

export interface BatchNormOptions extends FactoryOptions {
  num_features: number;
  eps?: number;
  momentum?: number | null;
  affine?: boolean;
  track_running_stats?: boolean;
  bias?: boolean;
}
type BatchNormNames = [
  'num_features',
  'eps',
  'momentum',
  'affine',
  'track_running_stats',
  'device',
  'dtype',
];
export type BatchNormArguments = Arguments<BatchNormOptions, BatchNormNames>;

const batch_norm_arguments = signature<BatchNormOptions>(
  'BatchNorm',
  [
    'num_features',
    ['eps', 1e-5],
    ['momentum', 0.1],
    ['affine', true],
    ['track_running_stats', true],
    ['device', null],
    ['dtype', null],
  ],
  [['bias', true]],
);

/** What layers that keep running statistics of their input's channels have in common. */
export abstract class _NormBase extends Module {
  // Version 2 came with num_batches_tracked.
  static override _version = 2;

  num_features: number;
  eps: number;
  momentum: number | null;
  affine: boolean;
  track_running_stats: boolean;
  weight: Parameter | null;
  bias: Parameter | null;
  declare running_mean: Tensor | null;
  declare running_var: Tensor | null;
  declare num_batches_tracked: Tensor | null;

  constructor(options: Required<BatchNormOptions>) {
    super();
    const { num_features, device, dtype } = options;
    this.num_features = num_features;
    this.eps = options.eps;
    this.momentum = options.momentum;
    this.affine = options.affine;
    this.track_running_stats = options.track_running_stats;
    this.weight = options.affine ? empty_parameter([num_features], options) : null;
    this.bias = options.affine && options.bias ? empty_parameter([num_features], options) : null;
    const tracked = options.track_running_stats;
    this.register_buffer('running_mean', tracked ? aten.zeros([num_features], { device, dtype }) : null);
    this.register_buffer('running_var', tracked ? aten.ones([num_features], { device, dtype }) : null);
    this.register_buffer('num_batches_tracked', tracked ? aten.zeros([], { device, dtype: int64 }) : null);
    this.reset_parameters();
  }

  /** Sets the running statistics back to those of nothing seen yet. */
  reset_running_stats(): void {
    if (!this.track_running_stats) return;
    this.running_mean!.zero_();
    this.running_var!.fill_(1);
    this.num_batches_tracked!.zero_();
  }

  /** Sets running statistics and parameters back to where they began. */
  reset_parameters(): void {
    this.reset_running_stats();
    if (!this.affine) return;
    init.ones_(this.weight!);
    if (this.bias !== null) init.zeros_(this.bias);
  }

  /** @throws ValueError for an input of another number of dimensions than the layer takes */
  abstract _check_input_dim(input: Tensor): void;

  override extra_repr(): string {
    return (
      `${this.num_features}, eps=${float_str(this.eps)}, momentum=${float_str(this.momentum)}, ` +
      `affine=${str(this.affine)}, bias=${str(this.bias !== null)}, ` +
      `track_running_stats=${str(this.track_running_stats)}`
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
    const version = local_metadata['version'];
    const key = `${prefix}num_batches_tracked`;
    if (this.track_running_stats && !(Number(version ?? 1) >= 2) && !state_dict.has(key)) {
      const counter = this.num_batches_tracked;
      const known = counter !== null && counter.device.type !== 'meta';
      state_dict.set(key, known ? counter : aten.zeros([], { dtype: int64 }));
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

/** Calls `module(...)`, with its arguments by position or by name. */
export interface _BatchNorm {
  (...args: Input): Tensor;
}

/**
 * What the batch norm layers have in common: `y = (x - mean) / √(variance + eps) · weight + bias` for each channel,
 * with the statistics of the batch in training mode, and the running ones in evaluation mode.
 */
export abstract class _BatchNorm extends _NormBase {
  /**
   * @param num_features channels of the input
   * @param eps what is added to the variance (default: 1e-5)
   * @param momentum the share of the batch in the running statistics; null to weigh all batches alike (default: 0.1)
   * @param affine whether there are a weight and a bias to learn (default: true)
   * @param track_running_stats whether there are running statistics; without them those of the batch are always used
   *   (default: true)
   * @param device where to make parameters and buffers
   * @param dtype the type of parameters and buffers
   * @param bias whether there is a bias to learn (default: true; by name only)
   */
  constructor(...args: BatchNormArguments) {
    super(batch_norm_arguments(args));
  }

  override forward(input: Tensor): Tensor;
  override forward(...args: Input): Tensor {
    const input = input_of(args);
    check_tensor('forward', 'input', input);
    this._check_input_dim(input);
    const { training, momentum, eps, running_mean, running_var, num_batches_tracked } = this;
    let factor = momentum ?? 0;
    if (training && this.track_running_stats && num_batches_tracked !== null) {
      num_batches_tracked.add_(1);
      if (momentum === null) factor = 1 / num_batches_tracked.item();
    }
    const uses_batch = training || (running_mean === null && running_var === null);
    const uses_running = !training || this.track_running_stats;
    if (uses_batch) verify_batch_size(input.shape);
    verify_batch_norm_eps(uses_batch, eps);
    return aten.batch_norm(
      input,
      this.weight,
      this.bias,
      uses_running ? running_mean : null,
      uses_running ? running_var : null,
      uses_batch,
      factor,
      eps,
      true,
    );
  }
}

/**
 * Batch norm of `(N, C)` or `(N, C, L)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm1d.html
 */
export class BatchNorm1d extends _BatchNorm {
  override _check_input_dim(input: Tensor): void {
    verify_dimensions(input, 2, 3);
  }
}

/**
 * Batch norm of `(N, C, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm2d.html
 */
export class BatchNorm2d extends _BatchNorm {
  override _check_input_dim(input: Tensor): void {
    verify_dimensions(input, 4);
  }
}

/**
 * Batch norm of `(N, C, D, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.BatchNorm3d.html
 */
export class BatchNorm3d extends _BatchNorm {
  override _check_input_dim(input: Tensor): void {
    verify_dimensions(input, 5);
  }
}

/**
 * A {@link BatchNorm1d} that takes `num_features` from its first input, and is a `BatchNorm1d` from then on. The other
 * arguments are those of `BatchNorm1d`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm1d.html
 */
export class LazyBatchNorm1d extends LazyNormMixin(BatchNorm1d) {
  static override cls_to_become = BatchNorm1d;
}

/**
 * A {@link BatchNorm2d} that takes `num_features` from its first input, and is a `BatchNorm2d` from then on. The other
 * arguments are those of `BatchNorm2d`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm2d.html
 */
export class LazyBatchNorm2d extends LazyNormMixin(BatchNorm2d) {
  static override cls_to_become = BatchNorm2d;
}

/**
 * A {@link BatchNorm3d} that takes `num_features` from its first input, and is a `BatchNorm3d` from then on. The other
 * arguments are those of `BatchNorm3d`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LazyBatchNorm3d.html
 */
export class LazyBatchNorm3d extends LazyNormMixin(BatchNorm3d) {
  static override cls_to_become = BatchNorm3d;
}

export interface SyncBatchNormOptions extends BatchNormOptions {
  process_group?: unknown;
}
const sync_batch_norm_arguments = signature<SyncBatchNormOptions>(
  'SyncBatchNorm',
  [
    'num_features',
    ['eps', 1e-5],
    ['momentum', 0.1],
    ['affine', true],
    ['track_running_stats', true],
    ['process_group', null],
    ['device', null],
    ['dtype', null],
  ],
  [['bias', true]],
);

/**
 * Batch norm of `(N, C, *)` with statistics of the batches of all processes that train together. With one process it is
 * an ordinary batch norm.
 * @param process_group the processes; the other arguments are those of `BatchNorm2d`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.SyncBatchNorm.html
 */
export class SyncBatchNorm extends _BatchNorm {
  process_group: unknown;

  constructor(
    ...args: Arguments<
      SyncBatchNormOptions,
      [
        'num_features',
        'eps',
        'momentum',
        'affine',
        'track_running_stats',
        'process_group',
        'device',
        'dtype',
      ]
    >
  ) {
    const { process_group, ...options } = sync_batch_norm_arguments(args);
    super(options);
    this.process_group = process_group;
  }

  override _check_input_dim(input: Tensor): void {
    const dimensions = input.dim();
    if (dimensions < 2) throw new ValueError(`expected at least 2D input (got ${dimensions}D input)`);
    if (input.size(1) === 0) throw new ValueError('SyncBatchNorm number of input channels should be non-zero');
  }

  /**
   * A module with a `SyncBatchNorm` in the place of every batch norm; it shares parameters and buffers with the
   * original. A module that is none itself is changed and given back.
   * @param process_group the processes whose statistics are put together (default: all)
   */
  static convert_sync_batchnorm<M extends Module>(module: M, process_group: unknown = null): M | SyncBatchNorm {
    let converted: M | SyncBatchNorm = module;
    if (module instanceof _BatchNorm) {
      const { num_features, eps, momentum, affine, track_running_stats } = module;
      const bias = module.bias !== null;
      const synchronized = new this({
        num_features,
        eps,
        momentum,
        affine,
        track_running_stats,
        process_group,
        bias,
      });
      if (affine) {
        synchronized.weight = module.weight;
        synchronized.bias = module.bias;
      }
      synchronized.running_mean = module.running_mean;
      synchronized.running_var = module.running_var;
      synchronized.num_batches_tracked = module.num_batches_tracked;
      synchronized.training = module.training;
      converted = synchronized;
    }
    for (const [name, child] of module.named_children()) {
      converted.add_module(name, this.convert_sync_batchnorm(child, process_group));
    }
    return converted;
  }
}
