/** What gradient scalers are in JavaScript alone: arguments by name, optimizers of one's own, files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import torch, { optim, type Tensor } from 'tstorch';
import { expect, test } from 'vitest';
import { error_of } from '../expected.ts';

const { GradScaler } = torch.amp;

function weight(): Tensor {
  return torch.tensor([1, 2], { dtype: torch.float32, requires_grad: true });
}

test('takes every argument by name', () => {
  const scaler = new GradScaler({ device: 'cpu', init_scale: 8, growth_interval: 1 });
  const w = weight();
  const optimizer = new optim.SGD([w], { lr: 0.5 });
  scaler.scale({ outputs: w.sum() }).backward();
  scaler.unscale_({ optimizer });
  expect(w.grad!.tolist()).toEqual([1, 1]);
  scaler.step({ optimizer });
  expect(w.tolist()).toEqual([0.5, 1.5]);
  scaler.update({ new_scale: 4 });
  expect(scaler.get_scale()).toBe(4);
  scaler.set_growth_factor({ new_factor: 3 });
  scaler.set_backoff_factor({ new_factor: 0.25 });
  scaler.set_growth_interval({ new_interval: 7 });
  const other = new GradScaler('cpu');
  other.load_state_dict({ state_dict: scaler.state_dict() });
  expect(other.state_dict()).toEqual({
    scale: 4, growth_factor: 3, backoff_factor: 0.25, growth_interval: 7, _growth_tracker: 0,
  });
});

test('scales arrays in arrays, iterables and nothing else', () => {
  const scaler = new GradScaler('cpu', 4);
  const [one, [two, three]] = scaler.scale([torch.tensor(0.5), [torch.tensor(1.5), torch.tensor([2.5])]]);
  expect([one.item(), two.item(), three.tolist()]).toEqual([2, 6, [10]]);
  const from_set = scaler.scale(new Set([torch.tensor(0.5)]));
  expect(from_set.map((tensor) => tensor.item())).toEqual([2]);
  for (const wrong of ['text', null, {}, [[null]]]) {
    expect(error_of(() => scaler.scale(wrong as unknown as Tensor))[0]).toMatch(/^(Value|Type)Error$/);
  }
  const outputs = [torch.tensor(0.5)];
  expect(new GradScaler('cpu', { enabled: false }).scale(outputs)).toBe(outputs);
});

test('gives what the step gives, with its arguments', () => {
  class Own extends optim.Optimizer {
    constructor(params: Tensor[]) {
      super(params, {});
    }

    override step(...args: unknown[]): unknown {
      return args;
    }
  }
  const w = weight();
  const optimizer = new Own([w]);
  const scaler = new GradScaler('cpu');
  scaler.scale(w.sum()).backward();
  expect(scaler.step(optimizer, 1, { two: 2 })).toEqual([1, { two: 2 }]);
  scaler.update();
  expect(scaler.step({ optimizer, two: 2 } as never)).toEqual([{ two: 2 }]);
  scaler.update();
  w.grad!.fill_(Infinity);
  expect(scaler.step(optimizer)).toBeNull();
  scaler.update();
  expect(scaler.get_scale()).toBe(2 ** 15);
  expect(error_of(() => scaler.step({} as never))).toEqual([
    'TypeError',
    "step() missing 1 required positional argument: 'optimizer'",
  ]);
});

test('tells an optimizer that divides by itself the scale, and whether there was an overflow', () => {
  const seen: unknown[] = [];
  class Own extends optim.Optimizer {
    override _step_supports_amp_scaling = true;

    constructor(params: Tensor[]) {
      super(params, {});
    }

    override step(fail?: unknown): unknown {
      seen.push([this.grad_scale?.item(), this.found_inf?.item()]);
      if (fail) throw new torch.RuntimeError('failed');
      return null;
    }
  }
  const w = weight();
  const optimizer = new Own([w]);
  const scaler = new GradScaler('cpu', 8);
  scaler.scale(w.sum()).backward();
  scaler.step(optimizer);
  expect(w.grad!.tolist()).toEqual([8, 8]);
  scaler.update();
  w.grad!.fill_(NaN);
  scaler.step(optimizer);
  scaler.update();
  w.grad!.fill_(4);
  scaler.unscale_(optimizer);
  expect(error_of(() => scaler.step(optimizer, true))).toEqual(['RuntimeError', 'failed']);
  expect(w.grad!.tolist()).toEqual([1, 1]);
  expect(seen).toEqual([[8, 0], [8, 1], [undefined, 0]]);
  expect([optimizer.grad_scale, optimizer.found_inf]).toEqual([undefined, undefined]);
});

test('sees rows of a sparse gradient in float16 that overflow together', () => {
  const seen: unknown[] = [];
  class Own extends optim.Optimizer {
    override _step_supports_amp_scaling = true;

    override step(): null {
      seen.push(this.found_inf!.item());
      return null;
    }
  }
  const w = torch.ones(2, 1, { dtype: torch.float16, requires_grad: true });
  w.grad = torch.sparse_coo_tensor([[0, 0]], [[40000], [40000]], [2, 1], { dtype: torch.float16 });
  const scaler = new GradScaler('cpu', 8);
  scaler.scale(torch.ones(1));
  scaler.step(new Own([w], {}));
  expect(seen).toEqual([1]);
  expect(w.grad.is_coalesced()).toBe(true);
});

test('its state goes through a file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tstorch-scaler-'));
  try {
    const scaler = new GradScaler('cpu', 3.5, 1.5, 0.75, 12);
    torch.save({ scaler: scaler.state_dict() }, join(folder, 'scaler.pt'));
    const loaded = torch.load(join(folder, 'scaler.pt')) as { scaler: Record<string, number> };
    const other = new GradScaler('cpu');
    other.load_state_dict(loaded.scaler);
    expect(other.state_dict()).toEqual(scaler.state_dict());
    other.load_state_dict(new Map(Object.entries(new GradScaler('cpu').state_dict())));
    expect(other.get_scale()).toBe(65536);
  } finally {
    rmSync(folder, { recursive: true });
  }
  const { scale: _, ...rest } = new GradScaler('cpu').state_dict();
  expect(error_of(() => new GradScaler('cpu').load_state_dict(rest))).toEqual(['KeyError', "'scale'"]);
});
