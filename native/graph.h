// Nodes of the graph that autograd records, as JS holds them, for the files that make or read them.
#pragma once

#include <c10/util/intrusive_ptr.h>
#include <torch/csrc/autograd/function.h>

#include <memory>
#include <type_traits>
#include <utility>

#include "call.h"

namespace tstorch {

// A shared or an intrusive pointer to a Node, depending on LibTorch's version.
using NodePointer = std::remove_cvref_t<decltype(std::declval<const at::Tensor&>().grad_fn())>;

struct NodeHandle final : Handle {
  explicit NodeHandle(NodePointer node) : Handle(HandleKind::kNode), node(std::move(node)) {}
  NodePointer node;
};

inline const NodeHandle& node_at(Call& call, size_t index) {
  Handle* handle = index < call.count() ? handle_of(call.env, call.raw(index)) : nullptr;
  if (handle == nullptr || handle->kind != HandleKind::kNode) throw_type_error("expected a node of the autograd graph");
  return *static_cast<NodeHandle*>(handle);
}

// A node and a plain pointer to it, since what owns it knows no more than that it is a Node.
template <typename T, typename Pointer = NodePointer, typename... Args>
std::pair<Pointer, T*> make_node(Args&&... args) {
  if constexpr (std::is_same_v<Pointer, std::shared_ptr<torch::autograd::Node>>) {
    auto node = std::make_shared<T>(std::forward<Args>(args)...);
    return {node, node.get()};
  } else {
    auto node = c10::make_intrusive<T>(std::forward<Args>(args)...);
    T* plain = node.get();
    return {std::move(node), plain};
  }
}

// Tensors on their way to JS: an array of externals, null for those that are not defined.
napi_value array_of(Environment& environment, const torch::autograd::variable_list& tensors);

}  // namespace tstorch
