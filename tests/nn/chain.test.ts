/** What one module of a `Sequential` hands to the next is freed at once, where nobody else can have it. */
import torch, { nn, type Tensor } from 'tstorch';
import { models } from 'tstorch/torchvision';
import { beforeAll, describe, expect, test } from 'vitest';

beforeAll(() => {
  torch.set_num_threads(1);
});

/** How many tensors a call leaves behind, its result among them. */
function left_by(call: () => Tensor): number {
  torch.memory.collect();
  const before = torch.memory.stats().live_tensors;
  const result = call();
  const after = torch.memory.stats().live_tensors;
  expect(result.sum().isfinite().item()).toBe(true);
  return after - before;
}

/** Keeps what it is given and what it gives. */
class Keeping extends nn.Module {
  kept: Tensor[] = [];

  override forward(x: Tensor): Tensor {
    const y = x.add(1);
    this.kept.push(x, y);
    return y;
  }
}

class KeepingReLU extends nn.ReLU {
  kept: Tensor[] = [];

  override forward(x: Tensor): Tensor {
    const y = super.forward(x);
    this.kept.push(x, y);
    return y;
  }
}

const x = torch.rand(2, 3, 8, 8);
const layers = () => [new nn.Conv2d(3, 4, 3), new nn.BatchNorm2d(4), new nn.ReLU(), new nn.MaxPool2d(2), new nn.Flatten()];

describe('without gradients', () => {
  test('only the result is left', () => {
    const model = new nn.Sequential(...layers());
    expect(torch.no_grad(() => left_by(() => model(x)))).toBe(1);
    expect(torch.inference_mode(() => left_by(() => model(x)))).toBe(1);
  });

  test('the result is that with gradients', () => {
    const model = new nn.Sequential(...layers(), new nn.Identity(), new nn.Dropout(0), new nn.Linear(36, 2));
    model.eval();
    const expected = model(x).tolist();
    expect(torch.no_grad(() => model(x)).tolist()).toEqual(expected);
    expect(torch.inference_mode(() => model(x)).tolist()).toEqual(expected);
  });

  test('the input is kept, whatever gives it on', () => {
    for (const first of [new nn.Identity(), new nn.ReLU(true), new nn.Dropout(0.5).eval(), new nn.Flatten()]) {
      const input = torch.rand(2, 3);
      const model = new nn.Sequential(first, new nn.Identity(), new nn.Linear(3, 3), new nn.ReLU(true));
      torch.no_grad(() => model(input));
      expect(input.shape).toEqual([2, 3]);
      expect(input.add(1).shape).toEqual([2, 3]);
    }
  });

  test('a view of what was freed keeps its memory', () => {
    const model = new nn.Sequential(new nn.Linear(6, 6), new nn.Unflatten(1, [2, 3]), new nn.Flatten());
    const input = torch.rand(4, 6);
    expect(torch.no_grad(() => model(input)).tolist()).toEqual(model(input).tolist());
  });

  test.each([
    ['a module of the user', () => new Keeping()],
    ['a subclass', () => new KeepingReLU()],
    [
      'a forward of the module’s own',
      () => {
        const kept: Tensor[] = [];
        const relu = Object.assign(new nn.ReLU(), { kept });
        relu.forward = (input: Tensor) => {
          const output = input.relu();
          kept.push(input, output);
          return output;
        };
        return relu;
      },
    ],
  ] as const)('what %s keeps can still be used', (_, make) => {
    const keeper = make();
    const model = new nn.Sequential(new nn.Linear(3, 3), keeper, new nn.Linear(3, 3), new nn.ReLU());
    torch.no_grad(() => model(torch.rand(2, 3)));
    expect(keeper.kept).toHaveLength(2);
    for (const tensor of keeper.kept) expect(tensor.add(1).shape).toEqual([2, 3]);
  });
});

test('with gradients nothing is freed early', () => {
  const model = new nn.Sequential(new nn.Linear(3, 3), new nn.Sigmoid(), new nn.Linear(3, 1));
  const input = torch.rand(2, 3, { requires_grad: true });
  model(input).sum().backward();
  expect(input.grad!.shape).toEqual([2, 3]);
});

test('a residual network leaves its features alone', () => {
  const model = models.resnet18().eval();
  const input = torch.rand(1, 3, 32, 32);
  const expected = model(input).tolist();
  expect(torch.no_grad(() => model(input)).tolist()).toEqual(expected);
});

// Last, since hooks stay counted from the first one on.
test('what hooks keep can still be used', () => {
  const model = new nn.Sequential(...layers());
  const kept: Tensor[] = [];
  for (const module of model) module.register_forward_hook((_module, _input, output) => void kept.push(output as Tensor));
  torch.no_grad(() => model(x));
  expect(kept).toHaveLength(5);
  for (const tensor of kept) expect(tensor.add(1).numel()).toBeGreaterThan(0);
});
