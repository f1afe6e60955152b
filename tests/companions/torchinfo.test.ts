/** torchinfo's tables, character for character as in Python: scripts/fixtures/companions_torchinfo.py. */
import torch, { nn, type Tensor } from 'tstorch';
import { range } from 'tstorch/python';
import { summary, type SummaryArguments } from 'tstorch/torchinfo';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { test_sessions } from '../sessions.ts';

class TinyVGG extends nn.Module {
  conv_block_1 = new nn.Sequential(
    new nn.Conv2d(3, 10, 3), new nn.ReLU(), new nn.Conv2d(10, 10, 3), new nn.ReLU(), new nn.MaxPool2d(2),
  );
  conv_block_2 = new nn.Sequential(
    new nn.Conv2d(10, 10, 3), new nn.ReLU(), new nn.Conv2d(10, 10, 3), new nn.ReLU(), new nn.MaxPool2d(2),
  );
  classifier = new nn.Sequential(new nn.Flatten(), new nn.Linear(10 * 13 * 13, 3));

  override forward(x: Tensor): Tensor {
    return this.classifier(this.conv_block_2(this.conv_block_1(x)) as Tensor) as Tensor;
  }
}

/** One layer that is used more than once, and one that never is. */
class Recursive extends nn.Module {
  first = new nn.Linear(8, 8);
  unused = new nn.Linear(8, 2);
  again = new nn.Linear(8, 8);
  alias = this.again;

  override forward(x: Tensor): Tensor {
    for (const _ of range(3)) x = this.again(torch.relu(this.first(x)));
    return this.alias(x);
  }
}

/** Containers that are never called, in one another, with a parameter beside them. */
class Lists extends nn.Module {
  scale = new nn.Parameter(torch.ones(4));
  stages = new nn.ModuleList([
    new nn.ModuleList([new nn.Linear(4, 4), new nn.ReLU()]),
    new nn.ModuleList([new nn.Linear(4, 4)]),
  ]);
  heads = new nn.ModuleDict({ a: new nn.Linear(4, 2), b: new nn.Linear(4, 3) });

  override forward(x: Tensor): Record<string, Tensor> {
    for (const stage of this.stages) for (const layer of stage as nn.ModuleList) x = layer(x) as Tensor;
    const [a, b] = ['a', 'b'].map((name) => this.heads.__getitem__(name) as nn.Linear) as [nn.Linear, nn.Linear];
    return { a: a(x.mul(this.scale)), b: b(x) };
  }
}

/** Two inputs, one of whole numbers, and a switch. */
class Two extends nn.Module {
  embedding = new nn.Embedding(20, 6);
  linear = new nn.Linear(5, 6);

  override forward(words: Tensor | { words: Tensor; x: Tensor }, x?: Tensor, { double = false } = {}): Tensor {
    if (!(words instanceof torch.Tensor)) return this.forward(words.words, words.x);
    const y = this.embedding(words).sum(1).add(this.linear(x!));
    return double ? y.mul(2) : y;
  }
}

class Recurrent extends nn.Module {
  lstm = new nn.LSTM(5, 7, { num_layers: 2, batch_first: true });
  out = new nn.Linear(7, 2);

  override forward(x: Tensor): Tensor {
    return this.out(this.lstm(x)[0].select(1, -1));
  }
}

function frozen(): TinyVGG {
  const model = new TinyVGG();
  for (const param of model.conv_block_1.parameters()) param.requires_grad = false;
  (model.conv_block_2[0] as nn.Conv2d).bias!.requires_grad = false;
  return model;
}

type Options = Omit<SummaryArguments, 'model'>;
const written = { text: '', expected: '' };

describe('sessions', () => {
  beforeAll(() => {
    vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
      written.text += String(text);
      return true;
    });
  });
  afterAll(() => {
    vi.restoreAllMocks();
  });

  test_sessions('companions_torchinfo', () => ({
    nn,
    vgg: () => new TinyVGG(),
    recursive: () => new Recursive(),
    lists: () => new Lists(),
    two: () => new Two(),
    recurrent: () => new Recurrent(),
    frozen,
    all: ['input_size', 'output_size', 'num_params', 'params_percent', 'kernel_size', 'mult_adds', 'trainable'],
    text: (model: nn.Module, options: Options) => String(summary(model, { verbose: 0, ...options })),
    run: (model: nn.Module, options: Options) => {
      const text = String(summary(model, options));
      written.expected += `${text}\n`;
      return text;
    },
  }));
});

test('tables are printed unless they are not to be', () => {
  expect(written.text).toBe(written.expected);
  expect(written.text).toContain('Total params: 16\n');
});

test('the model is left as it was', () => {
  const model = new TinyVGG();
  summary(model, { input_size: [1, 3, 64, 64], verbose: 0 });
  expect([model.training, model._has_forward_hooks(), model.conv_block_1._has_forward_hooks()]).toEqual([true, false, false]);
  const results = summary(model, [1, 3, 64, 64], { verbose: 0 });
  expect([results.total_params, results.trainable_params]).toEqual([8083, 8083]);
});
