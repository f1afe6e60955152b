// Properties of a tensor, and the few things about tensors that are not operators: indexing, lists, disposal.
#include <ATen/MapAllocator.h>
#include <ATen/TensorIndexing.h>
#include <ATen/TensorSubclassLikeUtils.h>
#include <ATen/TensorUtils.h>

#include <cstring>
#include <type_traits>

#include "call.h"
#include "exports.h"

namespace tstorch {

namespace {

constexpr size_t kMostDimensions = 64;  // LibTorch's own limit
constexpr size_t kMostElements = 1024;  // of a tensor whose elements are shared

const at::Tensor& tensor_at(Call& call, size_t index, const char* name = "input") {
  return to_tensor(call.env, call.at(index), name);
}

// share_numbers(Float64Array): the array that `sizes`, `strides` and `elements` write to, so that reading them makes no
// JS values.
napi_value share_numbers(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    napi_typedarray_type type;
    size_t length = 0;
    void* data = nullptr;
    bool is_typed = false;
    if (call.count() > 0) napi_is_typedarray(call.env, call.raw(0), &is_typed);
    if (!is_typed) throw_type_error("expected a Float64Array");
    check(napi_get_typedarray_info(call.env, call.raw(0), &type, &length, &data, nullptr, nullptr));
    if (type != napi_float64_array || length < kMostDimensions + kMostElements) throw_type_error("expected a longer Float64Array");
    // Kept for good, so that its memory stays where it is.
    napi_ref reference;
    check(napi_create_reference(call.env, call.raw(0), 1, &reference));
    call.environment.shared_numbers = static_cast<double*>(data);
    return call.undefined();
  });
}

napi_value share(Call& call, c10::IntArrayRef numbers) {
  if (numbers.size() > kMostDimensions || call.environment.shared_numbers == nullptr) {
    throw_runtime_error("a tensor with that many dimensions cannot be described");
  }
  std::copy(numbers.begin(), numbers.end(), call.environment.shared_numbers);
  return call.number(static_cast<double>(numbers.size()));
}

// Writes the sizes to the shared array and returns how many there are.
napi_value sizes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return share(call, tensor_at(call, 0).sizes()); });
}

napi_value strides(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return share(call, tensor_at(call, 0).strides()); });
}

// Writes the elements to `out` in row-major order. False where one of them is no number of JavaScript's.
template <typename T>
bool write_elements(const at::Tensor& tensor, double* out) {
  const T* first = tensor.const_data_ptr<T>();
  int64_t position[kMostDimensions] = {};
  int64_t offset = 0;
  for (int64_t count = tensor.numel(); count > 0; --count) {
    const T& element = first[offset];
    if constexpr (std::is_same_v<T, int64_t>) {
      constexpr int64_t kSafe = (int64_t{1} << 53) - 1;
      if (element > kSafe || element < -kSafe) return false;
    }
    *out++ = static_cast<double>(element);
    for (int64_t i = tensor.dim() - 1; i >= 0; --i) {
      offset += tensor.stride(i);
      if (++position[i] < tensor.size(i)) break;
      offset -= tensor.stride(i) * tensor.size(i);
      position[i] = 0;
    }
  }
  return true;
}

// elements(tensor): shares the sizes and, behind room for as many as there can be, the elements. Returns how many
// dimensions there are; undefined where the elements have to be read in another way.
napi_value elements(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    if (!tensor.is_cpu() || tensor.layout() != c10::kStrided || at::isTensorSubclassLike(tensor) ||
        !tensor.has_storage() || tensor._is_zerotensor() || tensor.is_neg() ||
        tensor.numel() > static_cast<int64_t>(kMostElements) ||
        at::detail::computeStorageNbytes(tensor.sizes(), tensor.strides(), tensor.itemsize(),
                                         static_cast<size_t>(tensor.storage_offset())) > tensor.storage().nbytes()) {
      return call.undefined();
    }
    napi_value dimensions = share(call, tensor.sizes());
    double* out = call.environment.shared_numbers + kMostDimensions;
    bool written = false;
    switch (tensor.scalar_type()) {
      case at::kFloat: written = write_elements<float>(tensor, out); break;
      case at::kDouble: written = write_elements<double>(tensor, out); break;
      case at::kLong: written = write_elements<int64_t>(tensor, out); break;
      case at::kInt: written = write_elements<int32_t>(tensor, out); break;
      case at::kShort: written = write_elements<int16_t>(tensor, out); break;
      case at::kChar: written = write_elements<int8_t>(tensor, out); break;
      case at::kByte: written = write_elements<uint8_t>(tensor, out); break;
      case at::kHalf: written = write_elements<at::Half>(tensor, out); break;
      case at::kBFloat16: written = write_elements<at::BFloat16>(tensor, out); break;
      default: break;
    }
    return written ? dimensions : call.undefined();
  });
}

napi_value dim(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.number(static_cast<double>(tensor_at(call, 0).dim())); });
}

napi_value numel(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_int64(call.env, tensor_at(call, 0).numel()); });
}

napi_value storage_offset(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_int64(call.env, tensor_at(call, 0).storage_offset()); });
}

napi_value dtype(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.number(static_cast<double>(static_cast<int>(tensor_at(call, 0).scalar_type())));
  });
}

napi_value device(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_string(call.env, tensor_at(call, 0).device().str()); });
}

napi_value layout(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.number(static_cast<double>(static_cast<int>(tensor_at(call, 0).layout())));
  });
}

napi_value is_nested(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return call.boolean(tensor_at(call, 0).is_nested()); });
}

napi_value item(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_scalar(call.env, tensor_at(call, 0).item()); });
}

// The address of the first element, as a bigint.
napi_value data_ptr(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    napi_value js;
    check(napi_create_bigint_uint64(call.env, reinterpret_cast<uint64_t>(tensor_at(call, 0).const_data_ptr()), &js));
    return js;
  });
}

// The address of the storage and its bytes: tensors that share memory have the same.
napi_value storage_key(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    napi_value js;
    const at::Tensor& tensor = tensor_at(call, 0);
    check(napi_create_bigint_uint64(
        call.env, reinterpret_cast<uint64_t>(tensor.storage().unsafeGetStorageImpl()), &js));
    return js;
  });
}

napi_value storage_nbytes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return from_int64(call.env, static_cast<int64_t>(tensor_at(call, 0).storage().nbytes()));
  });
}

// Is the tensor's memory shared with other processes, or such that every process sees it?
napi_value is_shared(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& tensor = tensor_at(call, 0);
    if (!tensor.is_cpu()) return call.boolean(tensor.is_cuda());
    return call.boolean(at::MapAllocator::fromDataPtr(tensor.storage().data_ptr()) != nullptr);
  });
}

// Moves the memory of a tensor and of all its views to where other processes can map it.
napi_value share_memory(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Storage& storage = tensor_at(call, 0).storage();
    if (!storage.device().is_cpu() || at::MapAllocator::fromDataPtr(storage.data_ptr()) != nullptr) {
      return call.undefined();
    }
    int flags = at::ALLOCATOR_MAPPED_SHAREDMEM | at::ALLOCATOR_MAPPED_EXCLUSIVE | at::ALLOCATOR_MAPPED_UNLINK;
    size_t bytes = std::max<size_t>(storage.nbytes(), 1);
    at::DataPtr data = at::MapAllocator::makeDataPtr(at::NewProcessWideShmHandle(), flags, bytes, nullptr);
    std::memcpy(data.mutable_get(), storage.data(), storage.nbytes());
    storage.set_data_ptr(std::move(data));
    return call.undefined();
  });
}

// Makes the tensor share another's data, as `x.data = other`.
napi_value set_data(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    tensor_at(call, 0).set_data(tensor_at(call, 1, "data"));
    return call.undefined();
  });
}

// A list of tensors kept in C++, to be given wherever an operator takes Tensor[].
napi_value tensor_list(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    auto tensors = to_tensors(call.env, call.at(0), "tensors");
    return call.environment.handles.adopt(call.env, new TensorListHandle(std::move(tensors)));
  });
}

napi_value dispose(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Value value = call.at(0);
    if ((value.kind & (kTensor | kTensorList)) == 0) throw_type_error("only tensors can be disposed of");
    call.environment.handles.dispose(value.handle);
    return call.undefined();
  });
}

napi_value is_disposed(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Value value = call.at(0);
    return call.boolean(value.kind == kTensor && value.handle->disposed);
  });
}

napi_value newest_serial(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.number(static_cast<double>(call.environment.handles.newest_serial()));
  });
}

// dispose_since(serial, kept[]): what `torch.memory.tidy` does when its callback returns.
napi_value dispose_since(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::vector<Handle*> kept;
    for (const Value& value : to_list(call.env, call.at(1), "kept")) {
      if (value.kind == kTensor) kept.push_back(value.handle);
    }
    call.environment.handles.dispose_since(static_cast<uint64_t>(to_int64(call.env, call.at(0), "serial")), kept);
    return call.undefined();
  });
}

// One index of x.index([...]): a number, a boolean, null, '...', a tensor, or [start, stop, step] for a slice.
at::indexing::TensorIndex to_index(napi_env env, const Value& value) {
  using at::indexing::TensorIndex;
  switch (value.kind) {
    case kNull: return at::indexing::None;
    case kBool: return TensorIndex(value.boolean);
    case kInt:
    case kBigInt: return TensorIndex(to_int64(env, value, "index"));
    case kTensor: return TensorIndex(to_tensor(env, value, "index"));
    case kString:
      if (to_string(env, value, "index") == "...") return at::indexing::Ellipsis;
      break;
    case kArray:
      if (value.length == 3) {
        std::optional<c10::SymInt> parts[3];
        std::vector<Value> list = to_list(env, value, "index");
        for (size_t i = 0; i < 3; ++i) {
          if ((list[i].kind & (kNull | kUndefined)) == 0) parts[i] = c10::SymInt(to_int64(env, list[i], "slice"));
        }
        if (parts[2] && *parts[2] == 0) throw_value_error("slice step cannot be zero");
        if (parts[2] && *parts[2] < 0) throw_value_error("step must be greater than zero");
        return at::indexing::Slice(parts[0], parts[1], parts[2]);
      }
      break;
    default: break;
  }
  Value shown = value;
  throw JsError{ErrorClass::kIndex,
                "only integers, slices (`torch.slice` or 'start:stop'), ellipsis ('...'), null and long or bool "
                "tensors are valid indices (got " +
                    describe(env, shown) + ")"};
}

using Indices = std::vector<at::indexing::TensorIndex>;

// What a string in Python's notation stands for, read once.
struct IndicesHandle final : Handle {
  explicit IndicesHandle(Indices indices) : Handle(HandleKind::kIndices), indices(std::move(indices)) {}
  Indices indices;
};

Indices read_indices(napi_env env, const Value& list) {
  Indices indices;
  for (const Value& value : to_list(env, list, "indices")) indices.push_back(to_index(env, value));
  return indices;
}

Indices to_indices(Call& call) {
  Value value = call.at(1);
  if (value.kind != kOther) return read_indices(call.env, value);
  const Handle* handle = handle_of(call.env, value.js);
  if (handle == nullptr || handle->kind != HandleKind::kIndices) throw_type_error("expected indices");
  return static_cast<const IndicesHandle*>(handle)->indices;
}

// indices([...]): the same in one handle, for those that are used again.
napi_value indices(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    return call.environment.handles.adopt(call.env, new IndicesHandle(read_indices(call.env, call.at(0))));
  });
}

napi_value index(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const at::Tensor& self = tensor_at(call, 0);
    at::Tensor result;
    Value position = call.at(1);
    if (position.kind == kInt) {  // x[0], by far the most frequent
      if (self.dim() == 0) {
        throw JsError{ErrorClass::kIndex,
                      "invalid index of a 0-dim tensor. Use `tensor.item()` to convert a 0-dim tensor to a number"};
      }
      int64_t at = static_cast<int64_t>(position.number);
      if (at < -self.size(0) || at >= self.size(0)) {
        throw JsError{ErrorClass::kIndex, "index " + std::to_string(at) +
                                              " is out of bounds for dimension 0 with size " +
                                              std::to_string(self.size(0))};
      }
      result = self.select(0, at);
    } else {
      result = at::indexing::get_item(self, to_indices(call));
    }
    return from_tensor(call.environment, std::move(result));
  });
}

napi_value index_put(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::Tensor self = tensor_at(call, 0);
    Value value = call.at(2);
    if (value.kind == kTensor) {
      self.index_put_(to_indices(call), to_tensor(call.env, value, "value"));
    } else {
      self.index_put_(to_indices(call), to_scalar(call.env, value, "value"));
    }
    return call.undefined();
  });
}

}  // namespace

const std::vector<Export>& tensor_exports() {
  static const std::vector<Export> exports = {
      {"share_numbers", share_numbers},
      {"sizes", sizes},
      {"strides", strides},
      {"elements", elements},
      {"dim", dim},
      {"numel", numel},
      {"storage_offset", storage_offset},
      {"dtype", dtype},
      {"device", device},
      {"layout", layout},
      {"is_nested", is_nested},
      {"item", item},
      {"data_ptr", data_ptr},
      {"storage_key", storage_key},
      {"storage_nbytes", storage_nbytes},
      {"is_shared", is_shared},
      {"share_memory", share_memory},
      {"set_data", set_data},
      {"tensor_list", tensor_list},
      {"dispose", dispose},
      {"is_disposed", is_disposed},
      {"newest_serial", newest_serial},
      {"dispose_since", dispose_since},
      {"index", index},
      {"indices", indices},
      {"index_put", index_put},
  };
  return exports;
}

}  // namespace tstorch
