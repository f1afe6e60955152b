// JPEG files, by a libjpeg-turbo that is opened at run time where there is one for the platform: a C library with vector
// instructions of its own, which this addon neither links nor needs. lib/torchvision/imaging/jpeg.ts chooses.
#include <memory>
#include <string_view>

#include "buffers.h"
#include "call.h"
#include "exports.h"
#include "shared_libraries.h"

namespace tstorch {

namespace {

// The part of the TurboJPEG API, unchanged since its version 1.4, that is used here.
struct TurboJpeg {
  void* (*init)() = nullptr;
  int (*destroy)(void* handle) = nullptr;
  int (*header)(void* handle, const unsigned char* data, unsigned long size, int* width, int* height, int* subsampling,
                int* colors) = nullptr;
  int (*decompress)(void* handle, const unsigned char* data, unsigned long size, unsigned char* to, int width, int pitch,
                    int height, int format, int flags) = nullptr;
  // Since version 2.0; without it every warning counts as an error.
  char* (*last_message)(void* handle) = nullptr;

  // Did it come to an end? With warnings, as of stray bytes before a marker, it does, and says -1 all the same. The
  // library's own code for that calls an error a warning if there was a warning before it, but the message is always
  // the error's, or else the first warning's.
  bool succeeded(int result, void* handle) const {
    if (result == 0) return true;
    if (last_message == nullptr) return false;
    std::string_view message = last_message(handle);
    for (std::string_view warning :
         {"Corrupt JPEG data: ", "Premature end of JPEG file", "Warning: ", "Unknown Adobe color transform code",
          "Inconsistent progression sequence", "Invalid SOS parameters for sequential JPEG"}) {
      if (message.substr(0, warning.size()) == warning) return true;
    }
    return false;
  }
};

template <typename Function>
bool find(void* library, const char* name, Function*& function) {
  function = reinterpret_cast<Function*>(find_symbol(library, name));
  return function != nullptr;
}

// Opened once, for good, by the first environment that asks.
const TurboJpeg* turbo_jpeg(const char* path) {
  static const TurboJpeg* const opened = [path]() -> const TurboJpeg* {
    std::string reason;
    void* library = open_library(path, Visibility::kDependents, reason);
    if (library == nullptr) return nullptr;
    auto* api = new TurboJpeg;
    bool complete = find(library, "tjInitDecompress", api->init) && find(library, "tjDestroy", api->destroy) &&
                    find(library, "tjDecompressHeader3", api->header) &&
                    find(library, "tjDecompress2", api->decompress);
    find(library, "tjGetErrorStr2", api->last_message);
    return complete ? api : nullptr;
  }();
  return opened;
}

using Handle = std::unique_ptr<void, int (*)(void*)>;

const TurboJpeg& opened_turbo_jpeg() {
  const TurboJpeg* api = turbo_jpeg("");
  if (api == nullptr) throw_runtime_error("libjpeg-turbo has not been opened");
  return *api;
}

Handle new_handle(const TurboJpeg& api) {
  Handle handle(api.init(), api.destroy);
  if (handle == nullptr) throw_runtime_error("not enough memory to decode an image");
  return handle;
}

// open_jpeg(path): whether the library there can be used.
napi_value open_jpeg(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    std::string path = to_string(call.env, call.at(0), "path");
    return call.boolean(turbo_jpeg(path.c_str()) != nullptr);
  });
}

// jpeg_header(bytes, header): writes width, height, subsampling and colour space to four integers; whether it could.
napi_value jpeg_header(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const TurboJpeg& api = opened_turbo_jpeg();
    Bytes bytes = bytes_of(call.env, call.raw(0), "bytes");
    Bytes header = bytes_of(call.env, call.raw(1), "header");
    if (header.length < 4 * sizeof(int)) throw_value_error("jpeg_header: the buffer is too small");
    Handle handle = new_handle(api);
    int* out = static_cast<int*>(header.data);
    int result = api.header(handle.get(), static_cast<const unsigned char*>(bytes.data), bytes.length, out, out + 1,
                            out + 2, out + 3);
    return call.boolean(api.succeeded(result, handle.get()));
  });
}

// jpeg_pixels(bytes, to, width, height, format, channels): decodes the image of that size; whether it could.
napi_value jpeg_pixels(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    const TurboJpeg& api = opened_turbo_jpeg();
    Bytes bytes = bytes_of(call.env, call.raw(0), "bytes");
    Bytes to = bytes_of(call.env, call.raw(1), "to");
    int sizes[4];
    for (size_t i = 0; i < 4; i++) sizes[i] = static_cast<int>(to_double(call.env, call.at(2 + i), "sizes"));
    auto [width, height, format, channels] = sizes;
    if (width < 1 || height < 1 || width > 65535 || height > 65535 || channels < 1 || channels > 4 ||
        to.length < static_cast<size_t>(width) * height * channels) {
      throw_value_error("jpeg_pixels: the buffer is too small");
    }
    Handle handle = new_handle(api);
    // The size bounds what is written, should the bytes have another header by now.
    int result = api.decompress(handle.get(), static_cast<const unsigned char*>(bytes.data), bytes.length,
                                static_cast<unsigned char*>(to.data), width, width * channels, height, format, 0);
    return call.boolean(api.succeeded(result, handle.get()));
  });
}

}  // namespace

const std::vector<Export>& jpeg_exports() {
  static const std::vector<Export> exports = {
      {"open_jpeg", open_jpeg}, {"jpeg_header", jpeg_header}, {"jpeg_pixels", jpeg_pixels}};
  return exports;
}

}  // namespace tstorch
