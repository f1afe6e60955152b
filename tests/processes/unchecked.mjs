// Calls that have ended the process in LibTorch, which does not check these arguments. The last line says what each
// throws now.
import torch from 'tstorch';

const { aten } = torch.ops;
const most = 2n ** 63n - 1n;
const int = (...values) => torch.tensor(values, { dtype: torch.int32 });
const observed = (axis, size) => [
  torch.rand(3, 3), int(1), int(1), torch.zeros(size), torch.zeros(size), torch.zeros(size), torch.zeros(size).int(),
  0.01, 0, 255, axis, true,
];

const CALLS = {
  'eigvals of infinities': () => torch.linalg.eigvals(torch.full([3, 3], Infinity)),
  'eigvals of NaN': () => torch.linalg.eigvals(torch.full([3, 3], NaN, { dtype: torch.complex128 })),
  'range of integers in small steps': () => torch.range(0, 10, 0.5, { dtype: torch.int64 }),
  'range into integers': () => torch.range(0, 10, 0.5, { out: torch.empty(0, { dtype: torch.uint8 }) }),
  'repeats beyond an int64': () => torch.repeat_interleave(torch.tensor([2n ** 62n, 2n ** 62n, 2n ** 62n, 2n ** 62n, 3n])),
  'negative repeats': () => torch.repeat_interleave(torch.tensor([2n ** 62n, -(2n ** 62n), 7n]), { output_size: 7 }),
  'no dimension to quantize by': () => torch.fused_moving_avg_obs_fake_quant(...observed(most, 3)),
  'too few minima': () => aten._fused_moving_avg_obs_fq_helper(...observed(0, 2)),
  'a list of layouts': () => aten._foreach_copy([torch.eye(3).to_sparse_csr()], [torch.eye(3)]),
  'chunks of no dimensions': () => aten._chunk_cat([torch.tensor(1)], -1, 4),
  'nothing to a quantized result': () =>
    torch.cat([], 1, { out: torch.quantize_per_tensor(torch.rand(2), 0.1, 2, torch.quint8) }),
  'slopes elsewhere': () =>
    aten.rrelu_with_noise.out(torch.rand(2, 3), torch.rand(2, 3), { training: true, out: torch.rand(0, 3) }),
  'softmax of nothing': () =>
    aten._masked_softmax.out(torch.rand(2, 0, 3), torch.ones(2, 0, 3).bool(), 1, { out: torch.rand(2, 0, 3) }),
  'no sizes to compress': () =>
    aten._sparse_compressed_tensor_with_dims(5, -2, [], [], torch.int64, { layout: torch.sparse_csr }),
  'distances of nothing': () => aten._pdist_backward(torch.rand(0), torch.rand(0, 2), 2, torch.rand(0)),
};

const thrown = {};
for (const [name, call] of Object.entries(CALLS)) {
  try {
    call();
    thrown[name] = null;
  } catch (error) {
    thrown[name] = `${error.name}: ${error.message}`;
  }
}
console.log(JSON.stringify(thrown));
