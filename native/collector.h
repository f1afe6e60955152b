// Memory pressure: decides when JS has to collect, since V8 sees a hundred bytes where LibTorch holds megabytes.
//
// On the CPU the budgets are about speed before they are about memory: Python frees a temporary at once and reuses its
// warm block, so we collect (a minor collection, some 0.05 ms) as soon as about a cache's worth has been allocated. That
// is counted in bytes and, since a small tensor costs a kilobyte of LibTorch's and Node's own objects, in handles. Where
// collections take more than a few percent of the time and wider budgets lower that, because much survives each of them,
// the budgets widen.
#pragma once

#include <node_api.h>

#include <cstdint>

namespace tstorch {

class Environment;

struct CollectorStats {
  int64_t minor_collections = 0;
  int64_t full_collections = 0;
  double milliseconds = 0;
};

class Collector {
 public:
  bool under_pressure() const;
  // Counts a new handle: small tensors weigh on the collector by their number, not by their bytes.
  void add_handle() { ++handles_; }
  void collect(Environment& environment);
  // A full collection now, whatever the budgets say: on request, or because a device ran out of memory.
  void collect_fully(Environment& environment);

  // Counts a new tensor's storage on a device other than the CPU (whose bytes the allocator counts).
  void add_device_bytes(int64_t bytes) { device_bytes_ += bytes; }

  // `collect(full: boolean)`, from lib/native.ts.
  napi_ref collect_function = nullptr;
  CollectorStats stats;
  int64_t byte_budget() const { return smallest_bytes_ * scale_; }
  void set_smallest_budgets(int64_t bytes, int64_t handles) {
    smallest_bytes_ = bytes;
    smallest_handles_ = handles;
    scale_ = 1;
  }

 private:
  void run(Environment& environment, bool full);
  void adapt();

  static constexpr int64_t kLargestScale = 32;
  static constexpr int64_t kDeviceBudget = int64_t{1} << 30;
  // Growth of what survives minor collections that asks for a full one.
  static constexpr int64_t kFullGrowth = int64_t{192} << 20;

  int64_t smallest_bytes_ = int64_t{8} << 20;
  int64_t smallest_handles_ = 1000;
  int64_t scale_ = 1;
  int64_t base_ = 0;               // net bytes of the thread after the last collection
  int64_t base_after_full_ = 0;    // and after the last full one
  int64_t handles_ = 0;            // made since the last collection
  int64_t device_bytes_ = 0;       // made on devices since the last collection
  double last_end_ = 0;  // milliseconds

  // Adapting: the share of time spent collecting is measured over a window of collections at one scale; a change of
  // scale is kept only if the next window bears it out.
  enum class Trial : uint8_t { kNone, kWider, kNarrower };
  Trial trial_ = Trial::kNone;
  int window_ = 0;  // collections in it so far
  int rest_ = 0;    // windows until the next trial
  double collecting_ = 0;
  double elapsed_ = 0;
  double share_before_ = 0;
};

}  // namespace tstorch
