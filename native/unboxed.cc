#include "unboxed.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/util/SmallVector.h>

#include <tuple>
#include <utility>

#include "errors.h"

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

template <>
struct Slot<std::optional<at::ScalarType>> {
  static bool fits(const Parameter& parameter) {
    return parameter.type == ParameterType::kDtype && parameter.optional;
  }
  Slot(const Match& match, size_t i) {
    const Value* value = match.value(i);
    if (value == nullptr || value->kind == kNull) return;
    dtype = to_dtype(match.arguments.env, *value, match.overload.parameters[i].name.c_str());
  }
  std::optional<at::ScalarType> get() { return dtype; }
  std::optional<at::ScalarType> dtype;
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
  static bool fits(const Overload& overload) {
    if (overload.parameters.size() != sizeof...(Parameters)) return false;
    if (!fits_each(overload, std::index_sequence_for<Parameters...>())) return false;
    try {
      overload.handle.typed<Result(Parameters...)>();
    } catch (const c10::Error&) {
      return false;  // a schema is less exact than C++, and LibTorch knows the operator's C++ type
    }
    return true;
  }

  template <size_t... I>
  static bool fits_each(const Overload& overload, std::index_sequence<I...>) {
    return (Slot<Parameters>::fits(overload.parameters[I]) && ...);
  }

  static Tensor call(const Match& match) { return call_with(match, std::index_sequence_for<Parameters...>()); }

  template <size_t... I>
  static Tensor call_with(const Match& match, std::index_sequence<I...>) {
    // Braces, so that the arguments are converted in their order.
    std::tuple<Slot<Parameters>...> slots{Slot<Parameters>(match, I)...};
    return match.overload.handle.template typed<Result(Parameters...)>().call(std::get<I>(slots).get()...);
  }
};

template <typename... Signatures>
struct SignatureList {
  static UnboxedCall find(const Overload& overload) {
    UnboxedCall found = nullptr;
    ((found == nullptr && Unboxed<Signatures>::fits(overload) ? void(found = &Unboxed<Signatures>::call) : void()), ...);
    return found;
  }
};

using OptionalDtype = std::optional<at::ScalarType>;

using ReturningTensor = SignatureList<
    Tensor(const Tensor&),
    Tensor(const Tensor&, const Tensor&),
    Tensor(const Tensor&, const Tensor&, const at::Scalar&),
    Tensor(const Tensor&, const at::Scalar&),
    Tensor(const Tensor&, const at::Scalar&, const at::Scalar&),
    Tensor(const Tensor&, const Tensor&, const Tensor&),
    Tensor(const Tensor&, const Tensor&, const std::optional<Tensor>&),
    Tensor(const Tensor&, const Tensor&, int64_t),
    Tensor(const Tensor&, int64_t),
    Tensor(const Tensor&, int64_t, int64_t),
    Tensor(const Tensor&, int64_t, c10::SymInt),
    Tensor(const Tensor&, int64_t, OptionalDtype),
    Tensor(const Tensor&, at::IntArrayRef),
    Tensor(const Tensor&, c10::SymIntArrayRef),
    Tensor(const Tensor&, OptionalDtype),
    Tensor(const Tensor&, double, bool),
    Tensor(const Tensor&, at::OptionalIntArrayRef, bool, OptionalDtype),
    Tensor(const Tensor&, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, at::IntArrayRef, bool),
    Tensor(const Tensor&, const Tensor&, const std::optional<Tensor>&, c10::SymIntArrayRef, c10::SymIntArrayRef,
           c10::SymIntArrayRef, c10::SymInt)>;

using InPlace = SignatureList<
    Tensor&(Tensor&),
    Tensor&(Tensor&, const Tensor&),
    Tensor&(Tensor&, const Tensor&, const at::Scalar&),
    Tensor&(Tensor&, const at::Scalar&),
    Tensor&(Tensor&, const Tensor&, const Tensor&, const at::Scalar&)>;

}  // namespace

UnboxedCall find_unboxed_call(const Overload& overload) {
  const auto& returns = overload.handle.schema().returns();
  if (returns.size() != 1 || returns[0].type()->kind() != c10::TypeKind::TensorType) return nullptr;
  const c10::AliasInfo* alias = returns[0].alias_info();
  bool in_place = alias != nullptr && alias->isWrite();
  return in_place ? InPlace::find(overload) : ReturningTensor::find(overload);
}

}  // namespace tstorch
