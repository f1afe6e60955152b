#include "collector.h"

#include <algorithm>
#include <chrono>

#include "allocator.h"
#include "environment.h"

namespace tstorch {

namespace {

constexpr int kWindow = 4;    // collections
constexpr int kRest = 32;     // windows between trials
// A share of the time below which nothing needs to be changed.
constexpr double kSeldomEnough = 0.05;
// What a wider budget has to bring to be kept, and what a narrower one may cost.
constexpr double kWorthWhile = 0.8;
constexpr double kBearable = 1.1;

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
  // Destroying what died is not counted: that work is the same however often we collect.
  double end = milliseconds_now();
  environment.handles.release_large();
  // A small tensor may be the last to hold a graph with all of a model's activations.
  if (full || thread_net_bytes() - base_ > byte_budget() / 2) environment.handles.release_all();
  if (!full && last_end_ > 0) {
    ++window_;
    collecting_ += end - start;
    elapsed_ += end - last_end_;
  }
  last_end_ = milliseconds_now();
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
  if (window_ >= kWindow) adapt();
}

void Collector::adapt() {
  double share = collecting_ / std::max(elapsed_, 1e-3);
  window_ = 0;
  collecting_ = elapsed_ = 0;
  if (trial_ != Trial::kNone) {
    bool wider = trial_ == Trial::kWider;
    bool keep = share < share_before_ * (wider ? kWorthWhile : kBearable);
    if (!keep) scale_ = wider ? scale_ / 2 : scale_ * 2;
    // A change that paid may pay again at once.
    rest_ = keep ? 0 : kRest;
    trial_ = Trial::kNone;
    return;
  }
  if (rest_ > 0) {
    --rest_;
    return;
  }
  share_before_ = share;
  if (share > kSeldomEnough && scale_ < kLargestScale) {
    trial_ = Trial::kWider;
    scale_ *= 2;
  } else if (scale_ > 1) {
    trial_ = Trial::kNarrower;
    scale_ /= 2;
  }
}

void Collector::collect_fully(Environment& environment) { run(environment, /*full=*/true); }

}  // namespace tstorch
