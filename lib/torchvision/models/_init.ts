/** Initial parameters that several of the networks for small devices share. */
import * as nn from '../../nn/index.ts';

/** Ones and zeros for what scales and shifts. */
export function init_norm(module: nn.BatchNorm2d | nn.GroupNorm): void {
  if (module.weight !== null) nn.init.ones_(module.weight);
  if (module.bias !== null) nn.init.zeros_(module.bias);
}

/**
 * Draws the parameters of all convolutions (He et al., 2015) and linear layers below a module, and resets its norms.
 * @param init_linear draws the weight of a linear layer
 */
export function init_mobile(model: nn.Module, init_linear: (linear: nn.Linear) => void): void {
  for (const module of model.modules()) {
    if (module instanceof nn.Conv2d) {
      nn.init.kaiming_normal_(module.weight, { mode: 'fan_out' });
      if (module.bias !== null) nn.init.zeros_(module.bias);
    } else if (module instanceof nn.BatchNorm2d || module instanceof nn.GroupNorm) {
      init_norm(module);
    } else if (module instanceof nn.Linear) {
      init_linear(module);
      if (module.bias !== null) nn.init.zeros_(module.bias);
    }
  }
}
