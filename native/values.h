// JS values as the bridge sees them, and their conversion to and from what LibTorch takes. JS has unwrapped the
// library's own classes before (lib/operator.ts): tensors, dtypes, devices, … arrive as externals.
#pragma once

#include <ATen/core/ivalue.h>
#include <c10/core/Device.h>
#include <c10/core/Layout.h>
#include <c10/core/MemoryFormat.h>
#include <c10/core/Scalar.h>
#include <c10/core/ScalarType.h>
#include <node_api.h>

#include <string>
#include <vector>

#include "handles.h"

namespace tstorch {

// A bit each, so that a parameter's type can be a mask of what it takes.
enum Kind : uint32_t {
  kUndefined = 1u << 0,
  kNull = 1u << 1,
  kBool = 1u << 2,
  kInt = 1u << 3,    // a number with a whole value that fits 53 bits
  kFloat = 1u << 4,  // any other number
  kBigInt = 1u << 5,
  kString = 1u << 6,
  kArray = 1u << 7,
  kTensor = 1u << 8,
  kTensorList = 1u << 9,
  kDtype = 1u << 10,
  kDevice = 1u << 11,
  kLayout = 1u << 12,
  kMemoryFormat = 1u << 13,
  kGenerator = 1u << 14,
  kComplex = 1u << 15,
  kFunction = 1u << 16,
  kOther = 1u << 17,
};

// Constants that JS holds as externals; there is one handle per dtype, layout and memory format.
struct DtypeHandle final : Handle {
  explicit DtypeHandle(c10::ScalarType dtype) : Handle(HandleKind::kDtype), dtype(dtype) {}
  c10::ScalarType dtype;
};
struct DeviceHandle final : Handle {
  explicit DeviceHandle(c10::Device device) : Handle(HandleKind::kDevice), device(device) {}
  c10::Device device;
};
struct LayoutHandle final : Handle {
  explicit LayoutHandle(c10::Layout layout) : Handle(HandleKind::kLayout), layout(layout) {}
  c10::Layout layout;
};
struct MemoryFormatHandle final : Handle {
  explicit MemoryFormatHandle(c10::MemoryFormat format) : Handle(HandleKind::kMemoryFormat), format(format) {}
  c10::MemoryFormat format;
};
struct GeneratorHandle final : Handle {
  explicit GeneratorHandle(at::Generator generator)
      : Handle(HandleKind::kGenerator), generator(std::move(generator)) {}
  at::Generator generator;
};

struct Value {
  Kind kind = kUndefined;
  napi_value js = nullptr;
  union {
    double number = 0;
    bool boolean;
    Handle* handle;
  };
  // For arrays: which kinds the elements have, read when first asked for.
  uint32_t element_kinds = 0;
  uint32_t length = 0;
  bool elements_read = false;
  // What was read then of a short array of ints or of tensors: asking JS again would take as long as a small operator's
  // other arguments together.
  static constexpr uint32_t kMostKept = 6;
  union {
    double number;
    Handle* handle;
  } elements[kMostKept];
  bool keeps(Kind kind) const { return elements_read && element_kinds == kind && length <= kMostKept; }
};

Value classify(napi_env env, napi_value value);
// Reads the kinds of an array's elements (0 for an empty one).
uint32_t element_kinds(napi_env env, Value& value);

// What an error message calls a value: its Python-like type name.
std::string describe(napi_env env, Value& value);

// Conversions. They throw JsError when the value is not of a kind they take; `what` names the argument.
const at::Tensor& to_tensor(napi_env env, const Value& value, const char* what);
at::Scalar to_scalar(napi_env env, const Value& value, const char* what);
int64_t to_int64(napi_env env, const Value& value, const char* what);
double to_double(napi_env env, const Value& value, const char* what);
bool to_bool(napi_env env, const Value& value, const char* what);
std::string to_string(napi_env env, const Value& value, const char* what);
c10::Device parse_device(napi_env env, const Value& value, const char* what);
// As parse_device, of those that are there.
c10::Device to_device(napi_env env, const Value& value, const char* what);
c10::ScalarType to_dtype(napi_env env, const Value& value, const char* what);
std::vector<int64_t> to_ints(napi_env env, const Value& value, const char* what);
std::vector<at::Tensor> to_tensors(napi_env env, const Value& value, const char* what);
std::vector<std::optional<at::Tensor>> to_optional_tensors(napi_env env, const Value& value, const char* what);
// The elements of a JS array, classified.
std::vector<Value> to_list(napi_env env, const Value& value, const char* what);

napi_value from_int64(napi_env env, int64_t value);
napi_value from_string(napi_env env, const std::string& value);
napi_value from_sizes(napi_env env, c10::IntArrayRef sizes);
napi_value from_scalar(napi_env env, const at::Scalar& value);
// A tensor becomes an external, an undefined one null.
napi_value from_tensor(Environment& environment, at::Tensor tensor);

}  // namespace tstorch
