// Images in another size: the loops of lib/torchvision/imaging/resample.ts, where the numbers for them come from.
#include <algorithm>
#include <cstring>

#include "exports.h"
#include "pixels.h"

#ifdef TSTORCH_X86
#include <immintrin.h>
#endif

namespace tstorch {

namespace {

// Bits behind the point of a weight.
constexpr int kPrecision = 22;
constexpr int32_t kHalf = 1 << (kPrecision - 1);

// A 32-bit wheel that turns over, as Pillow's does: unsigned, since signed numbers must not.
uint8_t clip(uint32_t sum) {
  int32_t value = static_cast<int32_t>(sum) >> kPrecision;
  return value < 0 ? 0 : value > 255 ? 255 : static_cast<uint8_t>(value);
}

struct Pass {
  const int32_t* first;
  const int32_t* count;
  const int32_t* weights;
  size_t wanted;
  size_t taps;
};

// Along rows of pixels of `channels` bytes.
template <size_t channels>
void along(const uint8_t* from, uint8_t* to, const Pass& pass) {
  for (size_t x = 0; x < pass.wanted; x++) {
    const uint8_t* pixel = from + static_cast<size_t>(pass.first[x]) * channels;
    const int32_t* weights = pass.weights + x * pass.taps;
    uint32_t sums[channels];
    for (size_t c = 0; c < channels; c++) sums[c] = kHalf;
    for (int32_t w = 0; w < pass.count[x]; w++, pixel += channels) {
      for (size_t c = 0; c < channels; c++) sums[c] += pixel[c] * static_cast<uint32_t>(weights[w]);
    }
    for (size_t c = 0; c < channels; c++) *to++ = clip(sums[c]);
  }
}

// Bytes of whole rows, `stride` of them, from column `x` on.
void across(const uint8_t* from, uint8_t* to, size_t stride, const int32_t* weights, int32_t count, size_t x) {
  std::vector<uint32_t> sums(stride - x, kHalf);
  for (int32_t w = 0; w < count; w++, from += stride) {
    for (size_t i = 0; i < sums.size(); i++) sums[i] += from[x + i] * static_cast<uint32_t>(weights[w]);
  }
  for (size_t i = 0; i < sums.size(); i++) to[x + i] = clip(sums[i]);
}

#ifdef TSTORCH_X86
// Most processors can do eight sums at once; whether this one can, is found out when the addon is loaded.
#define TSTORCH_AVX2 __attribute__((target("avx2")))
const bool has_avx2 = __builtin_cpu_supports("avx2");

// As `along` for 3 or 4 channels, which are side by side in one register, with three a stranger beside them: one byte
// beyond the row is read.
template <size_t channels>
TSTORCH_AVX2 void along_avx2(const uint8_t* from, uint8_t* to, const Pass& pass) {
  const __m128i most = _mm_set1_epi32(255);
  for (size_t x = 0; x < pass.wanted; x++, to += channels) {
    const uint8_t* pixel = from + static_cast<size_t>(pass.first[x]) * channels;
    const int32_t* weights = pass.weights + x * pass.taps;
    __m128i sums = _mm_set1_epi32(kHalf);
    for (int32_t w = 0; w < pass.count[x]; w++, pixel += channels) {
      int32_t bytes;
      std::memcpy(&bytes, pixel, sizeof(bytes));
      __m128i values = _mm_cvtepu8_epi32(_mm_cvtsi32_si128(bytes));
      sums = _mm_add_epi32(sums, _mm_mullo_epi32(values, _mm_set1_epi32(weights[w])));
    }
    sums = _mm_min_epi32(_mm_max_epi32(_mm_srai_epi32(sums, kPrecision), _mm_setzero_si128()), most);
    sums = _mm_packus_epi16(_mm_packus_epi32(sums, sums), sums);
    int32_t bytes = _mm_cvtsi128_si32(sums);
    std::memcpy(to, &bytes, channels);
  }
}

// sums + bytes * weight, eight times.
TSTORCH_AVX2 inline __m256i add_eight(__m256i sums, const uint8_t* bytes, __m256i weight) {
  __m256i values = _mm256_cvtepu8_epi32(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(bytes)));
  return _mm256_add_epi32(sums, _mm256_mullo_epi32(values, weight));
}

// As `across`; gives how many columns it did, a multiple of 16.
TSTORCH_AVX2
size_t across_avx2(const uint8_t* from, uint8_t* to, size_t stride, const int32_t* weights, int32_t count) {
  size_t x = 0;
  for (; x + 16 <= stride; x += 16) {
    __m256i low = _mm256_set1_epi32(kHalf), high = low;
    const uint8_t* row = from + x;
    for (int32_t w = 0; w < count; w++, row += stride) {
      __m256i weight = _mm256_set1_epi32(weights[w]);
      low = add_eight(low, row, weight);
      high = add_eight(high, row + 8, weight);
    }
    low = _mm256_max_epi32(_mm256_srai_epi32(low, kPrecision), _mm256_setzero_si256());
    high = _mm256_max_epi32(_mm256_srai_epi32(high, kPrecision), _mm256_setzero_si256());
    // Packing goes by halves of registers, and cuts what is above a byte.
    __m256i words = _mm256_permute4x64_epi64(_mm256_packus_epi32(low, high), 0xd8);
    __m128i bytes = _mm_packus_epi16(_mm256_castsi256_si128(words), _mm256_extracti128_si256(words, 1));
    _mm_storeu_si128(reinterpret_cast<__m128i*>(to + x), bytes);
  }
  return x;
}
#endif

template <size_t channels>
void along_lanes(const uint8_t* from, uint8_t* to, const Pass& pass) {
#ifdef TSTORCH_X86
  if (has_avx2) return along_avx2<channels>(from, to, pass);
#endif
  along<channels>(from, to, pass);
}

// Whole rows of `stride` bytes are added up.
void across_rows(const uint8_t* from, uint8_t* to, size_t stride, const Pass& pass) {
  for (size_t y = 0; y < pass.wanted; y++, to += stride) {
    const uint8_t* row = from + static_cast<size_t>(pass.first[y]) * stride;
    const int32_t* weights = pass.weights + y * pass.taps;
    size_t done = 0;
#ifdef TSTORCH_X86
    if (has_avx2) done = across_avx2(row, to, stride, weights, pass.count[y]);
#endif
    if (done < stride) across(row, to, stride, weights, pass.count[y], done);
  }
}

// resample_bytes(from, to, first, count, weights, outer, length, inner): `from` is outer x length x inner bytes, `to` as
// many with a length of its own, that of `first` and `count`: each place there is the sum of `count` places of `from`
// from `first` on, times weights in fixed point.
napi_value resample_bytes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes from = bytes_of(call.env, call.raw(0), "from");
    Bytes to = bytes_of(call.env, call.raw(1), "to");
    Bytes first = bytes_of(call.env, call.raw(2), "first");
    Bytes count = bytes_of(call.env, call.raw(3), "count");
    Bytes weights = bytes_of(call.env, call.raw(4), "weights");
    std::vector<int64_t> sizes = sizes_of(call, 5, 3, 1, "resample_bytes");
    size_t outer = sizes[0], length = sizes[1], inner = sizes[2];
    Pass pass{elements<int32_t>(first), elements<int32_t>(count), elements<int32_t>(weights), first.length / 4, 0};
    if (pass.wanted == 0 || pass.wanted > static_cast<size_t>(kMostPixels) || count.length != first.length) {
      throw_value_error("resample_bytes: first and count do not belong together");
    }
    pass.taps = weights.length / 4 / pass.wanted;
    require_bytes(from, outer * length * inner, "resample_bytes");
    require_bytes(to, outer * pass.wanted * inner, "resample_bytes");
    for (size_t i = 0; i < pass.wanted; i++) {
      bool fits = pass.first[i] >= 0 && pass.count[i] >= 0 && static_cast<size_t>(pass.count[i]) <= pass.taps &&
                  static_cast<size_t>(pass.first[i]) + static_cast<size_t>(pass.count[i]) <= length;
      if (!fits) throw_value_error("resample_bytes: first and count lead out of the image");
    }
    const uint8_t* source = elements<uint8_t>(from);
    uint8_t* target = static_cast<uint8_t*>(to.data);
    for (size_t i = 0; i < outer; i++, source += length * inner, target += pass.wanted * inner) {
      if (inner == 1) along<1>(source, target, pass);
      else if (inner == 2) along<2>(source, target, pass);
      // Behind the last row there may be nothing to read.
      else if (inner == 3) (i + 1 < outer ? along_lanes<3> : along<3>)(source, target, pass);
      else if (inner == 4) along_lanes<4>(source, target, pass);
      else across_rows(source, target, inner, pass);
    }
    return call.undefined();
  });
}

}  // namespace

const std::vector<Export>& image_resample_exports() {
  static const std::vector<Export> exports = {{"resample_bytes", resample_bytes}};
  return exports;
}

}  // namespace tstorch
