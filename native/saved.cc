// What the steps of a graph keep: the `_saved_…` attributes of nodes. Their names and types stand in no table of
// LibTorch's, but as the fields of the classes of a header that PyTorch generates; CMakeLists.txt makes
// saved_attributes.inc of it, with a function for each class that shows all fields to a reader.
#include <torch/csrc/autograd/function.h>
#include <torch/csrc/autograd/generated/Functions.h>
#include <torch/csrc/autograd/saved_variable.h>

#include <optional>
#include <string_view>
#include <unordered_map>

#include "exports.h"
#include "graph.h"

namespace tstorch {

namespace {

using torch::autograd::Node;
using torch::autograd::SavedVariable;

// Collects the names of all fields, or the value of one.
class Reader {
 public:
  Reader(Call& call, const NodePointer& node, std::optional<std::string> wanted)
      : call_(call), node_(node), wanted_(std::move(wanted)) {}

  template <typename T>
  void operator()(std::string_view name, const T& field, bool released = false) {
    if (!wanted_) {
      names_.emplace_back(name);
    } else if (name == *wanted_) {
      if (released) throw_runtime_error(torch::autograd::ERR_BACKWARD_TWICE);
      result_ = value(field);
    }
  }

  napi_value result() const {
    if (wanted_) return result_ == nullptr ? call_.undefined() : result_;
    napi_value list;
    check(napi_create_array_with_length(call_.env, names_.size(), &list));
    for (size_t i = 0; i < names_.size(); ++i) {
      check(napi_set_element(call_.env, list, i, from_string(call_.env, names_[i])));
    }
    return list;
  }

 private:
  napi_value null() const {
    napi_value js;
    check(napi_get_null(call_.env, &js));
    return js;
  }
  napi_value value(const SavedVariable& saved) const { return from_tensor(call_.environment, saved.unpack(node_)); }
  napi_value value(bool flag) const { return call_.boolean(flag); }
  napi_value value(int64_t number) const { return from_int64(call_.env, number); }
  napi_value value(double number) const { return call_.number(number); }
  napi_value value(const c10::SymInt& number) const { return from_int64(call_.env, number.guard_int(__FILE__, __LINE__)); }
  napi_value value(const at::Scalar& number) const { return from_scalar(call_.env, number); }
  napi_value value(const std::string& text) const { return from_string(call_.env, text); }
  template <typename T>
  napi_value value(const std::optional<T>& field) const {
    return field ? value(*field) : null();
  }
  template <typename T>
  napi_value value(const c10::OptionalArray<T>& field) const {
    return value(field.list);
  }
  template <typename T>
  napi_value value(const std::vector<T>& fields) const {
    napi_value list;
    check(napi_create_array_with_length(call_.env, fields.size(), &list));
    for (size_t i = 0; i < fields.size(); ++i) check(napi_set_element(call_.env, list, i, value(fields[i])));
    return list;
  }

  Call& call_;
  const NodePointer& node_;
  std::optional<std::string> wanted_;
  std::vector<std::string> names_;
  napi_value result_ = nullptr;
};

using Show = void (*)(Reader&, const Node&);

// node_saved(node, name?): what the node keeps under the name, undefined where there is none such; without a name, all
// names.
napi_value node_saved(napi_env env, napi_callback_info info) {
  static const std::unordered_map<std::string_view, Show> classes = {
#include "saved_attributes.inc"
  };
  return guarded(env, info, [](Call& call) {
    const NodePointer& node = node_at(call, 0).node;
    std::optional<std::string> wanted;
    if (call.given(1)) wanted = to_string(call.env, call.at(1), "name");
    Reader reader(call, node, std::move(wanted));
    auto found = classes.find(node->name());
    if (found != classes.end()) found->second(reader, *node);
    return reader.result();
  });
}

}  // namespace

const std::vector<Export>& saved_exports() {
  static const std::vector<Export> exports = {{"node_saved", node_saved}};
  return exports;
}

}  // namespace tstorch
