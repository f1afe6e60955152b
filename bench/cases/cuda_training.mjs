/** Training steps on a GPU, in float32, TF32 and bfloat16, and as graphs. On a CPU, for a try, everything is small. */
import torch, { nn, optim } from 'tstorch';
import { models } from 'tstorch/torchvision';
import { GPT } from './networks/gpt.mjs';
import { TinyVGG } from './networks/tinyvgg.mjs';

const F = nn.functional;
const device = process.env.TSTORCH_BENCH_DEVICE;
const small = device === 'cpu';

const GPT_SIZE = small
  ? { vocabulary: 100, length: 16, width: 32, depth: 2, heads: 2 }
  : { vocabulary: 50257, length: 512, width: 768, depth: 12, heads: 12 };

const MODELS = {
  MLP: () => {
    const width = small ? 32 : 512;
    const model = new nn.Sequential(
      new nn.Linear(width, width), new nn.ReLU(), new nn.Linear(width, width), new nn.ReLU(), new nn.Linear(width, 10),
    );
    return [model, torch.rand(64, width), torch.randint(0, 10, [64])];
  },
  TinyVGG: () => [new TinyVGG(), torch.rand(32, 1, 28, 28), torch.randint(0, 10, [32])],
  'ResNet-50': () => {
    const [batch, size] = small ? [2, 64] : [64, 224];
    return [models.resnet50(), torch.rand(batch, 3, size, size), torch.randint(0, 1000, [batch])];
  },
  'ViT-B/16': () => {
    const batch = small ? 1 : 64;
    return [models.vit_b_16(), torch.rand(batch, 3, 224, 224), torch.randint(0, 1000, [batch])];
  },
  'GPT-2 small': () => {
    const { vocabulary, length } = GPT_SIZE;
    const shape = [small ? 2 : 8, length];
    return [new GPT(GPT_SIZE), torch.randint(0, vocabulary, shape), torch.randint(0, vocabulary, shape).flatten()];
  },
};

function training(name, { tf32 = false, bf16 = false, graph = false }) {
  return () => {
    const precise = (call) => (...args) => {
      torch.set_float32_matmul_precision(tf32 ? 'high' : 'highest');
      torch.backends.cudnn.allow_tf32 = tf32;
      return call(...args);
    };
    const [model, x, y] = MODELS[name]().map((part) => part.to(device));
    const optimizer = new optim.SGD(model.parameters(), { lr: 1e-3, momentum: 0.9 });
    const forward = () => F.cross_entropy(model(x), y);
    const step = precise(() => {
      optimizer.zero_grad();
      const loss = bf16 ? torch.autocast(device, { dtype: torch.bfloat16 }, forward) : forward();
      loss.backward();
      optimizer.step();
      return loss;
    });
    if (!graph || small) return step;
    const side = new torch.cuda.Stream();
    side.wait_stream(torch.cuda.current_stream());
    torch.cuda.stream(side, () => {
      for (let i = 0; i < 3; i++) step();
    });
    torch.cuda.current_stream().wait_stream(side);
    const recorded = new torch.cuda.CUDAGraph();
    let loss;
    torch.cuda.graph(recorded, () => {
      loss = step();
    });
    return () => {
      recorded.replay();
      return loss;
    };
  };
}

const PRECISIONS = { float32: {}, TF32: { tf32: true }, 'bfloat16 autocast': { bf16: true } };

export const cases = {};
for (const name of Object.keys(MODELS)) {
  for (const [precision, options] of Object.entries(PRECISIONS)) cases[`${name}, ${precision}`] = training(name, options);
}
// LibTorch has what graphs need from 2.13 on.
if (Number(torch.__version__.split('.')[1]) >= 13) {
  for (const name of ['MLP', 'TinyVGG', 'ResNet-50']) {
    cases[`${name}, float32, as a graph`] = training(name, { graph: true });
  }
}
