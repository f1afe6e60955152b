// Tensors on their way from one environment of the process to another. Storages belong to the process, so a tensor
// travels as a number: whoever receives the number gets a tensor over the very same memory.
#include "sharing.h"

#include <ATen/Functions.h>
#include <ATen/MapAllocator.h>

#include <mutex>
#include <unordered_map>
#include <vector>

#include "allocator.h"
#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

struct Shared {
  at::Tensor tensor;
  const Environment* owner;
};

std::mutex mutex;
// Left alone at the end of the process, when a thread may still be ending.
auto& shared_tensors = *new std::unordered_map<int64_t, Shared>();
auto& alive_workers = *new std::unordered_map<const Environment*, int64_t>();
int64_t newest_token = 0;

int64_t bytes_of(const at::Tensor& tensor) {
  return tensor.is_cpu() && tensor.has_storage() ? static_cast<int64_t>(tensor.storage().nbytes()) : 0;
}

// Does the memory belong to something that may end before the process, such as a buffer of JavaScript?
bool is_borrowed(const at::Tensor& tensor) {
  if (!tensor.has_storage()) return true;  // parts of its own, of which we know nothing
  const at::Storage& storage = tensor.storage();
  return storage.device().is_cpu() && !storage.resizable() &&
         at::MapAllocator::fromDataPtr(storage.data_ptr()) == nullptr;
}

// tensor_share(tensor): a number for `tensor_adopt`. The memory is shared, unless it is not LibTorch's own.
napi_value tensor_share(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = to_tensor(call.env, call.at(0), "input");
    if (tensor.requires_grad() && !tensor.is_leaf()) {
      throw_runtime_error(
          "Cowardly refusing to serialize non-leaf tensor which requires_grad, since autograd does not support "
          "crossing process boundaries.  If you just want to transfer the data, call detach() on the tensor before "
          "serializing (e.g., putting it on the queue).");
    }
    at::Tensor sent = is_borrowed(tensor) ? tensor.detach().clone() : tensor.tensor_data();
    if (tensor.requires_grad()) sent.set_requires_grad(true);
    add_thread_net_bytes(-bytes_of(sent));
    std::lock_guard guard(mutex);
    int64_t token = ++newest_token;
    shared_tensors.emplace(token, Shared{std::move(sent), &call.environment});
    return call.number(static_cast<double>(token));
  });
}

at::Tensor take(int64_t token, bool keep) {
  std::lock_guard guard(mutex);
  auto found = shared_tensors.find(token);
  if (found == shared_tensors.end()) {
    throw_runtime_error("there is no shared tensor with the number " + std::to_string(token) +
                        ": it has been adopted or dropped, or the thread that shared it has ended");
  }
  if (keep) {
    const at::Tensor& tensor = found->second.tensor;
    at::Tensor copy = tensor.has_storage() ? tensor.tensor_data() : tensor.detach().clone();
    if (tensor.requires_grad()) copy.set_requires_grad(true);
    return copy;
  }
  at::Tensor tensor = std::move(found->second.tensor);
  shared_tensors.erase(found);
  return tensor;
}

// tensor_adopt(token, keep): the tensor that was shared. It can be adopted again only with `keep`.
napi_value tensor_adopt(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t token = to_int64(call.env, call.at(0), "token");
    bool keep = call.given(1) && to_bool(call.env, call.at(1), "keep");
    at::Tensor tensor = take(token, keep);
    // What is kept stays alive whatever this thread does, so it says nothing about what a collection would free.
    if (!keep) add_thread_net_bytes(bytes_of(tensor));
    return from_tensor(call.environment, std::move(tensor));
  });
}

// tensor_unshare(token): drops what was shared; nothing happens where it was adopted before.
napi_value tensor_unshare(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t token = to_int64(call.env, call.at(0), "token");
    at::Tensor dropped;  // freed outside the lock
    std::lock_guard guard(mutex);
    auto found = shared_tensors.find(token);
    if (found != shared_tensors.end()) {
      dropped = std::move(found->second.tensor);
      shared_tensors.erase(found);
      add_thread_net_bytes(bytes_of(dropped));
    }
    return call.undefined();
  });
}

// shared_tensor_count(): how many are on their way.
napi_value shared_tensor_count(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::lock_guard guard(mutex);
    return call.number(static_cast<double>(shared_tensors.size()));
  });
}

// worker_begin(number): this thread is that worker, until it ends.
napi_value worker_begin(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t number = to_int64(call.env, call.at(0), "number");
    std::lock_guard guard(mutex);
    alive_workers[&call.environment] = number;
    return call.undefined();
  });
}

// worker_alive(number): has that worker begun, and not ended?
napi_value worker_alive(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t number = to_int64(call.env, call.at(0), "number");
    std::lock_guard guard(mutex);
    for (const auto& [environment, one] : alive_workers) {
      if (one == number) return call.boolean(true);
    }
    return call.boolean(false);
  });
}

}  // namespace

void end_sharing(const Environment& environment) {
  std::vector<at::Tensor> dropped;  // freed outside the lock
  std::lock_guard guard(mutex);
  alive_workers.erase(&environment);
  for (auto one = shared_tensors.begin(); one != shared_tensors.end();) {
    if (one->second.owner == &environment) {
      dropped.push_back(std::move(one->second.tensor));
      one = shared_tensors.erase(one);
    } else {
      ++one;
    }
  }
}

const std::vector<Export>& sharing_exports() {
  static const std::vector<Export> exports = {
      {"tensor_share", tensor_share},
      {"tensor_adopt", tensor_adopt},
      {"tensor_unshare", tensor_unshare},
      {"shared_tensor_count", shared_tensor_count},
      {"worker_begin", worker_begin},
      {"worker_alive", worker_alive},
  };
  return exports;
}

}  // namespace tstorch
