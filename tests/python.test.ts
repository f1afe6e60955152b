import { IndexError, TypeError, ValueError } from 'tstorch';
import torch from 'tstorch';
import { default_timer, enumerate, len, print, range, repr, str, zip } from 'tstorch/python';
import { expect, expectTypeOf, test } from 'vitest';

test('range', () => {
  expect([...range(3)]).toEqual([0, 1, 2]);
  expect([...range(2, 5)]).toEqual([2, 3, 4]);
  expect([...range(0, 10, 3)]).toEqual([0, 3, 6, 9]);
  expect([...range(5, 0, -2)]).toEqual([5, 3, 1]);
  expect([...range(0), ...range(3, 1)]).toEqual([]);
  const ten = range(10);
  expect([[...ten].length, [...ten].length, len(ten), ten.at(-1)]).toEqual([10, 10, 10, 9]);
  expect([String(range(3)), String(range(1, 7, 2))]).toEqual(['range(0, 3)', 'range(1, 7, 2)']);
  expect(() => range(3).at(3)).toThrow(IndexError);
  expect(() => range(0, 1, 0)).toThrow(ValueError);
  expect(() => range(1.5)).toThrow(TypeError);
});

test('enumerate', () => {
  expect([...enumerate('ab')]).toEqual([
    [0, 'a'],
    [1, 'b'],
  ]);
  expect([...enumerate(['x'], 5)]).toEqual([[5, 'x']]);
  expect([...enumerate(['x'], { start: 1 })]).toEqual([[1, 'x']]);
});

test('zip', () => {
  const pairs = [...zip([1, 2, 3], 'ab')];
  expectTypeOf(pairs).toEqualTypeOf<[number, string][]>();
  expect(pairs).toEqual([
    [1, 'a'],
    [2, 'b'],
  ]);
  expect([...zip()]).toEqual([]);
  // The ones that are not at their end are told that nobody will ask again.
  let closed = false;
  const endless = (function* () {
    try {
      for (let i = 0; ; i++) yield i;
    } finally {
      closed = true;
    }
  })();
  expect([...zip(endless, [1, 2])]).toEqual([
    [0, 1],
    [1, 2],
  ]);
  expect(closed).toBe(true);
});

test('len', () => {
  const lengths = [
    [1, 2],
    'héé😀',
    new Map([[1, 2]]),
    new Set([1]),
    { a: 1, b: 2 },
    new Float32Array(3),
    torch.ones(4, 2),
  ].map(len);
  expect(lengths).toEqual([2, 4, 1, 1, 2, 3, 4]);
  expect(len({ __len__: () => 7 })).toBe(7);
  expect(() => len(5)).toThrow("object of type 'int' has no len()");
  expect(() => len(null)).toThrow(TypeError);
  expect(() => len((a: number, b: number) => a + b)).toThrow("object of type 'function' has no len()");
});

test('values as Python writes them', () => {
  expect(str([1, 'a', null, true, [0.5]])).toBe("[1, 'a', None, True, [0.5]]");
  expect(str({ a: 1, b: "it's" })).toBe(`{'a': 1, 'b': "it's"}`);
  expect(str(new Map([[1, new Set(['x'])]]))).toBe("{1: {'x'}}");
  expect([str('text'), repr('text'), str(NaN), str(undefined), str(2n ** 60n)]).toEqual([
    'text',
    "'text'",
    'nan',
    'None',
    '1152921504606846976',
  ]);
  expect(str(torch.tensor([1, 2]))).toBe('tensor([1, 2])');
  expect(str([torch.tensor([1]), torch.float32])).toBe('[tensor([1]), torch.float32]');
  expect(str(torch.ones(2, 3).shape)).toBe('torch.Size([2, 3])');
});

test('print', () => {
  let text = '';
  const file = { write: (part: string) => (text += part) };
  print('a', 1, [true], { file });
  print({ a: 1 }, 'b', { sep: '-', end: '!\n', file });
  print({ file });
  expect(text).toBe("a 1 [True]\n{'a': 1}-b!\n\n");
});

test('default_timer', async () => {
  const start = default_timer();
  await new Promise((resolve) => setTimeout(resolve, 50));
  const seconds = default_timer() - start;
  // A timer may fire a touch early by another clock.
  expect(seconds).toBeGreaterThan(0.04);
  expect(seconds).toBeLessThan(10);
});
