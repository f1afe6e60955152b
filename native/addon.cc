// The addon's entry: makes the environment's state and exports the functions of all other files.
#include <napi.h>

#include "allocator.h"
#include "environment.h"
#include "engine.h"
#include "exports.h"
#include "operators.h"
#include "schema.h"
#include "sharing.h"

namespace tstorch {

namespace {

// initialize({ errors, collect, warn, weak_handles }): what the addon needs of JS, given once by lib/native.ts.
napi_value initialize(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) {
    Environment& environment = call.environment;
    napi_value options = call.raw(0);
    napi_value errors, function, weak;
    check(napi_get_named_property(call.env, options, "errors", &errors));
    for (uint32_t i = 0; i < static_cast<uint32_t>(ErrorClass::kCount); ++i) {
      napi_value error_class;
      check(napi_get_element(call.env, errors, i, &error_class));
      check(napi_create_reference(call.env, error_class, 1, &environment.error_classes[i]));
    }
    check(napi_get_named_property(call.env, options, "collect", &function));
    check(napi_create_reference(call.env, function, 1, &environment.collector.collect_function));
    check(napi_get_named_property(call.env, options, "warn", &function));
    check(napi_create_reference(call.env, function, 1, &environment.warnings.warn_function));
    check(napi_get_named_property(call.env, options, "weak_handles", &weak));
    environment.handles.weak_mode = to_bool(call.env, classify(call.env, weak), "weak_handles");
    return call.undefined();
  });
}

bool probe_finalized = false;

// probe(): an external whose finalizer sets a flag; probe_result() reads and clears it. lib/native.ts finds out with
// them whether this Node runs finalizers inside a collection.
napi_value probe(napi_env env, napi_callback_info) {
  napi_value external = nullptr;
  static int nothing = 0;
  napi_create_external(env, &nothing, [](napi_env, void*, void*) { probe_finalized = true; }, nullptr, &external);
  return external;
}

napi_value probe_result(napi_env env, napi_callback_info) {
  napi_value result = nullptr;
  napi_get_boolean(env, std::exchange(probe_finalized, false), &result);
  return result;
}

napi_value schemas(napi_env env, napi_callback_info info) {
  return guarded(env, info, [](Call& call) { return list_schemas(call.env); });
}

void export_all(napi_env env, napi_value exports, const std::vector<Export>& list) {
  for (const Export& one : list) {
    napi_value function;
    if (napi_create_function(env, one.name, NAPI_AUTO_LENGTH, one.callback, nullptr, &function) == napi_ok) {
      napi_set_named_property(env, exports, one.name, function);
    }
  }
}

}  // namespace

Environment::Environment(napi_env environment)
    : env(environment), handles(*this), shared_buffers(std::make_shared<SharedBuffers>()),
      callbacks(std::make_shared<Callbacks>(*this)) {}

Environment::~Environment() = default;

Environment& Environment::of(napi_env env) {
  void* data = nullptr;
  napi_get_instance_data(env, &data);
  return *static_cast<Environment*>(data);
}

}  // namespace tstorch

static Napi::Object initialize_addon(Napi::Env env, Napi::Object exports) {
  using namespace tstorch;
  install_cpu_allocator();
  install_autograd_engine();
  auto* environment = new Environment(env);
  napi_set_instance_data(
      env, environment, [](napi_env, void* data, void*) { delete static_cast<Environment*>(data); }, nullptr);
  // Runs before Node finalizes the externals: LibTorch's objects go while everything they need is still there.
  napi_add_env_cleanup_hook(
      env,
      [](void* data) {
        auto* ending = static_cast<Environment*>(data);
        end_sharing(*ending);
        ending->shared_buffers->close();
        ending->handles.close();
        ending->callbacks->close();
      },
      environment);
  export_all(env, exports,
             {{"initialize", initialize},
              {"probe", probe},
              {"probe_result", probe_result},
              {"schemas", schemas},
              {"operator", make_operator},
              {"takes_out_list", takes_out_list},
              {"return_names", return_names}});
  for (const auto* list : {&tensor_exports(), &buffer_exports(), &image_resample_exports(), &image_colour_exports(),
                           &image_geometry_exports(), &jpeg_exports(), &autograd_exports(), &graph_exports(),
                           &saved_exports(), &function_exports(), &engine_exports(), &functorch_exports(),
                           &random_exports(), &context_exports(), &accelerator_exports(), &backend_exports(),
                           &nvidia_exports(), &settings_exports(), &memory_exports(), &library_exports(),
                           &sharing_exports()}) {
    export_all(env, exports, *list);
  }
  return exports;
}

NODE_API_MODULE(tstorch, initialize_addon)
