/** The small models of tests/fixtures/amp.json, trained as scripts/fixtures/amp.py trains them. */
import torch, { nn, optim, type Tensor } from 'tstorch';

export interface Training {
  kind: 'linear' | 'convolutional' | 'recurrent' | 'attention';
  optimizer: 'SGD' | 'Adam' | 'AdamW';
  options: Record<string, number | boolean>;
  dtype: 'bfloat16' | 'float16';
  /** The options of a gradient scaler. */
  scaler: Record<string, number> | null;
  /** The norm to which gradients are clipped. */
  clip: number | null;
}

export interface Trained {
  losses: number[];
  /** After each step. */
  scales: number[];
  /** Of each parameter's elements at the end. */
  sums: number[];
}

class Recurrent extends nn.Module {
  embedding = new nn.Embedding(10, 6);
  lstm = new nn.LSTM(6, 8, { batch_first: true });
  head = new nn.Linear(8, 3);

  override forward(x: Tensor): Tensor {
    const [output] = this.lstm(this.embedding(x)) as [Tensor, unknown];
    return this.head(output[':, -1']!);
  }
}

type Network = nn.Module & ((x: Tensor) => Tensor);

function network(kind: Training['kind']): Network {
  switch (kind) {
    case 'linear':
      return new nn.Sequential(new nn.Linear(6, 16), new nn.ReLU(), new nn.LayerNorm(16), new nn.Linear(16, 3)) as Network;
    case 'convolutional':
      return new nn.Sequential(
        new nn.Conv2d(1, 4, 3, { bias: false }), new nn.BatchNorm2d(4), new nn.ReLU(), new nn.MaxPool2d(2),
        new nn.Flatten(), new nn.Linear(36, 3),
      ) as Network;
    case 'recurrent':
      return new Recurrent() as Network;
    case 'attention': {
      const layer = new nn.TransformerEncoderLayer(6, 2, 12, { dropout: 0.1, batch_first: true });
      return new nn.Sequential(layer, new nn.Flatten(), new nn.Linear(24, 3)) as Network;
    }
  }
}

function batch(kind: Training['kind']): Tensor {
  switch (kind) {
    case 'linear':
      return torch.randn(8, 6);
    case 'convolutional':
      return torch.randn(8, 1, 8, 8);
    case 'recurrent':
      return torch.randint(0, 10, [8, 5]);
    case 'attention':
      return torch.randn(8, 4, 6);
  }
}

export function train({ kind, optimizer, options, dtype, scaler, clip }: Training, steps: number): Trained {
  torch.manual_seed(42);
  const model = network(kind);
  const opt = new (optim[optimizer] as typeof optim.SGD)(model.parameters(), options);
  const grad_scaler = new torch.amp.GradScaler('cpu', { ...scaler, enabled: scaler !== null });
  const loss_fn = new nn.CrossEntropyLoss();
  const losses: number[] = [];
  const scales: number[] = [];
  for (let step = 0; step < steps; step++) {
    const [x, y] = [batch(kind), torch.randint(0, 3, [8])];
    opt.zero_grad();
    const loss = torch.autocast('cpu', torch[dtype], () => loss_fn(model(x), y));
    grad_scaler.scale(loss).backward();
    if (clip !== null) {
      grad_scaler.unscale_(opt);
      nn.utils.clip_grad_norm_(model.parameters(), clip);
    }
    grad_scaler.step(opt);
    grad_scaler.update();
    losses.push(loss.item());
    scales.push(grad_scaler.get_scale());
  }
  const sums = Array.from(model.parameters(), (p) => p.detach().double().sum().item());
  return { losses, scales, sums };
}
