#include "unboxed.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/util/SmallVector.h>

#include <memory>
#include <tuple>
#include <utility>

#include "errors.h"
#include "results.h"

namespace tstorch {

namespace {

using at::Tensor;

// A slot holds the value of one parameter while the operator runs, converted from JS or from the schema's default.
// `fits` says which parameters of a schema have this C++ type.
template <typename T>
struct Slot;

template <>
struct Slot<const Tensor&> {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kTensor && !parameter.optional && !parameter.written;
  }
  Slot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    const char* name = match.overload.parameters[i].name.c_str();
    if (value->kind == kTensor) {
      tensor = &to_tensor(match.arguments.env, *value, name);
    } else {
      number = wrapped_number(to_scalar(match.arguments.env, *value, name));
    }
  }
  // Slots are moved on their way into the tuple, so none may point at itself.
  const Tensor& get() { return tensor != nullptr ? *tensor : number; }
  Tensor number;
  const Tensor* tensor = nullptr;
};

template <>
struct Slot<Tensor&> {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kTensor && !parameter.optional && parameter.written && !parameter.is_out;
  }
  Slot(const Match& match, size_t i)
      : tensor(to_tensor(match.arguments.env, *match.value(i), match.overload.parameters[i].name.c_str())) {}
  Tensor& get() { return tensor; }
  Tensor tensor;
};

template <>
struct Slot<const std::optional<Tensor>&> {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kTensor && parameter.optional && !parameter.written;
  }
  Slot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    if (value == nullptr || value->kind == kNull) return;
    tensor = to_tensor(match.arguments.env, *value, match.overload.parameters[i].name.c_str());
  }
  const std::optional<Tensor>& get() { return tensor; }
  std::optional<Tensor> tensor;
};

template <>
struct Slot<const at::Scalar&> {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kScalar && !parameter.optional;
  }
  Slot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    const Parameter& parameter = match.overload.parameters[i];
    scalar = value != nullptr ? to_scalar(match.arguments.env, *value, parameter.name.c_str())
                              : parameter.default_value->toScalar();
  }
  const at::Scalar& get() { return scalar; }
  at::Scalar scalar;
};

template <bool kSymbolic>
struct IntSlot {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kInt && !parameter.optional && parameter.symbolic == kSymbolic;
  }
  IntSlot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    const Parameter& parameter = match.overload.parameters[i];
    number = value != nullptr ? to_int64(match.arguments.env, *value, parameter.name.c_str())
                              : parameter.default_value->toInt();
  }
  int64_t number;
};
template <>
struct Slot<int64_t> : IntSlot<false> {
  using IntSlot::IntSlot;
  int64_t get() { return number; }
};
template <>
struct Slot<c10::SymInt> : IntSlot<true> {
  using IntSlot::IntSlot;
  c10::SymInt get() { return c10::SymInt(number); }
};

template <>
struct Slot<bool> {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kBool && !parameter.optional && !parameter.symbolic;
  }
  Slot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    const Parameter& parameter = match.overload.parameters[i];
    boolean = value != nullptr ? to_bool(match.arguments.env, *value, parameter.name.c_str())
                               : parameter.default_value->toBool();
  }
  bool get() { return boolean; }
  bool boolean;
};

template <>
struct Slot<double> {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kFloat && !parameter.optional && !parameter.symbolic;
  }
  Slot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    const Parameter& parameter = match.overload.parameters[i];
    number = value != nullptr ? to_double(match.arguments.env, *value, parameter.name.c_str())
                              : parameter.default_value->toDouble();
  }
  double get() { return number; }
  double number;
};

// What may be null, and is where it is left out.
template <typename T, ParameterType kType, T (*kConvert)(napi_env, const Value&, const char*), bool kSymbolic = false>
struct OptionalSlot {
  static bool fits(const Parameter& parameter) {
    bool null_by_default = !parameter.default_value.has_value() || parameter.default_value->isNone();
    return parameter.type == kType && parameter.optional && parameter.symbolic == kSymbolic && null_by_default;
  }
  OptionalSlot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    if (value == nullptr || value->kind == kNull) return;
    given = kConvert(match.arguments.env, *value, match.overload.parameters[i].name.c_str());
  }
  std::optional<T> get() { return given; }
  std::optional<T> given;
};
c10::SymInt to_symbolic_int(napi_env env, const Value& value, const char* name) { return to_int64(env, value, name); }
at::Layout to_layout(napi_env, const Value& value, const char*) {
  return static_cast<LayoutHandle*>(value.handle)->layout;
}
at::MemoryFormat to_memory_format(napi_env, const Value& value, const char*) {
  return static_cast<MemoryFormatHandle*>(value.handle)->format;
}
at::Generator to_generator(napi_env, const Value& value, const char*) {
  return static_cast<GeneratorHandle*>(value.handle)->generator;
}
template <>
struct Slot<std::optional<bool>> : OptionalSlot<bool, ParameterType::kBool, to_bool> {
  using OptionalSlot::OptionalSlot;
};
template <>
struct Slot<std::optional<int64_t>> : OptionalSlot<int64_t, ParameterType::kInt, to_int64> {
  using OptionalSlot::OptionalSlot;
};
template <>
struct Slot<std::optional<c10::SymInt>> : OptionalSlot<c10::SymInt, ParameterType::kInt, to_symbolic_int, true> {
  using OptionalSlot::OptionalSlot;
};
template <>
struct Slot<std::optional<double>> : OptionalSlot<double, ParameterType::kFloat, to_double> {
  using OptionalSlot::OptionalSlot;
};
template <>
struct Slot<const std::optional<at::Scalar>&> : OptionalSlot<at::Scalar, ParameterType::kScalar, to_scalar> {
  using OptionalSlot::OptionalSlot;
  const std::optional<at::Scalar>& get() { return given; }
};
template <>
struct Slot<std::optional<at::ScalarType>> : OptionalSlot<at::ScalarType, ParameterType::kDtype, to_dtype> {
  using OptionalSlot::OptionalSlot;
};
template <>
struct Slot<std::optional<at::Layout>> : OptionalSlot<at::Layout, ParameterType::kLayout, to_layout> {
  using OptionalSlot::OptionalSlot;
};
template <>
struct Slot<std::optional<at::Device>> : OptionalSlot<at::Device, ParameterType::kDevice, to_device> {
  using OptionalSlot::OptionalSlot;
};
template <>
struct Slot<std::optional<at::MemoryFormat>>
    : OptionalSlot<at::MemoryFormat, ParameterType::kMemoryFormat, to_memory_format> {
  using OptionalSlot::OptionalSlot;
};
template <>
struct Slot<std::optional<at::Generator>> : OptionalSlot<at::Generator, ParameterType::kGenerator, to_generator> {
  using OptionalSlot::OptionalSlot;
};

template <>
struct Slot<std::string_view> {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kString && !parameter.optional;
  }
  Slot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    const Parameter& parameter = match.overload.parameters[i];
    text = value != nullptr ? to_string(match.arguments.env, *value, parameter.name.c_str())
                            : parameter.default_value->toStringRef();
  }
  std::string_view get() { return text; }
  std::string text;
};

struct TensorListSlot {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kTensorList && !parameter.optional && !parameter.written;
  }
  TensorListSlot(const Match& match, size_t i)
      : list(to_tensors(match.arguments.env, *match.value(i), match.overload.parameters[i].name.c_str())) {}
  std::vector<Tensor> list;
};
template <>
struct Slot<at::TensorList> : TensorListSlot {
  using TensorListSlot::TensorListSlot;
  at::TensorList get() { return list; }
};
template <>
struct Slot<const at::ITensorListRef&> : TensorListSlot {
  using TensorListSlot::TensorListSlot;
  at::ITensorListRef get() { return at::ITensorListRef(list); }
};

struct Ints {
  // Null stands for no list.
  void read(const Match& match, size_t i) {
    napi_env env = match.arguments.env;
    const Parameter& parameter = match.overload.parameters[i];
    const char* name = parameter.name.c_str();
    given = true;
    if (match.is_varargs(i)) {
      for (size_t k = i; k < match.positional; ++k) list.push_back(to_int64(env, match.arguments.values[k], "size"));
      return;
    }
    const Value* value = match.value(i);
    if (value == nullptr) {
      if (parameter.default_value->isNone()) {
        given = false;
      } else {
        for (int64_t one : parameter.default_value->toIntVector()) list.push_back(one);
      }
    } else if (value->kind == kNull) {
      given = false;
    } else if (value->keeps(kInt)) {
      for (uint32_t k = 0; k < value->length; ++k) list.push_back(static_cast<int64_t>(value->elements[k].number));
    } else if (value->kind == kArray) {
      for (uint32_t k = 0; k < value->length; ++k) {
        napi_value element;
        check(napi_get_element(env, value->js, k, &element));
        list.push_back(to_int64(env, classify(env, element), name));
      }
    } else {
      list.append(static_cast<size_t>(std::max(parameter.fixed_size, 1)), to_int64(env, *value, name));
    }
  }
  c10::SmallVector<int64_t, 8> list;
  bool given = true;
};

template <bool kSymbolic, bool kOptional>
struct IntListSlot {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kIntList && parameter.optional == kOptional &&
           parameter.symbolic == kSymbolic;
  }
  IntListSlot(const Match& match, size_t i) { ints.read(match, i); }
  Ints ints;
};
template <>
struct Slot<at::IntArrayRef> : IntListSlot<false, false> {
  using IntListSlot::IntListSlot;
  at::IntArrayRef get() { return ints.list; }
};
template <>
struct Slot<c10::SymIntArrayRef> : IntListSlot<true, false> {
  using IntListSlot::IntListSlot;
  c10::SymIntArrayRef get() { return c10::fromIntArrayRefSlow(ints.list); }
};
template <>
struct Slot<at::OptionalIntArrayRef> : IntListSlot<false, true> {
  using IntListSlot::IntListSlot;
  at::OptionalIntArrayRef get() {
    return ints.given ? at::OptionalIntArrayRef(at::IntArrayRef(ints.list)) : at::OptionalIntArrayRef();
  }
};

template <typename Signature>
struct Unboxed;

template <typename Result, typename... Parameters>
struct Unboxed<Result(Parameters...)> {
  using Operator = c10::TypedOperatorHandle<Result(Parameters...)>;

  static bool adopt(Overload& overload) {
    if (overload.parameters.size() != sizeof...(Parameters)) return false;
    if (!fits_each(overload, std::index_sequence_for<Parameters...>())) return false;
    try {
      overload.typed = std::make_shared<Operator>(overload.handle.typed<Result(Parameters...)>());
    } catch (const c10::Error&) {
      return false;  // a schema is less exact than C++, and LibTorch knows the operator's C++ type
    }
    overload.unboxed = call;
    return true;
  }

  template <size_t... I>
  static bool fits_each(const Overload& overload, std::index_sequence<I...>) {
    return (Slot<Parameters>::fits(overload.parameters[I]) && ...);
  }

  static napi_value call(Environment& environment, const Match& match) {
    return call_with(environment, match, std::index_sequence_for<Parameters...>());
  }

  template <size_t... I>
  static napi_value call_with(Environment& environment, const Match& match, std::index_sequence<I...>) {
    // Braces, so that the arguments are converted in their order.
    std::tuple<Slot<Parameters>...> slots{Slot<Parameters>(match, I)...};
    const auto& typed = static_cast<const Operator&>(*match.overload.typed);
    return to_result(environment, match, typed.call(std::get<I>(slots).get()...));
  }
};

template <typename... Signatures>
struct SignatureList {
  // The first that fits becomes the overload's.
  static void adopt_one(Overload& overload) { (Unboxed<Signatures>::adopt(overload) || ...); }
};

using OptionalTensor = std::optional<Tensor>;
using OptionalInt = std::optional<int64_t>;
using OptionalSymInt = std::optional<c10::SymInt>;
using OptionalScalar = std::optional<at::Scalar>;
using OptionalBool = std::optional<bool>;
using OptionalDtype = std::optional<at::ScalarType>;
using OptionalLayout = std::optional<at::Layout>;
using OptionalDevice = std::optional<at::Device>;
using OptionalMemoryFormat = std::optional<at::MemoryFormat>;
using OptionalGenerator = std::optional<at::Generator>;
using at::IntArrayRef;
using at::OptionalIntArrayRef;
using at::Scalar;
using at::TensorList;
using c10::SymInt;
using c10::SymIntArrayRef;

// A signature costs some kilobytes, and saves a call about 0.3 us. What is missing here is called all the same.
using ReturningTensor = SignatureList<
    // element by element
    Tensor(const Tensor&),
    Tensor(const Tensor&, const Tensor&),
    Tensor(const Tensor&, const Tensor&, const Scalar&),
    Tensor(const Tensor&, const Scalar&),
    Tensor(const Tensor&, const Scalar&, const Scalar&),
    Tensor(const Tensor&, const Scalar&, const Scalar&, const Scalar&),
    Tensor(const Tensor&, const OptionalScalar&, const OptionalScalar&),
    Tensor(const Tensor&, const Tensor&, const Tensor&),
    Tensor(const Tensor&, const Tensor&, const Tensor&, const Scalar&),
    Tensor(const Tensor&, const OptionalTensor&, const OptionalTensor&),
    Tensor(const Tensor&, std::string_view),
    Tensor(const Tensor&, double, bool),
    // reductions
    Tensor(const Tensor&, OptionalDtype),
    Tensor(const Tensor&, bool),
    Tensor(const Tensor&, int64_t, bool),
    Tensor(const Tensor&, int64_t, OptionalDtype),
    Tensor(const Tensor&, int64_t, bool, OptionalDtype),
    Tensor(const Tensor&, OptionalInt, bool),
    Tensor(const Tensor&, IntArrayRef, bool),
    Tensor(const Tensor&, OptionalIntArrayRef, bool),
    Tensor(const Tensor&, OptionalIntArrayRef, bool, OptionalDtype),
    Tensor(const Tensor&, OptionalIntArrayRef, const OptionalScalar&, bool),
    Tensor(const Tensor&, const Scalar&, OptionalIntArrayRef, bool, OptionalDtype),
    Tensor(const Tensor&, const OptionalScalar&, IntArrayRef, bool),
    // shapes, views and copies
    Tensor(const Tensor&, int64_t),
    Tensor(const Tensor&, SymInt),
    Tensor(const Tensor&, int64_t, int64_t),
    Tensor(const Tensor&, int64_t, SymInt),
    Tensor(const Tensor&, int64_t, int64_t, int64_t),
    Tensor(const Tensor&, int64_t, SymInt, SymInt),
    Tensor(const Tensor&, int64_t, OptionalSymInt, OptionalSymInt, SymInt),
    Tensor(const Tensor&, IntArrayRef),
    Tensor(const Tensor&, SymIntArrayRef),
    Tensor(const Tensor&, int64_t, SymIntArrayRef),
    Tensor(const Tensor&, SymIntArrayRef, bool),
    Tensor(const Tensor&, SymIntArrayRef, IntArrayRef),
    Tensor(const Tensor&, SymIntArrayRef, const Scalar&),
    Tensor(const Tensor&, SymIntArrayRef, std::string_view, std::optional<double>),
    Tensor(const Tensor&, OptionalMemoryFormat),
    Tensor(const Tensor&, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool, bool, bool,
           OptionalMemoryFormat),
    Tensor(const at::ITensorListRef&, int64_t),
    Tensor(TensorList, int64_t),
    // by positions
    Tensor(const Tensor&, int64_t, const Tensor&),
    Tensor(const Tensor&, int64_t, const Tensor&, bool),
    Tensor(const Tensor&, int64_t, const Tensor&, const Tensor&),
    Tensor(const Tensor&, int64_t, const Tensor&, const Scalar&),
    // products and layers
    Tensor(const Tensor&, const Tensor&, const Tensor&, const Scalar&, const Scalar&),
    Tensor(const Tensor&, const Tensor&, const OptionalTensor&),
    Tensor(const Tensor&, const Tensor&, SymInt, bool, bool),
    Tensor(const Tensor&, SymIntArrayRef, const OptionalTensor&, const OptionalTensor&, double, bool),
    Tensor(const Tensor&, SymIntArrayRef, const OptionalTensor&, std::optional<double>),
    Tensor(const Tensor&, int64_t, const OptionalTensor&, const OptionalTensor&, double, bool),
    Tensor(const Tensor&, const OptionalTensor&, const OptionalTensor&, const OptionalTensor&, const OptionalTensor&,
           bool, double, double, bool),
    Tensor(const Tensor&, const Tensor&, const Tensor&, const OptionalTensor&, double, bool, std::optional<double>,
           bool),
    Tensor(const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, IntArrayRef, bool),
    Tensor(const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, bool, bool, OptionalInt),
    Tensor(const Tensor&, const Tensor&, const OptionalTensor&, SymIntArrayRef, SymIntArrayRef, SymIntArrayRef, SymInt),
    // losses
    Tensor(const Tensor&, const Tensor&, int64_t),
    Tensor(const Tensor&, const Tensor&, int64_t, bool),
    Tensor(const Tensor&, const Tensor&, int64_t, double),
    Tensor(const Tensor&, const Tensor&, const OptionalTensor&, int64_t),
    Tensor(const Tensor&, const Tensor&, const OptionalTensor&, int64_t, SymInt),
    Tensor(const Tensor&, const Tensor&, const OptionalTensor&, int64_t, SymInt, double),
    Tensor(const Tensor&, const Tensor&, const OptionalTensor&, const OptionalTensor&, int64_t),
    // new tensors
    Tensor(SymIntArrayRef, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool),
    Tensor(SymIntArrayRef, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool, OptionalMemoryFormat),
    Tensor(SymIntArrayRef, const Scalar&, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool),
    Tensor(const Scalar&, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool),
    Tensor(const Scalar&, const Scalar&, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool),
    Tensor(const Scalar&, const Scalar&, const Scalar&, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool),
    Tensor(const Tensor&, SymIntArrayRef, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool),
    Tensor(const Tensor&, OptionalDtype, OptionalLayout, OptionalDevice, OptionalBool, OptionalMemoryFormat),
    Tensor(const Tensor&, OptionalGenerator),
    Tensor(const Tensor&, SymInt, bool, OptionalGenerator)>;

using InPlace = SignatureList<
    Tensor&(Tensor&),
    Tensor&(Tensor&, const Tensor&),
    Tensor&(Tensor&, const Tensor&, bool),
    Tensor&(Tensor&, const Tensor&, const Scalar&),
    Tensor&(Tensor&, const Scalar&),
    Tensor&(Tensor&, const Scalar&, const Scalar&),
    Tensor&(Tensor&, const OptionalScalar&, const OptionalScalar&),
    Tensor&(Tensor&, const Tensor&, const Tensor&, const Scalar&),
    Tensor&(Tensor&, int64_t),
    Tensor&(Tensor&, double, bool),
    Tensor&(Tensor&, double, double, OptionalGenerator)>;

using ReturningTensors = SignatureList<
    std::vector<Tensor>(const Tensor&, int64_t),
    std::vector<Tensor>(const Tensor&, int64_t, int64_t),
    std::vector<Tensor>(const Tensor&, SymInt, int64_t),
    std::vector<Tensor>(const Tensor&, SymIntArrayRef, int64_t),
    std::tuple<Tensor, Tensor>(const Tensor&, int64_t, bool),
    std::tuple<Tensor, Tensor>(const Tensor&, SymInt, int64_t, bool, bool),
    std::tuple<Tensor, Tensor>(const Tensor&, IntArrayRef, IntArrayRef, IntArrayRef, IntArrayRef, bool),
    std::tuple<Tensor, Tensor>(const Tensor&, const Tensor&, TensorList, bool, int64_t, double, bool, bool, bool),
    std::tuple<Tensor, Tensor, Tensor>(const Tensor&, TensorList, TensorList, bool, int64_t, double, bool, bool, bool)>;

}  // namespace

void adopt_unboxed_call(Overload& overload) {
  const auto& returns = overload.handle.schema().returns();
  if (returns.empty()) return;
  bool one = returns.size() == 1 && returns[0].type()->kind() == c10::TypeKind::TensorType;
  const c10::AliasInfo* alias = returns[0].alias_info();
  bool in_place = alias != nullptr && alias->isWrite();
  if (in_place && one) {
    InPlace::adopt_one(overload);
  } else if (!in_place && one) {
    ReturningTensor::adopt_one(overload);
  } else if (!in_place) {
    ReturningTensors::adopt_one(overload);
  }
}

}  // namespace tstorch
