// Pixels one by one or with their neighbours: the loops of lib/torchvision/imaging/colour.ts and convert.ts.
#include "exports.h"
#include "pixels.h"

namespace tstorch {

namespace {

template <size_t channels>
void look_up(const uint8_t* from, uint8_t* to, size_t pixels, const uint8_t* table) {
  for (size_t i = 0; i < pixels; i++) {
    for (size_t c = 0; c < channels; c++) *to++ = table[c * 256 + *from++];
  }
}

template <size_t channels>
void count(const uint8_t* from, size_t pixels, uint32_t* counts) {
  for (size_t i = 0; i < pixels; i++) {
    for (size_t c = 0; c < channels; c++) counts[c * 256 + *from++]++;
  }
}

// Calls a template of the number of channels.
#define TSTORCH_BY_CHANNELS(channels, function, ...) \
  switch (channels) {                                \
    case 1: function<1>(__VA_ARGS__); break;         \
    case 2: function<2>(__VA_ARGS__); break;         \
    case 3: function<3>(__VA_ARGS__); break;         \
    default: function<4>(__VA_ARGS__);               \
  }

// Pillow computes in single precision.
TSTORCH_VECTORIZED
void blend_inside(const uint8_t* a, const uint8_t* b, uint8_t* to, size_t count, float factor) {
  for (size_t i = 0; i < count; i++) {
    float start = a[i];
    to[i] = static_cast<uint8_t>(static_cast<int32_t>(start + factor * (static_cast<float>(b[i]) - start)));
  }
}

TSTORCH_VECTORIZED
void blend_beyond(const uint8_t* a, const uint8_t* b, uint8_t* to, size_t count, float factor) {
  for (size_t i = 0; i < count; i++) {
    float start = a[i];
    float value = start + factor * (static_cast<float>(b[i]) - start);
    value = value > 0 ? value : 0;
    value = value < 255 ? value : 255;
    to[i] = static_cast<uint8_t>(static_cast<int32_t>(value));
  }
}

// The sums of a row with its neighbours, `count` bytes `step` apart, as bytes. They are never halfway between two, so
// that whole numbers give what Pillow's floats do: (2 * sum + 13) / 26, by a multiplication that is exact for so few.
TSTORCH_VECTORIZED
void smooth_row(const uint8_t* above, const uint8_t* row, const uint8_t* below, uint8_t* to, size_t step,
                size_t count) {
  const uint8_t *above2 = above + step, *above3 = above2 + step;
  const uint8_t *row2 = row + step, *row3 = row2 + step;
  const uint8_t *below2 = below + step, *below3 = below2 + step;
  for (size_t i = 0; i < count; i++) {
    uint32_t sum = above[i] + above2[i] + above3[i] + row[i] + 5 * row2[i] + row3[i] + below[i] + below2[i] + below3[i];
    to[i] = static_cast<uint8_t>(((2 * sum + 13) * 40330) >> 20);
  }
}

// Brightness as Pillow weighs it (ITU-R 601-2), in 16-bit fixed point.
uint8_t luma(const uint8_t* color) {
  return static_cast<uint8_t>((color[0] * 19595 + color[1] * 38470 + color[2] * 7471 + 0x8000) >> 16);
}

template <size_t channels>
void to_grey(const uint8_t* from, uint8_t* to, size_t pixels, size_t step) {
  for (size_t i = 0; i < pixels; i++, from += channels, to += step) {
    to[0] = luma(from);
    if (step == 2) to[1] = channels == 4 ? from[3] : 255;
  }
}

template <size_t channels>
void to_colours(const uint8_t* from, uint8_t* to, size_t pixels, size_t step) {
  for (size_t i = 0; i < pixels; i++, from += channels, to += step) {
    to[0] = to[1] = to[2] = from[0];
    if (step == 4) to[3] = channels == 2 ? from[1] : 255;
  }
}

size_t channels_of(Call& call, size_t index) {
  int64_t channels = to_int64(call.env, call.at(index), "channels");
  if (channels < 1 || channels > 4) throw_value_error("a pixel has one to four channels");
  return static_cast<size_t>(channels);
}

// look_up_bytes(from, to, table, channels): each byte by the 256 entries of its channel, or by the only ones.
napi_value look_up_bytes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes from = bytes_of(call.env, call.raw(0), "from");
    Bytes to = bytes_of(call.env, call.raw(1), "to");
    Bytes table = bytes_of(call.env, call.raw(2), "table");
    size_t channels = channels_of(call, 3);
    require_bytes(to, from.length, "look_up_bytes");
    if (table.length == 256) channels = 1;
    if (table.length != 256 * channels) throw_value_error("look_up_bytes: wrong number of entries");
    TSTORCH_BY_CHANNELS(channels, look_up, elements<uint8_t>(from), static_cast<uint8_t*>(to.data),
                        from.length / channels, elements<uint8_t>(table));
    return call.undefined();
  });
}

// count_bytes(from, counts, channels): how often each value occurs in each channel is added to `counts`.
napi_value count_bytes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes from = bytes_of(call.env, call.raw(0), "from");
    Bytes counts = bytes_of(call.env, call.raw(1), "counts");
    size_t channels = channels_of(call, 2);
    require_bytes(counts, 256 * channels * sizeof(uint32_t), "count_bytes");
    TSTORCH_BY_CHANNELS(channels, count, elements<uint8_t>(from), from.length / channels,
                        static_cast<uint32_t*>(counts.data));
    return call.undefined();
  });
}

// blend_bytes(a, b, to, factor): a + factor * (b - a), cut to a byte.
napi_value blend_bytes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes a = bytes_of(call.env, call.raw(0), "a");
    Bytes b = bytes_of(call.env, call.raw(1), "b");
    Bytes to = bytes_of(call.env, call.raw(2), "to");
    float factor = static_cast<float>(to_double(call.env, call.at(3), "factor"));
    require_bytes(b, a.length, "blend_bytes");
    require_bytes(to, a.length, "blend_bytes");
    auto* blend = factor >= 0 && factor <= 1 ? blend_inside : blend_beyond;
    blend(elements<uint8_t>(a), elements<uint8_t>(b), static_cast<uint8_t*>(to.data), a.length, factor);
    return call.undefined();
  });
}

// smooth_bytes(from, to, [width, height, channels]): each pixel with its eight neighbours, which weigh a fifth of it;
// the outermost pixels are not written.
napi_value smooth_bytes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes from = bytes_of(call.env, call.raw(0), "from");
    Bytes to = bytes_of(call.env, call.raw(1), "to");
    std::vector<int64_t> sizes = sizes_of(call, 2, 3, 0, "smooth_bytes");
    size_t width = sizes[0], height = sizes[1], step = sizes[2], stride = width * step;
    require_bytes(from, stride * height, "smooth_bytes");
    require_bytes(to, stride * height, "smooth_bytes");
    if (width < 3) return call.undefined();
    for (size_t y = 1; y + 1 < height; y++) {
      const uint8_t* row = elements<uint8_t>(from) + y * stride;
      uint8_t* out = static_cast<uint8_t*>(to.data) + y * stride + step;
      smooth_row(row - stride, row, row + stride, out, step, stride - 2 * step);
    }
    return call.undefined();
  });
}

// convert_bytes(from, to, from_channels, to_channels): colours to grey, or grey to colours. A second or fourth channel is
// alpha, 255 where there was none.
napi_value convert_bytes(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes from = bytes_of(call.env, call.raw(0), "from");
    Bytes to = bytes_of(call.env, call.raw(1), "to");
    size_t channels = channels_of(call, 2), step = channels_of(call, 3);
    if ((channels < 3) == (step < 3)) throw_value_error("convert_bytes: not from grey to colours or back");
    size_t pixels = from.length / channels;
    require_bytes(to, pixels * step, "convert_bytes");
    const uint8_t* source = elements<uint8_t>(from);
    uint8_t* target = static_cast<uint8_t*>(to.data);
    if (channels == 4) to_grey<4>(source, target, pixels, step);
    else if (channels == 3) to_grey<3>(source, target, pixels, step);
    else if (channels == 2) to_colours<2>(source, target, pixels, step);
    else to_colours<1>(source, target, pixels, step);
    return call.undefined();
  });
}

}  // namespace

const std::vector<Export>& image_colour_exports() {
  static const std::vector<Export> exports = {{"look_up_bytes", look_up_bytes},
                                              {"count_bytes", count_bytes},
                                              {"blend_bytes", blend_bytes},
                                              {"smooth_bytes", smooth_bytes},
                                              {"convert_bytes", convert_bytes}};
  return exports;
}

}  // namespace tstorch
