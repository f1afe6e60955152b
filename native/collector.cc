#include "collector.h"

#include <algorithm>
#include <chrono>
#include <utility>

#include "allocator.h"
#include "environment.h"

namespace tstorch {

namespace {

constexpr int kWindow = 8;         // collections
constexpr int kTrialWindows = 4;  // every other one with the scale that is tried
constexpr int kRest = 32;          // windows between trials
// What another scale has to bring to be kept.
constexpr double kWorthWhile = 0.97;

// Bytes of a tensor that weigh less than the objects around it.
constexpr int64_t kSmall = 512;

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
  // Destroying what died is not counted as collecting: that work is the same however often we collect.
  double end = milliseconds_now();
  // Blocks that are to be warm when they are used again must be free by then. Where tensors are small it is not worth
  // looking for the large ones.
  if (thread_net_bytes() - base_ > kSmall * handles_) environment.handles.release_large();
  // A small tensor may be the last to hold a graph with all of a model's activations.
  if (full || thread_net_bytes() - base_ > byte_budget() / 2) environment.handles.release_all();
  if (!full && last_end_ > 0) {
    ++window_collections_;
    window_.milliseconds += end - last_end_;
    window_.handles += static_cast<double>(handles_);
  }
  last_end_ = end;
  stats.milliseconds += end - start;
  ++(full ? stats.full_collections : stats.minor_collections);
  base_ = thread_net_bytes();
  if (full) {
    base_after_full_ = base_;
    live_after_full_ = environment.handles.live();
  }
  device_bytes_ = 0;
  handles_ = 0;
}

void Collector::collect(Environment& environment) {
  run(environment, /*full=*/false);
  // What survives minor collections has been promoted to V8's old space, where only a full one finds it dead. Small
  // tensors and calls of autograd functions weigh by the JS objects around them: those are counted.
  int64_t live = environment.handles.live();
  if (base_ - base_after_full_ > std::max(kFullGrowth, base_after_full_) ||
      live - live_after_full_ > std::max(kFullGrowthOfHandles, live_after_full_)) {
    run(environment, /*full=*/true);
  }
  // A training step that legitimately holds much between forward and backward must not collect fully every time:
  // the marks left by the last full collection sink slowly.
  if (base_after_full_ > base_) base_after_full_ -= (base_after_full_ - base_) / 64;
  if (live_after_full_ > live) live_after_full_ -= (live_after_full_ - live) / 64;
  if (window_collections_ >= kWindow) end_window();
}

void Collector::end_window() {
  Work window = std::exchange(window_, {});
  window_collections_ = 0;
  if (trial_windows_ == 0) {
    if (rest_-- > 0) return;
    if (scale_ == (try_wider_ ? kLargestScale : 1)) try_wider_ = !try_wider_;
    trial_windows_ = kTrialWindows;
    usual_scale_ = scale_;
    usual_ = tried_ = {};
  } else {
    Work& sum = --trial_windows_ % 2 == 0 ? tried_ : usual_;
    sum.milliseconds += window.milliseconds;
    sum.handles += window.handles;
  }
  int64_t other = try_wider_ ? usual_scale_ * 2 : usual_scale_ / 2;
  if (trial_windows_ > 0) {
    scale_ = trial_windows_ % 2 == 0 ? usual_scale_ : other;
    return;
  }
  bool keep = tried_.cost() < usual_.cost() * kWorthWhile;
  scale_ = keep ? other : usual_scale_;
  // A change that paid may pay again at once.
  rest_ = keep ? 0 : kRest;
  if (!keep) try_wider_ = !try_wider_;
}

void Collector::collect_fully(Environment& environment) { run(environment, /*full=*/true); }

}  // namespace tstorch
