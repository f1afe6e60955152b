/** What JavaScript holds of LibTorch: it lives as long as JavaScript holds it, and no longer. */
import torch from 'tstorch';
import { describe, expect, test } from 'vitest';
import { is_typed_error, thrown_by } from './expected.ts';
import { HANDLE_MODES, run_script } from './processes.ts';

describe.each(HANDLE_MODES)('%s', (handles) => {
  test('what is held survives collections, and goes when it is let go', () => {
    const { status, report, stderr } = run_script('held', { handles });
    expect(status, stderr).toBe(0);
    const { wrong, live_tensors, minor_collections, full_collections } = report as Record<string, number>;
    expect(wrong).toEqual({});
    expect(minor_collections).toBeGreaterThan(0);
    expect(full_collections).toBeGreaterThanOrEqual(6);
    // 11 ways to hold 300; the last few may still be on the stack.
    expect(live_tensors).toBeLessThan(50);
  });
});

describe('handles that are none', () => {
  const external = (process.stdout as unknown as { _handle?: { _externalStream?: unknown } })._handle?._externalStream;
  const Tensor = torch.Tensor as unknown as new (handle?: unknown) => Record<string, (...args: unknown[]) => unknown>;

  test.each<[string, unknown]>([
    ['nothing', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', {}],
    ['an external of Node’s', external],
    ['a dtype’s', (torch.float32 as unknown as { _h: unknown })._h],
    ['a generator’s', (torch.default_generator as unknown as { _h: unknown })._h],
  ])('a tensor around %s', (_, handle) => {
    const x = new Tensor(handle);
    const uses = [
      () => x['shape'],
      () => x['add']!(1),
      () => x['add_']!(1),
      () => x['item']!(),
      () => x['tolist']!(),
      () => x['backward']!(),
      () => x['requires_grad'],
      () => x['dispose']!(),
      () => torch.add(torch.ones(1), x as never),
      () => torch.cat([x as never]),
      () => String(x),
    ];
    for (const use of uses)
      expect(is_typed_error(thrown_by(use)), `${String(use)}: ${String(thrown_by(use))}`).toBe(true);
  });

  test('the class alone has no properties to give', () => {
    for (const name of ['shape', 'dtype', 'grad', 'T', 'device', 'length', 'requires_grad']) {
      expect(
        is_typed_error(thrown_by(() => (torch.Tensor.prototype as unknown as Record<string, unknown>)[name])),
        name,
      ).toBe(true);
    }
  });
});
