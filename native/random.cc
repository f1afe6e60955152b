// Random number generators.
#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Context.h>

#include "call.h"
#include "exports.h"
#include "thread_generator.h"

namespace tstorch {

namespace {

const at::Generator& generator_at(Call& call, size_t index) {
  Value value = call.at(index);
  if (value.kind != kGenerator) throw_type_error("argument 'generator' must be torch.Generator");
  return static_cast<GeneratorHandle*>(value.handle)->generator;
}

// Seeds are any 64 bits; negative numbers stand for their two's complement, as in Python.
uint64_t seed_at(Call& call, size_t index) {
  Value value = call.at(index);
  if (value.kind == kBigInt) {
    uint64_t seed = 0;
    bool lossless = false;
    napi_get_value_bigint_uint64(call.env, value.js, &seed, &lossless);
    if (lossless) return seed;
  }
  return static_cast<uint64_t>(to_int64(call.env, value, "seed"));
}

napi_value from_seed(napi_env env, uint64_t seed) {
  napi_value js;
  if (seed > uint64_t{1} << 53) {
    check(napi_create_bigint_uint64(env, seed, &js));
  } else {
    check(napi_create_double(env, static_cast<double>(seed), &js));
  }
  return js;
}

napi_value manual_seed(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    uint64_t seed = seed_at(call, 0);
    if (at::Generator own = thread_generator(); own.defined()) {
      std::lock_guard guard(own.mutex());
      own.set_current_seed(seed);
    } else {
      at::manual_seed(seed);
    }
    return call.undefined();
  });
}

napi_value default_generator(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = call.given(0) ? to_device(call.env, call.at(0), "device") : c10::Device(c10::kCPU);
    const at::Generator& own = thread_generator();
    at::Generator generator =
        device.is_cpu() && own.defined() ? own : at::globalContext().defaultGenerator(device);
    return call.environment.handles.adopt(call.env, new GeneratorHandle(std::move(generator)));
  });
}

// prepare_thread_generators(), then in another thread begin_thread_generator(): see thread_generator.h.
napi_value prepare_for_threads(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    prepare_thread_generators();
    return call.undefined();
  });
}

napi_value begin_in_thread(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    begin_thread_generator();
    return call.undefined();
  });
}

napi_value new_generator(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    c10::Device device = call.given(0) ? to_device(call.env, call.at(0), "device") : c10::Device(c10::kCPU);
    at::Generator generator = device.is_cpu() ? at::detail::createCPUGenerator()
                                              : at::globalContext()
                                                    .getAcceleratorHooksInterface(device.type())
                                                    .getNewGenerator(device.index());
    return call.environment.handles.adopt(call.env, new GeneratorHandle(std::move(generator)));
  });
}

napi_value generator_manual_seed(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::Generator generator = generator_at(call, 0);
    uint64_t seed = seed_at(call, 1);
    std::lock_guard guard(generator.mutex());
    generator.set_current_seed(seed);
    return call.undefined();
  });
}

napi_value generator_seed(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::Generator generator = generator_at(call, 0);
    std::lock_guard guard(generator.mutex());
    return from_seed(call.env, generator.seed());
  });
}

napi_value generator_initial_seed(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_seed(call.env, generator_at(call, 0).current_seed()); });
}

napi_value generator_get_state(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::Generator generator = generator_at(call, 0);
    std::lock_guard guard(generator.mutex());
    return from_tensor(call.environment, generator.get_state());
  });
}

napi_value generator_set_state(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    at::Generator generator = generator_at(call, 0);
    const at::Tensor& state = to_tensor(call.env, call.at(1), "new_state");
    if (state.scalar_type() != at::kByte || !state.is_cpu()) {
      throw_type_error("RNG state must be a torch.ByteTensor");
    }
    std::lock_guard guard(generator.mutex());
    generator.set_state(state);
    return call.undefined();
  });
}

napi_value generator_device(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return from_string(call.env, generator_at(call, 0).device().str()); });
}

}  // namespace

const std::vector<Export>& random_exports() {
  static const std::vector<Export> exports = {
      {"manual_seed", manual_seed},
      {"default_generator", default_generator},
      {"prepare_thread_generators", prepare_for_threads},
      {"begin_thread_generator", begin_in_thread},
      {"new_generator", new_generator},
      {"generator_manual_seed", generator_manual_seed},
      {"generator_seed", generator_seed},
      {"generator_initial_seed", generator_initial_seed},
      {"generator_get_state", generator_get_state},
      {"generator_set_state", generator_set_state},
      {"generator_device", generator_device},
  };
  return exports;
}

}  // namespace tstorch
