/** Training steps on a GPU, in float32, TF32 and bfloat16, and as graphs. On a CPU, for a try, everything is small. */
import torch, { nn, optim } from 'tstorch';
import { models } from 'tstorch/torchvision';

const F = nn.functional;
const device = process.env.TSTORCH_BENCH_DEVICE;
const small = device === 'cpu';

class TinyVGG extends nn.Module {
  constructor(hidden = 10) {
    super();
    const block = (channels) =>
      new nn.Sequential(
        new nn.Conv2d(channels, hidden, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.Conv2d(hidden, hidden, 3, { padding: 1 }),
        new nn.ReLU(),
        new nn.MaxPool2d(2),
      );
    this.block_1 = block(1);
    this.block_2 = block(hidden);
    this.classifier = new nn.Sequential(new nn.Flatten(), new nn.Linear(hidden * 7 * 7, 10));
  }

  forward(x) {
    return this.classifier(this.block_2(this.block_1(x)));
  }
}

class Attention extends nn.Module {
  constructor(width, heads) {
    super();
    this.heads = heads;
    this.qkv = new nn.Linear(width, 3 * width);
    this.proj = new nn.Linear(width, width);
  }

  forward(x) {
    const [batch, length, width] = x.shape;
    const [q, k, v] = this.qkv(x)
      .view(batch, length, 3, this.heads, width / this.heads)
      .permute(2, 0, 3, 1, 4)
      .unbind(0);
    const y = F.scaled_dot_product_attention(q, k, v, { is_causal: true });
    return this.proj(y.transpose(1, 2).reshape(batch, length, width));
  }
}

class Block extends nn.Module {
  constructor(width, heads) {
    super();
    this.norm_1 = new nn.LayerNorm(width);
    this.attention = new Attention(width, heads);
    this.norm_2 = new nn.LayerNorm(width);
    this.mlp = new nn.Sequential(new nn.Linear(width, 4 * width), new nn.GELU(), new nn.Linear(4 * width, width));
  }

  forward(x) {
    x = x.add(this.attention(this.norm_1(x)));
    return x.add(this.mlp(this.norm_2(x)));
  }
}

/** A decoder of GPT-2's smallest size. */
class GPT extends nn.Module {
  constructor({ vocabulary, length, width, depth, heads }) {
    super();
    this.tokens = new nn.Embedding(vocabulary, width);
    this.positions = new nn.Embedding(length, width);
    this.blocks = new nn.Sequential(...Array.from({ length: depth }, () => new Block(width, heads)));
    this.norm = new nn.LayerNorm(width);
    this.head = new nn.Linear(width, vocabulary, { bias: false });
  }

  forward(x) {
    const positions = torch.arange(x.size(1), { device: x.device });
    return this.head(this.norm(this.blocks(this.tokens(x).add(this.positions(positions))))).flatten(0, 1);
  }
}

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
