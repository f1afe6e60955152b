// The frame of every exported function that is not an operator: reads the arguments, runs the safe point, turns C++
// exceptions into JS ones.
#pragma once

#include <node_api.h>

#include "environment.h"
#include "errors.h"
#include "values.h"

namespace tstorch {

class Call {
 public:
  static constexpr size_t kMost = 8;

  Call(Environment& environment, napi_callback_info info) : env(environment.env), environment(environment) {
    count_ = kMost;
    napi_get_cb_info(env, info, &count_, arguments_, nullptr, nullptr);
    if (count_ > kMost) count_ = kMost;
  }

  size_t count() const { return count_; }
  napi_value raw(size_t index) const { return index < count_ ? arguments_[index] : nullptr; }
  // The argument, or one of kind kUndefined when it was not given.
  Value at(size_t index) const { return index < count_ ? classify(env, arguments_[index]) : Value{}; }
  bool given(size_t index) const { return (at(index).kind & (kUndefined | kNull)) == 0; }

  napi_value undefined() const {
    napi_value js;
    check(napi_get_undefined(env, &js));
    return js;
  }
  napi_value boolean(bool value) const {
    napi_value js;
    check(napi_get_boolean(env, value, &js));
    return js;
  }
  napi_value number(double value) const {
    napi_value js;
    check(napi_create_double(env, value, &js));
    return js;
  }

  napi_env env;
  Environment& environment;

 private:
  size_t count_;
  napi_value arguments_[kMost];
};

template <typename Body>
napi_value guarded(napi_env env, napi_callback_info info, Body&& body) {
  Environment& environment = Environment::of(env);
  try {
    environment.safe_point();
    Call call(environment, info);
    napi_value result = body(call);
    if (environment.warnings.any()) environment.warnings.emit(env);
    return result;
  } catch (...) {
    throw_current_exception_in_js(environment);
    return nullptr;
  }
}

// A name and the function exported under it.
struct Export {
  const char* name;
  napi_callback callback;
};

}  // namespace tstorch
