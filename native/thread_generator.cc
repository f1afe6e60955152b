#include "thread_generator.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/library.h>

#include <map>
#include <memory>
#include <mutex>
#include <string>

namespace tstorch {

namespace {

// A key that nothing in LibTorch uses and that comes before all others. Threads that include it pass through `draw`
// whenever an operator with a generator is called, also by another operator; all other threads never see it.
constexpr auto kKey = c10::DispatchKey::TESTING_ONLY_GenericMode;

thread_local at::Generator own;

bool takes_generator(const c10::Argument& argument) {
  const c10::TypePtr& type = argument.type();
  if (type->kind() == c10::TypeKind::GeneratorType) return true;
  return type->kind() == c10::TypeKind::OptionalType &&
         type->castRaw<c10::OptionalType>()->getElementType()->kind() == c10::TypeKind::GeneratorType;
}

bool takes_generator(const c10::FunctionSchema& schema) {
  for (const c10::Argument& argument : schema.arguments()) {
    if (takes_generator(argument)) return true;
  }
  return false;
}

// Fills in the thread's generator where none is given and the numbers go to a tensor on the CPU.
void draw(const c10::OperatorHandle& op, c10::DispatchKeySet keys, torch::jit::Stack* stack) {
  if (own.defined() && keys.highestBackendKey() == c10::BackendComponent::CPUBit) {
    const auto& arguments = op.schema().arguments();
    size_t first = stack->size() - arguments.size();
    for (size_t i = 0; i < arguments.size(); ++i) {
      c10::IValue& value = (*stack)[first + i];
      if (value.isNone() && takes_generator(arguments[i])) value = own;
    }
  }
  op.redispatchBoxed(keys & c10::DispatchKeySet(c10::DispatchKeySet::FULL_AFTER, kKey), stack);
}

}  // namespace

void prepare_thread_generators() {
  static std::once_flag once;
  std::call_once(once, [] {
    // Never destroyed: threads may still compute while the process ends.
    auto& libraries = *new std::map<std::string, std::unique_ptr<torch::Library>>();
    auto library = [&](const std::string& name_space) -> torch::Library& {
      auto& one = libraries[name_space];
      if (one == nullptr) {
        one = std::make_unique<torch::Library>(torch::Library::IMPL, name_space, kKey, __FILE__, __LINE__);
      }
      return *one;
    };
    library("_").fallback(torch::CppFunction::makeFallthrough());
    auto& dispatcher = c10::Dispatcher::singleton();
    for (const c10::OperatorName& name : dispatcher.getAllOpNames()) {
      auto op = dispatcher.findSchema(name);
      if (!op.has_value() || !takes_generator(op->schema())) continue;
      std::string full = name.name + (name.overload_name.empty() ? "" : "." + name.overload_name);
      library(full.substr(0, full.find("::"))).impl(full.c_str(), torch::CppFunction::makeFromBoxedFunction<&draw>());
    }
  });
}

void begin_thread_generator() {
  if (own.defined()) return;
  own = at::detail::createCPUGenerator();
  c10::impl::tls_set_dispatch_key_included(kKey, true);
}

const at::Generator& thread_generator() { return own; }

}  // namespace tstorch
