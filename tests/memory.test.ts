/** The memory of tensors: bounded in synchronous loops, freed sooner for who asks, and no crash when it runs out. */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { HANDLE_MODES, run_script } from './processes.ts';

interface Report extends torch.memory.MemoryStats {
  most_live_tensors: number;
  /** Resident memory before the loop, in MB. */
  start: number;
  /** Resident memory after each quarter of the loop, in MB above what it was at the start. */
  quarters: number[];
}

describe.each(HANDLE_MODES)('synchronous loops, %s', (handles) => {
  /** The most live tensors and MB that a loop may take, and whether it has to have made V8 collect. */
  test.each<[string, number, number]>([
    ['small', 20_000, 60],
    ['chain', 20_000, 60],
    ['large', 100, 600],
    ['views', 40_000, 60],
    ['numpy', 100, 600],
    ['from_numpy', 20_000, 100],
    ['copies', 100, 600],
    ['training', 2_000, 600],
    ['functions', 20_000, 200],
  ])('%s', (loop, tensors, megabytes) => {
    const { status, report, stderr } = run_script('memory', { handles, args: [loop] });
    expect(status, stderr).toBe(0);
    const { most_live_tensors, start, quarters, minor_collections } = report as Report;
    expect(minor_collections).toBeGreaterThan(0);
    expect(most_live_tensors).toBeLessThan(tensors);
    expect(Math.max(...quarters)).toBeLessThan(megabytes);
    // The budgets adapt in the beginning; after that there is no growth but for a few more blocks kept for reuse.
    expect(quarters[3]! - quarters[1]!).toBeLessThan(300);
    if (loop === 'functions') expect((start + quarters[3]!) / (start + quarters[0]!)).toBeLessThan(1.1);
  });

  test('errors leave nothing behind', () => {
    const { status, report, stderr } = run_script('memory', { handles, args: ['errors'] });
    expect(status, stderr).toBe(0);
    expect((report as Report).live_tensors).toBe(2);
    expect(Math.max(...(report as Report).quarters)).toBeLessThan(60);
  });

  // V8 reserves address space of its own; the limit leaves a few GB for tensors.
  test.skipIf(process.platform !== 'linux')('out of memory', () => {
    const { status, report, stderr } = run_script('out_of_memory', { handles, address_space: 6_000_000 });
    expect(status, stderr).toBe(0);
    const { made, collections, errors, most, again, sum } = report as Record<string, number> & { errors: string[] };
    expect([made, again, sum]).toEqual([30, 2 ** 27, 3]); // garbage was collected before giving up
    expect(collections).toBeGreaterThan(0);
    expect(errors).toEqual(['torch.OutOfMemoryError', 'torch.OutOfMemoryError', 'torch.OutOfMemoryError']);
    expect(most).toBeLessThan(12);
  });
});

describe('sizes that no memory has', () => {
  test('an error that says how much it was, and the process goes on', () => {
    expect(() => torch.zeros(2 ** 46)).toThrow(torch.OutOfMemoryError);
    expect(() => torch.zeros(2 ** 46)).toThrow(
      "DefaultCPUAllocator: can't allocate memory: you tried to allocate 281474976710656 bytes.",
    );
    expect(() => torch.zeros(2 ** 52)).toThrow(torch.RuntimeError);
    expect(() => torch.zeros(2 ** 40, 2 ** 40)).toThrow(
      'Storage size calculation overflowed with sizes=[1099511627776, 1099511627776]',
    );
    expect(() =>
      torch
        .ones(2)
        .expand(2 ** 50, 2)
        .add(1),
    ).toThrow(torch.RuntimeError);
    expect(() => torch.arange(2 ** 46)).toThrow(torch.OutOfMemoryError);
    expect(() => torch.rand(2 ** 46)).toThrow(torch.OutOfMemoryError);
    expect(torch.zeros(3).add(1).tolist()).toEqual([1, 1, 1]);
  });

  test('a resize that runs out of memory leaves a tensor that can be read', () => {
    const x = torch.ones(2);
    expect(() => x.resize_(2 ** 46)).toThrow(torch.OutOfMemoryError);
    expect(x.numel()).toBeLessThanOrEqual(2);
    expect(Number.isFinite(x.sum().item())).toBe(true);
    for (const draw of [torch.zeros, torch.rand, torch.randn]) {
      const out = torch.ones(3);
      expect(() => draw([2 ** 46], { out })).toThrow(torch.OutOfMemoryError);
      expect(out.numel()).toBeLessThanOrEqual(3);
      expect(Number.isFinite(out.sum().item())).toBe(true);
    }
    const out = torch.empty(0, { dtype: torch.int64 });
    expect(() => torch.arange(2 ** 46, { out })).toThrow(torch.OutOfMemoryError);
    expect(out.tolist()).toEqual([]);
  });
});

describe('stats', () => {
  test('count live tensors and bytes', () => {
    torch.memory.collect();
    const before = torch.memory.stats();
    const kept = [torch.ones(1000), torch.ones(2, { dtype: torch.float64 })];
    const after = torch.memory.stats();
    expect(after.live_tensors - before.live_tensors).toBe(2);
    expect(after.live_bytes - before.live_bytes).toBeGreaterThanOrEqual(4000 + 16);
    expect(after.live_bytes - before.live_bytes).toBeLessThan(4000 + 16 + 640);
    const view = kept[0]!.view(10, 100);
    expect(torch.memory.stats().live_bytes).toBe(after.live_bytes);
    for (const x of [...kept, view]) x.dispose();
    expect(torch.memory.stats().live_tensors).toBe(before.live_tensors);
    expect(torch.memory.stats().live_bytes).toBe(before.live_bytes);
  });

  test('the peak, and starting it anew', () => {
    torch.memory.collect();
    torch.memory.reset_peak();
    const before = torch.memory.stats();
    expect(before.peak_bytes).toBe(before.live_bytes);
    torch.ones(2 ** 20).dispose();
    expect(torch.memory.stats().peak_bytes - before.live_bytes).toBeGreaterThanOrEqual(2 ** 22);
    torch.memory.reset_peak();
    expect(torch.memory.stats().peak_bytes).toBe(torch.memory.stats().live_bytes);
  });

  test('freed blocks are kept for reuse until empty_cache', () => {
    torch.ones(2 ** 20).dispose();
    expect(torch.memory.stats().retained_bytes).toBeGreaterThanOrEqual(2 ** 22);
    torch.memory.empty_cache();
    expect(torch.memory.stats().retained_bytes).toBe(0);
  });

  test('collect frees what is unreachable', () => {
    torch.memory.collect();
    const { live_tensors, full_collections } = torch.memory.stats();
    (() => {
      for (let i = 0; i < 50; i++) torch.ones(10).add(i);
    })();
    torch.memory.collect();
    const after = torch.memory.stats();
    expect(after.live_tensors).toBeLessThanOrEqual(live_tensors + 1);
    expect(after.full_collections).toBe(full_collections + 1);
  });

  test('budgets', () => {
    const { minor_collections } = torch.memory.stats();
    torch.memory.set_budgets({ bytes: 2 ** 16, tensors: 10 });
    try {
      for (let i = 0; i < 100; i++) torch.ones(4);
      expect(torch.memory.stats().minor_collections - minor_collections).toBeGreaterThan(3);
      expect(torch.memory.stats().budget % 2 ** 16).toBe(0);
    } finally {
      torch.memory.set_budgets({});
    }
    for (const wrong of [{ bytes: 0 }, { tensors: -1 }])
      expect(() => torch.memory.set_budgets(wrong)).toThrow(torch.ValueError);
    for (const wrong of [{ bytes: '1' }, { tensors: 0.5 }]) {
      expect(() => torch.memory.set_budgets(wrong as never)).toThrow(torch.TypeError);
    }
  });
});

describe('what is held stays', () => {
  test('activations that only the graph holds', () => {
    const x = torch.tensor([1.5, 2], { requires_grad: true });
    const y = (() => x.mul(3).pow(2).sum())();
    for (let i = 0; i < 3; i++) torch.memory.collect();
    for (let i = 0; i < 200; i++) torch.ones(2).fill_(99); // what was freed would be overwritten
    y.backward();
    expect(x.grad!.tolist()).toEqual([27, 36]);
  });

  test('a gradient that only its leaf holds', () => {
    const x = torch.tensor([1.5, 2], { requires_grad: true });
    (() => x.pow(2).sum().backward())();
    torch.memory.collect();
    expect(x.grad!.tolist()).toEqual([3, 4]);
  });

  test('the base of a view, the storage of an array', () => {
    const view = (() => torch.arange(6, { dtype: torch.float32 }).mul(2).view(2, 3)[1]!)();
    const array = (() => torch.arange(4).add(5).numpy())();
    const shared = (() => torch.from_numpy(Float32Array.of(1, 2, 3)))();
    for (let i = 0; i < 3; i++) torch.memory.collect();
    for (let i = 0; i < 200; i++) torch.full([6], 99);
    expect(view.tolist()).toEqual([6, 8, 10]);
    expect([...array].map(Number)).toEqual([5, 6, 7, 8]);
    expect(shared.tolist()).toEqual([1, 2, 3]);
  });
});

describe('dispose', () => {
  test('frees at once, and only this tensor', () => {
    const x = torch.ones(1000);
    const view = x.view(10, 100);
    expect(x.is_disposed).toBe(false);
    x.dispose();
    x.dispose();
    expect(x.is_disposed).toBe(true);
    expect(view.sum().item()).toBe(1000);
  });

  test('using: the protocol of Symbol.dispose', () => {
    const x = torch.ones(2);
    x[Symbol.dispose]();
    expect(x.is_disposed).toBe(true);
  });

  test('whatever is done with it afterwards is an error that says so', () => {
    const gone = torch.ones(2);
    gone.dispose();
    const x = torch.ones(2);
    const uses: (() => unknown)[] = [
      () => gone.shape,
      () => gone.dtype,
      () => gone.item(),
      () => gone.tolist(),
      () => gone.numpy(),
      () => gone.add(1),
      () => gone.add_(1),
      () => gone.backward(),
      () => gone.grad,
      () => (gone.grad = x),
      () => gone.to(torch.float64),
      () => gone.requires_grad_(),
      () => [...gone],
      () => gone.toString(),
      () => gone[0],
      () => x.add(gone),
      () => torch.add({ input: x, other: gone }),
      () => torch.add(x, 1, { out: gone }),
      () => torch.cat([x, gone]),
      () => torch.tensor(gone),
      () => torch.tensor([gone]),
      () => torch.where(gone, x, x),
      () => torch.autograd.grad(x, gone),
    ];
    for (const use of uses) {
      expect(use, String(use)).toThrow(torch.RuntimeError);
      expect(use, String(use)).toThrow(/disposed/);
    }
  });
});

describe('tidy', () => {
  test('disposes of what was made inside, but for the result and what is to be kept', () => {
    const made: Tensor[] = [];
    const note = (x: Tensor): Tensor => (made.push(x), x);
    const outside = torch.ones(2);
    const [kept, result] = torch.memory.tidy(() => {
      const a = note(outside.add(1));
      const b = note(a.mul(2));
      return [1, { sum: note(a.add(b)), map: new Map([['b', b]]) }] as const;
    });
    expect(kept).toBe(1);
    expect(made.map((x) => x.is_disposed)).toEqual([true, false, false]);
    expect([result.sum.tolist(), result.map.get('b')!.tolist(), outside.tolist()]).toEqual([
      [6, 6],
      [4, 4],
      [1, 1],
    ]);
    const counter = torch.zeros(1);
    torch.memory.tidy(() => counter.add_(note(torch.ones(1))), [counter]);
    expect([counter.item(), made.at(-1)!.is_disposed]).toEqual([1, true]);
  });

  test('nested, and with an error inside', () => {
    let inner: Tensor | undefined;
    let outer: Tensor | undefined;
    const result = torch.memory.tidy(() => {
      outer = torch.memory.tidy(() => {
        inner = torch.ones(2);
        return inner.add(1);
      });
      return outer.sum().item();
    });
    expect([result, inner!.is_disposed, outer!.is_disposed]).toEqual([4, true, true]);
    let lost: Tensor | undefined;
    expect(() =>
      torch.memory.tidy(() => {
        lost = torch.ones(2);
        lost.add('x' as never);
      }),
    ).toThrow(torch.TypeError);
    expect(lost!.is_disposed).toBe(true);
  });

  test('gradients outlive it', () => {
    const x = torch.tensor([1.5, 2], { requires_grad: true });
    torch.memory.tidy(() => x.pow(2).sum().backward());
    expect(x.grad!.tolist()).toEqual([3, 4]);
    torch.memory.tidy(() => x.grad);
    torch.memory.tidy(() => void x.grad);
    expect(x.grad!.tolist()).toEqual([3, 4]);
  });

  test('a result that contains itself, and wrong input', () => {
    const cycle: unknown[] = [torch.ones(1)];
    cycle.push(cycle);
    expect((torch.memory.tidy(() => cycle)[0] as Tensor).is_disposed).toBe(false);
    expect(() => torch.memory.tidy(5 as never)).toThrow(torch.TypeError);
    expect(() => torch.memory.tidy(() => 1, [5 as never])).toThrow("argument 'keep' must be a Tensor");
    expect(() => torch.memory.tidy(async () => 1)).toThrow('the callback must be synchronous');
  });
});
