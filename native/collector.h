// Memory pressure: decides when JS has to collect, since V8 sees a hundred bytes where LibTorch holds megabytes.
//
// On the CPU the budgets are about speed before they are about memory: Python frees a temporary at once and reuses its
// warm block, so we collect (a minor collection, some 0.05 ms) as soon as about a cache's worth has been allocated. That
// is counted in bytes and, since a small tensor costs a kilobyte of LibTorch's and Node's own objects, in handles.
// Which budget is best depends on the cache, on the tensors and on what survives, so it is found by trying: now and then
// a few collections run with twice or half of it in turns with as many that do not, and what took less time a tensor
// stays.
#pragma once

#include <node_api.h>

#include <algorithm>
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
  // The budgets to begin with.
  void set_budgets(int64_t bytes, int64_t handles) {
    smallest_bytes_ = std::max<int64_t>(1, bytes / kFirstScale);
    smallest_handles_ = std::max<int64_t>(1, handles / kFirstScale);
    scale_ = kFirstScale;
    trial_windows_ = 0;
  }

 private:
  void run(Environment& environment, bool full);

  static constexpr int64_t kFirstScale = 8;
  static constexpr int64_t kLargestScale = 32;
  static constexpr int64_t kDeviceBudget = int64_t{1} << 30;
  // Growth of what survives minor collections that asks for a full one.
  static constexpr int64_t kFullGrowth = int64_t{192} << 20;
  static constexpr int64_t kFullGrowthOfHandles = 20'000;

  int64_t smallest_bytes_ = int64_t{1} << 20;
  int64_t smallest_handles_ = 100;
  int64_t scale_ = kFirstScale;
  int64_t base_ = 0;               // net bytes of the thread after the last collection
  int64_t base_after_full_ = 0;    // and after the last full one
  int64_t handles_ = 0;            // made since the last collection
  int64_t live_after_full_ = 0;    // handles that were left by the last full one
  int64_t device_bytes_ = 0;       // made on devices since the last collection
  double last_end_ = 0;            // milliseconds

  // What a window of collections took, and how many tensors were made in it.
  struct Work {
    double milliseconds = 0;
    double handles = 0;
    double cost() const { return milliseconds / handles; }
  };
  void end_window();
  Work window_;
  int window_collections_ = 0;
  // A trial of another scale: windows with and without it in turns.
  int trial_windows_ = 0;  // still to come; 0 when there is no trial
  bool try_wider_ = false;
  int rest_ = 0;  // windows until the next trial
  Work usual_, tried_;
  int64_t usual_scale_ = kFirstScale;
};

}  // namespace tstorch
