#include "results.h"

#include <utility>

namespace tstorch {

namespace {

// Instead of kListTag for a complex number: such an array, too.
constexpr int kComplexTag = -2;

napi_value from_ivalue(Environment& environment, const Arguments& arguments, c10::IValue&& value) {
  napi_env env = environment.env;
  napi_value js;
  if (value.isTensor()) return tensor_result(environment, arguments, std::move(value).toTensor());
  if (value.isNone()) {
    check(napi_get_null(env, &js));
    return js;
  }
  if (value.isBool()) {
    check(napi_get_boolean(env, value.toBool(), &js));
    return js;
  }
  if (value.isComplexDouble()) {
    auto number = value.toComplexDouble();
    js = list_result(env, 2, kComplexTag);
    for (uint32_t i = 0; i < 2; ++i) {
      napi_value part;
      check(napi_create_double(env, i == 0 ? number.real() : number.imag(), &part));
      check(napi_set_element(env, js, i + 1, part));
    }
    return js;
  }
  if (value.isScalar()) return from_scalar(env, value.toScalar());
  if (value.isString()) return from_string(env, value.toStringRef());
  if (value.isTensorList()) {
    c10::List<at::Tensor> list = std::move(value).toTensorList();
    js = list_result(env, list.size(), kListTag);
    for (size_t i = 0; i < list.size(); ++i) {
      check(napi_set_element(env, js, i + 1, tensor_result(environment, arguments, list.extract(i))));
    }
    return js;
  }
  if (value.isList() || value.isTuple()) {
    std::vector<c10::IValue> elements;
    if (value.isList()) {
      for (const c10::IValue& element : value.toListRef()) elements.push_back(element);
    } else {
      for (const c10::IValue& element : value.toTupleRef().elements()) elements.push_back(element);
    }
    js = list_result(env, elements.size(), kListTag);
    for (size_t i = 0; i < elements.size(); ++i) {
      check(napi_set_element(env, js, i + 1, from_ivalue(environment, arguments, std::move(elements[i]))));
    }
    return js;
  }
  if (value.isDevice()) return environment.handles.adopt(env, new DeviceHandle(value.toDevice()));
  if (value.isGenerator()) return environment.handles.adopt(env, new GeneratorHandle(value.toGenerator()));
  throw_type_error("the operator returned a value of type " + value.tagKind() + ", which has no JavaScript form");
}

}  // namespace

napi_value tensor_result(Environment& environment, const Arguments& arguments, at::Tensor&& tensor) {
  for (size_t i = 0; i < arguments.count; ++i) {
    const Value& value = arguments.values[i];
    if (value.kind == kTensor && !value.handle->disposed &&
        static_cast<TensorHandle*>(value.handle)->tensor.is_same(tensor)) {
      return value.js;
    }
  }
  return from_tensor(environment, std::move(tensor));
}

napi_value list_result(napi_env env, size_t size, int tag) {
  napi_value array;
  napi_value first;
  check(napi_create_array_with_length(env, size + 1, &array));
  check(napi_create_int32(env, tag, &first));
  check(napi_set_element(env, array, 0, first));
  return array;
}

napi_value from_stack(Environment& environment, const Match& match, torch::jit::Stack& stack) {
  if (stack.size() == 1) return from_ivalue(environment, match.arguments, std::move(stack[0]));
  if (stack.empty()) {
    napi_value undefined;
    check(napi_get_undefined(environment.env, &undefined));
    return undefined;
  }
  napi_value list = list_result(environment.env, stack.size(), match.overload.id);
  for (uint32_t i = 0; i < stack.size(); ++i) {
    napi_value element = from_ivalue(environment, match.arguments, std::move(stack[i]));
    check(napi_set_element(environment.env, list, i + 1, element));
  }
  return list;
}

}  // namespace tstorch
