// The graph that autograd records: its nodes, and the JS functions that are called while a backward pass goes through.
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/functions/accumulate_grad.h>
#include <torch/csrc/autograd/variable.h>

#include <algorithm>

#include "call.h"
#include "callbacks.h"
#include "exports.h"
#include "graph.h"

namespace tstorch {

namespace {

using torch::autograd::variable_list;

// Where a hook's function is until the hook is removed.
struct HookSlot {
  std::shared_ptr<JsReference> function;
};

struct HookHandle final : Handle {
  explicit HookHandle(std::weak_ptr<HookSlot> slot) : Handle(HandleKind::kOther), slot(std::move(slot)) {}
  std::weak_ptr<HookSlot> slot;
};

const at::Tensor& tensor_at(Call& call, size_t index, const char* name = "input") {
  return to_tensor(call.env, call.at(index), name);
}

std::shared_ptr<HookSlot> slot_at(Call& call, size_t index) {
  if (call.at(index).kind != kFunction) throw_type_error("argument 'hook' must be a function");
  auto slot = std::make_shared<HookSlot>();
  slot->function = std::make_shared<JsReference>(call.environment, call.raw(index));
  return slot;
}

napi_value handle_for(Call& call, const std::shared_ptr<HookSlot>& slot) {
  return call.environment.handles.adopt(call.env, new HookHandle(slot));
}

// Calls the hook, if it is still there, with what `arguments` makes; `take` reads the result unless it is undefined.
void call_hook(const std::shared_ptr<HookSlot>& slot,
               const std::function<std::vector<napi_value>(Environment&)>& arguments,
               const std::function<void(napi_env, const Value&)>& take) {
  std::shared_ptr<JsReference> function = slot->function;
  if (!function) return;
  function->callbacks().in_js([&](Environment& environment) {
    napi_env env = environment.env;
    napi_value receiver, result;
    check(napi_get_undefined(env, &receiver));
    std::vector<napi_value> values = arguments(environment);
    check(napi_call_function(env, receiver, function->get(env), values.size(), values.data(), &result));
    Value value = classify(env, result);
    if (value.kind != kUndefined) take(env, value);
  });
}

void take_list(napi_env env, const Value& value, variable_list& list) {
  std::vector<std::optional<at::Tensor>> given = to_optional_tensors(env, value, "hook's result");
  if (given.size() != list.size()) throw_runtime_error("a hook has returned an incorrect number of values");
  for (size_t i = 0; i < list.size(); ++i) list[i] = given[i].value_or(at::Tensor());
}

class NodePreHook final : public torch::autograd::FunctionPreHook {
 public:
  explicit NodePreHook(std::shared_ptr<HookSlot> slot) : slot_(std::move(slot)) {}
  variable_list operator()(const variable_list& gradients) override {
    variable_list results = gradients;
    call_hook(
        slot_,
        [&](Environment& environment) { return std::vector<napi_value>{array_of(environment, gradients)}; },
        [&](napi_env env, const Value& value) { take_list(env, value, results); });
    return results;
  }

 private:
  std::shared_ptr<HookSlot> slot_;
};

class NodePostHook final : public torch::autograd::FunctionPostHook {
 public:
  explicit NodePostHook(std::shared_ptr<HookSlot> slot) : slot_(std::move(slot)) {}
  variable_list operator()(const variable_list& grad_inputs, const variable_list& grad_outputs) override {
    variable_list results = grad_inputs;
    call_hook(
        slot_,
        [&](Environment& environment) {
          return std::vector<napi_value>{array_of(environment, grad_inputs), array_of(environment, grad_outputs)};
        },
        [&](napi_env env, const Value& value) { take_list(env, value, results); });
    return results;
  }

 private:
  std::shared_ptr<HookSlot> slot_;
};

// LibTorch has room for one of these on a tensor.
class PostAccumulateHooks final : public torch::autograd::PostAccumulateGradHook {
 public:
  void operator()(const at::Tensor& tensor) override {
    // A hook may add or remove others: go through a copy.
    std::vector<std::shared_ptr<HookSlot>> slots = slots_;
    for (const auto& slot : slots) {
      call_hook(
          slot, [&](Environment& environment) { return std::vector<napi_value>{from_tensor(environment, tensor)}; },
          [](napi_env, const Value&) {});
    }
  }
  void add(std::shared_ptr<HookSlot> slot) {
    std::erase_if(slots_, [](const auto& one) { return !one->function; });
    slots_.push_back(std::move(slot));
  }

 private:
  std::vector<std::shared_ptr<HookSlot>> slots_;
};

// register_tensor_hook(tensor, hook): `hook` takes the gradient and gives another, or undefined.
napi_value register_tensor_hook(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    if (!tensor.requires_grad()) throw_runtime_error("cannot register a hook on a tensor that doesn't require gradient");
    std::shared_ptr<HookSlot> slot = slot_at(call, 1);
    tensor.register_hook([slot](at::Tensor gradient) -> at::Tensor {
      at::Tensor result;
      call_hook(
          slot,
          [&](Environment& environment) {
            return std::vector<napi_value>{from_tensor(environment, gradient)};
          },
          [&](napi_env env, const Value& value) { result = to_tensor(env, value, "hook's result"); });
      return result;
    });
    return handle_for(call, slot);
  });
}

// register_post_accumulate_hook(tensor, hook): `hook` takes the tensor when its gradient has been added up.
napi_value register_post_accumulate_hook(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    if (!tensor.requires_grad()) throw_runtime_error("cannot register a hook on a tensor that doesn't require gradient");
    if (tensor.grad_fn()) {
      throw_runtime_error("post accumulate grad hooks cannot be registered on non-leaf tensors");
    }
    std::shared_ptr<HookSlot> slot = slot_at(call, 1);
    std::unique_ptr<torch::autograd::PostAccumulateGradHook>& there =
        torch::autograd::impl::post_acc_grad_hooks(tensor);
    auto* hooks = dynamic_cast<PostAccumulateHooks*>(there.get());
    if (hooks == nullptr) {
      auto made = std::make_unique<PostAccumulateHooks>();
      hooks = made.get();
      torch::autograd::impl::set_post_acc_grad_hooks(tensor, std::move(made));
    }
    hooks->add(slot);
    return handle_for(call, slot);
  });
}

napi_value remove_hook(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Handle* handle = call.count() > 0 ? handle_of(call.env, call.raw(0)) : nullptr;
    auto* hook = dynamic_cast<HookHandle*>(handle);
    if (hook == nullptr) throw_type_error("expected a hook");
    if (std::shared_ptr<HookSlot> slot = hook->slot.lock()) slot->function.reset();
    return call.undefined();
  });
}

napi_value grad_fn(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    NodePointer node = tensor_at(call, 0).grad_fn();
    if (!node) return from_tensor(call.environment, at::Tensor());
    return call.environment.handles.adopt(call.env, new NodeHandle(std::move(node)));
  });
}

napi_value node_name(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_string(call.env, node_at(call, 0).node->name()); });
}

// node_next(node): [[node or null, input number], …]
napi_value node_next(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    napi_value list;
    check(napi_create_array(call.env, &list));
    uint32_t count = 0;
    for (const torch::autograd::Edge& edge : node_at(call, 0).node->next_edges()) {
      napi_value pair, node;
      check(napi_create_array_with_length(call.env, 2, &pair));
      if (!edge.function) {
        check(napi_get_null(call.env, &node));
      } else {
        node = call.environment.handles.adopt(call.env, new NodeHandle(edge.function));
      }
      check(napi_set_element(call.env, pair, 0, node));
      check(napi_set_element(call.env, pair, 1, call.number(edge.input_nr)));
      check(napi_set_element(call.env, list, count++, pair));
    }
    return list;
  });
}

// register_node_hook(node, hook): `hook` takes the gradients that the node gave and those that it was given, each a
// tensor or null, and gives an array to stand for the former, or undefined.
napi_value register_node_hook(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::shared_ptr<HookSlot> slot = slot_at(call, 1);
    node_at(call, 0).node->add_post_hook(std::make_unique<NodePostHook>(slot));
    return handle_for(call, slot);
  });
}

// register_node_prehook(node, hook): `hook` takes the gradients that the node is given, and may give others.
napi_value register_node_prehook(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::shared_ptr<HookSlot> slot = slot_at(call, 1);
    node_at(call, 0).node->add_pre_hook(std::make_unique<NodePreHook>(slot));
    return handle_for(call, slot);
  });
}

// The leaf that a node adds gradients up in, or null.
napi_value node_variable(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    auto* accumulate = dynamic_cast<torch::autograd::AccumulateGrad*>(&*node_at(call, 0).node);
    return from_tensor(call.environment, accumulate == nullptr ? at::Tensor() : accumulate->variable);
  });
}

// Two handles are of the same node exactly if this is the same for both.
napi_value node_key(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.number(static_cast<double>(reinterpret_cast<uintptr_t>(&*node_at(call, 0).node)));
  });
}

napi_value node_sequence_nr(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.number(static_cast<double>(node_at(call, 0).node->sequence_nr()));
  });
}

}  // namespace

napi_value array_of(Environment& environment, const variable_list& tensors) {
  napi_value list;
  check(napi_create_array_with_length(environment.env, tensors.size(), &list));
  for (size_t i = 0; i < tensors.size(); ++i) {
    check(napi_set_element(environment.env, list, i, from_tensor(environment, tensors[i])));
  }
  return list;
}

const std::vector<Export>& graph_exports() {
  static const std::vector<Export> exports = {
      {"grad_fn", grad_fn},
      {"node_name", node_name},
      {"node_next", node_next},
      {"node_variable", node_variable},
      {"node_key", node_key},
      {"node_sequence_nr", node_sequence_nr},
      {"register_node_hook", register_node_hook},
      {"register_node_prehook", register_node_prehook},
      {"register_tensor_hook", register_tensor_hook},
      {"register_post_accumulate_hook", register_post_accumulate_hook},
      {"remove_hook", remove_hook},
  };
  return exports;
}

}  // namespace tstorch
