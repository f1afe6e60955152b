/** What this machine's GPU computes, beside Python's PyTorch on the same GPU (scripts/gpu/oracle.py, run.sh). */
import { readFileSync } from 'node:fs';
import torch, { nn, optim, type Tensor } from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';
import { error_of } from '../expected.ts';

const F = nn.functional;

interface Oracle {
  device: 'cuda' | 'cpu';
  torch: string;
  values: Record<string, unknown>;
  properties?: {
    name: string;
    capability: number[];
    total_memory: number;
    multi_processor_count: number;
    cuda: string;
    cudnn: number;
  };
}

const file = process.env['TSTORCH_CUDA_ORACLE'];
const oracle = file === undefined ? null : (JSON.parse(readFileSync(file, 'utf8')) as Oracle);
const device = oracle?.device ?? 'cpu';

const listed = (tensor: Tensor): number[] => tensor.detach().double().flatten().tolist() as number[];

function seeded(draw: () => Tensor): number[] {
  torch.manual_seed(42);
  return listed(draw());
}

type Problem = [model: nn.Module & ((x: Tensor) => Tensor), x: Tensor, y: Tensor];

function losses(
  [model, x, y]: Problem,
  make_optimizer: (parameters: Iterable<Tensor>) => optim.Optimizer,
  { autocast, scaler }: { autocast?: typeof torch.float32; scaler?: torch.amp.GradScaler } = {},
): number[] {
  model.to(device);
  [x, y] = [x.to(device), y.to(device)];
  const optimizer = make_optimizer(model.parameters());
  return Array.from({ length: 8 }, () => {
    optimizer.zero_grad();
    const forward = (): Tensor => F.cross_entropy(model(x), y);
    const loss = autocast === undefined ? forward() : torch.autocast(device, { dtype: autocast }, forward);
    if (scaler === undefined) {
      loss.backward();
      optimizer.step();
    } else {
      scaler.scale(loss).backward();
      scaler.step(optimizer);
      scaler.update();
    }
    return loss.item() as number;
  });
}

function mlp(): Problem {
  torch.manual_seed(0);
  const model = new nn.Sequential(new nn.Linear(16, 32), new nn.ReLU(), new nn.Dropout(0.2), new nn.Linear(32, 4));
  return [model as Problem[0], torch.rand(8, 16), torch.randint(0, 4, [8])];
}

function convolutional(): Problem {
  torch.manual_seed(0);
  const model = new nn.Sequential(
    new nn.Conv2d(3, 8, 3, { padding: 1 }),
    new nn.BatchNorm2d(8),
    new nn.ReLU(),
    new nn.MaxPool2d(2),
    new nn.Flatten(),
    new nn.Linear(8 * 8 * 8, 4),
  );
  return [model as Problem[0], torch.rand(8, 3, 16, 16), torch.randint(0, 4, [8])];
}

const CASES: Record<string, () => unknown> = {
  rand: () => seeded(() => torch.rand(7, { device })),
  randn: () => seeded(() => torch.randn(7, { device })),
  randint: () => seeded(() => torch.randint(0, 1000, [7], { device })),
  randperm: () => seeded(() => torch.randperm(11, { device })),
  bernoulli: () => seeded(() => torch.bernoulli(torch.full([11], 0.5, { device }))),
  multinomial: () => seeded(() => torch.multinomial(torch.ones(9, { device }), 5)),
  exponential_: () => seeded(() => torch.empty(5, { device }).exponential_()),
  dropout: () => seeded(() => F.dropout(torch.ones(20, { device }), 0.3)),
  generator: () => listed(torch.rand(5, { device, generator: new torch.Generator(device).manual_seed(7) })),
  'MLP, SGD': () => losses(mlp(), (p) => new optim.SGD(p, { lr: 0.1, momentum: 0.9 })),
  'MLP, Adam': () => losses(mlp(), (p) => new optim.Adam(p, { lr: 0.01 })),
  'MLP, AdamW fused': () => losses(mlp(), (p) => new optim.AdamW(p, { lr: 0.01, fused: true })),
  'MLP, bfloat16': () => losses(mlp(), (p) => new optim.SGD(p, { lr: 0.1 }), { autocast: torch.bfloat16 }),
  'MLP, float16, scaled': () =>
    losses(mlp(), (p) => new optim.SGD(p, { lr: 0.1 }), {
      autocast: torch.float16,
      scaler: new torch.amp.GradScaler(device, { init_scale: 1024 }),
    }),
  'convolutional, SGD': () => losses(convolutional(), (p) => new optim.SGD(p, { lr: 0.1 })),
  LSTM: () => {
    torch.manual_seed(0);
    const lstm = new nn.LSTM(8, 16, { num_layers: 2, batch_first: true }).to(device);
    const x = torch.rand(4, 6, 8).to(device).requires_grad_();
    const [y, [h, c]] = lstm(x) as [Tensor, [Tensor, Tensor]];
    y.sum().backward();
    return [y.sum(), h.sum(), c.sum(), x.grad!.sum()].flatMap(listed);
  },
  transformer: () => {
    torch.manual_seed(0);
    const layer = new nn.TransformerEncoderLayer(16, 2, 32, { dropout: 0, batch_first: true }).to(device);
    const x = torch.rand(4, 6, 16).to(device).requires_grad_();
    const y = layer(x);
    y.pow(3).sum().backward();
    return [y.sum(), x.grad!.abs().sum()].flatMap(listed);
  },
  'linear algebra': () => {
    torch.manual_seed(0);
    const a = torch.rand(6, 6).to(device);
    const symmetric = a.matmul(a.mT).add(torch.eye(6, { device }));
    const { inv, eigvalsh, cholesky, det } = torch.linalg;
    return [inv(symmetric), eigvalsh(symmetric), cholesky(symmetric), det(symmetric)].flatMap(listed);
  },
  memory: () => {
    if (device === 'cpu') return [];
    torch.cuda.empty_cache();
    const before = torch.cuda.memory_allocated();
    const x = torch.zeros(1000, 1000, { device });
    const y = torch.zeros(10, { device });
    const held = torch.cuda.memory_allocated() - before;
    x.dispose();
    y.dispose();
    return [held, torch.cuda.memory_allocated() - before];
  },
  'two devices': () => {
    if (device === 'cpu') return oracle!.values['two devices'];
    return error_of(() => torch.ones(2, { device }).add(torch.ones(3)));
  },
  repr: () => [String(torch.arange(4, { device })), String(torch.ones(2, { device, requires_grad: true }))],
};

describe.skipIf(oracle === null)(`as Python on ${device}`, () => {
  beforeAll(() => {
    torch.backends.cudnn.deterministic = true;
  });

  test('all that Python computed', () => expect(Object.keys(CASES).sort()).toEqual(Object.keys(oracle!.values).sort()));

  test.each(Object.keys(CASES))('%s', (name) => {
    const expected = oracle!.values[name];
    const actual = CASES[name]!();
    if (!Array.isArray(expected) || typeof expected[0] !== 'number') return expect(actual).toEqual(expected);
    const numbers = (values: unknown): Tensor => torch.tensor(values as number[], { dtype: torch.float64 });
    torch.testing.assert_close(numbers(actual), numbers(expected), { rtol: 1e-5, atol: 1e-6 });
  });
});

describe.skipIf(oracle?.properties === undefined)('the GPU', () => {
  test('is what Python says', () => {
    const { name, total_memory, multi_processor_count } = torch.cuda.get_device_properties();
    const capability = torch.cuda.get_device_capability();
    const [cuda, cudnn] = [torch.version.cuda, torch.backends.cudnn.version()];
    expect({ name, capability, total_memory, multi_processor_count, cuda, cudnn }).toEqual(oracle!.properties);
    expect(torch.cuda.get_device_name(0)).toBe(name);
  });
});
