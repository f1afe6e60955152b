/**
 * Every function of `nn.functional` against PyTorch's: results, gradients, random draws, errors and warnings
 * (scripts/fixtures/functional.py).
 */
import torch, { nn, type Tensor } from 'tstorch';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { evaluate, expect_result, read_fixture, thrown_by, type Element } from '../expected.ts';

type Numbers = [dtype: string, shape: number[], values: Element[]];
type Case =
  | [call: string, results: Numbers[], grads: (Element[] | null)[], after: number]
  | [call: string, error: string, message: string];

const fixture = read_fixture<{ seed: number; warnings: string[]; cases: Case[] }>('functional');
const answered = fixture.cases.filter((one) => one.length === 4);
const refused = fixture.cases.filter((one) => one.length === 3);

/** Makes the inputs of a call as the script does, and remembers those with a gradient. */
function inputs(): { leaves: Tensor[]; scope: Record<string, unknown> } {
  const leaves: Tensor[] = [];
  const by_name = new Map<string, Tensor>();
  const leaf = (tensor: Tensor): Tensor => {
    leaves.push(tensor.requires_grad_());
    return tensor;
  };
  const scope = {
    F: nn.functional,
    rnn: nn.utils.rnn,
    LinearCrossEntropyOptions: (kwargs = {}) => new nn.LinearCrossEntropyOptions(kwargs),
    randn: (...shape: number[]) => leaf(torch.randn(shape)),
    rand: (...shape: number[]) => leaf(torch.rand(shape)),
    double: (...shape: number[]) => leaf(torch.randn(shape, { dtype: torch.float64 })),
    logp: (...shape: number[]) => leaf(torch.randn(shape).log_softmax(-1)),
    ints: (high: number, ...shape: number[]) => torch.randint(0, high, shape),
    signs: (...shape: number[]) => torch.randint(0, 2, shape).mul(2).sub(1).float(),
    mask: (...shape: number[]) => torch.rand(shape).gt(0.6),
    size: (...shape: number[]) => new torch.Size(shape),
    named: (name: string, ...shape: number[]) => {
      if (!by_name.has(name)) by_name.set(name, leaf(torch.randn(shape)));
      return by_name.get(name)!;
    },
    manhattan: (x: Tensor, y: Tensor) => x.sub(y).abs().sum(-1),
  };
  return { leaves, scope };
}

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
    const { leaves, scope } = inputs();
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
    const { scope } = inputs();
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
