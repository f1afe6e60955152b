/** A model as users write it, under strict: checked by compiling, never run. */
import torch, { nn, optim } from 'tstorch';
import type { Tensor } from 'tstorch';

class Block extends nn.Module {
  readonly linear: nn.Linear;
  scale = 2;

  constructor(width: number) {
    super();
    this.linear = new nn.Linear(width, { out_features: width, bias: false });
  }

  override forward(x: Tensor, times: number = 1): Tensor {
    return this.linear(x).mul(this.scale * times);
  }
}

class Model extends nn.Module {
  block = new Block(4);
  layers = new nn.Sequential(new nn.Linear(4, 8), new nn.ReLU(), new nn.Linear({ in_features: 8, out_features: 2 }));
  weight = new nn.Parameter(torch.randn(2));

  override forward(x: Tensor): { logits: Tensor; size: number } {
    const hidden = this.block(x, 3);
    return { logits: this.layers(hidden).add(this.weight), size: hidden.numel() };
  }
}

export function training(x: Tensor, y: Tensor): number {
  const model = new Model().to('cpu').train();
  const loss_fn = new nn.CrossEntropyLoss();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  for (let epoch = 0; epoch < 3; epoch++) {
    const { logits, size } = model(x);
    const wide: number = size;
    const loss: Tensor = loss_fn(logits, y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    void wide;
  }
  model.eval();
  return torch.inference_mode(() => model(x).logits.argmax({ dim: 1 }).eq(y).sum().item());
}

export function wrong(x: Tensor): void {
  const model = new Model();
  // @ts-expect-error forward wants a tensor
  model('x');
  // @ts-expect-error forward takes one argument
  model(x, 2);
  // @ts-expect-error there is no such field in what forward gives
  model(x).loss;
  // @ts-expect-error no such parameter
  new nn.Linear(2, 3, { biass: true });
  // @ts-expect-error out_features is missing
  new nn.Linear(2);
  // @ts-expect-error not twice
  new nn.Linear(2, 3, { out_features: 3 });
  // @ts-expect-error lr is a number
  new optim.SGD(model.parameters(), { lr: 'fast' });
}

export function forwards(x: Tensor, mask: Tensor): void {
  const lstm = new nn.LSTM(2, 3, { proj_size: 1, batch_first: true });
  const [output, [hidden, cell]] = lstm(x);
  lstm(x, [hidden, cell]);
  const packed = nn.utils.rnn.pack_sequence([x, x]);
  const [packed_output, last] = new nn.GRU(2, 3)(packed);
  const data: Tensor = packed_output.data;
  const attention = new nn.MultiheadAttention(4, 2, { batch_first: true });
  const [attended, weights] = attention(x, x, x, { need_weights: false, attn_mask: mask });
  const maybe: Tensor | null = weights;
  const encoded: Tensor = new nn.TransformerEncoderLayer(4, 2)(x, mask, { is_causal: true });
  const { loss } = new nn.AdaptiveLogSoftmaxWithLoss(4, 10, [2, 5])(x, x);
  const lazy: Tensor = new nn.LazyLinear(3)(x);
  const enlarged: Tensor = nn.functional.interpolate(x, { scale_factor: [2, 2], mode: 'bilinear' });
  const [pooled, indices] = nn.functional.fractional_max_pool2d_with_indices(x, 2, { output_ratio: 0.5 });
  void [output, last, data, attended, maybe, encoded, loss, lazy, enlarged, pooled, indices];
  // @ts-expect-error a state of an LSTM has two parts
  lstm(x, hidden);
  // @ts-expect-error attention wants a key and a value
  attention(x);
  // @ts-expect-error there is no such mode
  nn.functional.interpolate(x, 2, { mode: 'linear2d' });
  // @ts-expect-error nor such a padding
  nn.functional.grid_sample(x, x, 'bilinear', 'wrap');
  // @ts-expect-error nor such a reduction
  nn.functional.triplet_margin_with_distance_loss(x, x, x, { reduction: 'batchmean' });
  // @ts-expect-error nor such a function
  new nn.RNN(2, 3, { nonlinearity: 'gelu' });
  // @ts-expect-error a lazy layer takes no in_features
  new nn.LazyConv2d({ in_channels: 1, out_channels: 2, kernel_size: 3 });
}
