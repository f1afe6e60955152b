// LibTorch's warnings, handed on to JS instead of printed.
#pragma once

#include <c10/util/Exception.h>
#include <node_api.h>

#include <utility>
#include <vector>

namespace tstorch {

// Takes what LibTorch warns of on the thread that made it, for as long as it lives. Warnings come up deep inside
// LibTorch, where no JS may run: they wait for the end of the call.
class Warnings final : public c10::WarningHandler {
 public:
  Warnings() { c10::WarningUtils::set_warning_handler(this); }
  ~Warnings() override { c10::WarningUtils::set_warning_handler(nullptr); }
  Warnings(const Warnings&) = delete;
  Warnings& operator=(const Warnings&) = delete;

  void process(const c10::Warning& warning) override {
    bool deprecation = std::holds_alternative<c10::DeprecationWarning>(warning.type());
    waiting_.emplace_back(deprecation ? "DeprecationWarning" : "UserWarning", warning.msg());
  }

  bool any() const { return !waiting_.empty(); }
  void emit(napi_env env);

  // warn(message, category) of JS.
  napi_ref warn_function = nullptr;

 private:
  std::vector<std::pair<const char*, std::string>> waiting_;
};

}  // namespace tstorch
