// The autograd engine as JS sees it; see engine.cc.
#pragma once

namespace tstorch {

// Makes LibTorch ask this library's engine what to do with saved tensors. Once per process, before the first operator.
void install_autograd_engine();

}  // namespace tstorch
