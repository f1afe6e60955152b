// Tensors on their way from one environment of the process to another, and which loader's workers are alive.
#pragma once

namespace tstorch {

class Environment;

// The environment is ending: what it shared and nobody has adopted is freed. If it was a worker, it is gone, and what it
// sent passes to whoever reads it.
void end_sharing(const Environment& environment);

}  // namespace tstorch
