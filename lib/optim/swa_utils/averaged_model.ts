import { type Arguments, signature } from '../../arguments.ts';
import type { DeviceLike } from '../../device.ts';
import { int64 } from '../../dtype.ts';
import { AssertionError, TypeError } from '../../errors.ts';
import { deepcopy } from '../../copy/index.ts';
import { Module } from '../../nn/modules/module.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { map_pairs } from '../lr_scheduler/groups.ts';
import { type AvgFn, get_swa_avg_fn, get_swa_multi_avg_fn, type MultiAvgFn } from './averaging.ts';

export interface AveragedModelParameters<M extends Module = Module> {
  model: M;
  device?: DeviceLike | null;
  avg_fn?: AvgFn | null;
  multi_avg_fn?: MultiAvgFn | null;
  use_buffers?: boolean;
}
type AveragedModelNames = ['model', 'device', 'avg_fn', 'multi_avg_fn', 'use_buffers'];

const averaged_model_arguments = signature<AveragedModelParameters>('AveragedModel', [
  'model',
  ['device', null],
  ['avg_fn', null],
  ['multi_avg_fn', null],
  ['use_buffers', false],
]);
const update_arguments = signature<{ model: Module }>('update_parameters', ['model']);

/** Where operators on lists of tensors are faster than loops. */
const foreach_devices = new Set(['cuda', 'xpu', 'mtia', 'privateuseone']);

/** A tensor of the average and that of the model. */
type Pair = readonly [averaged: Tensor, current: Tensor];

/**
 * A copy of a model whose parameters are the average of those that the model has had: their mean, or an exponential
 * moving average, or whatever a function makes of them.
 *
 * ```ts
 * const multi_avg_fn = optim.swa_utils.get_ema_multi_avg_fn(0.99);
 * const averaged = new optim.swa_utils.AveragedModel(model, { multi_avg_fn });
 * for (const [X, y] of loader) {
 *   step(X, y);
 *   averaged.update_parameters(model);
 * }
 * optim.swa_utils.update_bn(loader, averaged);
 * averaged(X);
 * ```
 *
 * @param model whose parameters are to be averaged
 * @param device where the average is to be (default: where the model is)
 * @param avg_fn gives the new average of one parameter (default: the mean)
 * @param multi_avg_fn computes the new averages of many parameters, in place (default: the mean)
 * @param use_buffers average buffers as well, such as the statistics of batch norms; if false they are copied
 *   (default: false)
 * @throws AssertionError if both functions are given
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.AveragedModel.html
 */
export class AveragedModel<M extends Module = Module> extends Module {
  /** The model with the average as parameters. */
  module: M;
  /** How many models are in the average. */
  declare n_averaged: Tensor;
  avg_fn: AvgFn | null;
  multi_avg_fn: MultiAvgFn | null;
  use_buffers: boolean;

  constructor(...args: Arguments<AveragedModelParameters<M>, AveragedModelNames>) {
    super();
    const { model, device, avg_fn, multi_avg_fn, use_buffers } = averaged_model_arguments(args);
    if (!(model instanceof Module)) throw new TypeError(`${type_name(model)} is not a Module subclass`);
    if (avg_fn !== null && multi_avg_fn !== null) {
      throw new AssertionError('Only one of avg_fn and multi_avg_fn should be provided');
    }
    this.module = deepcopy(model) as M;
    if (device !== null) this.module = this.module.to(device);
    this.register_buffer('n_averaged', aten.zeros([], { dtype: int64, device }));
    this.avg_fn = avg_fn;
    this.multi_avg_fn = multi_avg_fn;
    this.use_buffers = use_buffers;
  }

  override forward(...args: Parameters<M['forward']>): ReturnType<M['forward']> {
    return (this.module as (...args: unknown[]) => unknown)(...args) as ReturnType<M['forward']>;
  }

  /**
   * Takes the parameters that a model has now into the average. The first ones are the average.
   * @param model the model that the average is of
   */
  update_parameters(...args: Arguments<{ model: Module }, ['model']>): void {
    const { model } = update_arguments(args);
    const tensors = (of: Module): Tensor[] => [...of.parameters(), ...(this.use_buffers ? of.buffers() : [])];
    const current = tensors(model);
    const count = this.n_averaged.item() as number;
    const pairs: Pair[] = [];
    for (const [i, averaged] of tensors(this.module).entries()) {
      if (current[i] === undefined) break;
      const pair = [averaged.detach(), current[i].detach().to(averaged.device)] as const;
      if (count === 0) pair[0].copy_(pair[1]);
      pairs.push(pair);
    }
    if (count > 0) this.#average(pairs);
    if (!this.use_buffers) {
      map_pairs(this.module.buffers(), model.buffers(), (averaged, buffer) =>
        averaged.detach().copy_(buffer.detach().to(averaged.device)),
      );
    }
    this.n_averaged.add_(1);
  }

  #average(pairs: readonly Pair[]): void {
    if (this.avg_fn !== null && this.multi_avg_fn === null) return this.#average_each(this.avg_fn, pairs);
    for (const group of groups_of(pairs)) {
      const { device } = group[0]![0];
      const multi_avg_fn = this.multi_avg_fn ?? (foreach_devices.has(device.type) ? get_swa_multi_avg_fn() : null);
      if (multi_avg_fn === null) {
        this.#average_each(get_swa_avg_fn(), group);
      } else {
        const [averaged, current] = [group.map(([tensor]) => tensor), group.map(([, tensor]) => tensor)];
        multi_avg_fn(averaged, current, this.n_averaged.to(device));
      }
    }
  }

  #average_each(avg_fn: AvgFn, pairs: readonly Pair[]): void {
    for (const [averaged, current] of pairs) {
      averaged.copy_(avg_fn(averaged, current, this.n_averaged.to(averaged.device)));
    }
  }
}

/** Pairs of tensors of one dtype on one device together. */
function groups_of(pairs: readonly Pair[]): Iterable<readonly Pair[]> {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = `${pair[0].device} ${pair[0].dtype}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pair]);
    else group.push(pair);
  }
  return groups.values();
}
