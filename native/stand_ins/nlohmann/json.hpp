// LibTorch's header of the transforms includes this library to write their state as text, which nothing here does, and
// LibTorch does not bring it along. These declarations let the header compile; there are no definitions.
#pragma once

#include <string>

namespace nlohmann {

struct json {
  json() = default;
  template <typename T>
  explicit json(const T&);
  std::string dump() const;
  static json parse(const std::string& text);
  template <typename T>
  T get() const;
};

}  // namespace nlohmann
