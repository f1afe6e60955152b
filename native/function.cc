// Steps of the graph whose forward and backward are written in JS: what torch.autograd.Function is made of.
//
// The node owns the state, and the state the JS function that computes the backward. That function closes over the
// context of the call (`ctx`), which holds the state weakly: no cycle goes through C++, so that plain reference counting
// frees a graph, and the tensors saved in it, as soon as nobody can go back through it.
#include <ATen/FuncTorchTLS.h>
#include <c10/core/DeviceGuard.h>
#include <c10/core/GradMode.h>
#include <torch/csrc/autograd/custom_function.h>
#include <torch/csrc/autograd/functions/basic_ops.h>
#include <torch/csrc/autograd/functions/utils.h>
#include <torch/csrc/autograd/saved_variable.h>
#include <torch/csrc/autograd/variable.h>
#include <torch/csrc/autograd/variable_info.h>

#include <unordered_set>

#include "callbacks.h"
#include "exports.h"
#include "graph.h"

namespace tstorch {

namespace {

using torch::autograd::SavedVariable;
using torch::autograd::Variable;
using torch::autograd::variable_list;

struct FunctionState {
  torch::autograd::Node* node = nullptr;  // null when it is gone
  std::shared_ptr<JsReference> backward;
  std::vector<SavedVariable> saved;
  std::vector<torch::autograd::VariableInfo> outputs;
  bool materialize = true;
  bool freed = false;
};

class FunctionNode final : public torch::autograd::Node {
 public:
  FunctionNode(std::string name, std::shared_ptr<FunctionState> state)
      : name_(std::move(name)), state_(std::move(state)) {
    state_->node = this;
  }
  ~FunctionNode() override { state_->node = nullptr; }

  std::string name() const override { return name_; }
  const JsReference& backward() const { return *state_->backward; }

  variable_list apply(variable_list&& gradients) override {
    std::shared_ptr<FunctionState> state = state_;
    at::OptionalDeviceGuard guard;
    for (size_t i = 0; i < gradients.size() && i < state->outputs.size(); ++i) {
      if (!gradients[i].defined() && state->materialize) gradients[i] = state->outputs[i].zeros(guard);
    }
    variable_list results;
    state->backward->callbacks().in_js([&](Environment& environment) {
      napi_env env = environment.env;
      napi_value receiver, result;
      check(napi_get_undefined(env, &receiver));
      napi_value argument = array_of(environment, gradients);
      check(napi_call_function(env, receiver, state->backward->get(env), 1, &argument, &result));
      for (auto& one : to_optional_tensors(env, classify(env, result), "backward's result")) {
        results.push_back(one.value_or(at::Tensor()));
      }
      if (results.size() != num_outputs()) throw_runtime_error("backward gave another number of gradients than expected");
    });
    return results;
  }

  void release_variables() override {
    state_->saved.clear();
    state_->freed = true;
  }

 private:
  std::string name_;
  std::shared_ptr<FunctionState> state_;
};

// What JS holds of one call: the node until the forward has been done, then no more than the way to its state.
struct FunctionHandle final : Handle {
  FunctionHandle() : Handle(HandleKind::kOther) {}
  NodePointer node;
  std::weak_ptr<FunctionState> state;
  variable_list inputs;
  bool recorded = false;
};

FunctionHandle& function_at(Call& call, size_t index) {
  Handle* handle = index < call.count() ? handle_of(call.env, call.raw(index)) : nullptr;
  auto* function = dynamic_cast<FunctionHandle*>(handle);
  if (function == nullptr) throw_type_error("expected a call of an autograd function");
  return *function;
}

// function_begin(name, inputs, backward): [call, is it recorded]. `backward` takes the gradients of the outputs and gives
// those of the inputs, as arrays.
napi_value function_begin(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (call.at(2).kind != kFunction) throw_type_error("argument 'backward' must be a function");
    auto state = std::make_shared<FunctionState>();
    auto handle = std::make_unique<FunctionHandle>();
    handle->inputs = to_tensors(call.env, call.at(1), "inputs");
    handle->recorded = c10::GradMode::is_enabled() && torch::autograd::any_variable_requires_grad(handle->inputs);
    state->backward = std::make_shared<JsReference>(call.environment, call.raw(2));
    auto [node, plain] = make_node<FunctionNode>(to_string(call.env, call.at(0), "name"), state);
    if (handle->recorded) plain->set_next_edges(torch::autograd::collect_next_edges(handle->inputs));
    handle->node = std::move(node);
    handle->state = state;
    bool recorded = handle->recorded;
    napi_value pair;
    check(napi_create_array_with_length(call.env, 2, &pair));
    check(napi_set_element(call.env, pair, 0, call.environment.handles.adopt(call.env, handle.release())));
    check(napi_set_element(call.env, pair, 1, call.boolean(recorded)));
    return pair;
  });
}

std::unordered_set<at::TensorImpl*> implementations(Call& call, size_t index, const char* name) {
  std::unordered_set<at::TensorImpl*> set;
  for (const at::Tensor& tensor : to_tensors(call.env, call.at(index), name)) set.insert(tensor.unsafeGetTensorImpl());
  return set;
}

// The outputs as steps of the graph. From version 2.14 on LibTorch also tells which node it attached.
template <typename Pointer>
auto wrap_outputs(const Pointer& node, const torch::autograd::_jvp_fn_t& jvp, const variable_list& inputs,
                  const std::unordered_set<at::TensorImpl*>& constant, const std::unordered_set<at::TensorImpl*>& dirty,
                  const std::vector<std::optional<Variable>>& raw, const std::unordered_set<at::TensorImpl*>& saved) {
  const torch::autograd::_view_as_self_fn_t view_as_self = [](const at::Tensor& tensor) { return tensor.view_as(tensor); };
  if constexpr (requires { torch::autograd::_wrap_outputs(inputs, constant, dirty, raw, node, jvp, saved, view_as_self, false); }) {
    return torch::autograd::_wrap_outputs(inputs, constant, dirty, raw, node, jvp, saved, view_as_self, false);
  } else {
    Pointer attached;
    return torch::autograd::_wrap_outputs(inputs, constant, dirty, raw, node, jvp, saved, view_as_self, false, attached);
  }
}

// function_end(call, outputs, dirty, non_differentiable, saved, saved_outputs, materialize, jvp?): the outputs as steps
// of the graph. Each is null where it is no tensor, true where the tensor that was given has become the output.
// `saved_outputs` tells that what is saved was looked at after the forward (setup_context).
napi_value function_end(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    FunctionHandle& handle = function_at(call, 0);
    if (!handle.node) throw_runtime_error("the call of an autograd function has ended");
    std::shared_ptr<FunctionState> state = handle.state.lock();
    NodePointer node = std::move(handle.node);
    variable_list inputs = std::move(handle.inputs);
    handle.node = NodePointer();

    std::vector<std::optional<Variable>> raw = to_optional_tensors(call.env, call.at(1), "outputs");
    std::unordered_set<at::TensorImpl*> dirty = implementations(call, 2, "dirty tensors");
    for (const at::Tensor& tensor : to_tensors(call.env, call.at(2), "dirty tensors")) {
      torch::autograd::impl::bump_version(tensor);
    }
    std::unordered_set<at::TensorImpl*> constant = implementations(call, 3, "non-differentiable tensors");
    std::vector<std::optional<at::Tensor>> to_save = to_optional_tensors(call.env, call.at(4), "saved tensors");
    std::unordered_set<at::TensorImpl*> saved_outputs;
    if (to_bool(call.env, call.at(5), "saved_outputs")) {
      for (const auto& tensor : to_save) {
        if (tensor && tensor->defined()) saved_outputs.insert(tensor->unsafeGetTensorImpl());
      }
    }
    state->materialize = to_bool(call.env, call.at(6), "materialize_grads");

    torch::autograd::_jvp_fn_t jvp = [](variable_list, variable_list) -> variable_list {
      throw JsError{ErrorClass::kNotImplemented,
                    "You must implement the jvp function for custom autograd.Function to use it with forward mode AD."};
    };
    if (call.given(7)) {
      if (call.at(7).kind != kFunction) throw_type_error("argument 'jvp' must be a function");
      napi_value function = call.raw(7);
      jvp = [&call, function](const variable_list&, const variable_list& tangents) {
        napi_value receiver, result;
        napi_value argument = array_of(call.environment, tangents);
        check(napi_get_undefined(call.env, &receiver));
        check(napi_call_function(call.env, receiver, function, 1, &argument, &result));
        variable_list results;
        for (auto& one : to_optional_tensors(call.env, classify(call.env, result), "jvp's result")) {
          results.push_back(one.value_or(at::Tensor()));
        }
        return results;
      };
    }
    NodePointer attached = handle.recorded ? node : NodePointer();
    auto wrapped = wrap_outputs(attached, jvp, inputs, constant, dirty, raw, saved_outputs);
    napi_value list;
    check(napi_create_array_with_length(call.env, wrapped.size(), &list));
    for (size_t i = 0; i < wrapped.size(); ++i) {
      bool tensor = wrapped[i] && wrapped[i]->defined();
      if (handle.recorded) {
        if (tensor) {
          state->outputs.emplace_back(*wrapped[i]);
        } else {
          state->outputs.emplace_back();
        }
      }
      napi_value one;
      if (!tensor) {
        check(napi_get_null(call.env, &one));
      } else if (raw[i] && wrapped[i]->is_same(*raw[i])) {
        one = call.boolean(true);
      } else {
        one = from_tensor(call.environment, *wrapped[i]);
      }
      check(napi_set_element(call.env, list, i, one));
    }
    if (handle.recorded) {
      for (const auto& tensor : to_save) {
        if (!tensor || !tensor->defined()) {
          state->saved.emplace_back();
        } else {
          bool is_output = tensor->grad_fn().get() == node.get();
          state->saved.emplace_back(*tensor, is_output);
        }
      }
    }
    return list;
  });
}

// function_saved(call): the tensors that were saved, null where there was none
napi_value function_saved(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::shared_ptr<FunctionState> state = function_at(call, 0).state.lock();
    variable_list tensors;
    if (state && state->freed) throw_runtime_error(torch::autograd::ERR_BACKWARD_TWICE);
    if (state && state->node != nullptr) {
      NodePointer node = state->node->getptr();
      for (const SavedVariable& saved : state->saved) tensors.push_back(saved.unpack(node));
    }
    return array_of(call.environment, tensors);
  });
}

// function_backward(node): the function that `function_begin` was given, undefined for other nodes
napi_value function_backward(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    auto* node = dynamic_cast<const FunctionNode*>(&*node_at(call, 0).node);
    return node == nullptr ? call.undefined() : node->backward().get(call.env);
  });
}

// delayed_error(message, tensors): the tensors, as outputs of a step whose backward fails
napi_value delayed_error(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::string message = to_string(call.env, call.at(0), "message");
    variable_list tensors;
    for (auto& tensor : to_optional_tensors(call.env, call.at(1), "tensors")) {
      tensors.push_back(tensor.value_or(at::Tensor()));
    }
    auto [node, plain] = make_node<torch::autograd::DelayedError>(message, static_cast<int64_t>(tensors.size()));
    return array_of(call.environment, plain->apply(std::move(tensors)));
  });
}

// undefined_grad(tensor): the tensor, as the output of a step that hands no gradient on
napi_value undefined_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    auto [node, plain] = make_node<torch::autograd::UndefinedGrad>();
    return array_of(call.environment, plain->apply({to_tensor(call.env, call.at(0), "tensor")}));
  });
}

}  // namespace

const std::vector<Export>& function_exports() {
  static const std::vector<Export> exports = {
      {"function_begin", function_begin},
      {"function_end", function_end},
      {"function_saved", function_saved},
      {"function_backward", function_backward},
      {"delayed_error", delayed_error},
      {"undefined_grad", undefined_grad},
  };
  return exports;
}

}  // namespace tstorch
