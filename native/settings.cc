// Modes of LibTorch that Python's torch switches: determinism, precision, autocasting, anomaly detection, warnings.
#include <ATen/Context.h>
#include <ATen/autocast_mode.h>
#include <ATen/cpu/Utils.h>
#include <c10/util/Exception.h>
#include <torch/csrc/autograd/anomaly_mode.h>

#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

// deterministic(): 0 where anything goes, 1 where what is not deterministic warns, 2 where it throws.
napi_value deterministic(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Context& context = at::globalContext();
    if (!context.deterministicAlgorithms()) return call.number(0);
    return call.number(context.deterministicAlgorithmsWarnOnly() ? 1 : 2);
  });
}

napi_value set_deterministic(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t level = to_int64(call.env, call.at(0), "level");
    at::globalContext().setDeterministicAlgorithms(level > 0, /*warn_only=*/level == 1);
    return call.undefined();
  });
}

napi_value matmul_precision(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (call.given(0)) at::globalContext().setFloat32MatmulPrecision(to_string(call.env, call.at(0), "precision"));
    switch (at::globalContext().float32MatmulPrecision()) {
      case at::Float32MatmulPrecision::HIGHEST: return from_string(call.env, "highest");
      case at::Float32MatmulPrecision::HIGH: return from_string(call.env, "high");
      default: return from_string(call.env, "medium");
    }
  });
}

// Gives false where the processor cannot do it.
napi_value set_flush_denormal(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.boolean(at::globalContext().setFlushDenormal(to_bool(call.env, call.at(0), "mode")));
  });
}

napi_value warn_always(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (call.given(0)) c10::WarningUtils::set_warnAlways(to_bool(call.env, call.at(0), "b"));
    return call.boolean(c10::WarningUtils::get_warnAlways());
  });
}

// anomaly_mode(enabled?, check_nan?): [enabled, check_nan]
napi_value anomaly_mode(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    using torch::autograd::AnomalyMode;
    if (call.given(0)) {
      AnomalyMode::set_enabled(to_bool(call.env, call.at(0), "enabled"), to_bool(call.env, call.at(1), "check_nan"));
    }
    napi_value pair;
    check(napi_create_array_with_length(call.env, 2, &pair));
    check(napi_set_element(call.env, pair, 0, call.boolean(AnomalyMode::is_enabled())));
    check(napi_set_element(call.env, pair, 1, call.boolean(AnomalyMode::should_check_nan())));
    return pair;
  });
}

// Which of LibTorch's optional parts were built: ['lapack', 'mkl', …]
napi_value built_with(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    napi_value names;
    check(napi_create_array(call.env, &names));
    uint32_t count = 0;
    auto add = [&](bool there, const char* name) {
      if (there) check(napi_set_element(call.env, names, count++, from_string(call.env, name)));
    };
    add(at::Context::hasLAPACK(), "lapack");
    add(at::Context::hasMKL(), "mkl");
    add(at::Context::hasOpenMP(), "openmp");
    add(at::Context::hasMKLDNN(), "mkldnn");
    add(at::Context::hasMAGMA(), "magma");
    add(at::Context::hasCUDA(), "cuda");
    return names;
  });
}

// What the processor can do, by name: flags, numbers (sizes of caches, counts of cores) and texts (its name).
napi_value cpu_capabilities(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    napi_value capabilities;
    check(napi_create_object(call.env, &capabilities));
    for (const auto& [name, value] : at::cpu::get_cpu_capabilities()) {
      napi_value one = value.isBool()     ? call.boolean(value.toBool())
                       : value.isString() ? from_string(call.env, value.toStringRef())
                                          : call.number(static_cast<double>(value.toInt()));
      check(napi_set_named_property(call.env, capabilities, name.c_str(), one));
    }
    return capabilities;
  });
}

c10::DeviceType device_type_at(Call& call, size_t index) {
  return c10::Device(to_string(call.env, call.at(index), "device_type")).type();
}

// Can there be autocasting on devices of the type at all?
napi_value autocast_available(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.boolean(at::autocast::is_autocast_available(device_type_at(call, 0)));
  });
}

// autocast_enabled(device_type, enabled?)
napi_value autocast_enabled(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::DeviceType type = device_type_at(call, 0);
    if (call.given(1)) at::autocast::set_autocast_enabled(type, to_bool(call.env, call.at(1), "enabled"));
    return call.boolean(at::autocast::is_autocast_enabled(type));
  });
}

// autocast_dtype(device_type, dtype?): the dtype's number
napi_value autocast_dtype(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::DeviceType type = device_type_at(call, 0);
    if (call.given(1)) at::autocast::set_autocast_dtype(type, to_dtype(call.env, call.at(1), "dtype"));
    return call.number(static_cast<int>(at::autocast::get_autocast_dtype(type)));
  });
}

napi_value autocast_cache_enabled(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (call.given(0)) at::autocast::set_autocast_cache_enabled(to_bool(call.env, call.at(0), "enabled"));
    return call.boolean(at::autocast::is_autocast_cache_enabled());
  });
}

// autocast_nesting(step): how deep autocast is nested after going one in (1) or out (-1).
napi_value autocast_nesting(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    bool in = to_int64(call.env, call.at(0), "step") > 0;
    return call.number(in ? at::autocast::increment_nesting() : at::autocast::decrement_nesting());
  });
}

napi_value clear_autocast_cache(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::autocast::clear_cache();
    return call.undefined();
  });
}

}  // namespace

const std::vector<Export>& settings_exports() {
  static const std::vector<Export> exports = {
      {"deterministic", deterministic},
      {"set_deterministic", set_deterministic},
      {"matmul_precision", matmul_precision},
      {"set_flush_denormal", set_flush_denormal},
      {"warn_always", warn_always},
      {"anomaly_mode", anomaly_mode},
      {"built_with", built_with},
      {"cpu_capabilities", cpu_capabilities},
      {"autocast_available", autocast_available},
      {"autocast_enabled", autocast_enabled},
      {"autocast_dtype", autocast_dtype},
      {"autocast_cache_enabled", autocast_cache_enabled},
      {"autocast_nesting", autocast_nesting},
      {"clear_autocast_cache", clear_autocast_cache},
  };
  return exports;
}

}  // namespace tstorch
