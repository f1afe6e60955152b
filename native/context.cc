// Process-wide settings of LibTorch (threads, default dtype, …), its devices, and the constants that JS holds.
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <c10/core/DefaultDtype.h>
#include <torch/headeronly/version.h>

#include <cmath>
#include <mutex>
#include <thread>

#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

napi_value version(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_string(call.env, TORCH_VERSION); });
}

napi_value show_config(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_string(call.env, at::show_config()); });
}

napi_value parallel_info(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_string(call.env, at::get_parallel_info()); });
}

napi_value get_num_threads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.number(at::get_num_threads()); });
}

napi_value set_num_threads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t threads = to_int64(call.env, call.at(0), "int");
    if (threads <= 0 || threads > 65535) throw_runtime_error("set_num_threads expects a positive integer");
    at::set_num_threads(static_cast<int>(threads));
    return call.undefined();
  });
}

// set_thread_num_threads(threads, others): how many threads operators use that this thread calls. LibTorch keeps a number
// for each thread, but also the last one set, for threads that begin later: those are to have `others`.
napi_value set_thread_num_threads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t threads = to_int64(call.env, call.at(0), "threads");
    int64_t others = to_int64(call.env, call.at(1), "others");
    if (threads <= 0 || threads > 65535 || others <= 0 || others > 65535) {
      throw_runtime_error("set_thread_num_threads expects positive integers");
    }
    static std::mutex mutex;
    std::lock_guard guard(mutex);
    at::get_num_threads();  // the first call in a thread sets its number to that of the process
    at::set_num_threads(static_cast<int>(threads));
    std::thread([others] { at::set_num_threads(static_cast<int>(others)); }).join();
    return call.undefined();
  });
}

napi_value get_num_interop_threads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.number(at::get_num_interop_threads()); });
}

napi_value set_num_interop_threads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t threads = to_int64(call.env, call.at(0), "int");
    if (threads <= 0 || threads > 65535) throw_runtime_error("set_num_interop_threads expects a positive integer");
    at::set_num_interop_threads(static_cast<int>(threads));
    return call.undefined();
  });
}

napi_value get_default_dtype(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.number(static_cast<int>(c10::typeMetaToScalarType(c10::get_default_dtype())));
  });
}

napi_value set_default_dtype(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::ScalarType dtype = to_dtype(call.env, call.at(0), "d");
    if (!c10::isFloatingType(dtype)) {
      throw_type_error("only floating-point types are supported as the default type");
    }
    c10::set_default_dtype(c10::scalarTypeToTypeMeta(dtype));
    return call.undefined();
  });
}

// dtype_constant(code): the external that stands for a dtype; null for numbers that are none.
napi_value dtype_constant(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    int64_t code = to_int64(call.env, call.at(0), "code");
    if (code < 0 || code >= static_cast<int64_t>(c10::ScalarType::Undefined)) return from_tensor(call.environment, {});
    return call.environment.handles.adopt(call.env, new DtypeHandle(static_cast<c10::ScalarType>(code)));
  });
}

napi_value layout_constant(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    int64_t code = to_int64(call.env, call.at(0), "code");
    if (code < 0 || code >= static_cast<int64_t>(c10::Layout::NumOptions)) throw_value_error("no such layout");
    return call.environment.handles.adopt(call.env, new LayoutHandle(static_cast<c10::Layout>(code)));
  });
}

napi_value memory_format_constant(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    int64_t code = to_int64(call.env, call.at(0), "code");
    if (code < 0 || code >= static_cast<int64_t>(c10::MemoryFormat::NumOptions)) throw_value_error("no such format");
    return call.environment.handles.adopt(call.env, new MemoryFormatHandle(static_cast<c10::MemoryFormat>(code)));
  });
}

// device_constant(text): checks and normalises a device string, and makes the external for it.
napi_value device_constant(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.environment.handles.adopt(call.env, new DeviceHandle(parse_device(call.env, call.at(0), "device")));
  });
}

// c_pow(base, exponent), c_cos(x), c_log(x): the C library's, which Python's numbers come from too. Those of JavaScript
// differ in the last bit now and then, and a learning rate that differs at all is soon another trajectory.
napi_value c_pow(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.number(std::pow(to_double(call.env, call.at(0), "base"), to_double(call.env, call.at(1), "exponent")));
  });
}

napi_value c_cos(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.number(std::cos(to_double(call.env, call.at(0), "x"))); });
}

napi_value c_log(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.number(std::log(to_double(call.env, call.at(0), "x"))); });
}

}  // namespace

const std::vector<Export>& context_exports() {
  static const std::vector<Export> exports = {
      {"version", version},
      {"show_config", show_config},
      {"parallel_info", parallel_info},
      {"get_num_threads", get_num_threads},
      {"set_num_threads", set_num_threads},
      {"set_thread_num_threads", set_thread_num_threads},
      {"get_num_interop_threads", get_num_interop_threads},
      {"set_num_interop_threads", set_num_interop_threads},
      {"get_default_dtype", get_default_dtype},
      {"set_default_dtype", set_default_dtype},
      {"dtype_constant", dtype_constant},
      {"layout_constant", layout_constant},
      {"memory_format_constant", memory_format_constant},
      {"device_constant", device_constant},
      {"c_pow", c_pow},
      {"c_cos", c_cos},
      {"c_log", c_log},
  };
  return exports;
}

}  // namespace tstorch
