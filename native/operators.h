// Calling operators: a packet holds all overloads of one name, a plan says how the arguments of one way of calling it
// (so many by position, these by name) map to parameters. JS keeps a function per plan; nothing is bound by hand.
#pragma once

#include <string>
#include <vector>

#include "environment.h"
#include "schema.h"

namespace tstorch {

class Packet {
 public:
  // `name` is "aten::add", or "aten::add.Tensor" for that overload alone.
  Packet(Environment& environment, const std::string& name);

  // The operator's own name, as messages show it: "add".
  const std::string& short_name() const { return short_name_; }
  const std::vector<std::unique_ptr<Overload>>& overloads() const { return overloads_; }
  bool empty() const { return overloads_.empty(); }

 private:
  // Adds what Python's parser takes beyond the schemas.
  void add_python_signatures(bool numbers);

  std::string short_name_;
  std::vector<std::unique_ptr<Overload>> overloads_;
};

// May the value be given for the parameter?
bool value_fits(napi_env env, const Parameter& parameter, Value& value);

// `operator(name, positional_count?, keywords?, method?)`: a JS function that calls it, or undefined when there is none
// of that name. With keywords the function takes the positional values first and then the keywords' values in their order.
napi_value make_operator(napi_env env, napi_callback_info info);

// `takes_out_list(name)`: does the operator write to a list of tensors given as out=, and not to one or so many?
napi_value takes_out_list(napi_env env, napi_callback_info info);

// `return_names(overload_id)`: the operator's name and those of the values that the overload returns, empty strings
// where they have none.
napi_value return_names(napi_env env, napi_callback_info info);

}  // namespace tstorch
