// The stack of transforms behind torch.func: gradients, forward-mode derivatives, and batches.
#include <ATen/FuncTorchTLS.h>
#include <ATen/Functions.h>
#include <ATen/functorch/BatchedTensorImpl.h>
#include <ATen/functorch/DynamicLayer.h>
#include <ATen/functorch/TensorWrapper.h>
#include <c10/core/AutogradState.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <c10/core/WrapDimMinimal.h>
#include <c10/core/impl/LocalDispatchKeySet.h>

#include <type_traits>

#include "exports.h"

namespace tstorch {

namespace {

using at::functorch::TransformType;

// LibTorch restores the inference mode from version 2.12 on: the last argument is not there before.
template <typename Push>
int64_t push_layer(Push push, TransformType type, std::optional<bool> grad_mode, std::optional<bool> forward_grad_mode) {
  using Size = std::optional<c10::SymInt>;
  using Randomness = std::optional<at::functorch::RandomnessType>;
  using Mode = std::optional<bool>;
  if constexpr (std::is_invocable_v<Push, TransformType, Size, Randomness, Mode, Mode, Mode, Mode>) {
    return push(type, std::nullopt, std::nullopt, grad_mode, forward_grad_mode, std::nullopt,
                c10::InferenceMode::is_enabled());
  } else {
    return push(type, std::nullopt, std::nullopt, grad_mode, forward_grad_mode, std::nullopt);
  }
}

const at::Tensor& tensor_at(Call& call, size_t index) { return to_tensor(call.env, call.at(index), "tensor"); }

napi_value push_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t level = push_layer(&at::functorch::initAndPushDynamicLayer, TransformType::Grad,
                               c10::GradMode::is_enabled(), std::nullopt);
    return call.number(static_cast<double>(level));
  });
}

napi_value push_jvp(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t level = push_layer(&at::functorch::initAndPushDynamicLayer, TransformType::Jvp, std::nullopt,
                               c10::AutogradState::get_tls_state().get_fw_grad_mode());
    return call.number(static_cast<double>(level));
  });
}

// push_vmap(batch_size, randomness): 'error', 'same' or 'different'
napi_value push_vmap(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t size = to_int64(call.env, call.at(0), "batch_size");
    std::string name = to_string(call.env, call.at(1), "randomness");
    auto randomness = name == "same"        ? at::functorch::RandomnessType::Same
                      : name == "different" ? at::functorch::RandomnessType::Different
                                            : at::functorch::RandomnessType::Error;
    int64_t level = at::functorch::initAndPushDynamicLayer(TransformType::Vmap, c10::SymInt(size), randomness);
    return call.number(static_cast<double>(level));
  });
}

// Ends the innermost transform. Returns its level.
napi_value pop_transform(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (!at::functorch::maybeCurrentDynamicLayer()) throw_runtime_error("no transform is active");
    return call.number(static_cast<double>(at::functorch::popDynamicLayerAndDeleteMetadata().layerId()));
  });
}

// The level of the innermost transform, 0 when there is none.
napi_value transform_level(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    auto layer = at::functorch::maybeCurrentDynamicLayer();
    return call.number(layer ? static_cast<double>(layer->layerId()) : 0);
  });
}

// The innermost transform: [kind, level, size of the batch, what random operators do]; the latter two of 'vmap' alone.
napi_value transform(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    auto layer = at::functorch::maybeCurrentDynamicLayer();
    if (!layer) return from_tensor(call.environment, at::Tensor());
    bool batch = layer->key() == TransformType::Vmap;
    const char* kind = batch ? "vmap" : layer->key() == TransformType::Grad ? "grad" : "jvp";
    const char* randomness = "error";
    if (batch && layer->randomness() == at::functorch::RandomnessType::Same) randomness = "same";
    if (batch && layer->randomness() == at::functorch::RandomnessType::Different) randomness = "different";
    napi_value list;
    check(napi_create_array_with_length(call.env, 4, &list));
    check(napi_set_element(call.env, list, 0, from_string(call.env, kind)));
    check(napi_set_element(call.env, list, 1, call.number(static_cast<double>(layer->layerId()))));
    int64_t size = batch ? layer->batchSize().expect_int() : 0;
    check(napi_set_element(call.env, list, 2, call.number(static_cast<double>(size))));
    check(napi_set_element(call.env, list, 3, from_string(call.env, randomness)));
    return list;
  });
}

// Transforms that are set aside, the innermost first: what runs meanwhile does so outside of them.
thread_local std::vector<at::functorch::DynamicLayer> lowered;

napi_value lower_transform(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (!at::functorch::maybeCurrentDynamicLayer()) throw_runtime_error("no transform is active");
    lowered.push_back(at::functorch::popDynamicLayer());
    return call.undefined();
  });
}

napi_value raise_transform(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    if (lowered.empty()) throw_runtime_error("no transform has been set aside");
    at::functorch::DynamicLayer layer = std::move(lowered.back());
    lowered.pop_back();
    at::functorch::pushDynamicLayer(std::move(layer));
    return call.undefined();
  });
}

// wrap_for_grad(tensor, level): the tensor with a graph of its own in that transform
napi_value wrap_for_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return from_tensor(call.environment,
                       at::functorch::makeTensorWrapper(tensor_at(call, 0), to_int64(call.env, call.at(1), "level")));
  });
}

napi_value unwrap_for_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    auto* wrapper = at::functorch::maybeGetTensorWrapper(tensor);
    if (wrapper == nullptr) return from_tensor(call.environment, tensor);
    std::optional<int64_t> level = wrapper->level();
    bool same = level && *level == to_int64(call.env, call.at(1), "level");
    return from_tensor(call.environment, same ? wrapper->value() : tensor);
  });
}

// add_batch_dim(tensor, dim, level): the tensor as one of a batch along `dim`
napi_value add_batch_dim(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    int64_t dim = c10::maybe_wrap_dim(to_int64(call.env, call.at(1), "dim"), tensor.dim());
    return from_tensor(call.environment,
                       at::functorch::addBatchDim(tensor, dim, to_int64(call.env, call.at(2), "level")));
  });
}

// remove_batch_dim(tensor, level, batch_size, dim): the batch, along `dim`
napi_value remove_batch_dim(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    int64_t level = to_int64(call.env, call.at(1), "level");
    int64_t size = to_int64(call.env, call.at(2), "batch_size");
    int64_t dim = c10::maybe_wrap_dim(to_int64(call.env, call.at(3), "dim"), tensor.dim() + 1);
    auto* batched = at::functorch::maybeGetBatchedImpl(tensor);
    if (batched == nullptr || batched->level() < level) {
      // The same for all of the batch.
      std::vector<int64_t> sizes = tensor.sizes().vec();
      sizes.insert(sizes.begin() + dim, size);
      return from_tensor(call.environment, tensor.expand(sizes));
    }
    if (batched->bdim() == dim) return from_tensor(call.environment, batched->value());
    return from_tensor(call.environment, at::movedim(batched->value(), batched->bdim(), dim));
  });
}

// What the tensor is a wrapper of: null, or [value, level, dimension of the batch or -1].
napi_value wrapped(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) -> napi_value {
    const at::Tensor& tensor = tensor_at(call, 0);
    const at::Tensor* value = nullptr;
    int64_t level = -1, dim = -1;
    if (auto* batched = at::functorch::maybeGetBatchedImpl(tensor)) {
      value = &batched->value();
      level = batched->level();
      dim = batched->bdim();
    } else if (auto* wrapper = at::functorch::maybeGetTensorWrapper(tensor)) {
      value = &wrapper->value();
      level = wrapper->level().value_or(-1);
    }
    if (value == nullptr) return from_tensor(call.environment, at::Tensor());
    napi_value list;
    check(napi_create_array_with_length(call.env, 3, &list));
    check(napi_set_element(call.env, list, 0, from_tensor(call.environment, *value)));
    check(napi_set_element(call.env, list, 1, call.number(static_cast<double>(level))));
    check(napi_set_element(call.env, list, 2, call.number(static_cast<double>(dim))));
    return list;
  });
}

// exclude_transforms(excluded): whether operators pass the transforms by; gives what was before
napi_value exclude_transforms(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    constexpr auto front = c10::DispatchKey::FuncTorchDynamicLayerFrontMode;
    constexpr auto back = c10::DispatchKey::FuncTorchDynamicLayerBackMode;
    bool before = c10::impl::tls_is_dispatch_key_excluded(front);
    bool excluded = to_bool(call.env, call.at(0), "excluded");
    c10::impl::tls_set_dispatch_key_excluded(front, excluded);
    c10::impl::tls_set_dispatch_key_excluded(back, excluded);
    return call.boolean(before);
  });
}

// allow_requires_grad(allowed): whether `requires_grad_` may be called within a transform; gives what was before
napi_value allow_requires_grad(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    bool before = at::functorch::getInplaceRequiresGradAllowed();
    at::functorch::setInplaceRequiresGradAllowed(to_bool(call.env, call.at(0), "allowed"));
    return call.boolean(before);
  });
}

}  // namespace

const std::vector<Export>& functorch_exports() {
  static const std::vector<Export> exports = {
      {"push_grad", push_grad},
      {"push_jvp", push_jvp},
      {"push_vmap", push_vmap},
      {"pop_transform", pop_transform},
      {"transform_level", transform_level},
      {"transform", transform},
      {"lower_transform", lower_transform},
      {"raise_transform", raise_transform},
      {"wrap_for_grad", wrap_for_grad},
      {"unwrap_for_grad", unwrap_for_grad},
      {"add_batch_dim", add_batch_dim},
      {"remove_batch_dim", remove_batch_dim},
      {"wrapped", wrapped},
      {"exclude_transforms", exclude_transforms},
      {"allow_requires_grad", allow_requires_grad},
  };
  return exports;
}

}  // namespace tstorch
