#include "operators.h"

#include <ATen/DeviceAccelerator.h>
#include <ATen/EmptyTensor.h>
#include <ATen/ScalarOps.h>
#include <ATen/WrapDimUtils.h>
#include <ATen/core/stack.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <sstream>
#include <string_view>
#include <unordered_map>

#include "allocator.h"
#include "arguments.h"
#include "call.h"
#include "errors.h"
#include "results.h"
#include "signature_errors.h"

namespace tstorch {

namespace {

// For these Python takes a number where the schema says Tensor, since people write torch.add(2, x).
bool takes_numbers_as_tensors(std::string_view name) {
  static constexpr std::array kNames = {"add",    "sub",         "subtract",     "mul",  "multiply", "div",
                                        "divide", "true_divide", "floor_divide", "copy"};
  if (!name.empty() && name.back() == '_') name.remove_suffix(1);
  return std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// Python has no signature for these overloads: numbers are tensors there.
bool is_unknown_to_python(std::string_view name, std::string_view overload) {
  static constexpr std::array kNames = {"add", "sub", "mul", "div"};
  if (!name.empty() && name.back() == '_') name.remove_suffix(1);
  return overload == "Scalar" && std::find(kNames.begin(), kNames.end(), name) != kNames.end();
}

// The signatures that Python goes on taking from when numbers stood before tensors.
struct OldSignature {
  const char* name;
  Callers callers;
  std::vector<std::string> parameters;
};

const std::vector<OldSignature>& old_signatures() {
  static const std::vector<OldSignature> signatures = [] {
    std::vector<OldSignature> list;
    for (const char* name : {"add", "add_", "sub", "sub_"}) list.push_back({name, Callers::kAll, {"self", "alpha", "other"}});
    for (const char* name : {"addcmul", "addcmul_", "addcdiv", "addcdiv_"}) {
      list.push_back({name, Callers::kAll, {"self", "value", "tensor1", "tensor2"}});
    }
    using Factors = std::pair<std::string, std::string>;
    const std::vector<std::pair<const char*, Factors>> products = {
        {"addmm", {"mat1", "mat2"}},      {"addmv", {"mat", "vec"}},         {"addr", {"vec1", "vec2"}},
        {"addbmm", {"batch1", "batch2"}}, {"baddbmm", {"batch1", "batch2"}}, {"sspaddmm", {"mat1", "mat2"}}};
    static std::vector<std::string> in_place;
    for (const auto& [name, factors] : products) in_place.push_back(std::string(name) + '_');
    for (size_t i = 0; i < products.size(); ++i) {
      const auto& [first, second] = products[i].second;
      for (const char* name : {products[i].first, in_place[i].c_str()}) {
        list.push_back({name, Callers::kFunctions, {"beta", "self", "alpha", first, second}});
        list.push_back({name, Callers::kFunctions, {"beta", "self", first, second}});
        list.push_back({name, Callers::kMethods, {"self", "beta", "alpha", first, second}});
        list.push_back({name, Callers::kMethods, {"self", "beta", first, second}});
      }
    }
    return list;
  }();
  return signatures;
}

// Where a candidate's parameters take their values from.
struct Candidate {
  const Overload* overload;
  // By parameter, the index among the values given, or -1. Empty for plans without keywords: there the i-th value is
  // the i-th parameter's.
  std::vector<int> sources;
  // Why the keywords do not fit; empty when they do.
  std::string misfit;
};

struct Plan {
  Environment* environment;
  const Packet* packet;
  size_t positional;  // values before the keywords' (only with keywords)
  bool method;        // called as x.name(...)
  std::vector<std::string> keywords;
  std::vector<Candidate> candidates;
};

// The names of an operator's overloads, from an index of the dispatcher that is made once. Libraries loaded later
// (torch.ops.load_library) bring new operators: the index is made anew when a name is missing.
std::vector<c10::OperatorName> operator_names(const std::string& name) {
  static std::mutex mutex;
  static std::unordered_map<std::string, std::vector<c10::OperatorName>> index;
  std::lock_guard guard(mutex);
  auto found = index.find(name);
  if (found != index.end()) return found->second;
  index.clear();
  for (const c10::OperatorName& one : c10::Dispatcher::singleton().getAllOpNames()) index[one.name].push_back(one);
  found = index.find(name);
  return found != index.end() ? found->second : std::vector<c10::OperatorName>{};
}

// Is it a tensor that stands for an int, as Python's __index__ has it?
bool is_index_tensor(const Value& value) {
  if (value.kind != kTensor || value.handle->disposed) return false;
  const at::Tensor& tensor = static_cast<TensorHandle*>(value.handle)->tensor;
  return tensor.numel() == 1 && c10::isIntegralType(tensor.scalar_type(), /*includeBool=*/false);
}

// Are the values all numbers that together are one list of ints, as in x.view(2, 3)?
bool uses_varargs(const Overload& overload, const Arguments& arguments, size_t positional, bool method) {
  if (overload.varargs_at != (method ? 1 : 0)) return false;
  auto first = static_cast<size_t>(overload.varargs_at);
  if (positional <= first || arguments.values[first].kind == kArray) return false;
  if (positional == first + 1 && overload.parameters[first].fixed_size > 0) return false;
  for (size_t i = first; i < positional; ++i) {
    if ((arguments.values[i].kind & (kInt | kBigInt)) == 0 && !is_index_tensor(arguments.values[i])) return false;
  }
  return true;
}

Match match_of(const Plan& plan, const Candidate& candidate, Arguments& arguments) {
  size_t positional = plan.keywords.empty() ? arguments.count : plan.positional;
  return {*candidate.overload, arguments, candidate.sources.empty() ? nullptr : candidate.sources.data(), positional,
          uses_varargs(*candidate.overload, arguments, positional, plan.method)};
}

bool fits(const Match& match) {
  const Overload& overload = match.overload;
  if (match.positional > overload.positional && !match.varargs) return false;
  for (size_t i = 0; i < overload.parameters.size(); ++i) {
    if (match.is_varargs(i)) continue;
    const Value* value = match.value(i);
    if (value == nullptr) {
      if (!overload.parameters[i].default_value) return false;
    } else if (!value_fits(match.arguments.env, overload.parameters[i], const_cast<Value&>(*value))) {
      return false;
    }
  }
  return true;
}

template <typename T, typename Convert>
c10::List<T> list_of(napi_env env, const Value& value, const char* name, Convert&& convert) {
  c10::List<T> list;
  list.reserve(value.length);
  for (const Value& element : to_list(env, value, name)) list.push_back(convert(env, element, name));
  return list;
}

c10::IValue to_ivalue(napi_env env, const Parameter& parameter, const Value& value) {
  const char* name = parameter.name.c_str();
  if (value.kind == kNull) return {};
  switch (parameter.type) {
    case ParameterType::kTensor:
      if (value.kind != kTensor) return wrapped_number(to_scalar(env, value, name));
      return to_tensor(env, value, name);
    case ParameterType::kScalar: return to_scalar(env, value, name);
    case ParameterType::kFloat: return to_double(env, value, name);
    case ParameterType::kInt: return to_int64(env, value, name);
    case ParameterType::kBool: return to_bool(env, value, name);
    case ParameterType::kString: return to_string(env, value, name);
    case ParameterType::kDtype: return static_cast<int64_t>(to_dtype(env, value, name));
    case ParameterType::kLayout: return static_cast<int64_t>(static_cast<LayoutHandle*>(value.handle)->layout);
    case ParameterType::kMemoryFormat:
      return static_cast<int64_t>(static_cast<MemoryFormatHandle*>(value.handle)->format);
    case ParameterType::kDevice: return to_device(env, value, name);
    case ParameterType::kGenerator: return static_cast<GeneratorHandle*>(value.handle)->generator;
    case ParameterType::kTensorList: return to_tensors(env, value, name);
    case ParameterType::kOptionalTensorList: return to_optional_tensors(env, value, name);
    case ParameterType::kIntList:
      if (value.kind != kArray) {
        return std::vector<int64_t>(std::max(parameter.fixed_size, 1), to_int64(env, value, name));
      }
      return to_ints(env, value, name);
    case ParameterType::kFloatList:
      if (value.kind != kArray) {
        return std::vector<double>(std::max(parameter.fixed_size, 1), to_double(env, value, name));
      }
      return list_of<double>(env, value, name, to_double);
    case ParameterType::kBoolList:
      if (value.kind != kArray) {
        c10::List<bool> list;
        for (int i = 0; i < parameter.fixed_size; ++i) list.push_back(value.boolean);
        return list;
      }
      return list_of<bool>(env, value, name, to_bool);
    case ParameterType::kScalarList: return list_of<at::Scalar>(env, value, name, to_scalar);
    case ParameterType::kStringList: return list_of<std::string>(env, value, name, to_string);
    case ParameterType::kUnsupported: break;
  }
  throw_type_error("argument '" + parameter.name + "' has a type that cannot be given from JavaScript");
}

// LibTorch's own name of a layout.
const char* layout_name(c10::Layout layout) {
  switch (layout) {
    case c10::Layout::Strided: return "Strided";
    case c10::Layout::Sparse: return "Sparse";
    case c10::Layout::SparseCsr: return "SparseCsr";
    case c10::Layout::SparseCsc: return "SparseCsc";
    case c10::Layout::SparseBsr: return "SparseBsr";
    case c10::Layout::SparseBsc: return "SparseBsc";
    case c10::Layout::Mkldnn: return "Mkldnn";
    default: return "Jagged";
  }
}

// Compares an option given beside out= with what out= is.
void check_option(const Match& match, const Parameter& option, const Value& value) {
  if (value.kind & (kNull | kUndefined)) return;
  const at::Tensor* out = nullptr;
  for (size_t i = 0; i < match.overload.parameters.size() && out == nullptr; ++i) {
    if (match.overload.parameters[i].is_out) out = &to_tensor(match.arguments.env, *match.value(i), "out");
  }
  std::ostringstream text;
  if (option.type == ParameterType::kDtype) {
    c10::ScalarType dtype = to_dtype(match.arguments.env, value, "dtype");
    if (dtype == out->scalar_type()) return;
    text << "dtype " << c10::toString(dtype) << " does not match dtype of out parameter ("
         << c10::toString(out->scalar_type()) << ")";
  } else if (option.type == ParameterType::kLayout) {
    c10::Layout layout = static_cast<LayoutHandle*>(value.handle)->layout;
    if (layout == out->layout()) return;
    text << "layout " << layout_name(layout) << " does not match layout of out parameter ("
         << layout_name(out->layout()) << ")";
  } else if (option.type == ParameterType::kDevice) {
    c10::DeviceType type = to_device(match.arguments.env, value, "device").type();
    if (type == out->device().type()) return;
    text << "device type " << c10::DeviceTypeName(type, true) << " does not match device type of out parameter ("
         << c10::DeviceTypeName(out->device().type(), true) << ")";
  } else {
    return;
  }
  throw_runtime_error(text.str());
}

void fill_stack(const Match& match, torch::jit::Stack& stack) {
  const Overload& overload = match.overload;
  napi_env env = match.arguments.env;
  stack.reserve(std::max(overload.parameters.size(), size_t{4}));
  for (size_t i = 0; i < overload.parameters.size(); ++i) {
    const Parameter& parameter = overload.parameters[i];
    if (match.is_varargs(i)) {
      std::vector<int64_t> ints;
      for (size_t k = i; k < match.positional; ++k) ints.push_back(to_int64(env, match.arguments.values[k], "size"));
      stack.emplace_back(std::move(ints));
    } else if (parameter.compared) {
      if (const Value* value = match.value(i)) check_option(match, parameter, *value);
    } else if (const Value* value = match.value(i)) {
      stack.push_back(to_ivalue(env, parameter, *value));
    } else {
      stack.push_back(*parameter.default_value);
    }
  }
  if (overload.stack_order.empty()) return;
  torch::jit::Stack ordered(stack.size());
  for (size_t i = 0; i < stack.size(); ++i) ordered[overload.stack_order[i]] = std::move(stack[i]);
  stack.swap(ordered);
}

bool is_called_by(const Overload& overload, const Plan& plan) {
  if (overload.callers == Callers::kAll) return true;
  return (overload.callers == Callers::kMethods) == plan.method;
}

[[noreturn]] void throw_no_match(const Plan& plan, Arguments& arguments) {
  const std::string& name = plan.packet->short_name();
  size_t positional = plan.keywords.empty() ? arguments.count : plan.positional;
  // A tensor that was disposed of would fail every overload: say so instead of listing them.
  for (size_t i = 0; i < arguments.count; ++i) {
    const Value& value = arguments.values[i];
    if (value.kind == kTensor && value.handle->disposed) {
      throw_runtime_error(name + "(): argument " + std::to_string(i + 1) + " is a tensor that was disposed of");
    }
  }
  std::vector<const Overload*> overloads, outs;
  for (const auto& overload : plan.packet->overloads()) {
    if (is_called_by(*overload, plan)) (overload->out_count == 0 ? overloads : outs).push_back(overload.get());
  }
  if (overloads.empty()) overloads.swap(outs);
  throw_signature_error({name, plan.method, positional, plan.keywords, arguments}, overloads, outs);
}

napi_value call_boxed(Environment& environment, const Match& match) {
  torch::jit::Stack stack;
  fill_stack(match, stack);
  if (match.overload.guard != nullptr) run_guard(match.overload.guard, match.overload.handle.schema(), stack);
  match.overload.handle.callBoxed(stack);
  return from_stack(environment, match, stack);
}

napi_value call_once(Environment& environment, const Match& match) {
  if (match.overload.unboxed == nullptr) return call_boxed(environment, match);
  return match.overload.unboxed(environment, match);
}

// An operator that ran out of memory while it resized an argument has given it sizes that its storage does not hold.
// Whoever reads it then, be it the operator itself when tried again, reads beyond the storage: make such tensors empty.
void empty_unbacked(const Arguments& arguments) {
  for (size_t i = 0; i < arguments.count; ++i) {
    const Value& value = arguments.values[i];
    if (value.kind != kTensor || value.handle->disposed) continue;
    const at::Tensor& tensor = static_cast<TensorHandle*>(value.handle)->tensor;
    if (!tensor.defined() || tensor.is_meta() || tensor.layout() != c10::kStrided || !tensor.has_storage()) continue;
    size_t needed = at::detail::computeStorageNbytes(
        tensor.sizes(), tensor.strides(), tensor.itemsize(), static_cast<size_t>(tensor.storage_offset()));
    if (needed > tensor.storage().nbytes()) tensor.unsafeGetTensorImpl()->set_sizes_contiguous({0});
  }
}

napi_value call_match(Environment& environment, const Match& match) {
  try {
    return call_once(environment, match);
  } catch (const c10::OutOfMemoryError&) {
    empty_unbacked(match.arguments);
  }
  // JS may still hold what nobody uses. Free all of that and try once more.
  environment.collector.collect_fully(environment);
  release_retained_blocks();
  if (at::getAccelerator(/*checked=*/false)) at::accelerator::emptyCache();
  try {
    return call_once(environment, match);
  } catch (const c10::OutOfMemoryError&) {
    empty_unbacked(match.arguments);
    throw;
  }
}

napi_value call_plan(napi_env env, napi_callback_info info) {
  void* data = nullptr;
  Arguments arguments(env);
  // Node fills whatever room it is given: nearly all calls have few arguments.
  size_t count = Arguments::kUsual;
  napi_get_cb_info(env, info, &count, arguments.js, nullptr, &data);
  if (count > Arguments::kUsual) {
    count = Arguments::kMost;
    napi_get_cb_info(env, info, &count, arguments.js, nullptr, nullptr);
  }
  const Plan& plan = *static_cast<Plan*>(data);
  Environment& environment = *plan.environment;
  try {
    if (count > Arguments::kMost) {
      throw_type_error(plan.packet->short_name() + "() was given " + std::to_string(count) + " arguments");
    }
    environment.safe_point();
    arguments.classify_all(count);
    // Trailing arguments that are undefined were not given.
    while (plan.keywords.empty() && arguments.count > 0 && arguments.values[arguments.count - 1].kind == kUndefined) {
      --arguments.count;
    }
    for (const Candidate& candidate : plan.candidates) {
      if (!candidate.misfit.empty()) continue;
      Match match = match_of(plan, candidate, arguments);
      if (!fits(match)) continue;
      napi_value result = call_match(environment, match);
      if (environment.warnings.any()) environment.warnings.emit(env);
      return result;
    }
    throw_no_match(plan, arguments);
  } catch (...) {
    throw_current_exception_in_js(environment);
    return nullptr;
  }
}

// Finds where each parameter of `overload` takes its value from; what does not fit goes to `misfit`.
Candidate resolve_keywords(const Overload& overload, size_t positional, const std::vector<std::string>& keywords) {
  Candidate candidate{&overload, std::vector<int>(overload.parameters.size(), -1), {}};
  for (size_t i = 0; i < std::min(positional, overload.positional); ++i) candidate.sources[i] = static_cast<int>(i);
  for (size_t k = 0; k < keywords.size(); ++k) {
    const std::string& keyword = keywords[k];
    int found = -1;
    int out = 0;
    for (size_t i = 0; i < overload.parameters.size(); ++i) {
      const Parameter& parameter = overload.parameters[i];
      // `out` is one tensor or, as out0, out1, …, several; Python calls the first parameter input.
      bool same = parameter.name == keyword || is_name_of(keyword, parameter.name == "self" ? "input" : parameter.name);
      if (parameter.is_out) {
        same = overload.out_count == 1 ? keyword == "out" : same || keyword == "out" + std::to_string(out);
        ++out;
      }
      if (same) found = static_cast<int>(i);
    }
    if (found < 0) {
      candidate.misfit = "got an unexpected keyword argument '" + keyword + "'; valid ones are:";
      for (size_t i = 0; i < overload.parameters.size(); ++i) {
        const Parameter& parameter = overload.parameters[i];
        candidate.misfit += (i == 0 ? " " : ", ") + (parameter.name == "self" ? "input" : parameter.name);
      }
    } else if (candidate.sources[found] >= 0) {
      candidate.misfit = "got multiple values for argument '" + keyword + "'";
    } else {
      candidate.sources[found] = static_cast<int>(positional + k);
    }
  }
  return candidate;
}

}  // namespace

bool value_fits(napi_env env, const Parameter& parameter, Value& value) {
  if ((parameter.accepts & value.kind) == 0) return false;
  if (value.kind == kArray) {
    uint32_t kinds = element_kinds(env, value);
    if ((kinds & ~parameter.accepts_elements) != 0) return false;
    bool ints = parameter.type == ParameterType::kIntList;
    bool numbers = parameter.type == ParameterType::kFloatList || parameter.type == ParameterType::kScalarList;
    if ((kinds & kTensor) == 0 || !(ints || numbers)) return true;
    std::vector<Value> elements = to_list(env, value, parameter.name.c_str());
    return std::all_of(elements.begin(), elements.end(), [&](const Value& one) {
      if (one.kind != kTensor) return true;
      if (ints) return is_index_tensor(one);
      return !one.handle->disposed && static_cast<TensorHandle*>(one.handle)->tensor.dim() == 0;
    });
  }
  if (value.kind == kTensor && parameter.type != ParameterType::kTensor) {
    // A tensor stands for a number when it has just one, and no gradient would get lost.
    if (value.handle->disposed) return false;
    if (parameter.type == ParameterType::kIntList) return is_index_tensor(value);
    const at::Tensor& tensor = static_cast<TensorHandle*>(value.handle)->tensor;
    if (tensor.dim() != 0 || tensor.requires_grad()) return false;
    return parameter.type != ParameterType::kInt || c10::isIntegralType(tensor.scalar_type(), /*includeBool=*/false);
  }
  return true;
}

at::Tensor wrapped_number(const at::Scalar& number) {
  at::Tensor tensor = at::scalar_to_tensor(number);
  tensor.unsafeGetTensorImpl()->set_wrapped_number(true);
  return tensor;
}

Packet::Packet(Environment& environment, const std::string& name) {
  size_t colons = name.find("::");
  size_t dot = name.find('.', colons == std::string::npos ? 0 : colons);
  std::string packet_name = name.substr(0, dot);
  short_name_ = colons == std::string::npos ? packet_name : packet_name.substr(colons + 2);
  bool numbers = packet_name.starts_with("aten::") && takes_numbers_as_tensors(short_name_);
  auto& dispatcher = c10::Dispatcher::singleton();
  if (dot != std::string::npos) {
    std::string overload = name.substr(dot + 1);
    if (overload == "default") overload.clear();
    if (auto handle = dispatcher.findSchema({packet_name, overload})) {
      overloads_.push_back(std::make_unique<Overload>(*handle, numbers));
      overloads_.back()->leave_out_optional();
    }
  } else {
    for (const c10::OperatorName& operator_name : operator_names(packet_name)) {
      if (numbers && is_unknown_to_python(short_name_, operator_name.overload_name)) continue;
      if (auto handle = dispatcher.findSchema(operator_name)) {
        overloads_.push_back(std::make_unique<Overload>(*handle, numbers));
      }
    }
  }
  if (dot == std::string::npos) {
    add_python_signatures(numbers);
    sort_overloads(overloads_);
  }
  for (auto& overload : overloads_) {
    overload->id = static_cast<int>(environment.overloads.size());
    environment.overloads.push_back(overload.get());
  }
}

void Packet::add_python_signatures(bool numbers) {
  std::vector<std::unique_ptr<Overload>> added;
  for (const OldSignature& old : old_signatures()) {
    if (short_name_ != old.name) continue;
    for (const auto& overload : overloads_) {
      auto reordered = std::make_unique<Overload>(overload->handle, numbers);
      if (!reordered->reorder(old.parameters)) continue;
      reordered->callers = old.callers;
      added.push_back(std::move(reordered));
    }
  }
  for (const auto& overload : overloads_) {
    auto lenient = std::make_unique<Overload>(overload->handle, numbers);
    if (!lenient->leave_out_optional()) continue;
    lenient->hidden = true;
    added.push_back(std::move(lenient));
  }
  for (auto& overload : added) overloads_.push_back(std::move(overload));
  bool factory = std::any_of(overloads_.begin(), overloads_.end(), [](const auto& overload) {
    return std::any_of(overload->parameters.begin(), overload->parameters.end(),
                       [](const Parameter& parameter) { return parameter.name == "pin_memory"; });
  });
  for (auto& overload : overloads_) {
    if (factory && overload->out_count == 1) overload->compare_options();
  }
}

namespace {

// The packet of that name, made when it is first asked for; null where there is no such operator.
Packet* packet_named(Environment& environment, const std::string& name) {
  auto found = environment.packets_by_name.find(name);
  if (found != environment.packets_by_name.end()) return found->second;
  auto made = std::make_unique<Packet>(environment, name);
  if (made->empty()) return nullptr;
  Packet* packet = made.get();
  environment.packets_by_name[name] = packet;
  environment.packets.push_back(std::move(made));
  return packet;
}

}  // namespace

napi_value takes_out_list(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const Packet* packet = packet_named(call.environment, to_string(call.env, call.at(0), "name"));
    bool list = packet != nullptr && std::any_of(packet->overloads().begin(), packet->overloads().end(), [](const auto& one) {
                  return std::any_of(one->parameters.begin(), one->parameters.end(), [](const Parameter& parameter) {
                    return parameter.is_out && parameter.type == ParameterType::kTensorList;
                  });
                });
    return call.boolean(list);
  });
}

napi_value make_operator(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    Environment& environment = call.environment;
    const Packet* packet = packet_named(environment, to_string(call.env, call.at(0), "name"));
    if (packet == nullptr) return call.undefined();
    auto plan = std::make_unique<Plan>();
    plan->environment = &environment;
    plan->packet = packet;
    plan->positional = call.count() > 1 ? static_cast<size_t>(to_int64(call.env, call.at(1), "positional_count")) : 0;
    if (call.count() > 2) {
      for (const Value& keyword : to_list(call.env, call.at(2), "keywords")) {
        plan->keywords.push_back(to_string(call.env, keyword, "keywords"));
      }
    }
    plan->method = call.count() > 3 && to_bool(call.env, call.at(3), "method");
    bool gives_out = std::any_of(plan->keywords.begin(), plan->keywords.end(),
                                 [](const std::string& keyword) { return keyword.starts_with("out"); });
    for (const auto& overload : packet->overloads()) {
      if (!is_called_by(*overload, *plan)) continue;
      if (plan->keywords.empty()) {
        if (overload->out_count == 0) plan->candidates.push_back({overload.get(), {}, {}});
      } else if (overload->out_count == 0 || gives_out) {
        plan->candidates.push_back(resolve_keywords(*overload, plan->positional, plan->keywords));
      }
    }
    // Where every overload wants its result given (`x.out(...)` named directly), that is how it is called.
    if (plan->candidates.empty()) {
      for (const auto& overload : packet->overloads()) plan->candidates.push_back({overload.get(), {}, {}});
    }
    napi_value function;
    check(napi_create_function(call.env, packet->short_name().c_str(), NAPI_AUTO_LENGTH, call_plan, plan.get(),
                               &function));
    environment.plans.emplace_back(plan.release(), [](void* one) { delete static_cast<Plan*>(one); });
    return function;
  });
}

napi_value return_names(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    int64_t id = to_int64(call.env, call.at(0), "overload_id");
    if (id < 0 || id >= static_cast<int64_t>(call.environment.overloads.size())) {
      throw_value_error("there is no overload with that id");
    }
    const Overload& overload = *call.environment.overloads[id];
    napi_value names;
    check(napi_create_array(call.env, &names));
    check(napi_set_element(call.env, names, 0, from_string(call.env, overload.handle.schema().name())));
    uint32_t count = 1;
    for (const c10::Argument& result : overload.handle.schema().returns()) {
      check(napi_set_element(call.env, names, count++, from_string(call.env, result.name())));
    }
    return names;
  });
}

}  // namespace tstorch
