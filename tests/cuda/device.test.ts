/** Streams, events, graphs and memory of a GPU. What is expected follows from what the work is, on any GPU. */
import torch, { nn, optim, type Tensor } from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';
import { error_of } from '../expected.ts';

const there = torch.cuda.is_available();
const [, minor] = torch.__version__.split('.').map(Number);
const device = 'cuda';

describe.skipIf(!there)('streams and events', () => {
  test('work in a stream that waits for another sees what that wrote', () => {
    const side = new torch.cuda.Stream();
    expect(side.equals(torch.cuda.current_stream())).toBe(false);
    const x = torch.ones(1 << 20, { device });
    side.wait_stream(torch.cuda.current_stream());
    const y = torch.cuda.stream(side, () => {
      expect(torch.cuda.current_stream().equals(side)).toBe(true);
      return x.mul(3);
    });
    x.record_stream(side);
    torch.cuda.current_stream().wait_stream(side);
    expect(y.sum().item()).toBe(3 * 2 ** 20);
    expect(torch.cuda.current_stream().equals(torch.cuda.default_stream())).toBe(true);
    side.synchronize();
    expect(side.query()).toBe(true);
  });

  test('events tell the time between them', () => {
    const [start, end] = [0, 1].map(() => new torch.cuda.Event({ enable_timing: true })) as [
      torch.cuda.Event,
      torch.cuda.Event,
    ];
    const a = torch.rand(2048, 2048, { device });
    start.record();
    for (let i = 0; i < 10; i++) a.matmul(a);
    end.record();
    end.synchronize();
    expect(end.query()).toBe(true);
    expect(start.elapsed_time(end)).toBeGreaterThan(0.1);
    expect(error_of(() => new torch.cuda.Event().elapsed_time(end))[0]).toBe('RuntimeError');
  });

  test('copies from pinned memory need not be waited for', () => {
    const host = torch.arange(1 << 20, { dtype: torch.float32 }).pin_memory();
    expect(host.is_pinned()).toBe(true);
    const there = host.to(device, { non_blocking: true });
    const back = there.mul(2).to('cpu', { non_blocking: true });
    torch.cuda.synchronize();
    expect(back[1000]!.item()).toBe(2000);
  });
});

describe.skipIf(!there || minor! < 13)('graphs', () => {
  test('run what was recorded on what is in their memory', () => {
    const x = torch.zeros(4, { device });
    const graph = new torch.cuda.CUDAGraph();
    const y = torch.cuda.graph(graph, () => x.mul(2).add(1));
    for (const value of [1, 5]) {
      x.fill_(value);
      graph.replay();
      expect(y.tolist()).toEqual(Array(4).fill(2 * value + 1));
    }
  });

  test('a whole training step gives what it gives without', () => {
    const make = (): [nn.Sequential, optim.Optimizer] => {
      torch.manual_seed(0);
      const model = new nn.Sequential(new nn.Linear(8, 16), new nn.ReLU(), new nn.Linear(16, 1)).to(device);
      return [model, new optim.SGD(model.parameters(), { lr: 0.1 })];
    };
    const x = torch.rand(32, 8, { device });
    const step = (model: nn.Sequential, optimizer: optim.Optimizer): Tensor => {
      optimizer.zero_grad({ set_to_none: false });
      const loss = (model(x) as Tensor).pow(2).mean();
      loss.backward();
      optimizer.step();
      return loss;
    };
    const [plain, plain_optimizer] = make();
    const expected = Array.from({ length: 8 }, () => step(plain, plain_optimizer).item() as number);

    const [model, optimizer] = make();
    const side = new torch.cuda.Stream();
    side.wait_stream(torch.cuda.current_stream());
    const warm = torch.cuda.stream(side, () => [0, 1, 2].map(() => step(model, optimizer).item() as number));
    torch.cuda.current_stream().wait_stream(side);
    const graph = new torch.cuda.CUDAGraph();
    const loss = torch.cuda.graph(graph, () => step(model, optimizer));
    const replayed = [3, 4, 5, 6, 7].map(() => {
      graph.replay();
      return loss.item() as number;
    });
    [...warm, ...replayed].forEach((value, i) => expect(value).toBeCloseTo(expected[i]!, 5));
  });

  test('make_graphed_callables', () => {
    torch.manual_seed(0);
    const model = new nn.Linear(8, 4).to(device);
    const x = torch.rand(16, 8, { device, requires_grad: true });
    const expected = model(x);
    const [expected_gradient] = torch.autograd.grad(expected.pow(2).sum(), [x]);
    const graphed = torch.cuda.make_graphed_callables(model as never, [torch.rand(16, 8, { device, requires_grad: true })]) as typeof model;
    const actual = graphed(x);
    torch.testing.assert_close(actual, expected);
    const [gradient] = torch.autograd.grad(actual.pow(2).sum(), [x]);
    torch.testing.assert_close(gradient!, expected_gradient!);
  });
});

describe.skipIf(!there)('memory', () => {
  beforeAll(() => torch.cuda.empty_cache());

  test('a synchronous loop that frees nothing by hand stays within a few tensors', () => {
    torch.cuda.reset_peak_memory_stats();
    const x = torch.rand(1 << 22, { device });
    for (let i = 0; i < 2000; i++) x.mul(2).add(1);
    // 16 MB each: 4,000 of them are 64 GB.
    expect(torch.cuda.max_memory_allocated()).toBeLessThan(8 * 2 ** 30);
  });

  test('what does not fit is an error with Python’s words, and the process goes on', () => {
    const [, total] = torch.cuda.mem_get_info();
    const [name, message] = error_of(() => torch.empty(total, { device }));
    expect(name).toBe('OutOfMemoryError');
    expect(message).toMatch(/^CUDA out of memory. Tried to allocate [\d.]+ GiB. GPU 0 has a total capacity of/);
    expect(torch.ones(3, { device }).sum().item()).toBe(3);
  });

  test('memory that is no longer reachable is found before an allocation fails', () => {
    const [free] = torch.cuda.mem_get_info();
    const part = Math.floor((free * 0.3) / 4);
    for (let i = 0; i < 12; i++) torch.empty(part, { device }).fill_(i);
    expect(torch.cuda.memory_stats()['num_ooms']).toBeGreaterThanOrEqual(0);
  });

  test('training on the GPU does not grow', () => {
    const model = new nn.Sequential(new nn.Linear(64, 64), new nn.ReLU(), new nn.Linear(64, 1)).to(device);
    const optimizer = new optim.Adam(model.parameters());
    const x = torch.rand(256, 64, { device });
    const run = (steps: number): number => {
      for (let i = 0; i < steps; i++) {
        optimizer.zero_grad();
        (model(x) as Tensor).mean().backward();
        optimizer.step();
      }
      torch.cuda.empty_cache();
      return torch.cuda.memory_allocated();
    };
    const first = run(200);
    expect(run(2000)).toBeLessThanOrEqual(first + 2 ** 20);
  });
});

describe.skipIf(!there)('callbacks', () => {
  test('hooks and gradients of one’s own run while backward works on the device’s thread', () => {
    const seen: number[] = [];
    const x = torch.ones(3, { device, requires_grad: true });
    const y = x.mul(2);
    y.register_hook((gradient) => {
      seen.push(gradient.sum().item() as number);
      return gradient.mul(10);
    });
    class Triple extends torch.autograd.Function {
      static override forward(_ctx: unknown, input: Tensor): Tensor {
        return input.mul(3);
      }
      static override backward(_ctx: unknown, gradient: Tensor): Tensor {
        seen.push(-1);
        return gradient.mul(3);
      }
    }
    Triple.apply(y).sum().backward();
    expect(seen).toEqual([-1, 9]);
    expect(x.grad!.tolist()).toEqual([60, 60, 60]);
  });
});

test.skipIf(there)('there is no GPU here: the tests of tests/cuda are skipped', () => {
  expect(torch.cuda.device_count()).toBe(0);
});
