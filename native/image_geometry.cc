// Pixels at other places: the loops of lib/torchvision/imaging/geometry.ts, which chooses among them.
#include <algorithm>
#include <cmath>
#include <type_traits>

#include "exports.h"
#include "pixels.h"

namespace tstorch {

namespace {

// Pixels of `bytes` bytes: that in column x of row y of the result is number start + x * across + y * down.
template <size_t bytes>
void pick(const uint8_t* from, uint8_t* to, size_t width, size_t height, int64_t start, int64_t across, int64_t down) {
  for (size_t y = 0; y < height; y++, start += down) {
    const uint8_t* pixel = from + start * static_cast<int64_t>(bytes);
    for (size_t x = 0; x < width; x++, pixel += across * static_cast<int64_t>(bytes), to += bytes) {
      std::copy_n(pixel, bytes, to);
    }
  }
}

// pick_pixels(from, to, [width, height, bytes], [start, across, down])
napi_value pick_pixels(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes from = bytes_of(call.env, call.raw(0), "from");
    Bytes to = bytes_of(call.env, call.raw(1), "to");
    std::vector<int64_t> sizes = sizes_of(call, 2, 3, 0, "pick_pixels");
    std::vector<int64_t> places = to_ints(call.env, call.at(3), "places");
    int64_t width = sizes[0], height = sizes[1], bytes = sizes[2];
    if (width == 0 || height == 0) return call.undefined();
    if (bytes < 1 || bytes > 4 || places.size() != 3) throw_value_error("pick_pixels: no such pixels");
    int64_t start = places[0], across = places[1], down = places[2];
    int64_t there = static_cast<int64_t>(from.length) / bytes;
    for (int64_t step : places) {
      if (step < -there || step > there) throw_value_error("pick_pixels: the places lead out of the image");
    }
    for (int64_t x : {int64_t{0}, width - 1}) {
      for (int64_t y : {int64_t{0}, height - 1}) {
        int64_t place = start + x * across + y * down;
        if (place < 0 || place >= there) throw_value_error("pick_pixels: the places lead out of the image");
      }
    }
    require_bytes(to, width * height * bytes, "pick_pixels");
    auto* run = bytes == 1 ? pick<1> : bytes == 2 ? pick<2> : bytes == 3 ? pick<3> : pick<4>;
    run(elements<uint8_t>(from), static_cast<uint8_t*>(to.data), width, height, start, across, down);
    return call.undefined();
  });
}

template <typename T>
struct Warp {
  const T* from;
  T* to;
  int64_t in_width, in_height, width, height, channels;
  // Six numbers of an affine map, and two of perspective.
  const double* map;
};

template <typename T, size_t channels>
void copy_pixel(const T* from, T* to) {
  for (size_t c = 0; c < channels; c++) to[c] = from[c];
}

int32_t fixed_point(double value) {
  // As JavaScript's and C's conversions wrap, should it ever be too large.
  return static_cast<int32_t>(static_cast<uint32_t>(static_cast<int64_t>(std::floor(value * 65536 + 0.5))));
}

// The nearest pixels along an affine map, in 16-bit fixed point: what Pillow does where no number is too large for it.
template <typename T, size_t channels>
void fixed_warp(const Warp<T>& warp) {
  const double* a = warp.map;
  uint32_t across_x = fixed_point(a[0]), across_y = fixed_point(a[3]);
  uint32_t down_x = fixed_point(a[1]), down_y = fixed_point(a[4]);
  uint32_t start_x = fixed_point(a[2] + a[0] * 0.5 + a[1] * 0.5);
  uint32_t start_y = fixed_point(a[5] + a[3] * 0.5 + a[4] * 0.5);
  uint32_t width = warp.in_width, height = warp.in_height;
  T* to = warp.to;
  for (int64_t y = 0; y < warp.height; y++, start_x += down_x, start_y += down_y) {
    uint32_t xx = start_x, yy = start_y;
    for (int64_t x = 0; x < warp.width; x++, to += channels, xx += across_x, yy += across_y) {
      // What is negative is too large when it is unsigned.
      uint32_t column = static_cast<uint32_t>(static_cast<int32_t>(xx) >> 16);
      uint32_t row = static_cast<uint32_t>(static_cast<int32_t>(yy) >> 16);
      if (column < width && row < height) {
        copy_pixel<T, channels>(warp.from + (size_t{row} * width + column) * channels, to);
      }
    }
  }
}

// The place in a line, -1 outside of it.
int64_t place_of(double at, int64_t size) {
  return at >= 0 && at < static_cast<double>(size) ? static_cast<int64_t>(at) : -1;
}

// The nearest pixels where columns stay columns and rows rows.
template <typename T, size_t channels>
void scaled_warp(const Warp<T>& warp) {
  const double* a = warp.map;
  std::vector<int64_t> columns(warp.width);
  double at = a[2] + a[0] * 0.5;
  for (int64_t& column : columns) {
    column = place_of(at, warp.in_width);
    at += a[0];
  }
  at = a[5] + a[4] * 0.5;
  for (int64_t y = 0; y < warp.height; y++, at += a[4]) {
    int64_t row = place_of(at, warp.in_height);
    if (row < 0) continue;
    const T* from = warp.from + row * warp.in_width * channels;
    T* to = warp.to + y * warp.width * channels;
    for (int64_t x = 0; x < warp.width; x++, to += channels) {
      if (columns[x] >= 0) copy_pixel<T, channels>(from + columns[x] * channels, to);
    }
  }
}

int64_t clamp(int64_t value, int64_t size) { return value < 0 ? 0 : value < size ? value : size - 1; }

// Cut off, not rounded; bytes do not wrap.
template <typename T>
T value_of(double value) {
  if constexpr (std::is_same_v<T, uint8_t>) return value <= 0 ? 0 : value >= 255 ? 255 : static_cast<T>(value);
  else if constexpr (std::is_integral_v<T>) return static_cast<T>(static_cast<int64_t>(value));
  else return static_cast<T>(value);
}

struct Nearest {
  template <typename T>
  static void put(const Warp<T>& warp, double x, double y, T* to) {
    const T* pixel =
        warp.from + (static_cast<int64_t>(y) * warp.in_width + static_cast<int64_t>(x)) * warp.channels;
    for (int64_t c = 0; c < warp.channels; c++) to[c] = pixel[c];
  }
};

struct Bilinear {
  template <typename T>
  static void put(const Warp<T>& warp, double x, double y, T* to) {
    int64_t w = warp.in_width, h = warp.in_height;
    x -= 0.5;
    y -= 0.5;
    int64_t left = static_cast<int64_t>(std::floor(x)), upper = static_cast<int64_t>(std::floor(y));
    double dx = x - static_cast<double>(left), dy = y - static_cast<double>(upper);
    const T* row = warp.from + clamp(upper, h) * w * warp.channels;
    int64_t first = clamp(left, w) * warp.channels, second = clamp(left + 1, w) * warp.channels;
    bool below = upper + 1 >= 0 && upper + 1 < h;
    const T* next = below ? warp.from + (upper + 1) * w * warp.channels : row;
    for (int64_t c = 0; c < warp.channels; c++) {
      double p = row[first + c], value = p + (row[second + c] - p) * dx;
      if (below) {
        double q = next[first + c], other = q + (next[second + c] - q) * dx;
        value = value + (other - value) * dy;
      }
      to[c] = value_of<T>(value);
    }
  }
};

// What lies between four values in a row, at d from the second to the third.
double cubic(double v1, double v2, double v3, double v4, double d) {
  double p2 = -v1 + v3;
  double p3 = 2 * (v1 - v2) + v3 - v4;
  double p4 = -v1 + v2 - v3 + v4;
  return v2 + d * (p2 + d * (p3 + d * p4));
}

struct Bicubic {
  template <typename T>
  static void put(const Warp<T>& warp, double x, double y, T* to) {
    int64_t w = warp.in_width, h = warp.in_height, channels = warp.channels;
    x -= 0.5;
    y -= 0.5;
    int64_t left = static_cast<int64_t>(std::floor(x)), upper = static_cast<int64_t>(std::floor(y));
    double dx = x - static_cast<double>(left), dy = y - static_cast<double>(upper);
    int64_t columns[4];
    for (int64_t i = 0; i < 4; i++) columns[i] = clamp(left - 1 + i, w) * channels;
    for (int64_t c = 0; c < channels; c++) {
      auto line = [&](int64_t row) {
        const T* start = warp.from + row * w * channels + c;
        return cubic(start[columns[0]], start[columns[1]], start[columns[2]], start[columns[3]], dx);
      };
      // A row that is not there is the one before it.
      double values[4];
      values[0] = line(clamp(upper - 1, h));
      for (int64_t i = 1; i < 4; i++) {
        int64_t row = upper - 1 + i;
        values[i] = row >= 0 && row < h ? line(row) : values[i - 1];
      }
      to[c] = value_of<T>(cubic(values[0], values[1], values[2], values[3], dy));
    }
  }
};

// Any map from places of the result to places of the image.
template <typename How, typename T>
void any_warp(const Warp<T>& warp, bool perspective) {
  const double* a = warp.map;
  T* to = warp.to;
  double in_width = static_cast<double>(warp.in_width), in_height = static_cast<double>(warp.in_height);
  for (int64_t row = 0; row < warp.height; row++) {
    double y = static_cast<double>(row) + 0.5;
    for (int64_t column = 0; column < warp.width; column++, to += warp.channels) {
      double x = static_cast<double>(column) + 0.5;
      double from_x = a[0] * x + a[1] * y + a[2];
      double from_y = a[3] * x + a[4] * y + a[5];
      if (perspective) {
        double scale = a[6] * x + a[7] * y + 1;
        from_x /= scale;
        from_y /= scale;
      }
      if (from_x >= 0 && from_x < in_width && from_y >= 0 && from_y < in_height) How::put(warp, from_x, from_y, to);
    }
  }
}

// lib/torchvision/imaging/geometry.ts has the same numbers.
enum Way : int64_t { kScaled, kFixed, kNearest, kBilinear, kBicubic };

template <typename T>
void run_warp(const Warp<T>& warp, int64_t way, bool perspective) {
  if (way == kScaled || way == kFixed) {
    using Function = void (*)(const Warp<T>&);
    static constexpr Function scaled[] = {scaled_warp<T, 1>, scaled_warp<T, 2>, scaled_warp<T, 3>, scaled_warp<T, 4>};
    static constexpr Function fixed[] = {fixed_warp<T, 1>, fixed_warp<T, 2>, fixed_warp<T, 3>, fixed_warp<T, 4>};
    (way == kScaled ? scaled : fixed)[warp.channels - 1](warp);
  } else if (way == kNearest) {
    any_warp<Nearest>(warp, perspective);
  } else if (way == kBilinear) {
    any_warp<Bilinear>(warp, perspective);
  } else {
    any_warp<Bicubic>(warp, perspective);
  }
}

// warp_pixels(from, to, map, [in_width, in_height, width, height, channels], way): both are arrays of one type; what comes
// from outside of the image is not written.
napi_value warp_pixels(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Bytes from = bytes_of(call.env, call.raw(0), "from");
    Bytes to = bytes_of(call.env, call.raw(1), "to");
    Bytes map = bytes_of(call.env, call.raw(2), "map");
    std::vector<int64_t> sizes = sizes_of(call, 3, 5, 0, "warp_pixels");
    int64_t way = to_int64(call.env, call.at(4), "way");
    int64_t in_width = sizes[0], in_height = sizes[1], width = sizes[2], height = sizes[3], channels = sizes[4];
    size_t numbers = map.length / sizeof(double);
    if (numbers != 6 && numbers != 8) throw_value_error("warp_pixels: a map has six or eight numbers");
    if (channels < 1 || channels > 4) throw_value_error("warp_pixels: a pixel has one to four channels");
    if (way < kScaled || way > kBicubic) throw_value_error("warp_pixels: there is no such way");
    if (width == 0 || height == 0 || in_width == 0 || in_height == 0) return call.undefined();
    auto run = [&](auto type) {
      using T = decltype(type);
      require_bytes(from, in_width * in_height * channels * sizeof(T), "warp_pixels");
      require_bytes(to, width * height * channels * sizeof(T), "warp_pixels");
      Warp<T> warp{elements<T>(from), static_cast<T*>(to.data), in_width, in_height, width, height, channels,
                   elements<double>(map)};
      run_warp(warp, way, numbers == 8);
    };
    napi_typedarray_type type = napi_uint8_array;
    napi_get_typedarray_info(call.env, call.raw(0), &type, nullptr, nullptr, nullptr, nullptr);
    if (type == napi_float32_array) run(float{});
    else if (type == napi_int32_array) run(int32_t{});
    else if (type == napi_uint16_array) run(uint16_t{});
    else run(uint8_t{});
    return call.undefined();
  });
}

}  // namespace

const std::vector<Export>& image_geometry_exports() {
  static const std::vector<Export> exports = {{"pick_pixels", pick_pixels}, {"warp_pixels", warp_pixels}};
  return exports;
}

}  // namespace tstorch
