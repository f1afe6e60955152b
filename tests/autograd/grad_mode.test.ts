/** Switching the recording of gradients on and off, as callback and for `using`. */
import torch from 'tstorch';
import { afterEach, describe, expect, test } from 'vitest';

const w = torch.ones(2, { requires_grad: true });
const records = (): boolean => w.mul(2).requires_grad;

afterEach(() => {
  expect([torch.is_grad_enabled(), torch.is_inference_mode_enabled()]).toEqual([true, false]);
});

type Guard = { [Symbol.dispose](): void };

/** The modes, and whether gradients are recorded inside. */
const MODES: [string, <T>(callback: () => T) => T, () => Guard, boolean][] = [
  ['no_grad', (callback) => torch.no_grad(callback), () => torch.no_grad(), false],
  ['enable_grad', (callback) => torch.enable_grad(callback), () => torch.enable_grad(), true],
  ['inference_mode', (callback) => torch.inference_mode(callback), () => torch.inference_mode(), false],
  [
    'inference_mode(false)',
    (callback) => torch.inference_mode(false, callback),
    () => torch.inference_mode(false),
    true,
  ],
  [
    'inference_mode({ mode })',
    (callback) => torch.inference_mode({ mode: true }, callback),
    () => torch.inference_mode({ mode: true }),
    false,
  ],
  [
    'set_grad_enabled(false)',
    (callback) => torch.set_grad_enabled(false, callback),
    () => torch.set_grad_enabled(false),
    false,
  ],
  [
    'set_grad_enabled(true)',
    (callback) => torch.set_grad_enabled(true, callback),
    () => torch.set_grad_enabled(true),
    true,
  ],
  [
    'set_grad_enabled({ mode })',
    (callback) => torch.set_grad_enabled({ mode: false }, callback),
    () => torch.set_grad_enabled({ mode: false }),
    false,
  ],
];

describe.each(MODES)('%s', (_, run, guard, recording) => {
  test('a callback, whose result is given back', () => {
    expect(run(() => [records(), 'result'])).toEqual([recording, 'result']);
    expect(records()).toBe(true);
  });

  test('using', () => {
    const mode = guard();
    expect(records()).toBe(recording);
    mode[Symbol.dispose]();
    expect(records()).toBe(true);
    mode[Symbol.dispose](); // once is enough
    expect(records()).toBe(true);
  });

  test('an error inside ends the mode and goes on', () => {
    const error = new Error('mine');
    expect(() =>
      run(() => {
        throw error;
      }),
    ).toThrow(error);
    expect(() => run(() => torch.ones(2).add('x' as never))).toThrow(torch.TypeError);
    expect(records()).toBe(true);
  });

  test('inside no_grad, and no_grad inside', () => {
    expect(torch.no_grad(() => [records(), run(records), records()])).toEqual([false, recording, false]);
    expect(run(() => [torch.no_grad(records), records()])).toEqual([false, recording]);
  });

  test('a promise is no result: the mode has ended when it is fulfilled', () => {
    expect(() => run(async () => 1)).toThrow(torch.TypeError);
    expect(() => run(async () => 1)).toThrow('the callback must be synchronous');
  });
});

test('modes end in any order', () => {
  const outer = torch.no_grad();
  const inner = torch.enable_grad();
  expect(records()).toBe(true);
  inner[Symbol.dispose]();
  expect(records()).toBe(false);
  outer[Symbol.dispose]();
});

test('set_grad_enabled acts at once and stays', () => {
  torch.set_grad_enabled(false);
  expect(records()).toBe(false);
  torch.set_grad_enabled(true);
});

test('tensors of the inference mode', () => {
  const [x, inside] = torch.inference_mode(() => [torch.ones(2).mul(2), torch.is_inference_mode_enabled()] as const);
  expect([x.is_inference(), inside, torch.ones(1).is_inference()]).toEqual([true, true, false]);
  expect(() => x.add_(1)).toThrow(/^Inplace update to inference tensor outside InferenceMode is not allowed/);
  expect(() => x.requires_grad_()).toThrow(
    'Setting requires_grad=True on inference tensor outside InferenceMode is not allowed.',
  );
  expect(() => w.mul(x)).toThrow(/^Inference tensors cannot be saved for backward/);
  expect(w.mul(x.clone()).requires_grad).toBe(true);
  expect(
    torch.inference_mode(() => torch.inference_mode(false, () => torch.inference_mode(() => x.is_inference()))),
  ).toBe(true);
});

test('gradients are computed inside too, where they are asked for', () => {
  const x = torch.tensor([1.5, 2], { requires_grad: true });
  torch.no_grad(() => torch.enable_grad(() => x.pow(2).sum()).backward());
  expect(x.grad!.tolist()).toEqual([3, 4]);
  torch.no_grad(() => x.sub_(x.grad!));
  expect(x.tolist()).toEqual([-1.5, -2]);
  expect(x.is_leaf).toBe(true);
});

test.each<[string, () => unknown]>([
  ['no_grad(5)', () => torch.no_grad(5 as never)],
  ['no_grad(null)', () => torch.no_grad(null as never)],
  ['enable_grad({})', () => torch.enable_grad({} as never)],
  ['inference_mode(5)', () => torch.inference_mode(5 as never)],
  ["inference_mode(true, 'x')", () => torch.inference_mode(true, 'x' as never)],
  ['set_grad_enabled()', () => (torch.set_grad_enabled as () => unknown)()],
  ['set_grad_enabled(0)', () => torch.set_grad_enabled(0 as never)],
  ['set_grad_enabled({})', () => torch.set_grad_enabled({} as never)],
])('%s is refused', (_, action) => {
  expect(action).toThrow(torch.TypeError);
});
