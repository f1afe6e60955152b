// What LibTorch's autograd engine leaves to the language above it: hooks on the tensors that a forward pass saves, the
// stack traces of anomaly detection, forward-mode levels, and backward passes that start or end at edges of the graph.
#include "engine.h"

#include <ATen/Functions.h>
#include <ATen/SavedTensorHooks.h>
#include <c10/core/AutogradState.h>
#include <torch/csrc/autograd/anomaly_mode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/engine.h>
#include <torch/csrc/autograd/functions/basic_ops.h>
#include <torch/csrc/autograd/graph_task.h>
#include <torch/csrc/autograd/saved_variable_hooks.h>
#include <torch/csrc/autograd/variable.h>

#include <mutex>

#include "callbacks.h"
#include "exports.h"
#include "graph.h"

namespace tstorch {

namespace {

using torch::autograd::Edge;
using torch::autograd::edge_list;
using torch::autograd::Engine;
using torch::autograd::variable_list;

napi_value call_js(Environment& environment, const JsReference& function, const std::vector<napi_value>& arguments) {
  napi_value receiver, result;
  check(napi_get_undefined(environment.env, &receiver));
  check(napi_call_function(environment.env, receiver, function.get(environment.env), arguments.size(),
                           arguments.data(), &result));
  return result;
}

std::shared_ptr<JsReference> function_at(Call& call, size_t index, const char* name) {
  if (call.at(index).kind != kFunction) throw_type_error(std::string("argument '") + name + "' must be a function");
  return std::make_shared<JsReference>(call.environment, call.raw(index));
}

// --- Saved tensors ----------------------------------------------------------------------------------------------------

// What JS gives instead of a tensor that is saved, and how it makes the tensor of it again.
struct HookPair {
  std::shared_ptr<JsReference> pack;
  std::shared_ptr<JsReference> unpack;
};

// The pairs that are in force, the innermost last. Of the thread: so are the modes of JS.
thread_local std::vector<HookPair> saved_tensor_hooks;

class JsSavedVariableHooks final : public torch::autograd::SavedVariableHooks {
 public:
  explicit JsSavedVariableHooks(HookPair hooks) : hooks_(std::move(hooks)) {}

  void call_pack_hook(const at::Tensor& tensor) override {
    hooks_.pack->callbacks().in_js([&](Environment& environment) {
      napi_value result = call_js(environment, *hooks_.pack, {from_tensor(environment, tensor)});
      // Whatever it is, an array can be referred to.
      napi_value holder;
      check(napi_create_array_with_length(environment.env, 1, &holder));
      check(napi_set_element(environment.env, holder, 0, result));
      packed_ = std::make_shared<JsReference>(environment, holder);
    });
  }

  at::Tensor call_unpack_hook() override {
    at::Tensor tensor;
    hooks_.unpack->callbacks().in_js([&](Environment& environment) {
      napi_value packed;
      check(napi_get_element(environment.env, packed_->get(environment.env), 0, &packed));
      napi_value result = call_js(environment, *hooks_.unpack, {packed});
      tensor = to_tensor(environment.env, classify(environment.env, result), "unpack_hook's result");
    });
    return tensor;
  }

 private:
  HookPair hooks_;
  std::shared_ptr<JsReference> packed_;
};

void check_hooks_enabled() {
  const auto& message = at::SavedTensorDefaultHooks::get_disabled_error_message();
  if (message) throw_runtime_error(*message);
}

napi_value push_saved_tensor_hooks(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    HookPair hooks{function_at(call, 0, "pack_hook"), function_at(call, 1, "unpack_hook")};
    check_hooks_enabled();
    saved_tensor_hooks.push_back(std::move(hooks));
    return call.undefined();
  });
}

napi_value pop_saved_tensor_hooks(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (!saved_tensor_hooks.empty()) saved_tensor_hooks.pop_back();
    return call.undefined();
  });
}

// disable_saved_tensor_hooks(message?, force?): what a try to use them says from now on, null where they may be used.
// Returns what it was before.
napi_value disable_saved_tensor_hooks(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::optional<std::string> before = at::SavedTensorDefaultHooks::get_disabled_error_message();
    if (call.given(0)) {
      std::string message = to_string(call.env, call.at(0), "error_message");
      if (!saved_tensor_hooks.empty() && !(call.given(1) && to_bool(call.env, call.at(1), "force"))) {
        throw_runtime_error(message);
      }
      at::SavedTensorDefaultHooks::disable(message, /*fail_if_non_empty=*/false);
    } else {
      at::SavedTensorDefaultHooks::enable();
    }
    if (before) return from_string(call.env, *before);
    return from_tensor(call.environment, at::Tensor());
  });
}

// --- Anomalies --------------------------------------------------------------------------------------------------------

// Of JS: the stack of the call that is being done, and a warning that a step of a backward pass failed.
struct AnomalyFunctions {
  std::shared_ptr<JsReference> stack;
  std::shared_ptr<JsReference> warn;
};
thread_local AnomalyFunctions anomaly_functions;

class JsAnomalyMetadata final : public torch::autograd::AnomalyMetadata {
 public:
  JsAnomalyMetadata() : functions_(anomaly_functions) {}

  void store_stack() override {
    if (!functions_.stack) return;
    functions_.stack->callbacks().in_js([&](Environment& environment) {
      napi_value stack = call_js(environment, *functions_.stack, {});
      stack_ = to_string(environment.env, classify(environment.env, stack), "stack");
    });
  }

  void print_stack(const std::string& name) override {
    if (!functions_.warn) return AnomalyMetadata::print_stack(name);
    functions_.warn->callbacks().in_js([&](Environment& environment) {
      call_js(environment, *functions_.warn,
              {from_string(environment.env, name), from_string(environment.env, stack_)});
    });
    if (parent_) parent_->metadata()->print_stack(parent_->name());
  }

  void assign_parent(const NodePointer& parent) override { parent_ = parent; }

 private:
  AnomalyFunctions functions_;
  std::string stack_;
  NodePointer parent_;
};

napi_value set_anomaly_functions(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    anomaly_functions = {function_at(call, 0, "stack"), function_at(call, 1, "warn")};
    return call.undefined();
  });
}

// --- The engine -------------------------------------------------------------------------------------------------------

class JsEngine final : public Engine {
 public:
  ~JsEngine() override { stop(); }

  static Engine& get() {
    static JsEngine engine;
    return engine;
  }

  std::unique_ptr<torch::autograd::AnomalyMetadata> make_anomaly_metadata() override {
    return std::make_unique<JsAnomalyMetadata>();
  }

  std::unique_ptr<torch::autograd::SavedVariableHooks> get_default_saved_variable_hooks() override {
    if (saved_tensor_hooks.empty() || !at::SavedTensorDefaultHooks::is_enabled()) return nullptr;
    return std::make_unique<JsSavedVariableHooks>(saved_tensor_hooks.back());
  }

 private:
  JsEngine() = default;
};

// --- Edges ------------------------------------------------------------------------------------------------------------

// gradient_edge(tensor): [node, number of its input]
napi_value gradient_edge(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = to_tensor(call.env, call.at(0), "tensor");
    Edge edge = torch::autograd::impl::gradient_edge(tensor);
    if (!edge.function) throw_runtime_error("the tensor has no edge in the graph");
    napi_value pair;
    check(napi_create_array_with_length(call.env, 2, &pair));
    check(napi_set_element(call.env, pair, 0, call.environment.handles.adopt(call.env, new NodeHandle(edge.function))));
    check(napi_set_element(call.env, pair, 1, call.number(edge.input_nr)));
    return pair;
  });
}

// Edges as JS gives them: nodes and input numbers in turns.
edge_list edges_at(Call& call, size_t index, const char* name) {
  std::vector<Value> values = to_list(call.env, call.at(index), name);
  if (values.size() % 2 != 0) throw_type_error("expected nodes and the numbers of their inputs");
  edge_list edges;
  for (size_t i = 0; i < values.size(); i += 2) {
    Handle* handle = handle_of(call.env, values[i].js);
    if (handle == nullptr || handle->kind != HandleKind::kNode) {
      throw_type_error("expected a node of the autograd graph");
    }
    int64_t input = to_int64(call.env, values[i + 1], "output_nr");
    const NodePointer& node = static_cast<NodeHandle*>(handle)->node;
    if (input < 0 || input >= static_cast<int64_t>(node->num_inputs())) {
      throw_runtime_error("the node has no output of that number");
    }
    edges.emplace_back(node, static_cast<uint32_t>(input));
  }
  return edges;
}

// edge_ones(node, input): the gradient that a backward pass from there starts with, which has to be of one element
napi_value edge_ones(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const NodePointer& node = node_at(call, 0).node;
    int64_t input = to_int64(call.env, call.at(1), "output_nr");
    if (input < 0 || input >= static_cast<int64_t>(node->num_inputs())) {
      throw_runtime_error("the node has no output of that number");
    }
    const auto& metadata = node->input_metadata(static_cast<size_t>(input));
    if (metadata.is_nested_tensor()) throw_runtime_error("nested tensors have no gradient by default");
    auto sizes = metadata.shape_as_dim_vector();
    at::Tensor ones = at::ones_symint(c10::SymIntArrayRef(sizes.data(), sizes.size()), metadata.options());
    if (ones.numel() != 1) throw_runtime_error("grad can be implicitly created only for scalar outputs");
    return from_tensor(call.environment, std::move(ones));
  });
}

// run_backward(roots, gradients, inputs, retain_graph, create_graph, accumulate): a backward pass from edges to edges.
napi_value run_backward(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    edge_list roots = edges_at(call, 0, "roots");
    variable_list gradients;
    for (auto& gradient : to_optional_tensors(call.env, call.at(1), "gradients")) {
      gradients.push_back(gradient.value_or(at::Tensor()));
    }
    if (gradients.size() != roots.size()) throw_runtime_error("got another number of gradients than of tensors");
    edge_list inputs = edges_at(call, 2, "inputs");
    bool keep = to_bool(call.env, call.at(3), "retain_graph");
    bool create = to_bool(call.env, call.at(4), "create_graph");
    bool accumulate = to_bool(call.env, call.at(5), "accumulate_grad");
    variable_list results;
    call.environment.callbacks->run([&] {
      results = Engine::get_default_engine().execute(roots, gradients, keep, create, accumulate, inputs);
    });
    return array_of(call.environment, results);
  });
}

// The number of the backward pass that is under way, -1 outside of any.
napi_value current_graph_task(napi_env env, napi_callback_info info) {
  return guarded(env, info,
                 [](Call& call) { return call.number(torch::autograd::get_current_graph_task_id()); });
}

// May a checkpoint of the reentrant kind run its own backward pass within the one that is under way?
napi_value is_checkpoint_valid(napi_env env, napi_callback_info info) {
  return guarded(env, info,
                 [](Call& call) { return call.boolean(Engine::get_default_engine().is_checkpoint_valid()); });
}

// Will the backward pass that is under way do this step?
napi_value will_execute(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const NodePointer& node = node_at(call, 0).node;
    const auto* nodes = torch::autograd::get_current_graph_task_nodes_in_graph();
    if (nodes == nullptr) throw_runtime_error("_will_engine_execute_node should only be called during the backward pass");
    const auto* infos = torch::autograd::get_current_graph_task_exec_info();
    bool executes;
    if (infos == nullptr || infos->empty()) {
      executes = nodes->contains(&*node);
    } else {
      auto it = infos->find(&*node);
      executes = it != infos->end() && it->second.should_execute();
    }
    return call.boolean(executes);
  });
}

// --- Forward mode and versions ------------------------------------------------------------------------------------------

napi_value enter_dual_level(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.number(static_cast<double>(torch::autograd::forward_ad::enter_dual_level()));
  });
}

napi_value exit_dual_level(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    torch::autograd::forward_ad::exit_dual_level(static_cast<uint64_t>(to_int64(call.env, call.at(0), "level")));
    return call.undefined();
  });
}

// fwd_grad_enabled(enabled?): whether forward-mode derivatives are computed, before the call
napi_value fwd_grad_enabled(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::AutogradState& state = c10::AutogradState::get_tls_state();
    bool before = state.get_fw_grad_mode();
    if (call.given(0)) state.set_fw_grad_mode(to_bool(call.env, call.at(0), "mode"));
    return call.boolean(before);
  });
}

napi_value bump_version(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    torch::autograd::impl::bump_version(to_tensor(call.env, call.at(0), "tensor"));
    return call.undefined();
  });
}

}  // namespace

void install_autograd_engine() {
  static std::once_flag once;
  std::call_once(once, [] { torch::autograd::set_default_engine_stub(&JsEngine::get); });
}

const std::vector<Export>& engine_exports() {
  static const std::vector<Export> exports = {
      {"push_saved_tensor_hooks", push_saved_tensor_hooks},
      {"pop_saved_tensor_hooks", pop_saved_tensor_hooks},
      {"disable_saved_tensor_hooks", disable_saved_tensor_hooks},
      {"set_anomaly_functions", set_anomaly_functions},
      {"gradient_edge", gradient_edge},
      {"edge_ones", edge_ones},
      {"run_backward", run_backward},
      {"current_graph_task", current_graph_task},
      {"is_checkpoint_valid", is_checkpoint_valid},
      {"will_execute", will_execute},
      {"enter_dual_level", enter_dual_level},
      {"exit_dual_level", exit_dual_level},
      {"fwd_grad_enabled", fwd_grad_enabled},
      {"bump_version", bump_version},
  };
  return exports;
}

}  // namespace tstorch
