#include "collector.h"

#include <algorithm>
#include <chrono>

#include "allocator.h"
#include "environment.h"

namespace tstorch {

namespace {

// Above the first share of the time spent collecting the budgets double, below the second they halve.
constexpr double kTooOften = 0.08;
constexpr double kSeldomEnough = 0.02;

double milliseconds_now() {
  return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

}  // namespace

bool Collector::under_pressure() const {
  return handles_ > smallest_handles_ * scale_ || thread_net_bytes() - base_ > byte_budget() ||
         device_bytes_ > kDeviceBudget;
}

void Collector::run(Environment& environment, bool full) {
  if (collect_function == nullptr) return;
  napi_env env = environment.env;
  double start = milliseconds_now();
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  napi_value function, receiver, argument;
  napi_get_reference_value(env, collect_function, &function);
  napi_get_undefined(env, &receiver);
  napi_get_boolean(env, full, &argument);
  napi_call_function(env, receiver, function, 1, &argument, nullptr);
  napi_close_handle_scope(env, scope);
  environment.handles.after_collection(full);
  double end = milliseconds_now();
  if (last_end_ > 0) share_ = 0.8 * share_ + 0.2 * (end - start) / std::max(end - last_end_, 1e-3);
  last_end_ = end;
  stats.milliseconds += end - start;
  ++(full ? stats.full_collections : stats.minor_collections);
  base_ = thread_net_bytes();
  if (full) base_after_full_ = base_;
  device_bytes_ = 0;
  handles_ = 0;
}

void Collector::collect(Environment& environment) {
  run(environment, /*full=*/false);
  // What survives minor collections has been promoted to V8's old space, where only a full one finds it dead.
  int64_t growth = base_ - base_after_full_;
  if (growth > std::max(kFullGrowth, base_after_full_)) run(environment, /*full=*/true);
  // A training step that legitimately holds much between forward and backward must not collect fully every time:
  // the mark left by the last full collection sinks slowly.
  if (base_after_full_ > base_) base_after_full_ -= (base_after_full_ - base_) / 64;
  if (share_ > kTooOften) {
    scale_ = std::min(scale_ * 2, kLargestScale);
    share_ = kTooOften / 2;  // judge the new budgets afresh
  } else if (share_ < kSeldomEnough && scale_ > 1) {
    scale_ /= 2;
    share_ = kSeldomEnough * 2;
  }
}

void Collector::collect_fully(Environment& environment) { run(environment, /*full=*/true); }

}  // namespace tstorch
