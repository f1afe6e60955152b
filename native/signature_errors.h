// What Python's argument parser says when no signature of an operator fits the arguments.
#pragma once

#include <string>
#include <vector>

#include "arguments.h"

namespace tstorch {

// The arguments of a call as they were given.
struct GivenArguments {
  const std::string& name;  // of the operator
  bool method;              // is the first argument what the method was called on?
  size_t positional;        // how many are given by position; the others have `keywords`
  const std::vector<std::string>& keywords;
  Arguments& values;
};

// `overloads` are those without out=, in the order in which they were tried; `outs` are those with it.
[[noreturn]] void throw_signature_error(const GivenArguments& given, const std::vector<const Overload*>& overloads,
                                        const std::vector<const Overload*>& outs);

}  // namespace tstorch
