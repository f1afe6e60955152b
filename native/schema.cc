#include "schema.h"

#include <algorithm>
#include <set>
#include <sstream>

#include "errors.h"
#include "unboxed.h"

namespace tstorch {

namespace {

constexpr uint32_t kNumbers = kInt | kFloat | kBool | kBigInt | kComplex;

ParameterType element_type(const c10::TypePtr& type);

ParameterType parameter_type(const c10::TypePtr& type) {
  using c10::TypeKind;
  switch (type->kind()) {
    case TypeKind::TensorType: return ParameterType::kTensor;
    case TypeKind::NumberType: return ParameterType::kScalar;
    case TypeKind::FloatType:
    case TypeKind::SymFloatType: return ParameterType::kFloat;
    case TypeKind::IntType:
    case TypeKind::QSchemeType:
    case TypeKind::SymIntType: return ParameterType::kInt;
    case TypeKind::BoolType:
    case TypeKind::SymBoolType: return ParameterType::kBool;
    case TypeKind::StringType: return ParameterType::kString;
    case TypeKind::ScalarTypeType: return ParameterType::kDtype;
    case TypeKind::LayoutType: return ParameterType::kLayout;
    case TypeKind::MemoryFormatType: return ParameterType::kMemoryFormat;
    case TypeKind::DeviceObjType: return ParameterType::kDevice;
    case TypeKind::GeneratorType: return ParameterType::kGenerator;
    case TypeKind::ListType: return element_type(type->castRaw<c10::ListType>()->getElementType());
    default: return ParameterType::kUnsupported;
  }
}

ParameterType element_type(const c10::TypePtr& type) {
  if (type->kind() == c10::TypeKind::OptionalType) {
    auto inner = type->castRaw<c10::OptionalType>()->getElementType();
    return inner->kind() == c10::TypeKind::TensorType ? ParameterType::kOptionalTensorList
                                                      : ParameterType::kUnsupported;
  }
  switch (parameter_type(type)) {
    case ParameterType::kTensor: return ParameterType::kTensorList;
    case ParameterType::kInt: return ParameterType::kIntList;
    case ParameterType::kFloat: return ParameterType::kFloatList;
    case ParameterType::kBool: return ParameterType::kBoolList;
    case ParameterType::kScalar: return ParameterType::kScalarList;
    case ParameterType::kString: return ParameterType::kStringList;
    default: return ParameterType::kUnsupported;
  }
}

bool is_symbolic(const c10::TypePtr& type) {
  using c10::TypeKind;
  if (type->kind() == TypeKind::ListType) return is_symbolic(type->castRaw<c10::ListType>()->getElementType());
  return type->kind() == TypeKind::SymIntType || type->kind() == TypeKind::SymFloatType ||
         type->kind() == TypeKind::SymBoolType;
}

uint32_t accepted_kinds(ParameterType type, bool numbers_as_tensors) {
  switch (type) {
    case ParameterType::kTensor: return kTensor | (numbers_as_tensors ? kNumbers : 0);
    case ParameterType::kScalar: return kNumbers | kTensor;
    case ParameterType::kFloat: return kInt | kFloat | kBigInt | kBool | kTensor;
    case ParameterType::kInt: return kInt | kBigInt | kTensor;
    case ParameterType::kBool: return kBool;
    case ParameterType::kString: return kString;
    case ParameterType::kDtype: return kDtype;
    case ParameterType::kLayout: return kLayout;
    case ParameterType::kMemoryFormat: return kMemoryFormat;
    case ParameterType::kDevice: return kDevice | kString | kInt;
    case ParameterType::kGenerator: return kGenerator;
    case ParameterType::kTensorList: return kArray | kTensorList;
    case ParameterType::kUnsupported: return 0;
    default: return kArray;
  }
}

uint32_t accepted_elements(ParameterType type) {
  switch (type) {
    case ParameterType::kTensorList: return kTensor;
    case ParameterType::kOptionalTensorList: return kTensor | kNull | kUndefined;
    case ParameterType::kIntList: return kInt | kBigInt | kTensor;
    case ParameterType::kFloatList: return kInt | kFloat | kBigInt | kTensor;
    case ParameterType::kBoolList: return kBool;
    case ParameterType::kScalarList: return kNumbers;
    case ParameterType::kStringList: return kString;
    default: return 0;
  }
}

// Does `a` come after `b` when all else is equal? These are the rules of Python's parser: what is easily mistaken for
// something else is tried last.
bool tried_after(const Parameter& a, const Parameter& b) {
  if (a.type == ParameterType::kScalar && b.type == ParameterType::kTensor && a.optional == b.optional) return true;
  if (a.type == ParameterType::kIntList && b.type == ParameterType::kInt) return true;
  if (a.type == ParameterType::kInt && b.type == ParameterType::kTensor) return true;
  if (a.type == ParameterType::kStringList && b.type != ParameterType::kStringList) return true;
  if (a.type == ParameterType::kString && b.type != ParameterType::kString) return true;
  return a.type == ParameterType::kTensorList &&
         (b.type == ParameterType::kIntList || b.type == ParameterType::kScalarList ||
          b.type == ParameterType::kFloatList);
}

bool same_type(const Parameter& a, const Parameter& b) { return a.type == b.type && a.optional == b.optional; }

// Is the whole signature of `a` to be tried after that of `b`?
bool signature_after(const Overload& a, const Overload& b) {
  auto count = [](const Overload& one) {
    return std::count_if(one.parameters.begin(), one.parameters.end(),
                         [](const Parameter& parameter) { return !parameter.is_out && !parameter.compared; });
  };
  if (a.out_count != b.out_count || count(a) != count(b)) return false;
  bool differs = false;
  for (size_t i = 0; i < static_cast<size_t>(count(a)); ++i) {
    if (same_type(a.parameters[i], b.parameters[i])) continue;
    if (!tried_after(a.parameters[i], b.parameters[i])) return false;
    differs = true;
  }
  return differs;
}

// A signature as Python's code generator writes it; its order of overloads begins with that of these texts.
std::string python_type(const Parameter& parameter) {
  std::string text = [&] {
    switch (parameter.type) {
      case ParameterType::kTensor: return "Tensor";
      case ParameterType::kScalar: return "Scalar";
      case ParameterType::kFloat: return "double";
      case ParameterType::kInt: return parameter.symbolic ? "SymInt" : "int64_t";
      case ParameterType::kBool: return "bool";
      case ParameterType::kString: return "c10::string_view";
      case ParameterType::kDtype: return "ScalarType";
      case ParameterType::kLayout: return "Layout";
      case ParameterType::kMemoryFormat: return "MemoryFormat";
      case ParameterType::kDevice: return "Device";
      case ParameterType::kGenerator: return "Generator";
      case ParameterType::kTensorList:
      case ParameterType::kOptionalTensorList: return "TensorList";
      case ParameterType::kIntList: return parameter.symbolic ? "SymIntArrayRef" : "IntArrayRef";
      case ParameterType::kFloatList: return "ArrayRef<double>";
      case ParameterType::kScalarList: return "ScalarList";
      default: return "std::array";
    }
  }();
  if (parameter.fixed_size > 0) text += '[' + std::to_string(parameter.fixed_size) + ']';
  return parameter.optional ? text + '?' : text;
}

std::string python_text(const Overload& overload) {
  std::string text;
  bool star = false;
  for (const Parameter& parameter : overload.parameters) {
    if (parameter.is_out || parameter.compared) continue;
    if (!text.empty()) text += ", ";
    if (parameter.keyword_only && !star) {
      text += "*, ";
      star = true;
    }
    bool input = parameter.name == "self" && parameter.type == ParameterType::kTensor;
    text += python_type(parameter) + ' ' + (input ? "input" : parameter.name);
    if (!parameter.required) text += "=";
  }
  return text + ')';
}

bool names_dimensions(const Overload& overload) {
  return overload.name.find("Dimname") != std::string::npos || overload.name.find("names") != std::string::npos;
}

napi_value set(napi_env env, napi_value object, const char* name, napi_value value) {
  check(napi_set_named_property(env, object, name, value));
  return object;
}

napi_value boolean(napi_env env, bool value) {
  napi_value js;
  check(napi_get_boolean(env, value, &js));
  return js;
}

}  // namespace

Overload::Overload(c10::OperatorHandle operator_handle, bool numbers_as_tensors)
    : handle(operator_handle), name(operator_handle.schema().overload_name()) {
  for (const c10::Argument& argument : handle.schema().arguments()) {
    c10::TypePtr type = argument.real_type();
    Parameter parameter;
    parameter.name = argument.name();
    parameter.optional = type->kind() == c10::TypeKind::OptionalType;
    if (parameter.optional) type = type->castRaw<c10::OptionalType>()->getElementType();
    parameter.type = parameter_type(type);
    parameter.keyword_only = argument.kwarg_only();
    parameter.is_out = argument.is_out();
    parameter.written = argument.alias_info() != nullptr && argument.alias_info()->isWrite();
    parameter.symbolic = is_symbolic(type);
    parameter.fixed_size = argument.N().value_or(0);
    parameter.default_value = argument.default_value();
    parameter.required = !parameter.default_value;
    parameter.accepts = accepted_kinds(parameter.type, numbers_as_tensors && !parameter.is_out);
    if (parameter.optional) parameter.accepts |= kNull;
    if (parameter.fixed_size > 0) {
      if (parameter.type == ParameterType::kIntList) parameter.accepts |= kInt | kBigInt | kTensor;
      if (parameter.type == ParameterType::kFloatList) parameter.accepts |= kInt | kFloat | kBigInt;
      if (parameter.type == ParameterType::kBoolList) parameter.accepts |= kBool;
    }
    parameter.accepts_elements = accepted_elements(parameter.type);
    if (!parameter.keyword_only) ++positional;
    if (parameter.is_out) ++out_count;
    parameters.push_back(std::move(parameter));
  }
  size_t first = !parameters.empty() && parameters[0].name == "self" ? 1 : 0;
  if (positional == first + 1 && parameters[first].type == ParameterType::kIntList) {
    varargs_at = static_cast<int>(first);
  }
  guard = find_guard(handle.schema().name(), handle.schema().overload_name());
  if (guard == nullptr) adopt_unboxed_call(*this);
}

bool Overload::reorder(const std::vector<std::string>& names) {
  std::vector<size_t> order;
  for (const std::string& name : names) {
    auto found = std::find_if(parameters.begin(), parameters.end(),
                              [&](const Parameter& parameter) { return parameter.name == name; });
    if (found == parameters.end()) return false;
    if (name == "other" && found->type != ParameterType::kTensor) return false;
    order.push_back(static_cast<size_t>(found - parameters.begin()));
  }
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (std::find(order.begin(), order.end(), i) != order.end()) continue;
    if (!parameters[i].keyword_only) return false;
    order.push_back(i);
  }
  std::vector<Parameter> reordered;
  for (size_t i : order) reordered.push_back(parameters[i]);
  for (size_t i = 0; i < names.size(); ++i) {
    reordered[i].keyword_only = false;
    reordered[i].required = true;
    reordered[i].default_value.reset();
    // A number for a tensor would let this signature take the place of the plain one.
    if (reordered[i].type == ParameterType::kTensor) reordered[i].accepts = kTensor;
  }
  parameters = std::move(reordered);
  stack_order = std::move(order);
  positional = names.size();
  varargs_at = -1;
  unboxed = nullptr;
  hidden = true;
  return true;
}

bool Overload::leave_out_optional() {
  bool any = false;
  for (Parameter& parameter : parameters) {
    if (!parameter.optional || parameter.default_value) continue;
    parameter.default_value = c10::IValue();
    any = true;
  }
  return any;
}

void Overload::compare_options() {
  for (const auto& [name, type] : {std::pair{"dtype", ParameterType::kDtype}, {"layout", ParameterType::kLayout},
                                   {"device", ParameterType::kDevice}, {"pin_memory", ParameterType::kBool}}) {
    auto found = std::find_if(parameters.begin(), parameters.end(),
                              [name = name](const Parameter& parameter) { return parameter.name == name; });
    if (found != parameters.end()) continue;
    Parameter parameter{};
    parameter.name = name;
    parameter.type = type;
    parameter.accepts = accepted_kinds(type, false) | kNull;
    parameter.optional = true;
    parameter.keyword_only = true;
    parameter.compared = true;
    parameter.default_value = c10::IValue();
    parameters.push_back(std::move(parameter));
  }
}

void sort_overloads(std::vector<std::unique_ptr<Overload>>& overloads) {
  // By their text first: the rules below leave many pairs open.
  std::vector<std::pair<std::string, std::unique_ptr<Overload>>> texts;
  for (auto& overload : overloads) texts.emplace_back(python_text(*overload), std::move(overload));
  std::stable_sort(texts.begin(), texts.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::unique_ptr<Overload>> waiting;
  for (auto& [text, overload] : texts) waiting.push_back(std::move(overload));
  // Those first that come after none of the others, then again and again those that come after none of what is left.
  overloads.clear();
  std::vector<std::set<size_t>> after(waiting.size());
  std::vector<size_t> order;
  for (size_t i = 0; i < waiting.size(); ++i) {
    for (size_t j = 0; j < waiting.size(); ++j) {
      if (i != j && signature_after(*waiting[i], *waiting[j])) after[i].insert(j);
    }
    if (after[i].empty()) order.push_back(i);
  }
  for (size_t k = 0; k < order.size(); ++k) {
    for (size_t j = 0; j < waiting.size(); ++j) {
      if (after[j].erase(order[k]) > 0 && after[j].empty()) order.push_back(j);
    }
  }
  for (size_t i : order) overloads.push_back(std::move(waiting[i]));
  std::stable_partition(overloads.begin(), overloads.end(),
                        [](const auto& overload) { return !names_dimensions(*overload) && !overload->hidden; });
}

bool is_name_of(const std::string& keyword, const std::string& parameter) {
  if (keyword == parameter) return true;
  if (parameter == "dim") return keyword == "axis";
  if (parameter == "keepdim") return keyword == "keepdims";
  if (parameter == "other") return keyword == "x2";
  return parameter == "input" && (keyword == "x" || keyword == "a" || keyword == "x1");
}

std::string type_text(const Parameter& parameter) {
  switch (parameter.type) {
    case ParameterType::kTensor: return "Tensor";
    case ParameterType::kScalar: return "Number";
    case ParameterType::kFloat: return "float";
    case ParameterType::kInt: return "int";
    case ParameterType::kBool: return "bool";
    case ParameterType::kString: return "str";
    case ParameterType::kDtype: return "torch.dtype";
    case ParameterType::kLayout: return "torch.layout";
    case ParameterType::kMemoryFormat: return "torch.memory_format";
    case ParameterType::kDevice: return "torch.device";
    case ParameterType::kGenerator: return "torch.Generator";
    case ParameterType::kTensorList: return "tuple of Tensors";
    case ParameterType::kOptionalTensorList: return "tuple of Tensors or null";
    case ParameterType::kIntList: return "tuple of ints";
    case ParameterType::kFloatList: return "tuple of floats";
    case ParameterType::kBoolList: return "tuple of bools";
    case ParameterType::kScalarList: return "tuple of Numbers";
    case ParameterType::kStringList: return "tuple of strs";
    case ParameterType::kUnsupported: break;
  }
  return "an unsupported type";
}

napi_value list_schemas(napi_env env) {
  napi_value list;
  check(napi_create_array(env, &list));
  uint32_t count = 0;
  for (const c10::OperatorName& name : c10::Dispatcher::singleton().getAllOpNames()) {
    auto handle = c10::Dispatcher::singleton().findSchema(name);
    if (!handle) continue;
    const c10::FunctionSchema& schema = handle->schema();
    napi_value entry, parameters, returns;
    check(napi_create_object(env, &entry));
    set(env, entry, "name", from_string(env, schema.name()));
    set(env, entry, "overload", from_string(env, schema.overload_name()));
    std::ostringstream text;
    text << schema;
    set(env, entry, "schema", from_string(env, text.str()));
    check(napi_create_array(env, &parameters));
    uint32_t index = 0;
    for (const c10::Argument& argument : schema.arguments()) {
      napi_value parameter;
      check(napi_create_object(env, &parameter));
      set(env, parameter, "name", from_string(env, argument.name()));
      set(env, parameter, "type", from_string(env, argument.real_type()->str()));
      set(env, parameter, "fixed_size", from_int64(env, argument.N().value_or(0)));
      set(env, parameter, "keyword_only", boolean(env, argument.kwarg_only()));
      set(env, parameter, "is_out", boolean(env, argument.is_out()));
      set(env, parameter, "written", boolean(env, argument.alias_info() != nullptr && argument.alias_info()->isWrite()));
      set(env, parameter, "alias", boolean(env, argument.alias_info() != nullptr));
      if (argument.default_value()) {
        std::ostringstream value;
        value << *argument.default_value();
        set(env, parameter, "default", from_string(env, value.str()));
      }
      check(napi_set_element(env, parameters, index++, parameter));
    }
    set(env, entry, "parameters", parameters);
    check(napi_create_array(env, &returns));
    index = 0;
    for (const c10::Argument& argument : schema.returns()) {
      napi_value result;
      check(napi_create_object(env, &result));
      set(env, result, "name", from_string(env, argument.name()));
      set(env, result, "type", from_string(env, argument.real_type()->str()));
      set(env, result, "alias", boolean(env, argument.alias_info() != nullptr));
      check(napi_set_element(env, returns, index++, result));
    }
    set(env, entry, "returns", returns);
    check(napi_set_element(env, list, count++, entry));
  }
  return list;
}

}  // namespace tstorch
