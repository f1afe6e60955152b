// Images in another size: the loops of lib/torchvision/imaging/resample.ts, where the numbers that go into them come from.
#include <algorithm>
#include <cstring>

#include "exports.h"
#include "pixels.h"

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

#ifdef __GNUC__
// The channels of a pixel side by side in one register, with three a stranger beside them.
typedef uint8_t Lanes8 __attribute__((vector_size(4)));
typedef uint32_t Lanes32 __attribute__((vector_size(16)));
typedef int32_t Signed32 __attribute__((vector_size(16)));

// As `along` for 3 or 4 channels; reads one byte beyond the row where there are 3.
[[gnu::always_inline]] inline void along_lanes(const uint8_t* from, uint8_t* to, const Pass& pass, size_t channels) {
  for (size_t x = 0; x < pass.wanted; x++, to += channels) {
    const uint8_t* pixel = from + static_cast<size_t>(pass.first[x]) * channels;
    const int32_t* weights = pass.weights + x * pass.taps;
    Lanes32 sums = {kHalf, kHalf, kHalf, kHalf};
    for (int32_t w = 0; w < pass.count[x]; w++, pixel += channels) {
      Lanes8 values;
      std::memcpy(&values, pixel, sizeof(values));
      sums += __builtin_convertvector(values, Lanes32) * static_cast<uint32_t>(weights[w]);
    }
    Signed32 shifted = reinterpret_cast<Signed32>(sums) >> kPrecision;
    shifted = shifted < 0 ? Signed32{} : shifted;
    shifted = shifted > 255 ? Signed32{} + 255 : shifted;
    for (size_t c = 0; c < channels; c++) to[c] = static_cast<uint8_t>(shifted[c]);
  }
}

TSTORCH_VECTORIZED
void along_3_lanes(const uint8_t* from, uint8_t* to, const Pass& pass) { along_lanes(from, to, pass, 3); }

TSTORCH_VECTORIZED
void along_4_lanes(const uint8_t* from, uint8_t* to, const Pass& pass) { along_lanes(from, to, pass, 4); }
#else
constexpr auto* along_3_lanes = along<3>;
constexpr auto* along_4_lanes = along<4>;
#endif

// sums[x] += from[x] * weight
TSTORCH_VECTORIZED
void add_row(uint32_t* sums, const uint8_t* from, uint32_t weight, size_t count) {
  for (size_t x = 0; x < count; x++) sums[x] += from[x] * weight;
}

// Whole rows of `stride` bytes are added up.
void across(const uint8_t* from, uint8_t* to, size_t stride, const Pass& pass) {
  std::vector<uint32_t> sums(stride);
  for (size_t y = 0; y < pass.wanted; y++) {
    std::fill(sums.begin(), sums.end(), kHalf);
    const uint8_t* row = from + static_cast<size_t>(pass.first[y]) * stride;
    const int32_t* weights = pass.weights + y * pass.taps;
    for (int32_t w = 0; w < pass.count[y]; w++, row += stride) {
      add_row(sums.data(), row, static_cast<uint32_t>(weights[w]), stride);
    }
    for (size_t x = 0; x < stride; x++) *to++ = clip(sums[x]);
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
      else if (inner == 3) (i + 1 < outer ? along_3_lanes : along<3>)(source, target, pass);
      else if (inner == 4) along_4_lanes(source, target, pass);
      else across(source, target, inner, pass);
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
