// The arguments of one call of an operator, on their way from JS values to what LibTorch takes.
#pragma once

#include <node_api.h>

#include <new>

#include "schema.h"
#include "values.h"

namespace tstorch {

struct Arguments {
  static constexpr size_t kMost = 48;
  static constexpr size_t kUsual = 6;

  explicit Arguments(napi_env environment) : env(environment) {}
  Arguments(const Arguments&) = delete;
  Arguments& operator=(const Arguments&) = delete;

  void classify_all(size_t given) {
    count = given;
    for (size_t i = 0; i < given; ++i) new (&values[i]) Value(classify(env, js[i]));
  }

  napi_env env;
  size_t count = 0;
  napi_value js[kMost];
  // Only the first `count` are constructed: there are far fewer than there is room for, and the room is on the stack.
  Value* values = reinterpret_cast<Value*>(room_);

 private:
  alignas(Value) unsigned char room_[kMost * sizeof(Value)];
};

// An overload that fits, and where its parameters take their values from.
struct Match {
  const Overload& overload;
  Arguments& arguments;
  // By parameter, the index among the values or -1; null where the i-th value is the i-th parameter's.
  const int* sources;
  // How many values are given by position, and whether those from overload.varargs_at on are one list of ints.
  size_t positional;
  bool varargs;

  // The value of a parameter, or null where its default stands.
  const Value* value(size_t parameter) const {
    size_t direct = varargs ? static_cast<size_t>(overload.varargs_at) : arguments.count;
    int source = sources != nullptr ? sources[parameter] : parameter < direct ? static_cast<int>(parameter) : -1;
    if (source < 0 || arguments.values[source].kind == kUndefined) return nullptr;
    return &arguments.values[source];
  }
  bool is_varargs(size_t parameter) const { return varargs && static_cast<int>(parameter) == overload.varargs_at; }
};

at::Tensor wrapped_number(const at::Scalar& number);

}  // namespace tstorch
