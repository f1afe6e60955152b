// Most operators that are meant to be called check what they are given. Some that other operators, gradients above all,
// are made of do not: given tensors that do not fit together, they read or write beyond them. From JS they can all be
// called, through torch.ops.aten.
#include "guards.h"

#include <ATen/EmptyTensor.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <sstream>
#include <string>
#include <unordered_map>

#include "errors.h"

namespace tstorch {

using c10::IntArrayRef;
using Ints = std::vector<int64_t>;

// The arguments of one call by the names in the schema, and checks that name the operator and the argument.
class GivenArguments {
 public:
  GivenArguments(const c10::FunctionSchema& schema, const std::vector<c10::IValue>& stack) : schema_(schema), stack_(stack) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw_runtime_error(schema_.name().substr(schema_.name().find("::") + 2) + "(): " + what);
  }

  void expect(bool holds, const std::string& what) const {
    if (!holds) fail("expected " + what);
  }

  const std::string& name() const { return schema_.name(); }

  // An argument; null where the overload has none of the name.
  const c10::IValue* find(const char* name) const {
    for (size_t i = 0; i < schema_.arguments().size(); ++i) {
      if (schema_.arguments()[i].name() == name) return &stack_[i];
    }
    return nullptr;
  }

  // An undefined tensor stands for null.
  at::Tensor tensor(const char* name) const {
    const c10::IValue* value = find(name);
    return value != nullptr && value->isTensor() ? value->toTensor() : at::Tensor();
  }
  at::Tensor required(const char* name) const {
    at::Tensor given = tensor(name);
    expect(given.defined(), std::string(name) + " to be a tensor");
    return given;
  }
  int64_t integer(const char* name) const { return find(name)->toInt(); }
  bool boolean(const char* name) const { return find(name)->toBool(); }
  std::vector<at::Tensor> tensors(const char* name) const { return find(name)->toTensorVector(); }
  std::optional<Ints> ints(const char* name) const {
    const c10::IValue* value = find(name);
    if (value == nullptr || !value->isIntList()) return std::nullopt;
    return value->toIntVector();
  }

  // All tensors are strided and on one device.
  void expect_alike() const {
    std::optional<c10::Device> device;
    for (size_t i = 0; i < stack_.size(); ++i) {
      if (!stack_[i].isTensor() || !stack_[i].toTensor().defined()) continue;
      const at::Tensor& one = stack_[i].toTensor();
      const std::string& name = schema_.arguments()[i].name();
      expect(one.layout() == c10::kStrided, name + " to be a dense tensor");
      if (!device) device = one.device();
      expect(*device == one.device(), "all tensors to be on the same device, but " + name + " is not");
    }
  }

  // `int[2]` has two elements.
  void expect_list_sizes() const {
    for (size_t i = 0; i < stack_.size(); ++i) {
      auto size = schema_.arguments()[i].N();
      if (!size || !stack_[i].isIntList()) continue;
      auto given = stack_[i].toIntVector().size();
      const std::string& name = schema_.arguments()[i].name();
      expect(given == static_cast<size_t>(*size),
             name + " to have " + std::to_string(*size) + " elements, but it has " + std::to_string(given));
    }
  }

  void expect_dim(const at::Tensor& one, const char* name, int64_t least, int64_t most) const {
    if (one.dim() >= least && one.dim() <= most) return;
    std::string range = std::to_string(least) + (most > least ? " to " + std::to_string(most) : "");
    fail("expected " + std::string(name) + " to have " + range + " dimensions, but it has " +
         std::to_string(one.dim()));
  }

  void expect_shape(const at::Tensor& one, const char* name, IntArrayRef shape) const {
    if (one.sizes() == shape) return;
    std::ostringstream text;
    text << "expected " << name << " to have the shape " << shape << ", but it has " << one.sizes();
    fail(text.str());
  }

  void expect_shape_if_defined(const char* name, IntArrayRef shape) const {
    at::Tensor one = tensor(name);
    if (one.defined()) expect_shape(one, name, shape);
  }

  void expect_dtype(const at::Tensor& one, const char* name, c10::ScalarType dtype) const {
    if (one.scalar_type() == dtype) return;
    fail(std::string("expected ") + name + " to have dtype " + c10::toString(dtype) + ", but it has " +
         c10::toString(one.scalar_type()));
  }

  void expect_floating(const at::Tensor& one, const char* name) const {
    expect(one.is_floating_point(), std::string(name) + " to be of a floating point dtype");
  }

  void expect_dense(const std::vector<at::Tensor>& list, const char* name) const {
    for (const at::Tensor& one : list) {
      expect(!one.defined() || one.layout() == c10::kStrided, std::string(name) + " to hold dense tensors");
    }
  }

  // All elements of an index tensor are in [low, high).
  void expect_range(const at::Tensor& indices, const char* name, int64_t low, int64_t high) const {
    expect(c10::isIntegralType(indices.scalar_type(), /*includeBool=*/false),
           std::string(name) + " to be of an integral dtype");
    if (indices.numel() == 0 || indices.is_meta()) return;
    int64_t smallest = indices.min().item().toLong(), largest = indices.max().item().toLong();
    if (smallest >= low && largest < high) return;
    fail("expected the elements of " + std::string(name) + " to be in [" + std::to_string(low) + ", " +
         std::to_string(high) + "), but " + std::to_string(smallest < low ? smallest : largest) + " is not");
  }

 private:
  const c10::FunctionSchema& schema_;
  const std::vector<c10::IValue>& stack_;
};

namespace {

using Given = GivenArguments;

// The product of sizes; -1 where it does not fit, or one is negative.
int64_t product(IntArrayRef sizes) {
  int64_t result = 1;
  for (int64_t size : sizes) {
    if (size < 0 || (size > 0 && result > INT64_MAX / size)) return -1;
    result *= size;
  }
  return result;
}

// Can the elements be looked at? Those of a batch that vmap goes through cannot.
bool is_readable(const at::Tensor& one) {
  return one.defined() && one.layout() == c10::kStrided && !one.is_meta() &&
         !one.key_set().has(c10::DispatchKey::FuncTorchBatched);
}

// Adds `more` to `total`, neither of which is negative; false where the sum does not fit.
bool add_to(int64_t& total, int64_t more) {
  if (more > INT64_MAX - total) return false;
  total += more;
  return true;
}

const char* first_of(const Given& given, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (given.find(name) != nullptr) return name;
  }
  return *names.begin();
}

// -- Normalization ----------------------------------------------------------------------------------------------------

// The statistics and parameters of a batch normalization have an element for each channel.
void batch_norm(const Given& given) {
  given.expect_alike();
  at::Tensor input = given.required("input");
  given.expect_dim(input, "input", 2, 8);
  given.expect_floating(input, "input");
  for (const char* name : {"weight", "bias", "running_mean", "running_var"}) {
    at::Tensor one = given.tensor(name);
    if (!one.defined()) continue;
    given.expect_shape(one, name, {input.size(1)});
    given.expect_floating(one, name);
  }
  bool mean = given.tensor("running_mean").defined(), variance = given.tensor("running_var").defined();
  given.expect(mean == variance, "running_mean and running_var to be both given or both null");
}

void batch_norm_forward(const Given& given) {
  batch_norm(given);
  if (given.find("training") != nullptr && given.boolean("training")) return;
  given.expect(given.tensor("running_mean").defined(), "running_mean and running_var where it is not training");
}

void batch_norm_backward(const Given& given) {
  batch_norm(given);
  at::Tensor input = given.required("input");
  given.expect(input.numel() > 0, "input to have elements");
  const char* gradient = first_of(given, {"grad_out", "grad_output"});
  given.expect_shape(given.required(gradient), gradient, input.sizes());
  given.expect_dtype(given.required(gradient), gradient, input.scalar_type());
  if (given.boolean(first_of(given, {"train", "update"}))) {
    for (const char* name : {"save_mean", first_of(given, {"save_invstd", "save_var", "save_var_transform"})}) {
      given.expect_shape(given.required(name), name, {input.size(1)});
      given.expect_floating(given.required(name), name);
    }
  } else {
    given.expect(given.tensor("running_mean").defined(), "running_mean and running_var where it is not training");
  }
  if (given.find("impl_index") != nullptr && !input.is_cuda()) {
    given.expect(given.integer("impl_index") == 0, "impl_index to be 0 on this device");
  }
}

void group_norm(const Given& given) {
  given.expect_alike();
  at::Tensor input = given.required("input");
  int64_t n = given.integer("N"), c = given.integer("C"), group = given.integer("group");
  given.expect_floating(input, "input");
  given.expect(group > 0 && c > 0 && c % group == 0, "C to be a multiple of group, and both to be positive");
  given.expect(n >= 0 && given.integer("HxW") >= 0 && product({n, c, given.integer("HxW")}) == input.numel(),
               "input to have N * C * HxW elements");
  for (const char* name : {"weight", "bias"}) {
    at::Tensor one = given.tensor(name);
    if (!one.defined()) continue;
    given.expect(one.numel() == c, std::string(name) + " to have C elements");
    given.expect_floating(one, name);
  }
  if (given.find("grad_out") == nullptr) return;
  given.expect(given.required("grad_out").numel() == input.numel(), "grad_out to have the elements of input");
  for (const char* name : {"mean", "rstd"}) {
    given.expect(given.required(name).numel() == n * group, std::string(name) + " to have N * group elements");
  }
}

void layer_norm_backward(const Given& given) {
  given.expect_alike();
  at::Tensor input = given.required("input");
  Ints shape = *given.ints("normalized_shape");
  given.expect(shape.size() <= static_cast<size_t>(input.dim()) && !shape.empty() &&
                   std::equal(shape.rbegin(), shape.rend(), input.sizes().rbegin()),
               "normalized_shape to be the last sizes of input");
  given.expect_shape(given.required("grad_out"), "grad_out", input.sizes());
  int64_t inner = product(shape);
  for (const char* name : {"mean", "rstd"}) {
    at::Tensor one = given.tensor(name);
    if (one.defined()) given.expect(one.numel() * inner == input.numel(), std::string(name) + " to fit input");
  }
  for (const char* name : {"weight", "bias"}) given.expect_shape_if_defined(name, shape);
}

void weight_norm(const Given& given) {
  given.expect_alike();
  at::Tensor v = given.required(first_of(given, {"v", "saved_v"}));
  at::Tensor g = given.required(first_of(given, {"g", "saved_g"}));
  int64_t dim = given.integer("dim");
  given.expect(v.numel() > 0, "v to have elements");
  given.expect(dim >= -1 && dim < v.dim(), "dim to be a dimension of v, or -1");
  if (dim >= 0) {
    given.expect(g.numel() == v.size(dim), "g to have an element for each index of v's dimension dim");
  } else {
    given.expect(g.numel() == 1, "g to have one element");
  }
  given.expect_shape_if_defined("grad_w", v.sizes());
  at::Tensor norms = given.tensor("saved_norms");
  if (norms.defined()) given.expect(norms.numel() == g.numel(), "saved_norms to have the elements of saved_g");
}

// -- Distances, decompositions, sorting -------------------------------------------------------------------------------

void cdist_backward(const Given& given) {
  given.expect_alike();
  at::Tensor grad = given.required("grad"), x1 = given.required("x1"), x2 = given.required("x2");
  for (const auto& [one, name] : {std::pair(grad, "grad"), std::pair(x1, "x1"), std::pair(x2, "x2")}) {
    given.expect_dim(one, name, 2, 64);
    given.expect_dtype(one, name, grad.scalar_type());
  }
  given.expect(x1.size(-1) == x2.size(-1), "x1 and x2 to have the same last size");
  given.expect(grad.size(-2) == x1.size(-2) && grad.size(-1) == x2.size(-2), "grad to fit x1 and x2");
  given.expect_shape(given.required("cdist"), "cdist", grad.sizes());
  given.expect_dtype(given.required("cdist"), "cdist", grad.scalar_type());
}

void pdist_backward(const Given& given) {
  given.expect_alike();
  at::Tensor self = given.required("self"), grad = given.required("grad");
  given.expect_dim(self, "self", 2, 2);
  given.expect(self.numel() > 0, "self to have elements");
  given.expect_shape(grad, "grad", {self.size(0) * std::max<int64_t>(self.size(0) - 1, 0) / 2});
  given.expect_shape(given.required("pdist"), "pdist", grad.sizes());
  given.expect_dtype(given.required("pdist"), "pdist", self.scalar_type());
  given.expect_dtype(grad, "grad", self.scalar_type());
}

void cholesky_solve(const Given& given) {
  given.expect_alike();
  at::Tensor self = given.required("self"), a = given.required("A");
  given.expect_dim(self, "self", 2, 64);
  given.expect_dim(a, "A", 2, 64);
  given.expect(a.size(-1) == a.size(-2) && a.size(-2) == self.size(-2), "A to be square and to fit self");
  given.expect(a.sizes().slice(0, a.dim() - 2) == self.sizes().slice(0, self.dim() - 2), "the same batches");
  given.expect(self.is_floating_point() || self.is_complex(), "self to be of a floating point or complex dtype");
  given.expect_dtype(a, "A", self.scalar_type());
}

void cumulative_extremum(const Given& given) {
  given.expect_alike();
  at::Tensor self = given.required("self"), values = given.required("values"), indices = given.required("indices");
  given.expect(self.numel() > 0, "self to have elements");
  given.expect_shape(values, "values", self.sizes());
  given.expect_shape(indices, "indices", self.sizes());
  given.expect_dtype(values, "values", self.scalar_type());
  given.expect_dtype(indices, "indices", c10::kLong);
  int64_t dim = given.integer("dim");
  given.expect(dim >= 0 && dim < std::max<int64_t>(self.dim(), 1), "dim to be a dimension of self");
}

// LAPACK's routine goes astray; linalg.eig looks for itself.
void eigenvalues(const Given& given) {
  for (const char* name : {"self", "input", "A"}) {
    at::Tensor one = given.tensor(name);
    if (!is_readable(one) || !(one.is_floating_point() || one.is_complex())) continue;
    if (one.isfinite().all().item().toBool()) continue;
    throw_runtime_error("torch.linalg.eigvals: input tensor should not contain infs or NaNs.");
  }
}

void matrix_power(const Given& given) {
  // Its magnitude is no int64.
  given.expect(given.integer("n") != std::numeric_limits<int64_t>::min(), "n to be greater than -2^63");
}

void log_cumulative_sum(const Given& given) {
  given.expect_alike();
  at::Tensor self = given.required("self"), out = given.tensor("out");
  if (out.defined()) given.expect_dtype(out, "out", self.scalar_type());
}

// A step is a whole number where the result holds whole numbers.
void range(const Given& given) {
  at::Tensor out = given.tensor("out");
  const c10::IValue *step = given.find("step"), *dtype = given.find("dtype");
  if (step == nullptr) return;
  bool whole = out.defined() ? c10::isIntegralType(out.scalar_type(), /*includeBool=*/true)
                             : dtype != nullptr && dtype->isInt() &&
                                   c10::isIntegralType(dtype->toScalarType(), /*includeBool=*/true);
  if (!whole) return;
  at::Scalar value = step->toScalar();
  given.expect(value.isComplex() || std::abs(value.toDouble()) >= 1, "step not to be zero in the dtype of the result");
}

void softmax_backward(const Given& given) {
  given.expect_alike();
  at::Tensor gradient = given.required("grad_output"), output = given.required("output");
  given.expect_shape(gradient, "grad_output", output.sizes());
  given.expect_dtype(gradient, "grad_output", output.scalar_type());
  int64_t dim = given.integer("dim"), count = std::max<int64_t>(output.dim(), 1);
  given.expect(dim >= -count && dim < count, "dim to be a dimension of output");
}

void random_from(const Given& given) {
  const c10::IValue* from = given.find("from");
  if (from == nullptr || !from->isInt()) return;
  // The next larger number is looked for.
  given.expect(from->toInt() != std::numeric_limits<int64_t>::max(), "from to be less than 2^63 - 1");
}

// A draw of a NaN goes on forever.
void binomial(const Given& given) {
  for (const char* name : {"count", "prob"}) {
    at::Tensor one = given.required(name);
    if (one.is_meta() || one.layout() != c10::kStrided) continue;
    given.expect(!one.isnan().any().item().toBool(), std::string(name) + " not to be NaN");
  }
}

// A polynomial of degree n is computed in n steps, for a Chebyshev polynomial of an x in [-1, 1] in one.
void polynomial(const Given& given) {
  constexpr int64_t kMostSteps = 1 << 24;
  auto exceeds = [&](const char* name, double limit) {
    const c10::IValue& value = *given.find(name);
    if (value.isScalar()) return !value.toScalar().isComplex() && std::abs(value.toScalar().toDouble()) > limit;
    const at::Tensor& tensor = value.toTensor();
    if (tensor.is_meta() || tensor.layout() != c10::kStrided || tensor.is_complex()) return false;
    return tensor.to(c10::kDouble).abs().gt(limit).any().item().toBool();
  };
  if (!exceeds("n", static_cast<double>(kMostSteps))) return;
  given.expect(given.name().find("special_chebyshev") != std::string::npos && !exceeds("x", 1.0),
               "n to be at most 2^24, since each step of it takes time");
}

void fourier(const Given& given) {
  at::Tensor self = given.required("self");
  Ints dims = *given.ints("dim");
  std::vector<bool> seen(static_cast<size_t>(self.dim()));
  for (int64_t dim : dims) {
    given.expect(dim >= 0 && dim < self.dim(), "dim to hold dimensions of self, counted from the front");
    given.expect(!seen[static_cast<size_t>(dim)], "dim to hold each dimension once");
    seen[static_cast<size_t>(dim)] = true;
  }
  if (given.find("last_dim_size") != nullptr) {
    int64_t size = given.integer("last_dim_size");
    given.expect(!dims.empty() && size >= 1 && self.size(dims.back()) >= size / 2 + 1,
                 "last_dim_size to be positive and at most twice what self has");
  }
  if (given.find("onesided") != nullptr) given.expect(!dims.empty(), "dim to hold a dimension");
}

// -- Indices ----------------------------------------------------------------------------------------------------------

void csr_to_coo(const Given& given) {
  given.expect_alike();
  at::Tensor rows = given.required("crow_indices"), columns = given.required("col_indices");
  given.expect_dim(rows, "crow_indices", 1, 64);
  given.expect(rows.dim() == columns.dim() && rows.size(-1) > 0 &&
                   rows.sizes().slice(0, rows.dim() - 1) == columns.sizes().slice(0, columns.dim() - 1),
               "crow_indices and col_indices with the same batches");
  given.expect_dtype(columns, "col_indices", rows.scalar_type());
  given.expect_range(rows, "crow_indices", 0, columns.size(-1) + 1);
  if (!rows.is_meta()) {
    given.expect(!rows.diff().lt(0).any().item().toBool(), "crow_indices not to decrease");
  }
}

void coo_to_csr(const Given& given) {
  at::Tensor self = given.required("self");
  given.expect_dim(self, "self", 1, 1);
  given.expect(given.integer("size") >= 0, "size not to be negative");
  given.expect_range(self, "self", 0, given.integer("size"));
  if (!self.is_meta()) given.expect(!self.diff().lt(0).any().item().toBool(), "self not to decrease");
}

void embedding_backward(const Given& given) {
  given.expect_alike();
  const char* name = first_of(given, {"grad_output", "grad"});
  at::Tensor gradient = given.required(name), indices = given.required("indices");
  given.expect_dim(gradient, name, indices.dim() + 1, indices.dim() + 1);
  given.expect(gradient.sizes().slice(0, indices.dim()) == indices.sizes(), "the gradient to have a row for each index");
  given.expect(given.integer("num_weights") >= 0, "num_weights not to be negative");
  given.expect_range(indices, "indices", 0, given.integer("num_weights"));
}

// How often all in all is no more than an int64 holds.
void repeat_interleave(const Given& given) {
  at::Tensor repeats = given.tensor("repeats");
  if (!is_readable(repeats) || repeats.numel() == 0 || !c10::isIntegralType(repeats.scalar_type(), false)) return;
  if (repeats.min().item().toLong() < 0) throw_runtime_error("repeats can not be negative");
  given.expect(repeats.to(c10::kDouble).sum().item().toDouble() < 0x1p62, "the sum of repeats to be less than 2^62");
}

// Lists without a tensor have no dtype that `out` could be compared with.
void concatenate_out(const Given& given) {
  const c10::IValue* tensors = given.find("tensors");
  if (tensors != nullptr && tensors->isTensorList() && tensors->toTensorVector().empty()) {
    throw_runtime_error("torch.cat(): expected a non-empty list of Tensors");
  }
}

// Without sizes there are no dimensions to be compressed.
void compressed_with_dims(const Given& given) {
  Ints size = *given.ints("size"), block = *given.ints("blocksize");
  int64_t dense = given.integer("dense_dim");
  given.expect(given.integer("nnz") >= 0 && dense >= 0, "nnz and dense_dim not to be negative");
  given.expect(static_cast<int64_t>(size.size()) >= dense + 2, "size to have two sparse dimensions at least");
  given.expect(block.empty() || block.size() == 2, "blocksize to be empty or to have 2 elements");
  for (int64_t one : size) given.expect(one >= 0, "sizes not to be negative");
  for (int64_t one : block) given.expect(one > 0, "block sizes to be positive");
}

// What is computed of them must not go beyond an int64, and loops over them have to end.
void pool_sizes(const Given& given) {
  for (const char* name : {"kernel_size", "stride", "padding", "dilation", "output_size"}) {
    auto list = given.ints(name);
    if (!list) continue;
    for (int64_t size : *list) {
      given.expect(std::abs(size) <= std::numeric_limits<int32_t>::max() && size != std::numeric_limits<int64_t>::min(),
                   std::string(name) + " to be smaller than 2^31");
    }
  }
}

// Gradients of poolings that have remembered where each maximum was, in a plane of `spatial` dimensions.
void pool_backward(const Given& given, int64_t spatial) {
  given.expect_alike();
  given.expect_list_sizes();
  at::Tensor gradient = given.required("grad_output"), self = given.required("self");
  at::Tensor indices = given.required("indices");
  given.expect_dim(self, "self", spatial + 1, spatial + 2);
  given.expect_dim(gradient, "grad_output", self.dim(), self.dim());
  given.expect_dtype(indices, "indices", c10::kLong);
  given.expect_dtype(gradient, "grad_output", self.scalar_type());
  given.expect_shape(indices, "indices", gradient.sizes());
  given.expect(gradient.sizes().slice(0, self.dim() - spatial) == self.sizes().slice(0, self.dim() - spatial),
               "grad_output and self to have the same batches and channels");
  given.expect_range(indices, "indices", 0, product(self.sizes().slice(self.dim() - spatial)));
}
// Averages over as much of the input as falls to each element need no indices.
void adaptive_average_backward(const Given& given, int64_t spatial) {
  given.expect_alike();
  at::Tensor gradient = given.required("grad_output"), self = given.required("self");
  given.expect_dim(self, "self", spatial + 1, spatial + 2);
  given.expect_dim(gradient, "grad_output", self.dim(), self.dim());
  given.expect_dtype(gradient, "grad_output", self.scalar_type());
  given.expect(gradient.sizes().slice(0, self.dim() - spatial) == self.sizes().slice(0, self.dim() - spatial),
               "grad_output and self to have the same batches and channels");
  given.expect(self.numel() > 0 && gradient.numel() > 0, "self and grad_output to have elements");
}
void adaptive_average2d_backward(const Given& given) { adaptive_average_backward(given, 2); }
void adaptive_average3d_backward(const Given& given) { adaptive_average_backward(given, 3); }

void pool2d_backward(const Given& given) { pool_backward(given, 2); }
void pool3d_backward(const Given& given) { pool_backward(given, 3); }

void ctc_loss_backward(const Given& given) {
  given.expect_alike();
  at::Tensor log_probs = given.required("log_probs"), targets = given.required("targets");
  at::Tensor alpha = given.required("log_alpha"), likelihood = given.required("neg_log_likelihood");
  given.expect_dim(log_probs, "log_probs", 2, 3);
  given.expect_dim(targets, "targets", 1, 2);
  int64_t batch = log_probs.dim() == 3 ? log_probs.size(1) : 1;
  given.expect(given.required("grad").numel() == batch && likelihood.numel() == batch,
               "grad and neg_log_likelihood with an element for each sequence");
  given.expect_dim(alpha, "log_alpha", 3, 3);
  for (const auto& [one, name] : {std::pair(alpha, "log_alpha"), std::pair(likelihood, "neg_log_likelihood")}) {
    given.expect_dtype(one, name, log_probs.scalar_type());
  }
  auto lengths = [&](const char* name) {
    if (auto ints = given.ints(name)) return *ints;
    at::Tensor one = given.required(name);
    given.expect(c10::isIntegralType(one.scalar_type(), false), std::string(name) + " to be of an integral dtype");
    at::Tensor flat = one.to(c10::kCPU, c10::kLong).contiguous();
    return Ints(flat.const_data_ptr<int64_t>(), flat.const_data_ptr<int64_t>() + flat.numel());
  };
  Ints inputs = lengths("input_lengths"), outputs = lengths("target_lengths");
  given.expect(static_cast<int64_t>(inputs.size()) == batch && static_cast<int64_t>(outputs.size()) == batch,
               "a length for each sequence");
  int64_t total = 0, longest = 0;
  for (size_t i = 0; i < inputs.size(); ++i) {
    given.expect(inputs[i] >= 0 && inputs[i] <= log_probs.size(0), "input_lengths within log_probs");
    given.expect(outputs[i] >= 0, "target_lengths not to be negative");
    given.expect(add_to(total, outputs[i]), "target_lengths within targets");
    longest = std::max(longest, outputs[i]);
  }
  if (targets.dim() == 1) {
    given.expect(total == targets.size(0), "target_lengths to add up to the targets");
  } else {
    given.expect(targets.size(0) == batch && longest <= targets.size(1), "target_lengths within targets");
  }
  given.expect_shape(alpha, "log_alpha", {batch, log_probs.size(0), 2 * longest + 1});
  int64_t classes = log_probs.size(-1);
  given.expect(given.integer("blank") >= 0 && given.integer("blank") < classes, "blank to be a class");
  given.expect_range(targets, "targets", 0, classes);
}

// -- Padding and convolution ------------------------------------------------------------------------------------------

// Gradients of the paddings of `spatial` dimensions.
void pad_backward(const Given& given, int64_t spatial) {
  given.expect_alike();
  given.expect_list_sizes();
  at::Tensor gradient = given.required("grad_output"), self = given.required("self");
  given.expect_dim(self, "self", spatial + 1, spatial + 2);
  given.expect_dim(gradient, "grad_output", self.dim(), self.dim());
  given.expect_dtype(gradient, "grad_output", self.scalar_type());
  Ints padding = *given.ints("padding"), shape = self.sizes().vec();
  for (int64_t i = 0; i < spatial; ++i) {
    int64_t& size = shape[static_cast<size_t>(self.dim() - 1 - i)];
    for (int64_t amount : {padding[static_cast<size_t>(2 * i)], padding[static_cast<size_t>(2 * i + 1)]}) {
      given.expect(amount > -(int64_t{1} << 40) && amount < (int64_t{1} << 40), "padding to be smaller");
      size += amount;
    }
  }
  given.expect_shape(gradient, "grad_output", shape);
}
void pad1d_backward(const Given& given) { pad_backward(given, 1); }
void pad2d_backward(const Given& given) { pad_backward(given, 2); }
void pad3d_backward(const Given& given) { pad_backward(given, 3); }

void convolution2d(const Given& given) {
  given.expect_alike();
  given.expect_list_sizes();
  const char* name = first_of(given, {"input", "self"});
  at::Tensor input = given.required(name), weight = given.required("weight");
  given.expect_dim(input, name, 3, 4);
  given.expect_dim(weight, "weight", 4, 4);
  given.expect_floating(input, name);
  given.expect_dtype(weight, "weight", input.scalar_type());
  given.expect(input.numel() > 0 && weight.numel() > 0, "input and weight to have elements");
  given.expect(input.size(-3) == weight.size(1), "input and weight to have the same number of channels");
  if (auto kernel = given.ints("kernel_size")) {
    given.expect(IntArrayRef(*kernel) == weight.sizes().slice(2), "kernel_size to be the last sizes of weight");
  }
  given.expect_shape_if_defined("bias", {weight.size(0)});
  Ints stride = *given.ints("stride"), padding = *given.ints("padding"), output = input.sizes().vec();
  output[output.size() - 3] = weight.size(0);
  for (size_t i = 0; i < 2; ++i) {
    given.expect(stride[i] > 0, "stride to be positive");
    given.expect(padding[i] >= 0 && padding[i] < (1 << 30), "padding not to be negative or huge");
    int64_t room = input.size(static_cast<int64_t>(i) - 2) + 2 * padding[i] - weight.size(static_cast<int64_t>(i) + 2);
    given.expect(room >= 0, "a kernel that is not larger than the padded input");
    output[output.size() - 2 + i] = room / stride[i] + 1;
  }
  given.expect_shape_if_defined("grad_output", output);
}

void nnpack_convolution(const Given& given) {
  convolution2d(given);
  given.expect_dim(given.required("input"), "input", 4, 4);
  given.expect_dtype(given.required("input"), "input", c10::kFloat);
}

// -- Recurrent cells and attention ------------------------------------------------------------------------------------

// The gates of a cell are `count` times as wide as its state.
void cell_backward(const Given& given, const char* state_name, int64_t count) {
  given.expect_alike();
  at::Tensor state = given.required(state_name);
  given.expect_dim(state, state_name, 2, 2);
  for (const char* name : {"input_gates", "hidden_gates"}) {
    given.expect_shape(given.required(name), name, {state.size(0), count * state.size(1)});
  }
  for (const char* name : {"grad_hy", "grad_cy", "cy"}) given.expect_shape_if_defined(name, state.sizes());
  for (const char* name : {"input_bias", "hidden_bias"}) given.expect_shape_if_defined(name, {count * state.size(1)});
}
void gru_cell_backward(const Given& given) { cell_backward(given, "hx", 3); }
void lstm_cell_backward(const Given& given) {
  cell_backward(given, "cx", 4);
  given.expect(given.tensor("grad_hy").defined() || given.tensor("grad_cy").defined(), "grad_hy or grad_cy");
}


// The rows of a packed sequence are counted step by step.
void packed_sequence(const Given& given) {
  at::Tensor data = given.tensor("data"), sizes = given.tensor("batch_sizes");
  if (!sizes.defined()) return;  // the overload for padded sequences
  given.expect_dim(data, "data", 1, 64);
  given.expect_dim(sizes, "batch_sizes", 1, 1);
  given.expect_dtype(sizes, "batch_sizes", c10::kLong);
  given.expect(sizes.device().is_cpu() && sizes.numel() > 0, "batch_sizes to have elements on the CPU");
  at::Tensor list = sizes.contiguous();
  const int64_t* size = list.const_data_ptr<int64_t>();
  int64_t total = 0;
  for (int64_t i = 0; i < list.numel(); ++i) {
    given.expect(size[i] > 0 && (i == 0 || size[i] <= size[i - 1]), "batch_sizes to be positive and not to increase");
    given.expect(add_to(total, size[i]), "batch_sizes to add up to the rows of data");
  }
  given.expect(total == data.size(0), "batch_sizes to add up to the rows of data");
}

void lstm(const Given& given) {
  given.expect(given.tensors("hx").size() == 2, "hx to hold two tensors");
  packed_sequence(given);
}

void mkldnn_lstm(const Given& given) {
  given.expect_alike();
  at::Tensor input = given.required("input");
  int64_t hidden = given.integer("hidden_size"), lstm_mode = 2;
  given.expect(given.integer("mode") == lstm_mode && hidden > 0, "mode to be 2 and hidden_size to be positive");
  given.expect_dim(input, "input", 3, 3);
  given.expect(input.numel() > 0 && input.is_floating_point(), "input to have elements of a floating point dtype");
  given.expect_shape(given.required("weight0"), "weight0", {4 * hidden, input.size(2)});
  given.expect_shape(given.required("weight1"), "weight1", {4 * hidden, hidden});
  if (given.boolean("has_biases")) {
    for (const char* name : {"weight2", "weight3"}) given.expect_shape(given.required(name), name, {4 * hidden});
  }
  int64_t batch = input.size(given.boolean("batch_first") ? 0 : 1);
  for (const char* name : {"hx_", "cx_"}) {
    given.expect(given.required(name).numel() == batch * hidden, std::string(name) + " to have a state for each sequence");
  }
  for (const char* name : {"weight0", "weight1", "weight2", "weight3", "hx_", "cx_"}) {
    given.expect_dtype(given.required(name), name, input.scalar_type());
  }
}

void flash_attention_backward(const Given& given) {
  given.expect_alike();
  at::Tensor query = given.required("query"), key = given.required("key"), value = given.required("value");
  for (const char* name : {"query", "key", "value", "grad_out", "out"}) {
    at::Tensor one = given.required(name);
    given.expect_dim(one, name, 4, 4);
    given.expect_floating(one, name);
    given.expect_dtype(one, name, query.scalar_type());
  }
  at::Tensor sums = given.required("logsumexp");
  given.expect_shape(sums, "logsumexp", {query.size(0), query.size(1), query.size(2)});
  given.expect(query.size(0) == key.size(0) && query.size(1) == key.size(1) && query.size(3) == key.size(3),
               "query and key to fit together");
  given.expect_shape(value, "value", key.sizes());
  for (const char* name : {"grad_out", "out"}) given.expect_shape(given.required(name), name, query.sizes());
}

void rescale_qkv(const Given& given) {
  given.expect_alike();
  at::Tensor qkv = given.required("qkv"), bias = given.required("qkv_bias");
  given.expect_dim(qkv, "qkv", 3, 3);
  int64_t heads = given.integer("num_heads");
  given.expect(heads > 0 && qkv.size(2) % 3 == 0 && (qkv.size(2) / 3) % heads == 0 && qkv.size(2) > 0,
               "the last size of qkv to be a multiple of 3 * num_heads");
  given.expect_shape(bias, "qkv_bias", {qkv.size(2)});
  given.expect_dtype(bias, "qkv_bias", qkv.scalar_type());
}

// -- Lists of tensors -------------------------------------------------------------------------------------------------

void stack(const Given& given) {
  std::vector<at::Tensor> tensors = given.tensors("tensors");
  given.expect(!tensors.empty(), "tensors to hold a tensor");
  int64_t dim = given.integer("dim"), places = tensors[0].dim() + 1;
  given.expect(dim >= -places && dim < places, "dim to be a place among the dimensions");
  for (const at::Tensor& one : tensors) {
    given.expect(one.layout() == c10::kStrided, "tensors to be dense");
    given.expect_shape(one, "tensors", tensors[0].sizes());
  }
}

// Operators on lists of tensors take as many of each; what LibTorch compares itself is left to it.
void foreach_lists(const Given& given) {
  const c10::IValue* self = given.find("self");
  if (self == nullptr || !self->isTensorList()) return;
  size_t count = self->toTensorVector().size();
  for (const char* name : {"src", "tensors1", "weight", "scalars", "out"}) {
    const c10::IValue* list = given.find(name);
    if (list == nullptr || !list->isList()) continue;
    given.expect(list->toListRef().size() == count, std::string(name) + " to have as many elements as self");
  }
}

void foreach_copy(const Given& given) {
  foreach_lists(given);
  std::vector<at::Tensor> self = given.tensors("self"), src = given.tensors("src");
  for (size_t i = 0; i < self.size() && i < src.size(); ++i) {
    given.expect(self[i].layout() == src[i].layout(), "self and src to hold tensors of the same layouts");
  }
}

void chunk_cat(const Given& given) {
  given.expect_dense(given.tensors("tensors"), "tensors");
  int64_t dim = given.integer("dim");
  for (const at::Tensor& one : given.tensors("tensors")) {
    given.expect(dim >= -one.dim() && dim < one.dim(), "dim to be a dimension of all tensors");
  }
}

// A fused step of an optimizer takes the i-th tensor of each list as one parameter's.
void fused_step(const Given& given) {
  std::vector<at::Tensor> parameters = given.tensors("self");
  for (const char* name : {"grads", "momentum_buffer_list", "exp_avgs", "exp_avg_sqs", "max_exp_avg_sqs", "state_sums"}) {
    if (given.find(name) == nullptr) continue;
    std::vector<at::Tensor> list = given.tensors(name);
    bool is_optional = (std::string_view(name) == "momentum_buffer_list" && given.find("momentum")->toDouble() == 0) ||
                       (std::string_view(name) == "max_exp_avg_sqs" && !given.boolean("amsgrad"));
    if (is_optional && list.empty()) continue;
    given.expect(list.size() == parameters.size(), std::string(name) + " to have as many tensors as self");
    for (size_t i = 0; i < list.size(); ++i) {
      const at::Tensor &one = list[i], &parameter = parameters[i];
      given.expect(one.layout() == c10::kStrided && parameter.layout() == c10::kStrided && one.device() == parameter.device(),
                   std::string(name) + " to be dense and on the device of self");
      given.expect_shape(one, name, parameter.sizes());
      given.expect(one.strides() == parameter.strides() && one.is_non_overlapping_and_dense(),
                   std::string(name) + " to lie in memory as self does, without gaps");
    }
  }
  if (given.find("state_steps") == nullptr) return;
  std::vector<at::Tensor> steps = given.tensors("state_steps");
  given.expect(steps.size() == parameters.size(), "state_steps to have as many tensors as self");
  for (const at::Tensor& step : steps) given.expect(step.numel() == 1, "state_steps to hold one element each");
}

// -- Views and copies -------------------------------------------------------------------------------------------------

void reshape_alias(const Given& given) {
  at::Tensor self = given.required("self");
  given.expect(self.layout() == c10::kStrided, "self to be a dense tensor");
  Ints size = *given.ints("size"), stride = *given.ints("stride");
  given.expect(size.size() == stride.size(), "as many strides as sizes");
  for (size_t i = 0; i < size.size(); ++i) {
    given.expect(size[i] >= 0 && stride[i] >= 0, "sizes and strides not to be negative");
  }
  int64_t elements = product(size);
  given.expect(elements == self.numel(), "size to have the elements of self");
  if (elements == 0) return;
  size_t needed = at::detail::computeStorageNbytes(size, stride, self.itemsize(), static_cast<size_t>(self.storage_offset()));
  given.expect(needed <= self.storage().nbytes(), "size and stride to be within self's memory");
}

void copy(const Given& given) {
  at::Tensor self = given.required("self"), src = given.required("src");
  given.expect(self.layout() == src.layout(), "self and src to have the same layout");
}

void view_copy(const Given& given) {
  given.expect(!given.required("self").is_quantized(), "self not to be quantized");
}

void masked_index(const Given& given) {
  for (const char* name : {"self", "mask"}) {
    given.expect(given.required(name).layout() == c10::kStrided, std::string(name) + " to be a dense tensor");
  }
}

void zeros_like_batched(const Given& given) {
  int64_t count = given.integer("self_num_batch_dims");
  given.expect(count >= 0 && count <= given.required("self").dim(), "self_num_batch_dims to be dimensions of self");
  given.expect(given.required("self").layout() == c10::kStrided && given.required("other").layout() == c10::kStrided,
               "self and other to be dense tensors");
}

void remove_batch_dim(const Given& given) {
  int64_t dim = given.integer("out_dim"), count = given.required("self").dim();
  given.expect(dim >= 0 && dim <= count, "out_dim to be a place among the dimensions of self");
}

void nested_offsets(const Given& given) {
  at::Tensor sizes = given.required("nested_size");
  given.expect_dim(sizes, "nested_size", 2, 2);
  given.expect_dtype(sizes, "nested_size", c10::kLong);
  given.expect(sizes.device().is_cpu() && sizes.layout() == c10::kStrided && sizes.numel() > 0 && sizes.is_contiguous(),
               "nested_size to be a contiguous tensor with elements on the CPU");
}

// -- Others -----------------------------------------------------------------------------------------------------------

void loss_backward(const Given& given) {
  given.expect_floating(given.required("self"), "self");
  given.expect_floating(given.required("grad_output"), "grad_output");
}

// 30 bits of each dimension.
void sobol(const Given& given) {
  given.expect_alike();
  int64_t dimension = given.integer("dimension");
  given.expect(dimension >= 1 && dimension <= 21201, "dimension to be in [1, 21201]");
  const char* name = first_of(given, {"sobolstate", "self"});
  given.expect_shape(given.required(name), name, {dimension, 30});
  given.expect_dtype(given.required(name), name, c10::kLong);
  given.expect(given.required(name).is_contiguous(), std::string(name) + " to be contiguous");
  if (given.find("n") != nullptr) {
    given.expect(given.integer("n") >= 0 && given.integer("n") < (1 << 30), "n to be in [0, 2^30)");
    given.expect(given.integer("num_generated") >= 0, "num_generated not to be negative");
    const char* point = given.find("quasi") != nullptr ? "quasi" : "self";
    given.expect_shape(given.required(point), point, {dimension});
    given.expect_dtype(given.required(point), point, c10::kLong);
  }
  if (given.find("ltm") != nullptr) {
    given.expect_shape(given.required("ltm"), "ltm", {dimension, 30, 30});
    given.expect_dtype(given.required("ltm"), "ltm", c10::kLong);
  }
}

// The slopes are written to a tensor of the input's size.
void random_relu(const Given& given) {
  given.expect_alike();
  at::Tensor self = given.required("self"), noise = given.required("noise");
  given.expect_shape(noise, "noise", self.sizes());
  given.expect_dtype(noise, "noise", self.scalar_type());
  at::Tensor out = given.tensor("out");
  if (!out.defined()) return;
  given.expect_dtype(out, "out", self.scalar_type());
  given.expect_shape(out, "out", self.sizes());
}

void masked_softmax(const Given& given) {
  given.expect(given.required("self").numel() > 0, "self to have elements");
}

// What has been observed is kept in tensors that the operator writes to.
void moving_average(const Given& given) {
  given.expect_alike();
  at::Tensor self = given.required("self");
  given.expect_dtype(self, "self", c10::kFloat);
  bool by_channel = given.boolean("per_row_fake_quant");
  int64_t axis = given.integer("ch_axis");
  if (by_channel) given.expect(axis >= 0 && axis < self.dim(), "ch_axis to be a dimension of self, counted from the front");
  int64_t count = by_channel ? self.size(axis) : 1;
  for (const char* name : {"observer_on", "fake_quant_on"}) {
    given.expect(given.required(name).numel() == 1, std::string(name) + " to have one element");
  }
  for (const char* name : {"running_min", "running_max", "scale", "zero_point"}) {
    at::Tensor one = given.required(name);
    given.expect_dtype(one, name, std::string_view(name) == "zero_point" ? c10::kInt : c10::kFloat);
    // By channel they get their size at the first call.
    given.expect(one.numel() == count || (by_channel && one.numel() == 0),
                 std::string(name) + " to have " + std::to_string(count) + " elements");
  }
  given.expect(self.numel() > 0, "self to have elements");
}

// Narrows a range in steps of a part of it.
void choose_qparams(const Given& given) {
  at::Tensor input = given.required("input");
  double ratio = given.find("ratio")->toDouble();
  given.expect(ratio >= 0 && ratio <= 1, "ratio to be in [0, 1]");
  given.expect(given.integer("n_bins") >= 1 && given.integer("n_bins") <= (1 << 16), "n_bins to be in [1, 2^16]");
  given.expect(given.integer("bit_width") >= 1 && given.integer("bit_width") <= 16, "bit_width to be in [1, 16]");
  given.expect(given.integer("numel") >= 1 && given.integer("numel") <= input.numel(), "numel to be within input");
  given.expect_dtype(input, "input", c10::kFloat);
}

void mkldnn_rnn_backward(const Given& given) {
  given.fail("LibTorch alone can call it, since nothing tells whether a workspace is one; backward() calls it");
}

// Weights of four bits in blocks, each with a scale.
void pack_4bit(const Given& given) {
  int64_t block = given.integer("block_size"), in = given.integer("in_features"), out = given.integer("out_features");
  given.expect(in > 0 && out > 0 && block > 0 && in % 2 == 0 && in % block == 0 && product({in, out}) > 0,
               "positive features, those that go in even and a multiple of block_size");
  if (given.find("weights") != nullptr) {
    given.expect_alike();
    given.expect_shape(given.required("weights"), "weights", {out, in / 2});
    given.expect_dtype(given.required("weights"), "weights", c10::kByte);
    given.expect(given.required("scales_zeros").numel() == out * (in / block), "scales_zeros to have one for each block");
    given.expect_floating(given.required("scales_zeros"), "scales_zeros");
    given.expect_shape_if_defined("bias", {out});
  } else {
    given.expect_alike();
    at::Tensor input = given.required("inp"), packed = given.required("packed_weights");
    given.expect_dim(input, "inp", 2, 2);
    given.expect(input.size(1) == in && input.scalar_type() == c10::kFloat, "inp to be of float32 and to fit in_features");
    given.expect(packed.is_contiguous() && packed.numel() >= out * (in / 2) + out * (in / block),
                 "packed_weights to be what _dyn_quant_pack_4bit_weight returns");
  }
}

}  // namespace

Guard find_guard(std::string_view name, std::string_view overload) {
  static const std::unordered_map<std::string_view, Guard> guards = {
      {"_adaptive_avg_pool2d", pool_sizes},
      {"_adaptive_avg_pool2d_backward", adaptive_average2d_backward},
      {"_adaptive_avg_pool3d", pool_sizes},
      {"_adaptive_avg_pool3d_backward", adaptive_average3d_backward},
      {"_batch_norm_impl_index_backward", batch_norm_backward},
      {"_batch_norm_no_update", batch_norm_forward},
      {"_batch_norm_with_update", batch_norm_forward},
      {"_batch_norm_with_update_functional", batch_norm_forward},
      {"_cdist_backward", cdist_backward},
      {"_cholesky_solve_helper", cholesky_solve},
      {"_chunk_cat", chunk_cat},
      {"_convert_indices_from_coo_to_csr", coo_to_csr},
      {"_convert_indices_from_csr_to_coo", csr_to_coo},
      {"_ctc_loss_backward", ctc_loss_backward},
      {"_cummax_helper", cumulative_extremum},
      {"_cummin_helper", cumulative_extremum},
      {"_dyn_quant_matmul_4bit", pack_4bit},
      {"_dyn_quant_pack_4bit_weight", pack_4bit},
      {"_fft_c2c", fourier},
      {"_fft_c2r", fourier},
      {"_fft_r2c", fourier},
      {"_foreach_copy", foreach_copy},
      {"_foreach_copy_", foreach_copy},
      {"_fused_adagrad", fused_step},
      {"_fused_adagrad_", fused_step},
      {"_fused_adam", fused_step},
      {"_fused_adam_", fused_step},
      {"_fused_adamw", fused_step},
      {"_fused_adamw_", fused_step},
      {"_fused_moving_avg_obs_fq_helper", moving_average},
      {"_fused_moving_avg_obs_fq_helper_functional", moving_average},
      {"_fused_sgd", fused_step},
      {"_fused_sgd_", fused_step},
      {"_linalg_eigvals", eigenvalues},
      {"_log_softmax_backward_data", softmax_backward},
      {"_logcumsumexp", log_cumulative_sum},
      {"_masked_softmax", masked_softmax},
      {"_native_batch_norm_legit", batch_norm_forward},
      {"_native_batch_norm_legit_functional", batch_norm_forward},
      {"_native_batch_norm_legit_no_training", batch_norm_forward},
      {"_neg_view_copy", view_copy},
      {"_nested_compute_contiguous_strides_offsets", nested_offsets},
      {"_new_zeros_with_same_feature_meta", zeros_like_batched},
      {"_nnpack_spatial_convolution", nnpack_convolution},
      {"_pad_packed_sequence", packed_sequence},
      {"_pdist_backward", pdist_backward},
      {"_remove_batch_dim", remove_batch_dim},
      {"_reshape_alias", reshape_alias},
      {"_reshape_alias_copy", reshape_alias},
      {"_scaled_dot_product_flash_attention_for_cpu_backward", flash_attention_backward},
      {"_slow_conv2d_backward", convolution2d},
      {"_slow_conv2d_forward", convolution2d},
      {"_sobol_engine_draw", sobol},
      {"_sobol_engine_ff", sobol},
      {"_sobol_engine_ff_", sobol},
      {"_sobol_engine_initialize_state", sobol},
      {"_sobol_engine_initialize_state_", sobol},
      {"_sobol_engine_scramble", sobol},
      {"_sobol_engine_scramble_", sobol},
      {"_softmax_backward_data", softmax_backward},
      {"_sparse_compressed_tensor_with_dims", compressed_with_dims},
      {"_stack", stack},
      {"_thnn_differentiable_gru_cell_backward", gru_cell_backward},
      {"_thnn_differentiable_lstm_cell_backward", lstm_cell_backward},
      {"_transform_bias_rescale_qkv", rescale_qkv},
      {"_unsafe_masked_index", masked_index},
      {"_unsafe_masked_index_put_accumulate", masked_index},
      {"_weight_norm", weight_norm},
      {"_weight_norm_interface", weight_norm},
      {"_weight_norm_interface_backward", weight_norm},
      {"adaptive_avg_pool1d", pool_sizes},
      {"adaptive_avg_pool2d", pool_sizes},
      {"adaptive_avg_pool3d", pool_sizes},
      {"adaptive_avg_pool3d_backward", adaptive_average3d_backward},
      {"adaptive_max_pool1d", pool_sizes},
      {"adaptive_max_pool2d", pool_sizes},
      {"adaptive_max_pool2d_backward", pool2d_backward},
      {"adaptive_max_pool3d", pool_sizes},
      {"adaptive_max_pool3d_backward", pool3d_backward},
      {"batch_norm_backward", batch_norm_backward},
      {"batch_norm_update_stats", batch_norm_forward},
      {"binomial", binomial},
      {"choose_qparams_optimized", choose_qparams},
      {"copy", copy},
      {"embedding_backward", embedding_backward},
      {"embedding_dense_backward", embedding_backward},
      {"fractional_max_pool2d_backward", pool2d_backward},
      {"fractional_max_pool3d_backward", pool3d_backward},
      {"fused_moving_avg_obs_fake_quant", moving_average},
      {"gru", packed_sequence},
      {"huber_loss_backward", loss_backward},
      {"linalg_eigvals", eigenvalues},
      {"linalg_matrix_power", matrix_power},
      {"lstm", lstm},
      {"lstm_cell", lstm},
      {"matrix_power", matrix_power},
      {"max_pool1d", pool_sizes},
      {"max_pool1d_with_indices", pool_sizes},
      {"max_pool2d_with_indices_backward", pool2d_backward},
      {"max_pool3d_with_indices_backward", pool3d_backward},
      {"mkldnn_rnn_layer", mkldnn_lstm},
      {"mkldnn_rnn_layer_backward", mkldnn_rnn_backward},
      {"native_batch_norm", batch_norm_forward},
      {"native_batch_norm_backward", batch_norm_backward},
      {"native_group_norm", group_norm},
      {"native_group_norm_backward", group_norm},
      {"native_layer_norm_backward", layer_norm_backward},
      {"quantized_lstm_cell", lstm},
      {"random", random_from},
      {"random_", random_from},
      {"range", range},
      {"reflection_pad1d_backward", pad1d_backward},
      {"reflection_pad2d_backward", pad2d_backward},
      {"reflection_pad3d_backward", pad3d_backward},
      {"repeat_interleave", repeat_interleave},
      {"replication_pad1d_backward", pad1d_backward},
      {"replication_pad2d_backward", pad2d_backward},
      {"replication_pad3d_backward", pad3d_backward},
      {"rnn_relu", packed_sequence},
      {"rnn_tanh", packed_sequence},
      {"rrelu_with_noise", random_relu},
      {"rrelu_with_noise_", random_relu},
      {"rrelu_with_noise_backward", random_relu},
      {"smooth_l1_loss_backward", loss_backward},
      {"special_chebyshev_polynomial_t", polynomial},
      {"special_chebyshev_polynomial_u", polynomial},
      {"special_chebyshev_polynomial_v", polynomial},
      {"special_chebyshev_polynomial_w", polynomial},
      {"special_hermite_polynomial_h", polynomial},
      {"special_hermite_polynomial_he", polynomial},
      {"special_laguerre_polynomial_l", polynomial},
      {"special_legendre_polynomial_p", polynomial},
      {"special_shifted_chebyshev_polynomial_t", polynomial},
      {"special_shifted_chebyshev_polynomial_u", polynomial},
      {"special_shifted_chebyshev_polynomial_v", polynomial},
      {"special_shifted_chebyshev_polynomial_w", polynomial},
      {"view_copy", view_copy},
  };
  constexpr std::string_view kLibrary = "aten::";
  if (name.substr(0, kLibrary.size()) != kLibrary) return nullptr;
  std::string_view short_name = name.substr(kLibrary.size());
  if (short_name == "cat" || short_name == "concat" || short_name == "concatenate") {
    return overload.find("out") != std::string_view::npos ? concatenate_out : nullptr;
  }
  auto found = guards.find(short_name);
  if (found != guards.end()) return found->second;
  return short_name.substr(0, 9) == "_foreach_" ? foreach_lists : nullptr;
}

void run_guard(Guard guard, const c10::FunctionSchema& schema, const std::vector<c10::IValue>& stack) {
  guard(GivenArguments(schema, stack));
}

}  // namespace tstorch
