/** What regions of mixed precision are in JavaScript alone: forms of the call, ends of the region, arguments. */
import torch from 'tstorch';
import { autocast } from 'tstorch/amp';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { error_of, thrown_by } from '../expected.ts';

const a = torch.ones(2, 2);
const dtype_of_product = (): string => String(a.mm(a).dtype);

/** What autocasting is set to on the CPU. */
function state(): unknown[] {
  return [
    torch.is_autocast_enabled('cpu'), torch.get_autocast_dtype('cpu'), torch.is_autocast_cache_enabled(),
    torch.autocast_increment_nesting() - 1, torch.autocast_decrement_nesting(),
  ];
}

const OUTSIDE = [false, torch.bfloat16, true, 0, 0];
let warnings: string[] = [];

beforeEach(() => {
  warnings = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((text) => {
    warnings.push(String(text));
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  expect(state()).toEqual(OUTSIDE);
});

test('is the same thing under its three names', () => {
  expect(torch.autocast).toBe(torch.amp.autocast);
  expect(torch.autocast).toBe(autocast);
  expect(torch.GradScaler).toBe(torch.amp.GradScaler);
});

describe('a callback', () => {
  test('comes after any number of arguments, by position or by name', () => {
    const { float16 } = torch;
    expect(torch.autocast('cpu', dtype_of_product)).toBe('torch.bfloat16');
    expect(torch.autocast('cpu', float16, dtype_of_product)).toBe('torch.float16');
    expect(torch.autocast('cpu', float16, false, dtype_of_product)).toBe('torch.float32');
    expect(torch.autocast('cpu', float16, true, false, state)).toEqual([true, float16, false, 1, 1]);
    expect(torch.autocast('cpu', { dtype: float16 }, dtype_of_product)).toBe('torch.float16');
    expect(torch.autocast('cpu', float16, { enabled: false }, dtype_of_product)).toBe('torch.float32');
    expect(torch.autocast({ device_type: 'cpu', dtype: float16 }, dtype_of_product)).toBe('torch.float16');
    expect(torch.autocast({ device_type: 'cpu', cache_enabled: false }, state)).toEqual([true, torch.bfloat16, false, 1, 1]);
  });

  test('has to be synchronous', () => {
    expect(error_of(() => torch.autocast('cpu', async () => await Promise.resolve(1)))).toEqual([
      'TypeError',
      'autocast(): the callback must be synchronous, since the mode ends when it returns',
    ]);
  });

  test('may throw', () => {
    const error = new Error('inside');
    const nested = () => torch.autocast('cpu', () => torch.autocast('cpu', { enabled: false }, () => { throw error; }));
    expect(thrown_by(nested)).toBe(error);
  });
});

describe('for using', () => {
  test('a region lasts until it is disposed of, once', () => {
    const outer = torch.autocast('cpu', { cache_enabled: false });
    const inner = torch.autocast({ device_type: 'cpu', dtype: torch.float16 });
    expect(state()).toEqual([true, torch.float16, false, 2, 2]);
    expect(dtype_of_product()).toBe('torch.float16');
    inner[Symbol.dispose]();
    inner[Symbol.dispose]();
    expect(state()).toEqual([true, torch.bfloat16, false, 1, 1]);
    outer[Symbol.dispose]();
    expect(dtype_of_product()).toBe('torch.float32');
  });
});

describe('arguments that do not fit leave things as they are', () => {
  test.each<[unknown[], string, string]>([
    [[], 'TypeError', "autocast() missing 1 required positional argument: 'device_type'"],
    [['cpu', torch.float16, true, true, 1], 'TypeError', 'autocast() takes from 1 to 4 positional arguments but 5 were given'],
    [
      [{ device_type: 'cpu', type: 1 }],
      'TypeError',
      "autocast() got an unexpected keyword argument 'type'; valid ones are: device_type, dtype, enabled, cache_enabled",
    ],
    [['cpu', 'float16'], 'TypeError', "set_autocast_dtype(): argument 'dtype' must be torch.dtype, not string"],
    [['cpu', torch.float16, 1], 'TypeError', "autocast(): argument 'enabled' must be bool, not int"],
    [['cpu', torch.float16, true, 'a'], 'TypeError', "autocast(): argument 'cache_enabled' must be bool, not str"],
    [['cpu', null, null], 'TypeError', "autocast(): argument 'enabled' must be bool, not NoneType"],
    [[null], 'ValueError', "Expected `device_type` of type `str`, got: `<class 'NoneType'>`"],
    [['meta'], 'RuntimeError', "User specified an unsupported autocast device_type 'meta'"],
  ])('%j', (args, name, message) => {
    const call = torch.autocast as unknown as (...given: unknown[]) => unknown;
    expect(error_of(() => call(...args))).toEqual([name, message]);
    expect(error_of(() => call(...args, () => {}))).toEqual([name, message]);
  });
});

test('a dtype that there is no autocasting to', () => {
  const text =
    'In CPU autocast, but the target dtype is not supported. Disabling autocast.\n' +
    'CPU Autocast only supports dtypes of torch.bfloat16, torch.float16 currently.';
  expect(torch.autocast('cpu', torch.int32, () => a.mm(a).dtype)).toBe(torch.float32);
  expect(warnings).toEqual(warnings.length > 0 ? [text] : []); // each text once in a process
});

test('casts of parameters are kept until the outermost region ends', () => {
  const w = torch.ones(512, 512, { requires_grad: true });
  const x = torch.ones(1, 512);
  const bytes = (): number => {
    torch.memory.collect();
    return torch.memory.stats().live_bytes;
  };
  const before = bytes();
  const kept = (cache_enabled: boolean) =>
    torch.autocast('cpu', { cache_enabled }, () => {
      torch.autocast('cpu', { cache_enabled }, () => void x.mm(w));
      return bytes() - before;
    });
  expect(kept(true)).toBeGreaterThanOrEqual(512 * 512 * 2);
  expect(bytes() - before).toBeLessThan(512 * 512 * 2);
  expect(kept(false)).toBeLessThan(512 * 512 * 2);
});

describe('functions of one\'s own', () => {
  const { custom_fwd } = torch.amp;

  test('have arrays, objects and maps of tensors cast, and nothing else', () => {
    const half = torch.ones(1).half();
    const forward = custom_fwd((_ctx: Record<string, unknown>, ...args: unknown[]) => args, {
      device_type: 'cpu',
      cast_inputs: torch.float32,
    });
    const others = [torch.ones(1, { dtype: torch.float64 }), torch.tensor([1]), 'text', 3, null, undefined, [half].values()];
    const args = [half, [half, [half]], { x: half }, new Map([['x', half]]), ...others] as unknown[];
    const [tensor, list, object, map, ...rest] = torch.autocast('cpu', () => forward({}, ...args)) as [
      typeof half, [typeof half, [typeof half]], { x: typeof half }, Map<string, typeof half>, ...unknown[]
    ];
    for (const one of [tensor, list[0], list[1][0], object.x, map.get('x')!]) expect(one.dtype).toBe(torch.float32);
    expect(rest.every((one, i) => one === others[i])).toBe(true);
    expect(forward({}, ...args).every((one, i) => one === args[i])).toBe(true);
  });

  test('run with `this` as the class', () => {
    class Scaled extends torch.autograd.Function {
      static factor = 3;

      static override forward = custom_fwd(
        function (this: typeof Scaled, _ctx: unknown, x: typeof a) {
          return x.mul(this.factor);
        },
        { device_type: 'cpu' },
      );
    }
    expect(Scaled.apply(a).tolist()).toEqual([[3, 3], [3, 3]]);
  });

  test('under the spelling for GPUs', () => {
    const ctx: Record<string, unknown> = {};
    const forward = torch.cuda.amp.custom_fwd((_ctx: Record<string, unknown>, x: number) => x + 1);
    expect(forward(ctx, 1)).toBe(2);
    expect(ctx).toEqual({ _dtype: torch.float16, _fwd_used_autocast: false });
    const backward = torch.cuda.amp.custom_bwd((_ctx: Record<string, unknown>, grad: typeof a) => grad);
    expect(backward(ctx, a)).toBe(a);
    expect(torch.cuda.amp.custom_fwd()(forward)).toBeTypeOf('function');
    expect(warnings).toContain(
      "`torch.cuda.amp.custom_fwd(args...)` is deprecated. Please use `torch.amp.custom_fwd(args..., device_type='cuda')` instead.",
    );
    expect(warnings).toContain(
      "`torch.cuda.amp.custom_bwd(args...)` is deprecated. Please use `torch.amp.custom_bwd(args..., device_type='cuda')` instead.",
    );
  });
});
