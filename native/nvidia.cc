// What only NVIDIA's GPUs have: their properties, asked of the driver itself, the versions of its libraries, and marks for
// its profilers.
#include <ATen/Context.h>
#include <ATen/DynamicLibrary.h>
#include <torch/csrc/profiler/stubs/base.h>

#include <array>
#include <cstdio>

#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

#ifdef _WIN32
constexpr const char* kDriver = "nvcuda.dll";
#else
constexpr const char* kDriver = "libcuda.so.1";
#endif

// The driver's interface, which has not changed since its first versions. Its devices are numbered as LibTorch's, since
// both heed CUDA_VISIBLE_DEVICES.
class Driver {
 public:
  static const Driver& instance() {
    static const Driver driver;
    return driver;
  }

  int device(int64_t ordinal) const {
    int device = 0;
    expect(device_get_(&device, static_cast<int>(ordinal)), "cuDeviceGet");
    return device;
  }
  std::string name(int device) const {
    std::array<char, 256> text{};
    expect(name_(text.data(), static_cast<int>(text.size()), device), "cuDeviceGetName");
    return text.data();
  }
  double total_memory(int device) const {
    size_t bytes = 0;
    expect(total_memory_(&bytes, device), "cuDeviceTotalMem");
    return static_cast<double>(bytes);
  }
  int attribute(int attribute, int device) const {
    int value = 0;
    expect(attribute_(&value, attribute, device), "cuDeviceGetAttribute");
    return value;
  }
  std::string uuid(int device) const {
    std::array<unsigned char, 16> bytes{};
    expect(uuid_(bytes.data(), device), "cuDeviceGetUuid");
    std::string text;
    for (size_t i = 0; i < bytes.size(); ++i) {
      char digits[4];
      std::snprintf(digits, sizeof(digits), "%02x", bytes[i]);
      if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
      text += digits;
    }
    return text;
  }
  bool can_access_peer(int device, int peer) const {
    int value = 0;
    expect(can_access_peer_(&value, device, peer), "cuDeviceCanAccessPeer");
    return value != 0;
  }
  int version() const {
    int version = 0;
    expect(version_(&version), "cuDriverGetVersion");
    return version;
  }

 private:
  Driver() : library_(kDriver, nullptr, /*leak_handle=*/true) {
    resolve(device_get_, "cuDeviceGet");
    resolve(name_, "cuDeviceGetName");
    resolve(total_memory_, "cuDeviceTotalMem_v2");
    resolve(attribute_, "cuDeviceGetAttribute");
    resolve(uuid_, "cuDeviceGetUuid");
    resolve(can_access_peer_, "cuDeviceCanAccessPeer");
    resolve(version_, "cuDriverGetVersion");
    int (*initialize)(unsigned int) = nullptr;
    resolve(initialize, "cuInit");
    expect(initialize(0), "cuInit");
  }

  template <typename Function>
  void resolve(Function& function, const char* name) {
    function = reinterpret_cast<Function>(library_.sym(name));
  }
  static void expect(int status, const char* function) {
    if (status != 0) {
      throw_runtime_error(std::string("the NVIDIA driver's ") + function + " failed with error " + std::to_string(status));
    }
  }

  at::DynamicLibrary library_;
  int (*device_get_)(int*, int) = nullptr;
  int (*name_)(char*, int, int) = nullptr;
  int (*total_memory_)(size_t*, int) = nullptr;
  int (*attribute_)(int*, int, int) = nullptr;
  int (*uuid_)(unsigned char*, int) = nullptr;
  int (*can_access_peer_)(int*, int, int) = nullptr;
  int (*version_)(int*) = nullptr;
};

// The driver's numbers for them (CUdevice_attribute), by the names that Python gives them.
struct Attribute {
  const char* name;
  int number;
};
constexpr Attribute kAttributes[] = {
    {"major", 75},
    {"minor", 76},
    {"multi_processor_count", 16},
    {"warp_size", 10},
    {"max_threads_per_block", 1},
    {"max_threads_per_multi_processor", 39},
    {"regs_per_multiprocessor", 82},
    {"shared_memory_per_block", 8},
    {"shared_memory_per_block_optin", 97},
    {"shared_memory_per_multiprocessor", 81},
    {"L2_cache_size", 38},
    {"clock_rate", 13},
    {"memory_clock_rate", 36},
    {"memory_bus_width", 37},
    {"pci_bus_id", 33},
    {"pci_device_id", 34},
    {"pci_domain_id", 50},
    {"is_integrated", 18},
    {"is_multi_gpu_board", 84},
};

// cuda_properties(index)
napi_value cuda_properties(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const Driver& driver = Driver::instance();
    int device = driver.device(to_int64(call.env, call.at(0), "device"));
    napi_value properties;
    check(napi_create_object(call.env, &properties));
    check(napi_set_named_property(call.env, properties, "name", from_string(call.env, driver.name(device))));
    check(napi_set_named_property(call.env, properties, "total_memory", call.number(driver.total_memory(device))));
    check(napi_set_named_property(call.env, properties, "uuid", from_string(call.env, driver.uuid(device))));
    for (const auto& [name, number] : kAttributes) {
      check(napi_set_named_property(call.env, properties, name, call.number(driver.attribute(number, device))));
    }
    return properties;
  });
}

// cuda_can_access_peer(device, peer)
napi_value cuda_can_access_peer(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const Driver& driver = Driver::instance();
    int device = driver.device(to_int64(call.env, call.at(0), "device"));
    int peer = driver.device(to_int64(call.env, call.at(1), "peer_device"));
    return call.boolean(driver.can_access_peer(device, peer));
  });
}

// cuda_versions(): what LibTorch was built with and what is there; null where there is none.
napi_value cuda_versions(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::CUDAHooksInterface& hooks = at::detail::getCUDAHooks();
    napi_value versions;
    check(napi_create_object(call.env, &versions));
    auto set = [&](const char* name, bool there, auto&& read) {
      napi_value value = from_tensor(call.environment, {});
      if (there) value = call.number(static_cast<double>(read()));
      check(napi_set_named_property(call.env, versions, name, value));
    };
    bool built = hooks.hasCUDA();
    set("runtime", built && hooks.hasCUDART(), [&] { return hooks.versionCUDART(); });
    set("cudnn", built && hooks.hasCuDNN(), [&] { return hooks.versionRuntimeCuDNN(); });
    set("driver", built && hooks.deviceCount() > 0, [] { return Driver::instance().version(); });
    return versions;
  });
}

const torch::profiler::impl::ProfilerStubs& stubs() {
  const auto* found = torch::profiler::impl::cudaStubs();
  if (!found->enabled()) throw_runtime_error("NVTX functions not installed. Are you sure you have a CUDA build?");
  return *found;
}

// nvtx_mark(message), nvtx_range_push(message), nvtx_range_pop()
napi_value nvtx_mark(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    stubs().mark(to_string(call.env, call.at(0), "msg").c_str());
    return call.undefined();
  });
}

napi_value nvtx_range_push(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    stubs().rangePush(to_string(call.env, call.at(0), "msg").c_str());
    return call.undefined();
  });
}

napi_value nvtx_range_pop(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    stubs().rangePop();
    return call.undefined();
  });
}

}  // namespace

const std::vector<Export>& nvidia_exports() {
  static const std::vector<Export> exports = {
      {"cuda_properties", cuda_properties}, {"cuda_can_access_peer", cuda_can_access_peer},
      {"cuda_versions", cuda_versions},     {"nvtx_mark", nvtx_mark},
      {"nvtx_range_push", nvtx_range_push}, {"nvtx_range_pop", nvtx_range_pop},
  };
  return exports;
}

}  // namespace tstorch
