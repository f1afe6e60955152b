#include "handles.h"

#include <utility>

#include "environment.h"

namespace tstorch {

namespace {

// Freed blocks of TensorHandle, reused before asking malloc: every operator makes a handle. Per thread, so that
// workers need no lock; a handle is made and destroyed on its environment's thread.
struct Pool {
  std::vector<void*> blocks;
  ~Pool() {
    for (void* block : blocks) std::free(block);
  }
};
thread_local Pool pool;
constexpr size_t kPoolLimit = 4096;

// From here on a tensor's memory counts for more than LibTorch's own objects around it.
constexpr size_t kLarge = 2048;

bool is_large(const Handle& handle) {
  if (handle.kind != HandleKind::kTensor) return true;
  const at::Tensor& tensor = static_cast<const TensorHandle&>(handle).tensor;
  return tensor.defined() && (!tensor.has_storage() || tensor.storage().nbytes() > kLarge);
}

}  // namespace

void* TensorHandle::operator new(size_t size) {
  if (!pool.blocks.empty()) {
    void* block = pool.blocks.back();
    pool.blocks.pop_back();
    return block;
  }
  void* block = std::malloc(size);
  if (block == nullptr) throw std::bad_alloc();
  return block;
}

void TensorHandle::operator delete(void* memory) {
  if (pool.blocks.size() < kPoolLimit) {
    pool.blocks.push_back(memory);
  } else {
    std::free(memory);
  }
}

napi_value HandleTable::adopt(napi_env env, at::Tensor&& tensor) {
  return adopt(env, new TensorHandle(std::move(tensor)));
}

napi_value HandleTable::adopt(napi_env env, Handle* handle) {
  napi_value external = nullptr;
  napi_status status = weak_mode ? napi_create_external(env, handle, nullptr, nullptr, &external)
                                 : napi_create_external(env, handle, finalize, nullptr, &external);
  if (status == napi_ok && weak_mode) status = napi_create_reference(env, external, 0, &handle->weak);
  if (status != napi_ok) {
    delete handle;
    throw std::runtime_error("Node could not make a handle for a tensor");
  }
  handle->owner = &owner_;
  handle->serial = ++serial_;
  handle->previous = newest_;
  if (newest_ != nullptr) newest_->next = handle;
  newest_ = handle;
  ++live_;
  if (handle->kind == HandleKind::kTensor) ++live_tensors_;
  if (weak_mode) young_.push_back(handle);
  return external;
}

// Runs inside the collection: may touch neither JS nor LibTorch.
void HandleTable::finalize(napi_env, void* data, void*) {
  auto* handle = static_cast<Handle*>(data);
  Environment* owner = handle->owner;
  if (owner == nullptr) {  // the environment has ended, close() took what the handle held
    delete handle;
    return;
  }
  HandleTable& table = owner->handles;
  if (handle->previous != nullptr) handle->previous->next = handle->next;
  if (handle->next != nullptr) {
    handle->next->previous = handle->previous;
  } else {
    table.newest_ = handle->previous;
  }
  handle->next = table.dead_;
  table.dead_ = handle;
  ++table.dead_count_;
  --table.live_;
}

void HandleTable::destroy_first() {
  // A destructor can run JS (a hook's) and so a collection that queues more: unlink first.
  Handle* handle = dead_;
  dead_ = handle->next;
  --dead_count_;
  destroy(handle);
}

void HandleTable::release_all() {
  while (dead_ != nullptr) destroy_first();
}

void HandleTable::release_large() {
  Handle* queue = std::exchange(dead_, nullptr);
  dead_count_ = 0;
  Handle* small = nullptr;
  while (queue != nullptr) {
    Handle* handle = std::exchange(queue, queue->next);
    if (is_large(*handle)) {
      destroy(handle);
    } else {
      handle->next = small;
      small = handle;
    }
  }
  // Back to the order they came in, behind what destructors may have queued meanwhile.
  while (small != nullptr) {
    Handle* handle = std::exchange(small, small->next);
    handle->next = dead_;
    dead_ = handle;
    ++dead_count_;
  }
}

void HandleTable::destroy(Handle* handle) {
  if (handle->kind == HandleKind::kTensor && !handle->disposed) --live_tensors_;
  delete handle;
}

void HandleTable::dispose(Handle* handle) {
  if (handle->disposed) return;
  handle->disposed = true;
  if (handle->kind == HandleKind::kTensor) {
    --live_tensors_;
    static_cast<TensorHandle*>(handle)->tensor.reset();
  } else if (handle->kind == HandleKind::kTensorList) {
    static_cast<TensorListHandle*>(handle)->tensors.clear();
  }
}

void HandleTable::dispose_since(uint64_t serial, const std::vector<Handle*>& kept) {
  std::vector<Handle*> made;
  for (Handle* handle = newest_; handle != nullptr && handle->serial > serial; handle = handle->previous) {
    if (handle->kind == HandleKind::kTensor) made.push_back(handle);
  }
  for (Handle* handle : made) {
    bool keep = false;
    for (Handle* one : kept) keep = keep || one == handle;
    if (!keep) dispose(handle);
  }
}

void HandleTable::sweep(std::vector<Handle*>& table, std::vector<Handle*>* survivors) {
  napi_env env = owner_.env;
  size_t kept = 0;
  napi_handle_scope scope;
  napi_open_handle_scope(env, &scope);
  for (size_t i = 0; i < table.size(); ++i) {
    Handle* handle = table[i];
    napi_value value = nullptr;
    napi_get_reference_value(env, handle->weak, &value);
    if (value == nullptr) {
      napi_delete_reference(env, handle->weak);
      handle->weak = nullptr;
      finalize(env, handle, nullptr);
    } else if (survivors != nullptr) {
      survivors->push_back(handle);
    } else {
      table[kept++] = handle;
    }
    // Reading a reference makes a local handle: close the scope now and then, or they pile up.
    if ((i & 1023) == 1023) {
      napi_close_handle_scope(env, scope);
      napi_open_handle_scope(env, &scope);
    }
  }
  napi_close_handle_scope(env, scope);
  table.resize(kept);
}

void HandleTable::sweep_young() {
  sweep(middle_, &old_);
  sweep(young_, &middle_);
}

void HandleTable::plant_canary() {
  napi_handle_scope scope;
  napi_value object;
  napi_open_handle_scope(owner_.env, &scope);
  napi_create_object(owner_.env, &object);
  napi_create_reference(owner_.env, object, 0, &canary_);
  napi_close_handle_scope(owner_.env, scope);
}

void HandleTable::sweep_if_collected() {
  if (canary_ == nullptr) return plant_canary();
  napi_handle_scope scope;
  napi_value object = nullptr;
  napi_open_handle_scope(owner_.env, &scope);
  napi_get_reference_value(owner_.env, canary_, &object);
  napi_close_handle_scope(owner_.env, scope);
  if (object != nullptr) return;
  napi_delete_reference(owner_.env, canary_);
  plant_canary();
  sweep_young();
}

void HandleTable::after_collection(bool full) {
  if (weak_mode) {
    sweep_young();
    if (full) sweep(old_, nullptr);
  }
}

void HandleTable::close() {
  release_all();
  for (Handle* handle = newest_; handle != nullptr;) {
    Handle* previous = handle->previous;
    dispose(handle);
    if (weak_mode) {
      delete handle;  // nothing else will: the weak table has no finalizers
    } else {
      handle->owner = nullptr;
    }
    handle = previous;
  }
  newest_ = nullptr;
  live_ = 0;
  young_.clear();
  middle_.clear();
  old_.clear();
}

Handle* handle_of(napi_env env, napi_value value) {
  void* data = nullptr;
  if (napi_get_value_external(env, value, &data) != napi_ok || data == nullptr) return nullptr;
  auto* handle = static_cast<Handle*>(data);
  return handle->magic == Handle::kMagic ? handle : nullptr;
}

}  // namespace tstorch
