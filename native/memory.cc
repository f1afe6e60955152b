// What torch.memory shows and does.
#include "allocator.h"
#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

napi_value memory_stats(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    call.environment.handles.release_all();
    AllocatorStats bytes = cpu_allocator_stats();
    const Collector& collector = call.environment.collector;
    const std::pair<const char*, double> figures[] = {
        {"live_tensors", static_cast<double>(call.environment.handles.live_tensors())},
        {"live_bytes", static_cast<double>(bytes.live_bytes)},
        {"peak_bytes", static_cast<double>(bytes.peak_bytes)},
        {"retained_bytes", static_cast<double>(bytes.retained_bytes)},
        {"budget", static_cast<double>(collector.byte_budget())},
        {"minor_collections", static_cast<double>(collector.stats.minor_collections)},
        {"full_collections", static_cast<double>(collector.stats.full_collections)},
        {"collection_milliseconds", collector.stats.milliseconds},
    };
    napi_value result;
    check(napi_create_object(call.env, &result));
    for (const auto& [name, figure] : figures) {
      check(napi_set_named_property(call.env, result, name, call.number(figure)));
    }
    return result;
  });
}

napi_value collect(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    call.environment.collector.collect_fully(call.environment);
    return call.undefined();
  });
}

napi_value release_retained(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    release_retained_blocks();
    return call.undefined();
  });
}

napi_value reset_peak(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    reset_peak_cpu_bytes();
    return call.undefined();
  });
}

// set_budgets(bytes, handles): how much may be made before a collection, to begin with.
napi_value set_budgets(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t bytes = to_int64(call.env, call.at(0), "bytes");
    int64_t tensors = to_int64(call.env, call.at(1), "tensors");
    if (bytes <= 0 || tensors <= 0) throw_value_error("a budget must be positive");
    call.environment.collector.set_budgets(bytes, tensors);
    return call.undefined();
  });
}

}  // namespace

const std::vector<Export>& memory_exports() {
  static const std::vector<Export> exports = {
      {"memory_stats", memory_stats}, {"collect", collect},       {"release_retained", release_retained},
      {"reset_peak", reset_peak},     {"set_budgets", set_budgets},
  };
  return exports;
}

}  // namespace tstorch
