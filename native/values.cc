#include "values.h"

#include <ATen/DeviceAccelerator.h>
#include <c10/core/impl/DeviceGuardImplInterface.h>

#include <algorithm>
#include <cmath>

#include "environment.h"
#include "errors.h"

namespace tstorch {

namespace {

constexpr double kLargestWhole = 9007199254740992.0;  // 2^53
constexpr uint32_t kLongestList = uint32_t{1} << 24;

Kind kind_of_handle(const Handle& handle) {
  switch (handle.kind) {
    case HandleKind::kTensor: return kTensor;
    case HandleKind::kTensorList: return kTensorList;
    case HandleKind::kDtype: return kDtype;
    case HandleKind::kDevice: return kDevice;
    case HandleKind::kLayout: return kLayout;
    case HandleKind::kMemoryFormat: return kMemoryFormat;
    case HandleKind::kGenerator: return kGenerator;
    default: return kOther;
  }
}

bool complex_parts(napi_env env, napi_value object, double* real, double* imag) {
  napi_value re, im;
  return napi_get_named_property(env, object, "real", &re) == napi_ok &&
         napi_get_value_double(env, re, real) == napi_ok &&
         napi_get_named_property(env, object, "imag", &im) == napi_ok &&
         napi_get_value_double(env, im, imag) == napi_ok;
}

[[noreturn]] void wrong_type(napi_env env, Value value, const char* what, const char* expected) {
  throw_type_error(std::string("argument '") + what + "' must be " + expected + ", not " + describe(env, value));
}

// An element of an array, classified.
Value element_at(napi_env env, const Value& array, uint32_t index) {
  napi_value element;
  check(napi_get_element(env, array.js, index, &element));
  return classify(env, element);
}

// A tensor with one element where a number is expected, as Python takes it.
bool one_element(const Value& value) {
  if (value.kind != kTensor || value.handle->disposed) return false;
  const at::Tensor& tensor = static_cast<TensorHandle*>(value.handle)->tensor;
  return tensor.dim() == 0;
}

}  // namespace

Value classify(napi_env env, napi_value js) {
  Value value;
  value.js = js;
  // Most values are externals, and this tells as fast as asking for the type.
  if (Handle* handle = handle_of(env, js)) {
    value.kind = kind_of_handle(*handle);
    value.handle = handle;
    return value;
  }
  napi_valuetype type = napi_undefined;
  napi_typeof(env, js, &type);
  switch (type) {
    case napi_undefined: value.kind = kUndefined; break;
    case napi_null: value.kind = kNull; break;
    case napi_boolean:
      value.kind = kBool;
      napi_get_value_bool(env, js, &value.boolean);
      break;
    case napi_number: {
      napi_get_value_double(env, js, &value.number);
      double number = value.number;
      bool whole = number == std::trunc(number) && std::abs(number) <= kLargestWhole &&
                   !(number == 0 && std::signbit(number));
      value.kind = whole ? kInt : kFloat;
      break;
    }
    case napi_bigint: value.kind = kBigInt; break;
    case napi_string: value.kind = kString; break;
    case napi_function: value.kind = kFunction; break;
    case napi_object: {
      bool is_array = false;
      napi_is_array(env, js, &is_array);
      double real, imag;
      if (is_array) {
        value.kind = kArray;
        napi_get_array_length(env, js, &value.length);
      } else if (complex_parts(env, js, &real, &imag)) {
        value.kind = kComplex;
      } else {
        value.kind = kOther;
      }
      // A getter of the user's may have thrown while we looked: such an object is none that we know.
      bool pending = false;
      if (napi_is_exception_pending(env, &pending) == napi_ok && pending) {
        napi_value thrown;
        napi_get_and_clear_last_exception(env, &thrown);
      }
      break;
    }
    default: value.kind = kOther;
  }
  return value;
}

uint32_t element_kinds(napi_env env, Value& value) {
  if (value.elements_read) return value.element_kinds;
  value.elements_read = true;
  // No list of an operator is that long, but an array of JS, which may be nearly all holes, can be.
  if (value.length > kLongestList) return value.element_kinds = kOther;
  // Nothing takes lists of these: one is enough to know.
  constexpr uint32_t kHopeless = kOther | kFunction | kArray;
  for (uint32_t i = 0; i < value.length && (value.element_kinds & kHopeless) == 0; ++i) {
    Value element = element_at(env, value, i);
    value.element_kinds |= element.kind;
    if (i >= Value::kMostKept) continue;
    if (element.kind == kTensor) value.elements[i].handle = element.handle;
    else value.elements[i].number = element.number;
  }
  return value.element_kinds;
}

namespace {

// "array of int and str". Arrays inside are not looked into: they may contain themselves.
std::string describe_array(napi_env env, const Value& value) {
  if (value.length == 0) return "an empty array";
  if (value.length > kLongestList) return "array of " + std::to_string(value.length) + " elements";
  std::vector<std::string> names;
  for (uint32_t i = 0; i < value.length && i < 1000 && names.size() < 4; ++i) {
    Value element = element_at(env, value, i);
    std::string name = element.kind == kArray ? "array" : describe(env, element);
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(std::move(name));
  }
  std::string text = "array of ";
  for (size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : " and ") + names[i];
  return text;
}

}  // namespace

std::string describe(napi_env env, Value& value) {
  switch (value.kind) {
    case kUndefined: return "undefined";
    case kNull: return "null";
    case kBool: return "bool";
    case kInt: return "int";
    case kFloat: return "float";
    case kBigInt: return "bigint";
    case kString: return "str";
    case kTensor: return value.handle->disposed ? "a disposed Tensor" : "Tensor";
    case kTensorList: return "TensorList";
    case kDtype: return "torch.dtype";
    case kDevice: return "torch.device";
    case kLayout: return "torch.layout";
    case kMemoryFormat: return "torch.memory_format";
    case kGenerator: return "torch.Generator";
    case kComplex: return "complex";
    case kFunction: return "function";
    case kArray: return describe_array(env, value);
    default: return "object";
  }
}

const at::Tensor& to_tensor(napi_env env, const Value& value, const char* what) {
  if (value.kind != kTensor) wrong_type(env, value, what, "Tensor");
  if (value.handle->disposed) {
    throw_runtime_error(std::string("argument '") + what + "' is a tensor that was disposed of");
  }
  return static_cast<TensorHandle*>(value.handle)->tensor;
}

int64_t to_int64(napi_env env, const Value& value, const char* what) {
  switch (value.kind) {
    case kInt: return static_cast<int64_t>(value.number);
    case kBool: return value.boolean ? 1 : 0;
    case kBigInt: {
      int64_t result = 0;
      bool lossless = false;
      napi_get_value_bigint_int64(env, value.js, &result, &lossless);
      if (!lossless) throw_value_error(std::string("argument '") + what + "' does not fit in 64 bits");
      return result;
    }
    case kTensor:
      // Where a tensor may have dimensions, in lists of ints, Python asks for no more than a single element.
      if (const at::Tensor& tensor = to_tensor(env, value, what); tensor.numel() == 1) {
        if (c10::isIntegralType(tensor.scalar_type(), /*includeBool=*/true)) return tensor.item().toLong();
      }
      [[fallthrough]];
    default: wrong_type(env, value, what, "int");
  }
}

double to_double(napi_env env, const Value& value, const char* what) {
  switch (value.kind) {
    case kInt:
    case kFloat: return value.number;
    case kBool: return value.boolean ? 1 : 0;
    case kBigInt: return static_cast<double>(to_int64(env, value, what));
    case kTensor:
      if (one_element(value)) return to_tensor(env, value, what).item().toDouble();
      [[fallthrough]];
    default: wrong_type(env, value, what, "float");
  }
}

bool to_bool(napi_env env, const Value& value, const char* what) {
  if (value.kind == kBool) return value.boolean;
  wrong_type(env, value, what, "bool");
}

at::Scalar to_scalar(napi_env env, const Value& value, const char* what) {
  switch (value.kind) {
    case kInt: return at::Scalar(static_cast<int64_t>(value.number));
    case kFloat: return at::Scalar(value.number);
    case kBool: return at::Scalar(value.boolean);
    case kBigInt: return at::Scalar(to_int64(env, value, what));
    case kComplex: {
      double real = 0, imag = 0;
      complex_parts(env, value.js, &real, &imag);
      return at::Scalar(c10::complex<double>(real, imag));
    }
    case kTensor:
      if (one_element(value)) return to_tensor(env, value, what).item();
      [[fallthrough]];
    default: wrong_type(env, value, what, "Number");
  }
}

std::string to_string(napi_env env, const Value& value, const char* what) {
  if (value.kind != kString) wrong_type(env, value, what, "str");
  size_t length = 0;
  check(napi_get_value_string_utf8(env, value.js, nullptr, 0, &length));
  std::string text(length, '\0');
  check(napi_get_value_string_utf8(env, value.js, text.data(), length + 1, &length));
  return text;
}

c10::Device parse_device(napi_env env, const Value& value, const char* what) {
  if (value.kind == kDevice) return static_cast<DeviceHandle*>(value.handle)->device;
  if (value.kind == kString) {
    std::string text = to_string(env, value, what);
    c10::Device device(text);
    // LibTorch keeps eight bits of the index.
    if (device.str() != text) throw_runtime_error("Invalid device string: '" + text + "': the index is too large");
    return device;
  }
  if (value.kind == kInt) {
    if (value.number < 0 || value.number > 127) throw_runtime_error("Device index must be between 0 and 127");
    auto type = at::getAccelerator(/*checked=*/false);
    if (!type) throw_runtime_error("Cannot access accelerator device when none is available.");
    return {*type, static_cast<c10::DeviceIndex>(value.number)};
  }
  wrong_type(env, value, what, "torch.device, str or int");
}

c10::Device to_device(napi_env env, const Value& value, const char* what) {
  c10::Device device = parse_device(env, value, what);
  if (device.is_cpu() || device.is_meta()) return device;
  // LibTorch's own message for a backend that is not there is a page long and about something else.
  if (!c10::impl::hasDeviceGuardImpl(device.type())) {
    std::string backend = c10::DeviceTypeName(device.type(), /*lower_case=*/false);
    throw_runtime_error(std::string("argument '") + what + "': there is no device '" + device.str() +
                        "' (Torch not compiled with " + backend + " enabled)");
  }
  int count = c10::impl::getDeviceGuardImpl(device.type())->deviceCount();
  if (device.index() >= count || count == 0) {
    throw_runtime_error(std::string("argument '") + what + "': there is no device '" + device.str() + "' (" +
                        std::to_string(count) + " found)");
  }
  return device;
}

c10::ScalarType to_dtype(napi_env env, const Value& value, const char* what) {
  if (value.kind == kDtype) return static_cast<DtypeHandle*>(value.handle)->dtype;
  wrong_type(env, value, what, "torch.dtype");
}

std::vector<Value> to_list(napi_env env, const Value& value, const char* what) {
  if (value.kind != kArray || value.length > kLongestList) wrong_type(env, value, what, "an array");
  std::vector<Value> list;
  list.reserve(value.length);
  for (uint32_t i = 0; i < value.length; ++i) list.push_back(element_at(env, value, i));
  return list;
}

std::vector<int64_t> to_ints(napi_env env, const Value& value, const char* what) {
  std::vector<int64_t> ints;
  ints.reserve(value.length);
  if (value.keeps(kInt)) {
    for (uint32_t i = 0; i < value.length; ++i) ints.push_back(static_cast<int64_t>(value.elements[i].number));
    return ints;
  }
  for (const Value& element : to_list(env, value, what)) ints.push_back(to_int64(env, element, what));
  return ints;
}

std::vector<at::Tensor> to_tensors(napi_env env, const Value& value, const char* what) {
  if (value.kind == kTensorList) {
    if (value.handle->disposed) throw_runtime_error(std::string("argument '") + what + "' was disposed of");
    return static_cast<TensorListHandle*>(value.handle)->tensors;
  }
  std::vector<at::Tensor> tensors;
  tensors.reserve(value.length);
  if (value.keeps(kTensor)) {
    Value element;
    element.kind = kTensor;
    for (uint32_t i = 0; i < value.length; ++i) {
      element.handle = value.elements[i].handle;
      tensors.push_back(to_tensor(env, element, what));
    }
    return tensors;
  }
  for (const Value& element : to_list(env, value, what)) tensors.push_back(to_tensor(env, element, what));
  return tensors;
}

std::vector<std::optional<at::Tensor>> to_optional_tensors(napi_env env, const Value& value, const char* what) {
  std::vector<std::optional<at::Tensor>> tensors;
  tensors.reserve(value.length);
  for (const Value& element : to_list(env, value, what)) {
    if (element.kind & (kNull | kUndefined)) {
      tensors.emplace_back(std::nullopt);
    } else {
      tensors.emplace_back(to_tensor(env, element, what));
    }
  }
  return tensors;
}

napi_value from_int64(napi_env env, int64_t value) {
  napi_value js;
  // Numbers are exact up to 2^53; beyond, a number would lose digits.
  if (value > int64_t{1} << 53 || value < -(int64_t{1} << 53)) {
    check(napi_create_bigint_int64(env, value, &js));
  } else {
    check(napi_create_int64(env, value, &js));
  }
  return js;
}

napi_value from_string(napi_env env, const std::string& value) {
  napi_value js;
  check(napi_create_string_utf8(env, value.data(), value.size(), &js));
  return js;
}

napi_value from_sizes(napi_env env, c10::IntArrayRef sizes) {
  napi_value array;
  check(napi_create_array_with_length(env, sizes.size(), &array));
  for (size_t i = 0; i < sizes.size(); ++i) check(napi_set_element(env, array, i, from_int64(env, sizes[i])));
  return array;
}

napi_value from_scalar(napi_env env, const at::Scalar& value) {
  napi_value js;
  if (value.isBoolean()) {
    check(napi_get_boolean(env, value.toBool(), &js));
  } else if (value.isIntegral(/*includeBool=*/false)) {
    if (value.type() == c10::ScalarType::UInt64) {
      uint64_t number = value.toUInt64();
      if (number > uint64_t{1} << 53) {
        check(napi_create_bigint_uint64(env, number, &js));
        return js;
      }
      return from_int64(env, static_cast<int64_t>(number));
    }
    return from_int64(env, value.toLong());
  } else if (value.isFloatingPoint()) {
    check(napi_create_double(env, value.toDouble(), &js));
  } else {
    // lib/tensor.ts makes a Complex of it.
    auto number = value.toComplexDouble();
    napi_value real, imag;
    check(napi_create_object(env, &js));
    check(napi_create_double(env, number.real(), &real));
    check(napi_create_double(env, number.imag(), &imag));
    check(napi_set_named_property(env, js, "real", real));
    check(napi_set_named_property(env, js, "imag", imag));
  }
  return js;
}

napi_value from_tensor(Environment& environment, at::Tensor tensor) {
  if (!tensor.defined()) {
    napi_value null;
    check(napi_get_null(environment.env, &null));
    return null;
  }
  if (!tensor.is_cpu() && tensor.has_storage() && tensor.storage().use_count() == 1) {
    environment.collector.add_device_bytes(static_cast<int64_t>(tensor.storage().nbytes()));
  }
  environment.collector.add_handle();
  return environment.handles.adopt(environment.env, std::move(tensor));
}

}  // namespace tstorch
