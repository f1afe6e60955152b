// Opens LibTorch's libraries and says which version they are. This addon is free of LibTorch: it loads on any machine,
// and turns what is missing there into an error with the system's own reason, where the bridge could only fail to load.
//
//   built_for: string                       the version of LibTorch whose headers the bridge was compiled with
//   load(libraries: string[], optional: string[]): { version: string | null, failed: { library, reason }[] }
//
// The libraries stay open until the process ends, and are opened once for all of its threads: a second call, from a
// worker, answers with what the first one found.

#include <node_api.h>

#include <cstdint>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "../shared_libraries.h"

namespace {

using tstorch::find_symbol;
using tstorch::open_library;
using tstorch::Visibility;

using Failure = std::pair<std::string, std::string>;  // library, reason

// The bridge names these libraries as its own dependencies, and no other addon should meet their symbols. On macOS it
// does not name them (see CMakeLists.txt), but looks in all that is open to everybody.
#ifdef __APPLE__
constexpr Visibility kLibTorch = Visibility::kEverybody;
#else
constexpr Visibility kLibTorch = Visibility::kDependents;
#endif

// --- LibTorch ---

// LibTorch's C interface gives its version as bytes: major, minor, patch from the top.
std::string version_of(void* library) {
  auto function = reinterpret_cast<uint64_t (*)()>(find_symbol(library, "aoti_torch_abi_version"));
  if (function == nullptr) return {};
  uint64_t version = function();
  auto byte = [version](int shift) { return std::to_string((version >> shift) & 0xff); };
  return byte(56) + "." + byte(48) + "." + byte(40);
}

// What this process has loaded. Never unloaded: LibTorch has thread pools and registries that outlive any handle.
struct Loaded {
  std::mutex mutex;
  bool done = false;
  std::string version;
  std::vector<Failure> failed;
};

Loaded& loaded() {
  static Loaded* instance = new Loaded;
  return *instance;
}

// Opens `required`, then `optional`; the first required library that does not open is the one in `fatal`.
bool load(const std::vector<std::string>& required, const std::vector<std::string>& optional, Failure& fatal) {
  Loaded& state = loaded();
  std::lock_guard<std::mutex> lock(state.mutex);
  if (state.done) return true;
  std::string version;
  for (const std::string& path : required) {
    std::string reason;
    void* library = open_library(path, kLibTorch, reason);
    if (library == nullptr) {
      fatal = {path, reason};
      return false;
    }
    if (version.empty()) version = version_of(library);
  }
  for (const std::string& path : optional) {
    std::string reason;
    if (open_library(path, kLibTorch, reason) == nullptr) state.failed.emplace_back(path, reason);
  }
  state.version = version;
  state.done = true;
  return true;
}

// --- Node-API ---

bool read_strings(napi_env env, napi_value array, std::vector<std::string>& result) {
  uint32_t length = 0;
  if (napi_get_array_length(env, array, &length) != napi_ok) return false;
  for (uint32_t i = 0; i < length; ++i) {
    napi_value element;
    size_t size = 0;
    if (napi_get_element(env, array, i, &element) != napi_ok) return false;
    if (napi_get_value_string_utf8(env, element, nullptr, 0, &size) != napi_ok) return false;
    std::string text(size, '\0');
    if (napi_get_value_string_utf8(env, element, text.data(), size + 1, &size) != napi_ok) return false;
    result.push_back(std::move(text));
  }
  return true;
}

napi_value make_string(napi_env env, const std::string& text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &value);
  return value;
}

napi_value make_failure(napi_env env, const Failure& failure) {
  napi_value value = nullptr;
  napi_create_object(env, &value);
  napi_set_named_property(env, value, "library", make_string(env, failure.first));
  napi_set_named_property(env, value, "reason", make_string(env, failure.second));
  return value;
}

napi_value js_load(napi_env env, napi_callback_info info) {
  size_t count = 2;
  napi_value arguments[2] = {nullptr, nullptr};
  napi_get_cb_info(env, info, &count, arguments, nullptr, nullptr);
  std::vector<std::string> required;
  std::vector<std::string> optional;
  if (count < 2 || !read_strings(env, arguments[0], required) || !read_strings(env, arguments[1], optional)) {
    napi_throw_type_error(env, nullptr, "load() takes two arrays of paths");
    return nullptr;
  }
  Failure fatal;
  if (!load(required, optional, fatal)) {
    napi_throw_error(env, "ERR_DLOPEN_FAILED", fatal.second.c_str());
    return nullptr;
  }
  Loaded& state = loaded();
  std::lock_guard<std::mutex> lock(state.mutex);
  napi_value result = nullptr;
  napi_value version = nullptr;
  napi_value failed = nullptr;
  napi_create_object(env, &result);
  if (state.version.empty()) {
    napi_get_null(env, &version);
  } else {
    version = make_string(env, state.version);
  }
  napi_create_array_with_length(env, state.failed.size(), &failed);
  for (size_t i = 0; i < state.failed.size(); ++i) {
    napi_set_element(env, failed, static_cast<uint32_t>(i), make_failure(env, state.failed[i]));
  }
  napi_set_named_property(env, result, "version", version);
  napi_set_named_property(env, result, "failed", failed);
  return result;
}

}  // namespace

NAPI_MODULE_INIT() {
  napi_value function = nullptr;
  napi_create_function(env, "load", NAPI_AUTO_LENGTH, js_load, nullptr, &function);
  napi_set_named_property(env, exports, "load", function);
  napi_set_named_property(env, exports, "built_for", make_string(env, TSTORCH_LIBTORCH_VERSION));
  return exports;
}
