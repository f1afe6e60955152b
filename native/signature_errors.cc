#include "signature_errors.h"

#include <ATen/core/enum_tag.h>

#include <algorithm>
#include <cctype>
#include <cstdio>
#include <sstream>

#include "errors.h"
#include "operators.h"

namespace tstorch {

namespace {

// What Python calls the type of a value.
std::string type_name(const Value& value) {
  switch (value.kind) {
    case kUndefined:
    case kNull: return "NoneType";
    case kBool: return "bool";
    case kInt:
    case kBigInt: return "int";
    case kFloat: return "float";
    case kComplex: return "complex";
    case kString: return "str";
    case kArray:
    case kTensorList: return "list";
    case kTensor: return "Tensor";
    case kDtype: return "torch.dtype";
    case kDevice: return "torch.device";
    case kLayout: return "torch.layout";
    case kMemoryFormat: return "torch.memory_format";
    case kGenerator: return "Generator";
    case kFunction: return "function";
    default: return "object";
  }
}

// A parameter as Python's signature shows it.
struct Shown {
  std::string type;
  std::string name;
  std::string default_text;  // empty where the parameter has to be given
  bool keyword_only;
  bool several;                // out= takes a list of tensors
  const Parameter* parameter;  // null for what is no parameter of the schema

  bool required() const { return default_text.empty(); }
  bool is_int_list() const { return parameter != nullptr && parameter->type == ParameterType::kIntList; }
  std::string text() const { return type + ' ' + name + (required() ? "" : " = " + default_text); }
};

std::string text_of(double number) {
  char text[32];
  std::snprintf(text, sizeof text, "%.16g", number);
  std::string result = text;
  return result.find_first_not_of("-0123456789") == std::string::npos ? result + ".0" : result;
}

std::string text_of(const c10::IValue& value, const Parameter& parameter) {
  // An enumeration to LibTorch, and None to Python.
  if (parameter.type == ParameterType::kDtype || value.isNone()) return "None";
  if (value.isBool()) return value.toBool() ? "True" : "False";
  if (value.isDouble()) return text_of(value.toDouble());
  if (value.isString()) return '"' + value.toStringRef() + '"';
  if (value.isList()) {
    auto list = value.toListRef();
    bool same = !list.empty() && std::all_of(list.begin(), list.end(), [&](const auto& one) { return one == list[0]; });
    if (same && parameter.fixed_size > 0) return text_of(list[0], parameter);
    std::string text = "[";
    for (size_t i = 0; i < list.size(); ++i) text += (i > 0 ? ", " : "") + text_of(list[i], parameter);
    return text + "]";
  }
  std::ostringstream text;
  text << value;
  return text.str();
}

bool is_option(const std::string& name) {
  return name == "dtype" || name == "layout" || name == "device" || name == "pin_memory";
}

// The form of `overload` that writes to out=, or null.
const Overload* out_form_of(const Overload& overload, const std::vector<const Overload*>& outs) {
  auto compared = [](const Overload& one) {
    std::vector<std::pair<std::string, ParameterType>> list;
    for (const Parameter& parameter : one.parameters) {
      if (!parameter.is_out && !is_option(parameter.name)) list.emplace_back(parameter.name, parameter.type);
    }
    return list;
  };
  for (const Overload* out : outs) {
    // Python has none of the forms that are generated for compilers.
    if (!out->hidden && !out->handle.hasTag(at::Tag::generated) && compared(*out) == compared(overload)) return out;
  }
  return nullptr;
}

std::vector<Shown> shown_parameters(const Overload& overload, const Overload* out, bool method) {
  std::vector<Shown> list;
  bool factory = std::any_of(overload.parameters.begin(), overload.parameters.end(),
                             [](const Parameter& parameter) { return parameter.name == "pin_memory"; });
  size_t out_at = 0;
  for (const Parameter& parameter : overload.parameters) {
    if (method && &parameter == overload.parameters.data()) continue;
    Shown shown{type_text(parameter), parameter.name, "", parameter.keyword_only, false, &parameter};
    if (parameter.name == "self" && parameter.type == ParameterType::kTensor) shown.name = "input";
    if (!parameter.required) shown.default_text = text_of(*parameter.default_value, parameter);
    if (factory && parameter.name == "pin_memory") shown.default_text = "False";
    if (!factory || !is_option(parameter.name)) out_at = list.size() + 1;
    list.push_back(std::move(shown));
  }
  if (factory) list.push_back({"bool", "requires_grad", "False", true, false, nullptr});
  if (out != nullptr && !method) {
    auto first = std::find_if(out->parameters.begin(), out->parameters.end(),
                              [](const Parameter& parameter) { return parameter.is_out; });
    bool several = out->out_count > 1 || first->type == ParameterType::kTensorList;
    Shown shown{several ? "tuple of Tensors" : "Tensor", "out", "None", true, several, &*first};
    list.insert(list.begin() + static_cast<std::ptrdiff_t>(out_at), std::move(shown));
  }
  return list;
}

std::string signature_of(const std::vector<Shown>& parameters) {
  std::string text = "(";
  bool star = false;
  for (size_t i = 0; i < parameters.size(); ++i) {
    if (i > 0) text += ", ";
    if (parameters[i].keyword_only && !star) {
      text += "*, ";
      star = true;
    }
    text += parameters[i].text();
  }
  return text + ")";
}

class GivenCall {
 public:
  explicit GivenCall(const GivenArguments& given) : name_(given.name), env_(given.values.env) {
    for (size_t i = given.method ? 1 : 0; i < given.positional; ++i) positional_.push_back(&given.values.values[i]);
    for (size_t k = 0; k < given.keywords.size(); ++k) {
      // The tensors of out= arrive one by one.
      bool out = given.keywords[k].size() > 3 && given.keywords[k].starts_with("out") && std::isdigit(given.keywords[k][3]);
      if (out) several_ = true;
      if (out && given.keywords[k] != "out0") continue;
      keywords_.emplace_back(out ? "out" : given.keywords[k], &given.values.values[given.positional + k]);
    }
  }

  // Do the arguments fit a signature by what Python looks at, which is the first element alone of a list of ints? Says
  // what is wrong where they do not, if asked to.
  bool parse(const std::vector<Shown>& parameters, bool explain) const {
    size_t most = static_cast<size_t>(std::count_if(parameters.begin(), parameters.end(),
                                                    [](const Shown& one) { return !one.keyword_only; }));
    bool spreads = most == 1 && !parameters[0].keyword_only && parameters[0].is_int_list();
    if (positional_.size() > most && !spreads) {
      if (explain) surplus(parameters, most);
      return false;
    }
    size_t place = 0;
    size_t keywords_used = 0;
    for (size_t i = 0; i < parameters.size(); ++i) {
      const Shown& shown = parameters[i];
      bool by_position = place < positional_.size();
      if (by_position && shown.keyword_only) {
        if (explain) surplus(parameters, most);
        return false;
      }
      Value* value = by_position ? positional_[place] : keyword(shown.name);
      if (value == nullptr) {
        if (!shown.required()) continue;
        if (explain) missing(parameters, i);
        return false;
      }
      if (!fits(shown, *value)) {
        if (spreads && by_position && place == 0 && is_index(*value)) {
          place = positional_.size();
          continue;
        }
        if (explain) mismatch(shown, *value, by_position, place);
        return false;
      }
      if (by_position) {
        ++place;
      } else {
        ++keywords_used;
      }
    }
    if (keywords_used == keywords_.size()) return true;
    if (explain) unexpected(parameters, positional_.size());
    return false;
  }

  // Fails for lists of ints that go on with something else, in arguments that fit the signature.
  void unpack(const std::vector<Shown>& parameters) const {
    size_t place = 0;
    for (const Shown& shown : parameters) {
      Value* value = place < positional_.size() ? positional_[place++] : keyword(shown.name);
      if (value == nullptr || !shown.is_int_list()) continue;
      std::vector<Value> list;
      if (value->kind == kArray) {
        list = to_list(env_, *value, shown.name.c_str());
      } else {
        for (const Value* one : positional_) list.push_back(*one);
        place = positional_.size();
      }
      for (size_t i = 0; i < list.size(); ++i) {
        if (is_index(list[i])) continue;
        fail(": argument '" + shown.name + "' failed to unpack the object at pos " + std::to_string(i + 1) +
             " with error \"type must be " + shown.type + ",but got " + type_name(list[i]) + "\"");
      }
    }
  }

  size_t count() const { return positional_.size() + keywords_.size(); }

  // A method without parameters does not come to the parser.
  [[noreturn]] void refuse_all() const {
    std::string what = keywords_.empty() ? "arguments (" + std::to_string(positional_.size()) + " given)" : "keyword arguments";
    throw_type_error("TensorBase." + name_ + "() takes no " + what);
  }

  std::string described() const {
    std::string text = "(";
    for (const Value* value : positional_) text += type_name(*value) + ", ";
    for (const auto& [name, value] : keywords_) text += name + '=' + keyword_type(name, *value) + ", ";
    if (!positional_.empty()) text.erase(text.size() - 2);
    return text + ")";
  }

  // As described(), for a signature that takes as many arguments: those that cannot be right stand between marks.
  std::string described_for(const std::vector<std::pair<std::string, std::string>>& expected) const {
    std::string text = "(";
    for (size_t i = 0; i < count(); ++i) {
      bool named = i >= positional_.size();
      const auto* pair = named ? keyword_pair(expected[i].second) : nullptr;
      // The signature may have a parameter there that was given by position.
      if (named && pair == nullptr) pair = &keywords_[i - positional_.size()];
      const Value& value = named ? *pair->second : *positional_[i];
      std::string type = type_name(value);
      bool right = i < expected.size() &&
                   (expected[i].first == type || (expected[i].first == "float" && type == "int"));
      if (!right) text += '!';
      if (named) text += pair->first + '=';
      text += value.kind == kArray ? "list of " + element_names(value) : type;
      if (!right) text += '!';
      text += ", ";
    }
    if (!positional_.empty()) text.erase(text.size() - 2);
    return text + ")";
  }

  std::vector<std::string> unknown_keywords(const std::vector<std::pair<std::string, std::string>>& expected) const {
    std::vector<std::string> names;
    for (const auto& [name, value] : keywords_) {
      bool known = std::any_of(expected.begin(), expected.end(), [&](const auto& one) { return one.second == name; });
      if (!known) names.push_back(name);
    }
    return names;
  }

 private:
  [[noreturn]] void fail(const std::string& message) const { throw_type_error(name_ + "()" + message); }

  const std::pair<std::string, Value*>* keyword_pair(const std::string& name) const {
    for (const auto& pair : keywords_) {
      if (is_name_of(pair.first, name)) return &pair;
    }
    return nullptr;
  }

  Value* keyword(const std::string& name) const {
    const auto* pair = keyword_pair(name);
    return pair == nullptr ? nullptr : pair->second;
  }

  std::string keyword_type(const std::string& name, const Value& value) const {
    return several_ && name == "out" ? "list" : type_name(value);
  }

  bool fits(const Shown& shown, Value& value) const {
    if (value.kind == kUndefined) return true;
    if (shown.name == "out") return several_ == shown.several && (several_ || value.kind == kTensor);
    if (shown.is_int_list() && value.kind == kArray && value.length > 0 && value.length < 10000) {
      return is_index(to_list(env_, value, shown.name.c_str())[0]);
    }
    return shown.parameter == nullptr || value_fits(env_, *shown.parameter, value);
  }

  static bool is_index(const Value& value) {
    if (value.kind != kTensor) return (value.kind & (kInt | kBigInt)) != 0;
    if (value.handle->disposed) return false;
    const at::Tensor& tensor = static_cast<TensorHandle*>(value.handle)->tensor;
    return tensor.numel() == 1 && c10::isIntegralType(tensor.scalar_type(), /*includeBool=*/false);
  }

  std::string element_names(const Value& value) const {
    std::string text = "[";
    uint32_t shown = 0;
    for (const Value& element : to_list(env_, value, "argument")) {
      if (shown++ > 0) text += ", ";
      if (shown > 100) return text + "...]";
      text += type_name(element);
    }
    return text + "]";
  }

  [[noreturn]] void mismatch(const Shown& shown, Value& value, bool by_position, size_t place) const {
    if (value.kind == kArray && shown.parameter != nullptr && value.length > 0 && value.length < 10000) {
      std::vector<Value> list = to_list(env_, value, shown.name.c_str());
      if (shown.parameter->type == ParameterType::kTensorList ||
          shown.parameter->type == ParameterType::kOptionalTensorList) {
        for (size_t i = 0; i < list.size(); ++i) {
          if (list[i].kind == kTensor) continue;
          throw_type_error("expected Tensor as element " + std::to_string(i) + " in argument " + std::to_string(place) +
                           ", but got " + type_name(list[i]));
        }
      }
      if (shown.is_int_list() && by_position) {
        fail(": argument '" + shown.name + "' (position " + std::to_string(place + 1) + ") must be " + shown.type +
             ", but found element of type " + type_name(list[0]) + " at pos 0");
      }
    }
    std::string position = by_position ? " (position " + std::to_string(place + 1) + ")" : "";
    std::string type = shown.name == "out" ? keyword_type("out", value) : type_name(value);
    fail(": argument '" + shown.name + "'" + position + " must be " + shown.type + ", not " + type);
  }

  [[noreturn]] void surplus(const std::vector<Shown>& parameters, size_t most) const {
    auto least = static_cast<size_t>(
        std::count_if(parameters.begin(), parameters.end(), [](const Shown& one) { return one.required(); }));
    std::string counts = least != most ? "from " + std::to_string(least) + " to " + std::to_string(most)
                                       : std::to_string(most);
    std::string plural = least == most && most == 1 ? "" : "s";
    fail(" takes " + counts + " positional argument" + plural + " but " + std::to_string(positional_.size()) +
         " were given");
  }

  [[noreturn]] void missing(const std::vector<Shown>& parameters, size_t from) const {
    std::string names;
    size_t count = 0;
    for (size_t i = from; i < parameters.size(); ++i) {
      if (!parameters[i].required()) continue;
      names += (count++ > 0 ? ", \"" : "\"") + parameters[i].name + '"';
    }
    // The plural is Python's.
    fail(" missing " + std::to_string(count) + " required positional argument" + (count == 1 ? "s" : "") + ": " + names);
  }

  void unexpected(const std::vector<Shown>& parameters, size_t positional) const {
    for (const auto& [name, value] : keywords_) {
      auto found = std::find_if(parameters.begin(), parameters.end(),
                                [&, &keyword = name](const Shown& one) { return is_name_of(keyword, one.name); });
      if (found == parameters.end()) {
        std::string valid;
        for (const Shown& one : parameters) valid += (valid.empty() ? " " : ", ") + one.name;
        fail(" got an unexpected keyword argument '" + name + "'; valid ones are:" + valid);
      }
      if (static_cast<size_t>(found - parameters.begin()) < positional) {
        fail(" got multiple values for argument '" + name + "'");
      }
    }
  }

  const std::string& name_;
  napi_env env_;
  std::vector<Value*> positional_;
  std::vector<std::pair<std::string, Value*>> keywords_;
  bool several_ = false;
};

// A signature's text cut at its commas, as Python reads it again: type and name of each part. A default counts as part
// of the type, a star as a parameter.
std::vector<std::pair<std::string, std::string>> parts_of(const std::string& signature) {
  std::vector<std::pair<std::string, std::string>> parts;
  std::string inside = signature.substr(1, signature.size() - 2);
  for (size_t start = 0; start <= inside.size();) {
    size_t end = std::min(inside.find(", ", start), inside.size());
    std::string part = inside.substr(start, end - start);
    size_t space = part.rfind(' ');
    if (space == std::string::npos) {
      parts.emplace_back(part, part);
    } else {
      parts.emplace_back(part.substr(0, space), part.substr(space + 1));
    }
    start = end + 2;
  }
  return parts;
}

}  // namespace

void throw_signature_error(const GivenArguments& given, const std::vector<const Overload*>& overloads,
                           const std::vector<const Overload*>& outs) {
  GivenCall call(given);
  std::vector<std::vector<Shown>> signatures;
  std::vector<size_t> plausible;
  for (const Overload* overload : overloads) {
    if (overload->hidden) continue;
    auto parameters = shown_parameters(*overload, out_form_of(*overload, outs), given.method);
    auto least = static_cast<size_t>(
        std::count_if(parameters.begin(), parameters.end(), [](const Shown& one) { return one.required(); }));
    if (call.count() >= least && call.count() <= parameters.size()) plausible.push_back(signatures.size());
    signatures.push_back(std::move(parameters));
  }
  if (signatures.size() == 1 && given.method && signatures[0].empty()) call.refuse_all();
  // Where there is but one signature, Python looks no further.
  if (overloads.size() == 1) plausible = {0};
  for (const std::vector<Shown>& parameters : signatures) {
    if (call.parse(parameters, /*explain=*/false)) call.unpack(parameters);
  }
  if (plausible.size() == 1) call.parse(signatures[plausible[0]], /*explain=*/true);
  std::string text = given.name + "() received an invalid combination of arguments - got ";
  if (signatures.size() == 1) {
    std::string signature = signature_of(signatures[0]);
    auto parts = parts_of(signature);
    std::vector<std::string> unknown = call.unknown_keywords(parts);
    if (!unknown.empty()) {
      text += "unrecognized keyword arguments: ";
      for (size_t i = 0; i < unknown.size(); ++i) text += (i > 0 ? ", " : "") + unknown[i];
    } else {
      text += call.count() <= parts.size() ? call.described_for(parts) : call.described();
    }
    throw_type_error(text + ", but expected " + signature);
  }
  text += call.described() + ", but expected one of:\n";
  for (const std::vector<Shown>& parameters : signatures) {
    std::string signature = signature_of(parameters);
    text += " * " + signature + "\n";
    auto parts = parts_of(signature);
    if (call.count() != parts.size()) continue;
    std::vector<std::string> unknown = call.unknown_keywords(parts);
    if (!unknown.empty()) {
      text += "      didn't match because some of the keywords were incorrect: ";
      for (size_t i = 0; i < unknown.size(); ++i) text += (i > 0 ? ", " : "") + unknown[i];
      text += "\n";
    } else {
      text += "      didn't match because some of the arguments have invalid types: " + call.described_for(parts) + "\n";
    }
  }
  throw_type_error(text);
}

}  // namespace tstorch
