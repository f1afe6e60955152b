// What the bridge needs to know of an operator's schema: its parameters in a form that matches JS values quickly.
#pragma once

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/function_schema.h>
#include <ATen/core/ivalue.h>

#include <memory>
#include <string>
#include <vector>

#include "guards.h"
#include "values.h"

namespace tstorch {

enum class ParameterType : uint8_t {
  kTensor,
  kScalar,
  kFloat,
  kInt,
  kBool,
  kString,
  kDtype,
  kLayout,
  kMemoryFormat,
  kDevice,
  kGenerator,
  kTensorList,
  kOptionalTensorList,
  kIntList,
  kFloatList,
  kBoolList,
  kScalarList,
  kStringList,
  kUnsupported,
};

struct Parameter {
  std::string name;
  ParameterType type;
  uint32_t accepts;           // mask of Kind
  uint32_t accepts_elements;  // for lists
  bool optional;
  bool required;  // it has no default in the schema
  bool keyword_only;
  bool is_out;
  bool written;   // changed in place
  bool symbolic;  // SymInt and the like: the same to JS, another type to C++
  // dtype, layout and device beside an out= of a function that makes tensors: compared with it, and no parameter of the
  // operator's.
  bool compared = false;
  int32_t fixed_size;  // `int[2]`: a single number stands for a list of them; 0 where there is no such size
  std::optional<c10::IValue> default_value;
};

struct Match;
class Environment;
// Converts the arguments of a match, calls its overload and converts what it returns, see unboxed.h.
using UnboxedCall = napi_value (*)(Environment&, const Match&);

// Who may call an overload: functions, methods, or both.
enum class Callers : uint8_t { kAll, kFunctions, kMethods };

struct Overload {
  explicit Overload(c10::OperatorHandle handle, bool numbers_as_tensors);

  // Makes it a signature of Python's own that has its parameters in another order, the first ones as in `names`, which
  // are all required. False where the overload does not have such parameters.
  bool reorder(const std::vector<std::string>& names);
  // Lets optional parameters that have no default be left out, as JS callers leave out what is null. False where there
  // are none.
  bool leave_out_optional();
  // Lets dtype, layout and device be given beside out=.
  void compare_options();

  c10::OperatorHandle handle;
  std::string name;  // of the overload, such as "Tensor"
  std::vector<Parameter> parameters;
  size_t positional = 0;   // how many may be given by position
  size_t out_count = 0;    // `out=` parameters; without them the overload is not meant
  int varargs_at = -1;     // the list of ints that may be spread over the arguments: x.view(2, 3)
  UnboxedCall unboxed = nullptr;
  // `handle` with the C++ type that `unboxed` calls it by: LibTorch compares types by their names whenever it is asked.
  std::shared_ptr<const c10::OperatorHandle> typed;
  Guard guard = nullptr;
  // Where in LibTorch's order each parameter stands; empty where that is the order of the parameters.
  std::vector<size_t> stack_order;
  Callers callers = Callers::kAll;
  bool hidden = false;     // from error messages
  int id = 0;              // names the overload to JS, in results with several values
};

// Brings overloads into Python's order of trying them: the more special signature first.
void sort_overloads(std::vector<std::unique_ptr<Overload>>& overloads);

// Does the keyword name this parameter, whose name is Python's? Some can be called as in NumPy.
bool is_name_of(const std::string& keyword, const std::string& parameter);

// How a parameter's type is called in error messages, after Python's parser.
std::string type_text(const Parameter& parameter);

// All schemas of the dispatcher as JS objects, for scripts/codegen.
napi_value list_schemas(napi_env env);

}  // namespace tstorch
