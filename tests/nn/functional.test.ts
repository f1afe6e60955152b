/**
 * Every function of `nn.functional` against PyTorch's: results, gradients, random draws, errors and warnings
 * (scripts/fixtures/functional.py).
 */
import torch, { type Tensor } from 'tstorch';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { evaluate, expect_result, thrown_by } from '../expected.ts';
import { fixture, make_scope, type Numbers } from './functional_inputs.ts';

const answered = fixture.cases.filter((one) => one.length === 4);
const refused = fixture.cases.filter((one) => one.length === 3);

function expect_numbers(actual: Tensor, [dtype, shape, values]: Numbers): void {
  expect_result(actual, { dtype, shape, values });
}

const emitted: string[] = [];

beforeAll(() => {
  torch.set_num_threads(1);
  vi.spyOn(process, 'emitWarning').mockImplementation((message) => void emitted.push(String(message)));
});
afterAll(() => {
  vi.restoreAllMocks();
});

describe('gives what Python gives', () => {
  test.each(answered)('%s', (call, results, grads, after) => {
    const { leaves, scope } = make_scope();
    torch.manual_seed(fixture.seed);
    const result = evaluate(call, scope);
    expect(torch.rand([]).item()).toBeCloseTo(after, 7);
    const outputs = (result instanceof torch.Tensor ? [result] : [...(result as Iterable<Tensor | null>)]).filter(
      (x) => x !== null,
    );
    expect(outputs).toHaveLength(results.length);
    outputs.forEach((x, i) => expect_numbers(x, results[i]!));

    const terms = outputs
      .filter((x) => x.is_floating_point() && x.requires_grad)
      .map((x) => x.mul(torch.linspace(-1, 1, x.numel(), { dtype: x.dtype }).reshape(x.shape)).sum());
    expect(terms.length > 0).toBe(grads.length > 0);
    if (grads.length === 0) return;
    terms.reduce((sum, term) => sum.add(term)).backward();
    expect(leaves).toHaveLength(grads.length);
    leaves.forEach((x, i) => {
      const wanted = grads[i]!;
      if (wanted === null) return expect(x.grad).toBeNull();
      const grad = x.grad!.layout === torch.strided ? x.grad! : x.grad!.to_dense();
      expect_numbers(grad, [x.dtype.name, [...x.shape], wanted]);
    });
  });
});

describe('refuses what Python refuses', () => {
  test.each(refused)('%s', (call, name, message) => {
    const { scope } = make_scope();
    torch.manual_seed(fixture.seed);
    const error = thrown_by(() => evaluate(call, scope));
    expect([(error as Error | undefined)?.constructor.name, (error as Error | undefined)?.message]).toEqual([
      name,
      message,
    ]);
  });
});

test('warns as Python does', () => {
  expect([...new Set(emitted)].sort()).toEqual([...fixture.warnings].sort());
});
