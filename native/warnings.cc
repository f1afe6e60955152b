#include "warnings.h"

#include "errors.h"
#include "values.h"

namespace tstorch {

void Warnings::emit(napi_env env) {
  auto waiting = std::exchange(waiting_, {});
  if (warn_function == nullptr) return;
  napi_handle_scope scope;
  check(napi_open_handle_scope(env, &scope));
  napi_value function, undefined;
  check(napi_get_reference_value(env, warn_function, &function));
  check(napi_get_undefined(env, &undefined));
  for (const auto& [category, message] : waiting) {
    napi_value arguments[] = {from_string(env, message), from_string(env, category)};
    // A listener that throws ends the call with its error, as a filter does in Python.
    if (napi_call_function(env, undefined, function, 2, arguments, nullptr) != napi_ok) break;
  }
  napi_close_handle_scope(env, scope);
}

}  // namespace tstorch
