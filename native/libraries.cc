// Libraries of operators: those that a user loads (torch.ops.load_library), and which overloads an operator has.
#include <ATen/core/dispatch/Dispatcher.h>
#include <torch/csrc/jit/runtime/operator.h>

#include "call.h"
#include "exports.h"
#include "shared_libraries.h"

namespace tstorch {

namespace {

// load_library(path): opens the library for good; its static initializers register what it brings. Gives null, or why
// it could not be opened.
napi_value load_library(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::string path = to_string(call.env, call.at(0), "path");
    napi_value result;
    check(napi_get_null(call.env, &result));
    if (path.find('\0') != std::string::npos) return from_string(call.env, "the path contains a null character");
    std::string reason;
    if (open_library(path, Visibility::kEverybody, reason) != nullptr) return result;
    return from_string(call.env, reason);
  });
}

// overloads(name): the names of the operator's overloads, in the order in which they are tried, '' for the unnamed one;
// undefined where there is no such operator. TorchScript's own overloads, for plain numbers and text, are left out.
napi_value overloads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::string name = to_string(call.env, call.at(0), "name");
    auto& dispatcher = c10::Dispatcher::singleton();
    std::vector<std::string> names;
    for (const auto& one : torch::jit::getAllOperatorsFor(c10::Symbol::fromQualString(name))) {
      const std::string& overload = one->schema().overload_name();
      if (dispatcher.findSchema({name, overload})) names.push_back(overload);
    }
    if (names.empty()) return call.undefined();
    napi_value list;
    check(napi_create_array_with_length(call.env, names.size(), &list));
    for (uint32_t i = 0; i < names.size(); ++i) {
      check(napi_set_element(call.env, list, i, from_string(call.env, names[i])));
    }
    return list;
  });
}

// schema_text(name, overload): the schema as LibTorch prints it.
napi_value schema_text(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::string name = to_string(call.env, call.at(0), "name");
    std::string overload = to_string(call.env, call.at(1), "overload");
    auto handle = c10::Dispatcher::singleton().findSchema({name, overload});
    if (!handle) return call.undefined();
    std::ostringstream text;
    text << handle->schema();
    return from_string(call.env, text.str());
  });
}

}  // namespace

const std::vector<Export>& library_exports() {
  static const std::vector<Export> list = {
      {"load_library", load_library},
      {"overloads", overloads},
      {"schema_text", schema_text},
  };
  return list;
}

}  // namespace tstorch
