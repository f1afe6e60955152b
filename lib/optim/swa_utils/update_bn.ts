import { type Arguments, signature } from '../../arguments.ts';
import { no_grad } from '../../autograd/grad_mode.ts';
import type { DeviceLike } from '../../device.ts';
import { _BatchNorm } from '../../nn/modules/batchnorm.ts';
import type { Module } from '../../nn/modules/module.ts';
import type { Tensor } from '../../tensor.ts';

export interface UpdateBnParameters {
  loader: Iterable<unknown>;
  model: Module;
  device?: DeviceLike | null;
}

const update_bn_arguments = signature<UpdateBnParameters>('update_bn', ['loader', 'model', ['device', null]]);

/**
 * Computes the running statistics of a model's batch norms anew, from one pass over data: those of the model that was
 * trained do not fit parameters that were averaged.
 *
 * @param loader gives batches: tensors, or arrays that begin with one
 * @param model whose batch norms to update; without any, nothing is done
 * @param device where batches are moved to before the model is given them (default: nowhere)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.optim.swa_utils.update_bn.html
 */
export function update_bn(...args: Arguments<UpdateBnParameters, ['loader', 'model', 'device']>): void {
  const { loader, model, device } = update_bn_arguments(args);
  no_grad(() => {
    const momentums = new Map<_BatchNorm, number | null>();
    for (const module of model.modules()) {
      if (!(module instanceof _BatchNorm)) continue;
      module.reset_running_stats();
      momentums.set(module, module.momentum);
    }
    if (momentums.size === 0) return;

    const was_training = model.training;
    model.train();
    // The mean over all batches, and not a moving one.
    for (const module of momentums.keys()) module.momentum = null;
    for (const batch of loader) {
      const input = (Array.isArray(batch) ? batch[0] : batch) as Tensor;
      (model as (input: unknown) => unknown)(device === null ? input : input.to(device));
    }
    for (const [module, momentum] of momentums) module.momentum = momentum;
    model.train(was_training);
  });
}
