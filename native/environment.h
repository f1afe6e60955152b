// The state of one Node environment (the main thread, or one worker): everything that holds JS values lives here, so
// that the addon can be loaded by several threads of one process. Nothing in it is shared between threads.
#pragma once

#include <node_api.h>

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "buffers.h"
#include "callbacks.h"
#include "collector.h"
#include "handles.h"
#include "warnings.h"

namespace tstorch {

class Packet;
struct Overload;

// The JS error classes that lib/errors.ts hands over, in this order.
enum class ErrorClass : uint8_t {
  kRuntime,
  kIndex,
  kValue,
  kType,
  kNotImplemented,
  kOutOfMemory,
  kLinAlg,
  kOS,
  kCount,
};

class Environment {
 public:
  explicit Environment(napi_env env);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  static Environment& of(napi_env env);

  napi_env env;
  HandleTable handles;
  Collector collector;
  std::shared_ptr<SharedBuffers> shared_buffers;
  std::shared_ptr<Callbacks> callbacks;
  Warnings warnings;
  // Where sizes, strides and the elements of small tensors are written for JS to read (tensor.cc).
  double* shared_numbers = nullptr;
  napi_ref error_classes[static_cast<size_t>(ErrorClass::kCount)] = {};
  // What operators.cc makes: a packet per operator name that was asked for, the plans that call them, and all their
  // overloads by id. They live as long as the environment, since JS functions point at them.
  std::vector<std::unique_ptr<Packet>> packets;
  std::unordered_map<std::string, Packet*> packets_by_name;
  std::vector<std::unique_ptr<void, void (*)(void*)>> plans;
  std::vector<const Overload*> overloads;

  // Frees what the collector of JS found dead and collects under pressure. Called on the way into every native call,
  // the one moment when neither JS nor LibTorch is in the middle of something.
  void safe_point() {
    handles.release_some();
    if (shared_buffers->any_pending()) shared_buffers->drain(env);
    if (collector.under_pressure()) collector.collect(*this);
  }
};

}  // namespace tstorch
