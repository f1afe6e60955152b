#include "errors.h"

#include <c10/util/Exception.h>
#include <napi.h>

#include <array>
#include <string_view>

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

// What Python calls the types that LibTorch's messages name: `CPUFloatType` is torch.FloatTensor there. It renames these
// types alone and leaves the others as they are.
std::string with_python_names(std::string message) {
  static constexpr std::array<std::string_view, 8> kTypes = {"Byte", "Char", "Short", "Int",
                                                             "Long", "Half", "Float", "Double"};
  for (size_t end = message.find("Type"); end != std::string::npos; end = message.find("Type", end + 1)) {
    std::string_view before(message.data(), end);
    for (std::string_view type : kTypes) {
      if (!before.ends_with(type)) continue;
      std::string_view rest = before.substr(0, before.size() - type.size());
      bool cuda = rest.ends_with("CUDA");
      if (!cuda && !rest.ends_with("CPU")) break;
      rest.remove_suffix(cuda ? 4 : 3);
      bool sparse = rest.ends_with("Sparse");
      if (sparse) rest.remove_suffix(6);
      std::string name = "torch.";
      if (cuda) name += "cuda.";
      if (sparse) name += "sparse.";
      name.append(type).append("Tensor");
      size_t start = rest.size();
      message.replace(start, end + 4 - start, name);
      end = start + name.size();
      break;
    }
  }
  return message;
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
    give(ErrorClass::kOutOfMemory, with_python_names(error.what_without_backtrace()));
  } catch (const c10::IndexError& error) {
    give(ErrorClass::kIndex, with_python_names(error.what_without_backtrace()));
  } catch (const c10::ValueError& error) {
    give(ErrorClass::kValue, with_python_names(error.what_without_backtrace()));
  } catch (const c10::TypeError& error) {
    give(ErrorClass::kType, with_python_names(error.what_without_backtrace()));
  } catch (const c10::NotImplementedError& error) {
    give(ErrorClass::kNotImplemented, with_python_names(error.what_without_backtrace()));
  } catch (const c10::LinAlgError& error) {
    give(ErrorClass::kLinAlg, with_python_names(error.what_without_backtrace()));
  } catch (const c10::Error& error) {
    give(ErrorClass::kRuntime, with_python_names(error.what_without_backtrace()));
  } catch (const std::bad_alloc&) {
    give(ErrorClass::kOutOfMemory, "out of memory");
  } catch (const std::exception& error) {
    give(ErrorClass::kRuntime, error.what());
  } catch (...) {
    give(ErrorClass::kRuntime, "an unknown C++ exception");
  }
}

}  // namespace tstorch
