// What the loops over images share.
#pragma once

// Most processors can do many additions at once; which, is found out when the addon is loaded.
#if defined(__x86_64__) && defined(__linux__) && defined(__GNUC__) && !defined(__clang__)
#define TSTORCH_X86
#define TSTORCH_VECTORIZED __attribute__((target_clones("avx2", "default")))
#else
#define TSTORCH_VECTORIZED
#endif

#include <cstdint>
#include <string>
#include <vector>

#include "buffers.h"
#include "call.h"

namespace tstorch {

// The most rows, columns or other sizes that an image has here.
constexpr int64_t kMostPixels = int64_t{1} << 20;

template <typename T>
const T* elements(const Bytes& bytes) {
  return static_cast<const T*>(bytes.data);
}

// An argument that is a list of `count` whole numbers from `least` on. No product of three of them overflows.
inline std::vector<int64_t> sizes_of(Call& call, size_t index, size_t count, int64_t least, const char* function) {
  std::vector<int64_t> sizes = to_ints(call.env, call.at(index), "sizes");
  if (sizes.size() != count) throw_value_error(std::string(function) + ": expected another number of sizes");
  for (int64_t size : sizes) {
    if (size < least || size > kMostPixels) throw_value_error(std::string(function) + ": a size is out of range");
  }
  return sizes;
}

inline void require_bytes(const Bytes& bytes, size_t wanted, const char* function) {
  if (bytes.length < wanted) throw_value_error(std::string(function) + ": a buffer is too small");
}

}  // namespace tstorch
