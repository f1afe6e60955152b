// Entry points of the autograd engine, gradients, and the modes that switch recording on and off.
#include <ATen/FuncTorchTLS.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/csrc/autograd/variable.h>

#include <sstream>

#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

const at::Tensor& tensor_at(Call& call, size_t index, const char* name = "input") {
  return to_tensor(call.env, call.at(index), name);
}

std::vector<at::Tensor> tensors_or_none(Call& call, size_t index, const char* name) {
  return call.given(index) ? to_tensors(call.env, call.at(index), name) : std::vector<at::Tensor>{};
}

// Gradients as the engine wants them: an undefined tensor stands for null.
std::vector<at::Tensor> gradients_or_none(Call& call, size_t index, const char* name) {
  std::vector<at::Tensor> gradients;
  if (!call.given(index)) return gradients;
  for (auto& gradient : to_optional_tensors(call.env, call.at(index), name)) {
    gradients.push_back(gradient.value_or(at::Tensor()));
  }
  return gradients;
}

std::optional<bool> optional_bool(Call& call, size_t index, const char* name) {
  if (!call.given(index)) return std::nullopt;
  return to_bool(call.env, call.at(index), name);
}

// What Python's layer checks of the gradients that a backward pass starts from; LibTorch's own messages differ.
void check_gradients(const std::vector<at::Tensor>& outputs, const std::vector<at::Tensor>& gradients) {
  for (size_t i = 0; i < outputs.size() && (gradients.empty() || i < gradients.size()); ++i) {
    const at::Tensor& output = outputs[i];
    if (!gradients.empty() && gradients[i].defined()) {
      if (gradients[i].sizes().equals(output.sizes())) continue;
      std::ostringstream text;
      text << "Mismatch in shape: grad_output[" << i << "] has a shape of torch.Size(" << gradients[i].sizes()
           << ") and output[" << i << "] has a shape of torch.Size(" << output.sizes() << ").";
      throw_runtime_error(text.str());
    }
    if (!output.requires_grad()) continue;  // LibTorch has the message for that
    if (output.numel() != 1) throw_runtime_error("grad can be implicitly created only for scalar outputs");
    if (!c10::isFloatingType(output.scalar_type())) {
      throw_runtime_error("grad can be implicitly created only for real scalar outputs but got torch." +
                          std::string(c10::getDtypeNames(output.scalar_type()).first));
    }
  }
}

// backward(tensors, gradients?, retain_graph?, create_graph, inputs?)
napi_value backward(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::vector<at::Tensor> tensors = to_tensors(call.env, call.at(0), "tensors");
    std::vector<at::Tensor> gradients = gradients_or_none(call, 1, "grad_tensors");
    check_gradients(tensors, gradients);
    std::optional<bool> retain_graph = optional_bool(call, 2, "retain_graph");
    bool create_graph = to_bool(call.env, call.at(3), "create_graph");
    std::vector<at::Tensor> inputs = tensors_or_none(call, 4, "inputs");
    call.environment.callbacks->run(
        [&] { torch::autograd::backward(tensors, gradients, retain_graph, create_graph, inputs); });
    return call.undefined();
  });
}

// gradients(outputs, inputs, grad_outputs?, retain_graph?, create_graph, allow_unused)
napi_value gradients(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::vector<at::Tensor> outputs = to_tensors(call.env, call.at(0), "outputs");
    std::vector<at::Tensor> inputs = to_tensors(call.env, call.at(1), "inputs");
    std::vector<at::Tensor> grad_outputs = gradients_or_none(call, 2, "grad_outputs");
    bool allow_unused = to_bool(call.env, call.at(5), "allow_unused");
    if (inputs.empty()) throw_runtime_error("`inputs` argument to `grad()` cannot be empty.");
    for (const at::Tensor& input : inputs) {
      if (!input.requires_grad()) throw_runtime_error("One of the differentiated Tensors does not require grad");
    }
    check_gradients(outputs, grad_outputs);
    std::optional<bool> retain_graph = optional_bool(call, 3, "retain_graph");
    bool create_graph = to_bool(call.env, call.at(4), "create_graph");
    std::vector<at::Tensor> results;
    call.environment.callbacks->run([&] {
      results = torch::autograd::grad(outputs, inputs, grad_outputs, retain_graph, create_graph, /*allow_unused=*/true);
    });
    napi_value list;
    check(napi_create_array_with_length(call.env, results.size(), &list));
    for (size_t i = 0; i < results.size(); ++i) {
      if (!allow_unused && !results[i].defined()) {
        throw_runtime_error("The differentiated Tensor at index " + std::to_string(i) +
                            " appears to not have been used in the graph. Set allow_unused=True if this is the desired "
                            "behavior.");
      }
      check(napi_set_element(call.env, list, i, from_tensor(call.environment, std::move(results[i]))));
    }
    return list;
  });
}

napi_value requires_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.boolean(tensor_at(call, 0).requires_grad()); });
}

napi_value set_requires_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    bool requires_grad = to_bool(call.env, call.at(1), "requires_grad");
    const auto& transforms = at::functorch::functorchTLSAccessor();
    if (transforms) transforms->checkSupportsInplaceRequiresGrad();
    if (!tensor.is_leaf() && !requires_grad) {
      throw_runtime_error(
          "you can only change requires_grad flags of leaf variables. If you want to use a computed variable in a "
          "subgraph that doesn't require differentiation use var_no_grad = var.detach().");
    }
    if (requires_grad && !c10::isFloatingType(tensor.scalar_type()) && !c10::isComplexType(tensor.scalar_type())) {
      throw_runtime_error("only Tensors of floating point dtype can require gradients");
    }
    tensor.set_requires_grad(requires_grad);
    return call.undefined();
  });
}

napi_value is_leaf(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.boolean(tensor_at(call, 0).is_leaf()); });
}

// grad(tensor, known?): the gradient, as the very external `known` when that is the same tensor.
napi_value grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& gradient = tensor_at(call, 0).grad();
    Value known = call.at(1);
    if (known.kind == kTensor && !known.handle->disposed &&
        static_cast<TensorHandle*>(known.handle)->tensor.is_same(gradient)) {
      return known.js;
    }
    return from_tensor(call.environment, gradient);
  });
}

napi_value set_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    if (!call.given(1)) {
      tensor.mutable_grad().reset();
      return call.undefined();
    }
    const at::Tensor& gradient = tensor_at(call, 1, "grad");
    if (gradient.is_same(tensor)) throw_runtime_error("can't assign Variable as its own grad");
    if (gradient.scalar_type() != tensor.scalar_type()) {
      throw_runtime_error(std::string("attempting to assign a gradient with dtype '") +
                          c10::toString(gradient.scalar_type()) + "' to a tensor with grad_dtype '" +
                          c10::toString(tensor.scalar_type()) +
                          "'. The gradient must match the tensor's grad_dtype (defaults to the tensor's dtype).");
    }
    if (gradient.device() != tensor.device()) {
      throw_runtime_error("attempting to assign a gradient with device '" + gradient.device().str() +
                          "' to a tensor with device '" + tensor.device().str() +
                          "'. Please ensure that the gradient and the tensor are on the same device");
    }
    if (!gradient.sizes().equals(tensor.sizes())) {
      std::ostringstream text;
      text << "attempting to assign a gradient of size '" << gradient.sizes() << "' to a tensor of size '"
           << tensor.sizes() << "'. Please ensure that the gradient and the tensor are the same size";
      throw_runtime_error(text.str());
    }
    tensor.mutable_grad() = gradient;
    return call.undefined();
  });
}

// The dtype that gradients of the tensor have to have, as its number; null where any will do.
napi_value grad_dtype(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    std::optional<c10::ScalarType> dtype = tensor_at(call, 0).grad_dtype();
    if (!dtype) return from_tensor(call.environment, {});
    return call.number(static_cast<int>(*dtype));
  });
}

napi_value set_grad_dtype(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    if (!tensor.is_leaf()) throw_runtime_error("grad_dtype can only be set on leaf tensors.");
    std::optional<c10::ScalarType> dtype;
    if (call.given(1)) dtype = to_dtype(call.env, call.at(1), "grad_dtype");
    if (dtype && tensor.grad().defined() && tensor.grad().scalar_type() != *dtype) {
      throw_runtime_error(
          std::string("Cannot set grad_dtype to '") + c10::toString(*dtype) +
          "' because there is already a gradient assigned to the tensor with dtype '" +
          c10::toString(tensor.grad().scalar_type()) + "'. Clear the gradient (e.g., `tensor.grad = null`) first.");
    }
    tensor.set_grad_dtype(dtype);
    return call.undefined();
  });
}

// clear_grads(tensors, set_to_none): what optimizer.zero_grad() does, in one crossing.
napi_value clear_grads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    bool set_to_none = to_bool(call.env, call.at(1), "set_to_none");
    for (const at::Tensor& tensor : to_tensors(call.env, call.at(0), "tensors")) {
      at::Tensor& gradient = tensor.mutable_grad();
      if (!gradient.defined()) continue;
      if (set_to_none) {
        gradient.reset();
      } else {
        if (gradient.grad_fn()) {
          gradient.detach_();
        } else {
          gradient.set_requires_grad(false);
        }
        gradient.zero_();
      }
    }
    return call.undefined();
  });
}

// collect_grads(tensors): those of the tensors that have a gradient and the gradients, as two lists kept in C++, with
// the positions of the tensors: [positions, tensors, gradients, any_sparse]. An optimizer's step needs no more.
napi_value collect_grads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::vector<at::Tensor> with, grads;
    std::vector<int64_t> positions;
    bool sparse = false;
    std::vector<at::Tensor> tensors = to_tensors(call.env, call.at(0), "tensors");
    for (size_t i = 0; i < tensors.size(); ++i) {
      const at::Tensor& gradient = tensors[i].grad();
      if (!gradient.defined()) continue;
      sparse = sparse || gradient.is_sparse();
      positions.push_back(static_cast<int64_t>(i));
      with.push_back(tensors[i]);
      grads.push_back(gradient);
    }
    napi_value result;
    HandleTable& handles = call.environment.handles;
    check(napi_create_array_with_length(call.env, 4, &result));
    check(napi_set_element(call.env, result, 0, from_sizes(call.env, positions)));
    check(napi_set_element(call.env, result, 1, handles.adopt(call.env, new TensorListHandle(std::move(with)))));
    check(napi_set_element(call.env, result, 2, handles.adopt(call.env, new TensorListHandle(std::move(grads)))));
    check(napi_set_element(call.env, result, 3, call.boolean(sparse)));
    return result;
  });
}

napi_value retain_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const auto& transforms = at::functorch::functorchTLSAccessor();
    if (transforms) transforms->checkSupportsRetainGrad();
    tensor_at(call, 0).retain_grad();
    return call.undefined();
  });
}

napi_value retains_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.boolean(tensor_at(call, 0).retains_grad()); });
}

napi_value is_grad_enabled(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.boolean(c10::GradMode::is_enabled()); });
}

napi_value set_grad_enabled(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::GradMode::set_enabled(to_bool(call.env, call.at(0), "mode"));
    return call.undefined();
  });
}

napi_value is_inference_mode(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.boolean(c10::InferenceMode::is_enabled()); });
}

// LibTorch's guard restores the mode when it is destroyed, so the modes that are on are a stack of guards.
thread_local std::vector<std::unique_ptr<c10::InferenceMode>> inference_modes;

napi_value enter_inference_mode(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    inference_modes.push_back(std::make_unique<c10::InferenceMode>(to_bool(call.env, call.at(0), "mode")));
    return call.undefined();
  });
}

napi_value exit_inference_mode(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (!inference_modes.empty()) inference_modes.pop_back();
    return call.undefined();
  });
}

napi_value is_inference(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.boolean(tensor_at(call, 0).is_inference()); });
}

}  // namespace

const std::vector<Export>& autograd_exports() {
  static const std::vector<Export> exports = {
      {"backward", backward},
      {"gradients", gradients},
      {"requires_grad", requires_grad},
      {"set_requires_grad", set_requires_grad},
      {"is_leaf", is_leaf},
      {"grad", grad},
      {"set_grad", set_grad},
      {"grad_dtype", grad_dtype},
      {"set_grad_dtype", set_grad_dtype},
      {"clear_grads", clear_grads},
      {"collect_grads", collect_grads},
      {"retain_grad", retain_grad},
      {"retains_grad", retains_grad},
      {"is_grad_enabled", is_grad_enabled},
      {"set_grad_enabled", set_grad_enabled},
      {"is_inference_mode", is_inference_mode},
      {"enter_inference_mode", enter_inference_mode},
      {"exit_inference_mode", exit_inference_mode},
      {"is_inference", is_inference},
  };
  return exports;
}

}  // namespace tstorch
