// What an operator returned, in its JS form.
#pragma once

#include <ATen/core/stack.h>

#include <tuple>
#include <vector>

#include "arguments.h"
#include "environment.h"
#include "errors.h"

namespace tstorch {

// An operator that returns one of its arguments (in place, out=, or because there was nothing to do) gives back the
// very object that JS passed, as Python does.
napi_value tensor_result(Environment& environment, const Arguments& arguments, at::Tensor&& tensor);

// An array for `size` values, which follow its first element. That one names the overload, or is kListTag for a list:
// it is how JS tells results with several values.
constexpr int kListTag = -1;
napi_value list_result(napi_env env, size_t size, int tag);

// What an operator that was called boxed left on the stack.
napi_value from_stack(Environment& environment, const Match& match, torch::jit::Stack& stack);

inline napi_value to_result(Environment& environment, const Match& match, at::Tensor tensor) {
  return tensor_result(environment, match.arguments, std::move(tensor));
}

inline napi_value to_result(Environment& environment, const Match& match, std::vector<at::Tensor> tensors) {
  napi_value list = list_result(environment.env, tensors.size(), kListTag);
  for (uint32_t i = 0; i < tensors.size(); ++i) {
    napi_value element = tensor_result(environment, match.arguments, std::move(tensors[i]));
    check(napi_set_element(environment.env, list, i + 1, element));
  }
  return list;
}

template <typename... Tensors>
napi_value to_result(Environment& environment, const Match& match, std::tuple<Tensors...> tensors) {
  napi_value list = list_result(environment.env, sizeof...(Tensors), match.overload.id);
  uint32_t position = 0;
  auto put = [&](at::Tensor& tensor) {
    napi_value element = tensor_result(environment, match.arguments, std::move(tensor));
    check(napi_set_element(environment.env, list, ++position, element));
  };
  std::apply([&](auto&... each) { (put(each), ...); }, tensors);
  return list;
}

}  // namespace tstorch
