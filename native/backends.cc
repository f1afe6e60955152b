// The switches of torch.backends: which libraries LibTorch may use, and how precisely.
#include <ATen/Context.h>
#include <ATen/Version.h>

#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

struct Switch {
  const char* name;
  bool (*get)();
  void (*set)(bool);
};

at::Context& context() { return at::globalContext(); }

constexpr Switch kSwitches[] = {
    {"cudnn.enabled", [] { return context().userEnabledCuDNN(); }, [](bool on) { context().setUserEnabledCuDNN(on); }},
    {"cudnn.benchmark", [] { return context().benchmarkCuDNN(); }, [](bool on) { context().setBenchmarkCuDNN(on); }},
    {"cudnn.deterministic", [] { return context().deterministicCuDNN(); },
     [](bool on) { context().setDeterministicCuDNN(on); }},
    {"cudnn.allow_tf32", [] { return context().allowTF32CuDNN(); }, [](bool on) { context().setAllowTF32CuDNN(on); }},
    {"cuda.matmul.allow_tf32", [] { return context().allowTF32CuBLAS(); },
     [](bool on) { context().setAllowTF32CuBLAS(on); }},
    {"cuda.matmul.allow_fp16_accumulation", [] { return context().allowFP16AccumulationCuBLAS(); },
     [](bool on) { context().setAllowFP16AccumulationCuBLAS(on); }},
    {"cuda.matmul.allow_fp16_reduced_precision_reduction",
     [] {
       return context().allowFP16ReductionCuBLAS() == at::CuBLASReductionOption::AllowReducedPrecisionWithSplitK;
     },
     [](bool on) { context().setAllowFP16ReductionCuBLAS(on); }},
    {"cuda.matmul.allow_bf16_reduced_precision_reduction",
     [] {
       return context().allowBF16ReductionCuBLAS() == at::CuBLASReductionOption::AllowReducedPrecisionWithSplitK;
     },
     [](bool on) { context().setAllowBF16ReductionCuBLAS(on); }},
    {"cuda.flash_sdp", [] { return context().userEnabledFlashSDP(); }, [](bool on) { context().setSDPUseFlash(on); }},
    {"cuda.mem_efficient_sdp", [] { return context().userEnabledMemEfficientSDP(); },
     [](bool on) { context().setSDPUseMemEfficient(on); }},
    {"cuda.math_sdp", [] { return context().userEnabledMathSDP(); }, [](bool on) { context().setSDPUseMath(on); }},
    {"cuda.cudnn_sdp", [] { return context().userEnabledCuDNNSDP(); }, [](bool on) { context().setSDPUseCuDNN(on); }},
    {"cuda.fp16_bf16_reduction_math_sdp", [] { return context().allowFP16BF16ReductionMathSDP(); },
     [](bool on) { context().setAllowFP16BF16ReductionMathSDP(on); }},
    {"mkldnn.enabled", [] { return context().userEnabledMkldnn(); }, [](bool on) { context().setUserEnabledMkldnn(on); }},
    {"mkldnn.deterministic", [] { return context().deterministicMkldnn(); },
     [](bool on) { context().setDeterministicMkldnn(on); }},
};

// backend_switch(name, on?): is it on?
napi_value backend_switch(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::string name = to_string(call.env, call.at(0), "name");
    for (const Switch& one : kSwitches) {
      if (name != one.name) continue;
      if (call.given(1)) one.set(to_bool(call.env, call.at(1), "value"));
      return call.boolean(one.get());
    }
    throw_value_error("there is no switch '" + name + "'");
  });
}

// cudnn_benchmark_limit(limit?)
napi_value cudnn_benchmark_limit(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (call.given(0)) {
      context().setBenchmarkLimitCuDNN(static_cast<int>(to_int64(call.env, call.at(0), "benchmark_limit")));
    }
    return call.number(context().benchmarkLimitCuDNN());
  });
}

// float32_precision(backend, operation, precision?): 'ieee', 'tf32', 'bf16' or 'none'
napi_value float32_precision(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::Float32Backend backend = at::str2backend(to_string(call.env, call.at(0), "backend"));
    at::Float32Op operation = at::str2op(to_string(call.env, call.at(1), "op"));
    if (call.given(2)) {
      context().setFloat32Precision(backend, operation, at::str2precision(to_string(call.env, call.at(2), "precision")));
    }
    return from_string(call.env, at::precision2str(context().float32Precision(backend, operation)));
  });
}

// preferred_linalg_library(name?)
napi_value preferred_linalg_library(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    static constexpr std::pair<const char*, at::LinalgBackend> kLibraries[] = {
        {"default", at::LinalgBackend::Default},
        {"cusolver", at::LinalgBackend::Cusolver},
        {"magma", at::LinalgBackend::Magma},
    };
    if (call.given(0)) {
      std::string wanted = to_string(call.env, call.at(0), "backend");
      for (const auto& [name, library] : kLibraries) {
        if (wanted == name) context().setLinalgPreferredBackend(library);
      }
    }
    at::LinalgBackend current = context().linalgPreferredBackend();
    for (const auto& [name, library] : kLibraries) {
      if (current == library) return from_string(call.env, name);
    }
    return from_string(call.env, "default");
  });
}

napi_value cpu_capability(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_string(call.env, at::get_cpu_capability()); });
}

}  // namespace

const std::vector<Export>& backend_exports() {
  static const std::vector<Export> exports = {
      {"backend_switch", backend_switch},
      {"cudnn_benchmark_limit", cudnn_benchmark_limit},
      {"float32_precision", float32_precision},
      {"preferred_linalg_library", preferred_linalg_library},
      {"cpu_capability", cpu_capability},
  };
  return exports;
}

}  // namespace tstorch
