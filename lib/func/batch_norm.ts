import { is_instance } from '../arguments.ts';
import { TypeError } from '../errors.ts';
import { _BatchNorm } from '../nn/modules/batchnorm.ts';
import { Module } from '../nn/modules/module.ts';
import { type_name } from '../repr.ts';

/**
 * Takes the running statistics from all batch normalizations in a module, so that transforms such as `vmap` and `jvp` go
 * through them: they use the statistics of each batch.
 * @returns the module
 * @see https://docs.pytorch.org/docs/stable/generated/torch.func.replace_all_batch_norm_modules_.html
 */
export function replace_all_batch_norm_modules_<M extends Module>(root: M): M {
  if (!is_instance(root, Module)) {
    throw new TypeError(
      `replace_all_batch_norm_modules_(): argument 'root' must be torch.nn.Module, not ${type_name(root)}`,
    );
  }
  for (const module of root.modules()) {
    if (!is_instance(module, _BatchNorm)) continue;
    module.running_mean = null;
    module.running_var = null;
    module.num_batches_tracked = null;
    module.track_running_stats = false;
  }
  return root;
}
