// JS buffers that tensors share the memory of. LibTorch may drop the last reference to one on any of its threads; the
// JS reference can only be given up on the environment's own, at a safe point.
#pragma once

#include <node_api.h>

#include <atomic>
#include <mutex>
#include <vector>

namespace tstorch {

// The memory of a typed array, a DataView or an ArrayBuffer.
struct Bytes {
  void* data;
  size_t length;
};

// Throws a TypeError that names the argument for anything else.
Bytes bytes_of(napi_env env, napi_value value, const char* what);

class SharedBuffers {
 public:
  // From any thread.
  void release(napi_ref reference);
  // On the environment's thread.
  bool any_pending() const { return any_pending_.load(std::memory_order_acquire); }
  void drain(napi_env env);
  // The environment is ending: what is released from now on is nobody's.
  void close();

 private:
  std::mutex mutex_;
  std::vector<napi_ref> pending_;
  std::atomic<bool> any_pending_{false};
  bool closed_ = false;
};

}  // namespace tstorch
