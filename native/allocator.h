// The CPU allocator in front of LibTorch's: it keeps freed blocks and hands out the one freed last, which is the one
// still in the cache, and counts bytes, which is how we know of memory pressure.
#pragma once

#include <cstdint>

namespace tstorch {

struct AllocatorStats {
  int64_t live_bytes;      // handed out and not yet given back
  int64_t peak_bytes;      // the most of that so far
  int64_t retained_bytes;  // freed blocks kept for reuse
};

// Makes LibTorch allocate its CPU memory here. Once per process; later calls do nothing.
void install_cpu_allocator();

AllocatorStats cpu_allocator_stats();
void reset_peak_cpu_bytes();

// Gives all retained blocks back to the system.
void release_retained_blocks();

// Bytes that this thread has allocated less those it has freed. Only differences mean anything: a block may be freed
// by another thread than the one that made it.
int64_t thread_net_bytes();
// Counts bytes that came from another thread, or with a minus went to one.
void add_thread_net_bytes(int64_t bytes);

}  // namespace tstorch
