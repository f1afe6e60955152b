// Checks of arguments that LibTorch leaves out.
#pragma once

#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

#include <string_view>
#include <vector>

namespace tstorch {

class GivenArguments;

// Throws where the arguments would make LibTorch read or write beyond a tensor, divide by zero or never return.
using Guard = void (*)(const GivenArguments&);

// The guard of an operator such as "aten::_stack", or null: nearly all operators check their arguments themselves.
Guard find_guard(std::string_view name, std::string_view overload);

void run_guard(Guard guard, const c10::FunctionSchema& schema, const std::vector<c10::IValue>& stack);

}  // namespace tstorch
