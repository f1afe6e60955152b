#include "errors.h"

#include <c10/util/Exception.h>
#include <napi.h>

#include "callbacks.h"

namespace tstorch {

namespace {

void throw_in_js(Environment& environment, ErrorClass error_class, const std::string& message) noexcept {
  napi_env env = environment.env;
  bool pending = false;
  if (napi_is_exception_pending(env, &pending) != napi_ok || pending) return;
  napi_ref reference = environment.error_classes[static_cast<size_t>(error_class)];
  napi_value constructor = nullptr, text = nullptr, error = nullptr;
  if (reference == nullptr || napi_get_reference_value(env, reference, &constructor) != napi_ok ||
      napi_create_string_utf8(env, message.data(), message.size(), &text) != napi_ok ||
      napi_new_instance(env, constructor, 1, &text, &error) != napi_ok) {
    napi_throw_error(env, nullptr, message.c_str());
    return;
  }
  napi_throw(env, error);
}

}  // namespace

void throw_current_exception_in_js(Environment& environment) noexcept {
  auto give = [&](ErrorClass error_class, const std::string& message) { throw_in_js(environment, error_class, message); };
  try {
    throw;
  } catch (const PendingException&) {
  } catch (const JsException& exception) {
    exception.throw_in_js(environment.env);
  } catch (const JsError& error) {
    give(error.error_class, error.message);
  } catch (const Napi::Error& error) {
    error.ThrowAsJavaScriptException();
  } catch (const c10::OutOfMemoryError& error) {
    give(ErrorClass::kOutOfMemory, error.what_without_backtrace());
  } catch (const c10::IndexError& error) {
    give(ErrorClass::kIndex, error.what_without_backtrace());
  } catch (const c10::ValueError& error) {
    give(ErrorClass::kValue, error.what_without_backtrace());
  } catch (const c10::TypeError& error) {
    give(ErrorClass::kType, error.what_without_backtrace());
  } catch (const c10::NotImplementedError& error) {
    give(ErrorClass::kNotImplemented, error.what_without_backtrace());
  } catch (const c10::LinAlgError& error) {
    give(ErrorClass::kLinAlg, error.what_without_backtrace());
  } catch (const c10::Error& error) {
    give(ErrorClass::kRuntime, error.what_without_backtrace());
  } catch (const std::bad_alloc&) {
    give(ErrorClass::kOutOfMemory, "out of memory");
  } catch (const std::exception& error) {
    give(ErrorClass::kRuntime, error.what());
  } catch (...) {
    give(ErrorClass::kRuntime, "an unknown C++ exception");
  }
}

}  // namespace tstorch
