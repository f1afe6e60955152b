// Tensors on their way from one environment of the process to another. Storages belong to the process, so a tensor
// travels as a number: whoever receives the number gets a tensor over the very same memory. What a loader's worker has
// sent stays there when the worker ends, since its message does too: it passes to the loader that will read it.
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
  // With this one's end it is dropped, if nobody has adopted it.
  const Environment* owner;
  // The worker that sent it; 0 for any other thread.
  int64_t worker;
};

struct Worker {
  // Who reads what it sends.
  const Environment* reader;
  // Its own; null before it has begun and when it has ended.
  const Environment* thread;
};

std::mutex mutex;
// Left alone at the end of the process, when a thread may still be ending.
auto& shared_tensors = *new std::unordered_map<int64_t, Shared>();
auto& workers = *new std::unordered_map<int64_t, Worker>();
int64_t newest_token = 0;
int64_t newest_worker = 0;

// The worker that a thread is; 0 for none. With the lock held.
int64_t worker_of(const Environment& environment) {
  for (const auto& [number, worker] : workers) {
    if (worker.thread == &environment) return number;
  }
  return 0;
}

// Takes out what is to be dropped, so that it can be freed without the lock. With the lock held.
template <typename Condition>
std::vector<at::Tensor> take_all(Condition is_dropped) {
  std::vector<at::Tensor> taken;
  for (auto one = shared_tensors.begin(); one != shared_tensors.end();) {
    if (is_dropped(one->second)) {
      taken.push_back(std::move(one->second.tensor));
      one = shared_tensors.erase(one);
    } else {
      ++one;
    }
  }
  return taken;
}

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
    shared_tensors.emplace(token, Shared{std::move(sent), &call.environment, worker_of(call.environment)});
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

// worker_expect(): the number of a worker that is about to be started, whose tensors this thread will adopt.
napi_value worker_expect(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::lock_guard guard(mutex);
    int64_t number = ++newest_worker;
    workers.emplace(number, Worker{&call.environment, nullptr});
    return call.number(static_cast<double>(number));
  });
}

// worker_begin(number): this thread is that worker, until it ends.
napi_value worker_begin(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t number = to_int64(call.env, call.at(0), "number");
    std::lock_guard guard(mutex);
    auto found = workers.find(number);
    if (found != workers.end()) found->second.thread = &call.environment;
    return call.undefined();
  });
}

// worker_alive(number): has that worker begun, and not ended?
napi_value worker_alive(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t number = to_int64(call.env, call.at(0), "number");
    std::lock_guard guard(mutex);
    auto found = workers.find(number);
    return call.boolean(found != workers.end() && found->second.thread != nullptr);
  });
}

// worker_forget(number): nobody reads any more what that worker sends. What it leaves behind is dropped: now if it has
// ended, or when it ends.
napi_value worker_forget(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    int64_t number = to_int64(call.env, call.at(0), "number");
    std::vector<at::Tensor> dropped;  // freed outside the lock
    std::lock_guard guard(mutex);
    auto found = workers.find(number);
    if (found == workers.end()) return call.undefined();
    if (found->second.thread == nullptr) {
      dropped = take_all([number](const Shared& shared) { return shared.worker == number; });
    }
    workers.erase(found);
    return call.undefined();
  });
}

}  // namespace

void end_sharing(const Environment& environment) {
  std::vector<at::Tensor> dropped;  // freed outside the lock
  std::lock_guard guard(mutex);
  if (int64_t number = worker_of(environment); number != 0) {
    Worker& ended = workers.at(number);
    ended.thread = nullptr;
    for (auto& [token, shared] : shared_tensors) {
      if (shared.owner == &environment) shared.owner = ended.reader;
    }
  }
  dropped = take_all([&environment](const Shared& shared) { return shared.owner == &environment; });
  std::erase_if(workers, [&environment](const auto& one) { return one.second.reader == &environment; });
}

const std::vector<Export>& sharing_exports() {
  static const std::vector<Export> exports = {
      {"tensor_share", tensor_share},
      {"tensor_adopt", tensor_adopt},
      {"tensor_unshare", tensor_unshare},
      {"shared_tensor_count", shared_tensor_count},
      {"worker_expect", worker_expect},
      {"worker_begin", worker_begin},
      {"worker_alive", worker_alive},
      {"worker_forget", worker_forget},
  };
  return exports;
}

}  // namespace tstorch
