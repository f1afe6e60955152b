// A library of operators as users write them; tests/ops.test.ts compiles and loads it.
#include <ATen/ATen.h>
#include <torch/library.h>

namespace {

at::Tensor twice(const at::Tensor& x, double factor) { return x.mul(2 * factor); }

at::Tensor twice_number(int64_t x) { return at::full({}, 2 * x, at::kLong); }

std::tuple<at::Tensor, int64_t> described(const at::Tensor& x) { return {x.clone(), x.dim()}; }

at::Tensor refuse(const at::Tensor& x) {
  TORCH_CHECK(false, "refused a tensor of ", x.dim(), " dimensions");
  return x;
}

}  // namespace

TORCH_LIBRARY(tstorch_test, m) {
  m.def("twice(Tensor x, *, float factor=1.0) -> Tensor", twice);
  m.def("twice.number(int x) -> Tensor", twice_number);
  m.def("described(Tensor x) -> (Tensor, int)", described);
  m.def("refuse(Tensor x) -> Tensor", refuse);
}
