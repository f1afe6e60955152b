// Tensor memory and JS memory: tensors over typed arrays, array buffers over tensors, copies between the two.
#include <ATen/Functions.h>
#include <ATen/ops/from_blob.h>

#include <cstring>
#include <mutex>

#include "buffers.h"
#include "call.h"
#include "exports.h"

namespace tstorch {

Bytes bytes_of(napi_env env, napi_value value, const char* what) {
  Bytes bytes{nullptr, 0};
  bool is_typed = false, is_view = false, is_buffer = false;
  napi_value buffer;
  size_t offset = 0;
  if (value != nullptr) {
    napi_is_typedarray(env, value, &is_typed);
    napi_is_dataview(env, value, &is_view);
    napi_is_arraybuffer(env, value, &is_buffer);
  }
  if (is_typed) {
    napi_typedarray_type type;
    size_t length = 0;
    check(napi_get_typedarray_info(env, value, &type, &length, &bytes.data, &buffer, &offset));
    constexpr size_t kSizes[] = {1, 1, 1, 2, 2, 4, 4, 4, 8, 8, 8, 2};
    if (static_cast<size_t>(type) >= std::size(kSizes)) throw_type_error("a typed array of an unknown kind");
    bytes.length = length * kSizes[type];
  } else if (is_view) {
    check(napi_get_dataview_info(env, value, &bytes.length, &bytes.data, &buffer, &offset));
  } else if (is_buffer) {
    check(napi_get_arraybuffer_info(env, value, &bytes.data, &bytes.length));
  } else {
    throw_type_error(std::string("argument '") + what + "' must be a typed array, a DataView or an ArrayBuffer");
  }
  return bytes;
}

namespace {

size_t bytes_for(c10::IntArrayRef sizes, c10::ScalarType dtype) {
  size_t count = c10::elementSize(dtype);
  for (int64_t size : sizes) {
    if (size < 0) throw_runtime_error("a tensor cannot have a negative size");
    if (size != 0 && count > (size_t{1} << 48) / static_cast<size_t>(size)) {
      throw_runtime_error("the sizes are too large for any buffer");
    }
    count *= static_cast<size_t>(size);
  }
  return count;
}

// A tensor of data from outside. Under the transforms of torch.func it is made as without them, since they would hand
// out one without memory, and then becomes part of them, so that what they follow can be written to it.
template <typename Make>
at::Tensor from_outside(Make&& make) {
  using c10::DispatchKey;
  constexpr c10::DispatchKeySet kTransforms({DispatchKey::FuncTorchDynamicLayerFrontMode,
                                             DispatchKey::FuncTorchDynamicLayerBackMode});
  if (!c10::impl::tls_local_dispatch_key_set().included_.has(DispatchKey::FuncTorchDynamicLayerFrontMode)) return make();
  at::Tensor tensor = [&] {
    c10::impl::ExcludeDispatchKeyGuard guard(kTransforms);
    return make();
  }();
  return at::lift_fresh(tensor);
}

// from_buffer(buffer, dtype, sizes, share): a tensor with a copy of the buffer's elements, or over its very memory.
napi_value from_buffer(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes bytes = bytes_of(call.env, call.raw(0), "buffer");
    c10::ScalarType dtype = to_dtype(call.env, call.at(1), "dtype");
    std::vector<int64_t> sizes = to_ints(call.env, call.at(2), "sizes");
    bool share = to_bool(call.env, call.at(3), "share");
    size_t needed = bytes_for(sizes, dtype);
    if (needed > bytes.length) {
      throw_value_error("a tensor of that shape needs " + std::to_string(needed) + " bytes, the buffer has " +
                        std::to_string(bytes.length));
    }
    if (!share) {
      return from_tensor(call.environment, from_outside([&] {
        at::Tensor tensor = at::empty(sizes, at::TensorOptions(dtype));
        if (needed > 0) std::memcpy(tensor.mutable_data_ptr(), bytes.data, needed);
        return tensor;
      }));
    }
    if (reinterpret_cast<uintptr_t>(bytes.data) % c10::elementSize(dtype) != 0) {
      throw_value_error("the buffer's memory is not aligned to the dtype's item size");
    }
    napi_ref reference;
    check(napi_create_reference(call.env, call.raw(0), 1, &reference));
    auto references = call.environment.shared_buffers;
    return from_tensor(call.environment, from_outside([&] {
      return at::from_blob(
          bytes.data, sizes, [references, reference](void*) { references->release(reference); },
          at::TensorOptions(dtype));
    }));
  });
}

// copy_to_buffer(tensor, buffer): the elements of a contiguous CPU tensor, byte for byte.
napi_value copy_to_buffer(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = to_tensor(call.env, call.at(0), "input");
    Bytes bytes = bytes_of(call.env, call.raw(1), "buffer");
    if (!tensor.is_cpu() || !tensor.is_contiguous()) throw_runtime_error("expected a contiguous tensor on the CPU");
    if (bytes.length < tensor.nbytes()) throw_value_error("the buffer is too small for the tensor");
    if (tensor._is_zerotensor()) {  // has no memory
      std::memset(bytes.data, 0, tensor.nbytes());
    } else if (tensor.nbytes() > 0) {
      if (tensor.const_data_ptr() == nullptr) throw_runtime_error("the tensor has no memory");
      std::memcpy(bytes.data, tensor.const_data_ptr(), tensor.nbytes());
    }
    return call.undefined();
  });
}

// A part of a CPU tensor's storage: from one byte on, as long as the buffer that it is copied from or to.
struct StoragePart {
  const at::Storage* storage;
  size_t from;
  Bytes buffer;
};

// Reads (tensor, from, buffer). No storage where the buffer is empty: there is nothing to do then.
StoragePart storage_part(Call& call) {
  const at::Tensor& tensor = to_tensor(call.env, call.at(0), "input");
  int64_t from = to_int64(call.env, call.at(1), "from");
  Bytes buffer = bytes_of(call.env, call.raw(2), "buffer");
  if (buffer.length == 0) return {nullptr, 0, buffer};
  if (!tensor.is_cpu() || !tensor.has_storage()) throw_runtime_error("expected a tensor with memory on the CPU");
  const at::Storage& storage = tensor.storage();
  size_t size = storage.nbytes();
  if (from < 0 || static_cast<size_t>(from) > size || buffer.length > size - static_cast<size_t>(from)) {
    throw_value_error("the storage has no such bytes");
  }
  if (storage.data() == nullptr) throw_runtime_error("the tensor has no memory");
  return {&storage, static_cast<size_t>(from), buffer};
}

// read_storage(tensor, from, buffer): the bytes of a CPU tensor's storage from one on, as many as the buffer holds.
napi_value read_storage(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    auto [storage, from, buffer] = storage_part(call);
    if (storage != nullptr) {
      std::memcpy(buffer.data, static_cast<const char*>(storage->data()) + from, buffer.length);
    }
    return call.undefined();
  });
}

// write_storage(tensor, from, buffer): puts the buffer's bytes there.
napi_value write_storage(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    auto [storage, from, buffer] = storage_part(call);
    if (storage != nullptr) {
      std::memcpy(static_cast<char*>(storage->mutable_data()) + from, buffer.data, buffer.length);
    }
    return call.undefined();
  });
}

// Keeps a storage alive for the array buffer over it.
struct StorageHandle final : Handle {
  explicit StorageHandle(c10::Storage storage) : Handle(HandleKind::kOther), storage(std::move(storage)) {}
  c10::Storage storage;
};

// buffer_over(tensor): an ArrayBuffer over the elements of a contiguous CPU tensor. It keeps the storage alive.
napi_value buffer_over(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = to_tensor(call.env, call.at(0), "input");
    if (!tensor.is_cpu() || !tensor.is_contiguous()) throw_runtime_error("expected a contiguous tensor on the CPU");
    // A gradient known to be zero has no memory, and Node ends the process when given none.
    if (tensor._is_zerotensor()) {
      throw_runtime_error("Cannot convert a ZeroTensor to numpy. Set force=True if you need the zero array.");
    }
    size_t length = tensor.nbytes();
    if (length > 0 && tensor.const_data_ptr() == nullptr) throw_runtime_error("the tensor has no memory");
    napi_value buffer;
    if (length == 0) {
      void* data;
      check(napi_create_arraybuffer(call.env, 0, &data, &buffer));
      return buffer;
    }
    // Not by the buffer's own finalizer: Node leaves those to the event loop, and a synchronous loop that looks at its
    // tensors' elements would free none of them. So the buffer has one of our handles as a property.
    napi_value keep = call.environment.handles.adopt(call.env, new StorageHandle(tensor.storage()));
    napi_status status =
        napi_create_external_arraybuffer(call.env, tensor.mutable_data_ptr(), length, nullptr, nullptr, &buffer);
    if (status == napi_pending_exception) throw PendingException{};
    if (status != napi_ok) {
      throw_runtime_error("an array buffer over the " + std::to_string(length) +
                          " bytes of the tensor is more than this JavaScript engine allows");
    }
    napi_property_descriptor property = {"storage", nullptr, nullptr, nullptr, nullptr, keep, napi_default, nullptr};
    check(napi_define_properties(call.env, buffer, 1, &property));
    return buffer;
  });
}

}  // namespace

void SharedBuffers::release(napi_ref reference) {
  std::lock_guard guard(mutex_);
  if (!closed_) {
    pending_.push_back(reference);
    any_pending_.store(true, std::memory_order_release);
  }
}

void SharedBuffers::drain(napi_env env) {
  std::vector<napi_ref> references;
  {
    std::lock_guard guard(mutex_);
    references.swap(pending_);
    any_pending_.store(false, std::memory_order_release);
  }
  for (napi_ref reference : references) napi_delete_reference(env, reference);
}

void SharedBuffers::close() {
  std::lock_guard guard(mutex_);
  closed_ = true;
}

const std::vector<Export>& buffer_exports() {
  static const std::vector<Export> exports = {
      {"from_buffer", from_buffer},
      {"copy_to_buffer", copy_to_buffer},
      {"read_storage", read_storage},
      {"write_storage", write_storage},
      {"buffer_over", buffer_over},
  };
  return exports;
}

}  // namespace tstorch
