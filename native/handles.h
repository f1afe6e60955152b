// Handles: what a JS object holds of LibTorch. A handle is the data of a `napi_external`; when JS collects the external
// the handle is queued, and it is destroyed at the next safe point, outside the collection (Environment::safe_point).
//
// How we learn that an external died depends on the mode:
//  - basic finalizers run inside the collection itself; they need a module of Node-API's experimental version;
//  - the weak table needs nothing experimental: a weak reference per handle, swept when a collection has happened.
#pragma once

#include <ATen/core/Tensor.h>
#include <node_api.h>

#include <cstdint>
#include <vector>

namespace tstorch {

class Environment;

enum class HandleKind : uint8_t {
  kTensor,
  kTensorList,
  kDtype,
  kDevice,
  kLayout,
  kMemoryFormat,
  kGenerator,
  kIndices,
  kNode,
  kArchive,
  kOther,
};

struct Handle {
  // Tells our externals from those of another addon.
  static constexpr uint64_t kMagic = 0x7473746f72636821;

  explicit Handle(HandleKind kind) : kind(kind) {}
  virtual ~Handle() = default;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  uint64_t magic = kMagic;
  HandleKind kind;
  bool disposed = false;
  Environment* owner = nullptr;
  Handle* previous = nullptr;
  Handle* next = nullptr;
  uint64_t serial = 0;
  napi_ref weak = nullptr;
};

struct TensorHandle final : Handle {
  explicit TensorHandle(at::Tensor&& tensor) : Handle(HandleKind::kTensor), tensor(std::move(tensor)) {}
  static void* operator new(size_t size);
  static void operator delete(void* memory);

  at::Tensor tensor;
};

// A list of tensors that stays in C++: an optimizer hands the same parameters to every operator of a step.
struct TensorListHandle final : Handle {
  explicit TensorListHandle(std::vector<at::Tensor>&& tensors)
      : Handle(HandleKind::kTensorList), tensors(std::move(tensors)) {}
  std::vector<at::Tensor> tensors;
};

class HandleTable {
 public:
  explicit HandleTable(Environment& owner) : owner_(owner) {}

  // Gives `handle` to JS: it lives until its external dies or `dispose` is called.
  napi_value adopt(napi_env env, Handle* handle);
  napi_value adopt(napi_env env, at::Tensor&& tensor);

  // Destroys one of the handles found dead, or two where many wait. At each call, since then malloc hands the memory
  // just freed to the operator that follows; a thousand frees in a row make it merge chunks that are split again right
  // after.
  void release_some() {
    if (dead_ != nullptr) {
      destroy_first();
      if (dead_count_ > kFewDead) destroy_first();
    }
    if (weak_mode && (++calls_ & 255) == 0) sweep_if_collected();
  }
  // Drops what the handle holds at once; the external stays behind, marked as disposed.
  void dispose(Handle* handle);
  void release_all();
  // Destroys those whose tensors hold much memory.
  void release_large();
  // Finds what died, after a collection that we asked for ourselves.
  void after_collection(bool full);
  // Cuts all handles loose when the environment ends: LibTorch's objects go now, the externals later.
  void close();

  // Disposes the tensors made since `serial` was the newest, except those in `kept`.
  void dispose_since(uint64_t serial, const std::vector<Handle*>& kept);
  uint64_t newest_serial() const { return serial_; }

  int64_t live_tensors() const { return live_tensors_; }
  // Of all kinds, those included that are dead without our knowing.
  int64_t live() const { return live_; }
  // Calls `visit` for each live handle, newest first.
  template <typename Visit>
  void for_each(Visit&& visit) const {
    for (Handle* handle = newest_; handle != nullptr; handle = handle->previous) visit(handle);
  }

  // Set once before the first handle is made, from the probe in lib/native.ts.
  bool weak_mode = false;

 private:
  static void finalize(napi_env env, void* data, void* hint);
  void destroy_first();
  void destroy(Handle* handle);
  void sweep(std::vector<Handle*>& table, std::vector<Handle*>* survivors);
  void sweep_young();
  void sweep_if_collected();
  void plant_canary();

  Environment& owner_;
  Handle* newest_ = nullptr;
  // Found dead by the collector, linked through `next` (the list of live handles uses both links).
  Handle* dead_ = nullptr;
  size_t dead_count_ = 0;
  static constexpr size_t kFewDead = 1000;
  uint64_t serial_ = 0;
  int64_t live_tensors_ = 0;
  int64_t live_ = 0;

  // Weak mode: handles made since the last sweep, those that survived one, and those that survived two. V8 looks at the
  // last in full collections alone.
  std::vector<Handle*> young_;
  std::vector<Handle*> middle_;
  std::vector<Handle*> old_;
  uint32_t calls_ = 0;
  napi_ref canary_ = nullptr;
};

// The handle behind an external, or null when the value is not one of ours.
Handle* handle_of(napi_env env, napi_value value);

}  // namespace tstorch
