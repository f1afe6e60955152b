// A default generator for one thread. LibTorch has one for the whole process; a loader's worker needs its own, since
// Python's workers are processes and draw independently of one another.
#pragma once

#include <ATen/core/Generator.h>

namespace tstorch {

// Makes LibTorch's operators ready for it; once, from the thread that will start others, while no other one computes.
void prepare_thread_generators();

// From now on operators that this thread calls draw from a generator of its own where they are given none.
void begin_thread_generator();

// The thread's own generator; undefined where it draws from the process's.
const at::Generator& thread_generator();

}  // namespace tstorch
