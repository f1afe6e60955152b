import { type Arguments, signature } from '../arguments.ts';
import { Adam, type AdamOptions, type AdamParamGroup } from './adam.ts';
import type { OptimizerState, Params } from './optimizer.ts';

export type AdamWOptions = Omit<AdamOptions, 'decoupled_weight_decay'>;

interface AdamWParameters extends AdamWOptions {
  params: Params<AdamParamGroup>;
}

const adamw_arguments = signature<AdamWParameters>(
  'AdamW',
  ['params', ['lr', 1e-3], ['betas', [0.9, 0.999]], ['eps', 1e-8], ['weight_decay', 1e-2], ['amsgrad', false]],
  [
    ['maximize', false],
    ['foreach', null],
    ['capturable', false],
    ['differentiable', false],
    ['fused', null],
  ],
);

/**
 * Adam whose weight decay is a part of each step by itself: it shrinks the parameter, and leaves the running averages
 * alone. All options are those of `Adam`, but `weight_decay` is 0.01 unless said otherwise.
 *
 * ```ts
 * const optimizer = new optim.AdamW(model.parameters(), { lr: 1e-3, weight_decay: 0.05 });
 * ```
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.AdamW.html
 */
export class AdamW extends Adam {
  constructor(...args: Arguments<AdamWParameters, ['params', 'lr', 'betas', 'eps', 'weight_decay', 'amsgrad']>) {
    super({ ...adamw_arguments(args), decoupled_weight_decay: true });
  }

  protected override __setstate__(state: { state: OptimizerState; param_groups: AdamParamGroup[] }): void {
    super.__setstate__(state);
    for (const group of this.param_groups) group.decoupled_weight_decay = true;
  }
}
