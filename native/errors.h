// C++ exceptions on their way to JS: what our own code throws, and how LibTorch's become the classes of lib/errors.ts.
#pragma once

#include <node_api.h>

#include <stdexcept>
#include <string>

#include "environment.h"

namespace tstorch {

// An error of ours, to be thrown in JS as the class named.
struct JsError {
  ErrorClass error_class;
  std::string message;
};

// A JS exception is pending already (a callback threw): unwind without making another.
struct PendingException {};

[[noreturn]] inline void throw_type_error(std::string message) { throw JsError{ErrorClass::kType, std::move(message)}; }
[[noreturn]] inline void throw_value_error(std::string message) { throw JsError{ErrorClass::kValue, std::move(message)}; }
[[noreturn]] inline void throw_runtime_error(std::string message) {
  throw JsError{ErrorClass::kRuntime, std::move(message)};
}

// Makes the exception that is being handled the pending one of JS. To be called in a catch block only.
void throw_current_exception_in_js(Environment& environment) noexcept;

// Throws when a Node-API call failed; that means a JS exception is pending or the environment is ending.
inline void check(napi_status status) {
  if (status != napi_ok) throw PendingException{};
}

}  // namespace tstorch
