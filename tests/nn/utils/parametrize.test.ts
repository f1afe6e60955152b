/** What sessions cannot say of parametrizations: caching, copies, types. What is expected is what Python's gives. */
import torch, { nn, type Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';

const { parametrize, parametrizations } = nn.utils;

/** Counts how often it computes. */
class Counting extends nn.Module {
  calls = 0;

  override forward(x: Tensor): Tensor {
    this.calls++;
    return x.mul(1);
  }

  right_inverse(x: Tensor): Tensor {
    return x;
  }
}

describe('cached', () => {
  test('computes a tensor once, until the outermost block ends', () => {
    const counting = new Counting();
    const linear = parametrize.register_parametrization(new nn.Linear(1, 1), 'weight', counting);
    counting.calls = 0;
    void linear.weight;
    void linear.weight;
    expect(counting.calls).toBe(2);
    parametrize.cached(() => {
      const { weight } = linear;
      expect(linear.weight === weight).toBe(true);
      expect(counting.calls).toBe(3);
      parametrize.cached(() => void linear.weight);
      linear(torch.ones(1, 1));
      expect(counting.calls).toBe(3);
    });
    void linear.weight;
    expect(counting.calls).toBe(4);
  });

  test('gives what the callback gives, ends after an error, and works with using', () => {
    const counting = new Counting();
    const linear = parametrize.register_parametrization(new nn.Linear(1, 1), 'weight', counting);
    expect(parametrize.cached(() => 5)).toBe(5);
    expect(() =>
      parametrize.cached(() => {
        throw new Error('no');
      }),
    ).toThrow('no');
    const guard = parametrize.cached();
    const { weight } = linear;
    expect(linear.weight === weight).toBe(true);
    guard[Symbol.dispose]();
    expect(linear.weight === weight).toBe(false);
  });
});

describe('classes', () => {
  test('a parametrized module is still one of its class, and becomes one of it alone again', () => {
    const linear = new nn.Linear(2, 2);
    const parametrized = parametrize.register_parametrization(linear, 'weight', new Counting());
    expect(parametrized).toBe(linear);
    expect(linear).toBeInstanceOf(nn.Linear);
    expect(linear.constructor).not.toBe(nn.Linear);
    expect(parametrize.type_before_parametrizations(linear)).toBe(nn.Linear);
    expect(parametrize.type_before_parametrizations(new nn.ReLU())).toBe(nn.ReLU);
    expect(parametrized.parametrizations['weight']).toBeInstanceOf(parametrize.ParametrizationList);
    parametrize.remove_parametrizations(linear, 'weight');
    expect(linear.constructor).toBe(nn.Linear);
    expect(linear.weight).toBeInstanceOf(nn.Parameter);
  });

  test('a copy keeps its parametrizations when the original loses them', () => {
    const linear = parametrizations.spectral_norm(new nn.Linear(2, 2)).eval();
    const { weight } = linear;
    const copy = linear.__deepcopy__();
    parametrize.remove_parametrizations(linear, 'weight');
    expect(torch.equal(copy.weight, weight)).toBe(true);
    expect(copy.parametrizations['weight']!.original === linear.weight).toBe(false);
    parametrize.remove_parametrizations(copy, 'weight');
    expect(torch.equal(copy.weight, weight)).toBe(true);
  });

  test('a tensor can be parametrized again', () => {
    const linear = new nn.Linear(2, 2);
    const other = parametrize.register_parametrization(linear, 'bias', new Counting());
    for (let i = 0; i < 2; i++) {
      parametrize.register_parametrization(linear, 'weight', new Counting());
      expect([...other.parametrizations.keys()]).toEqual(['bias', 'weight']);
      parametrize.remove_parametrizations(linear, 'weight');
      expect(linear.named_parameters().map(([name]) => name)).toEqual(['weight', 'parametrizations.bias.original']);
    }
  });

  test('an optimizer trains what the tensor is computed from', () => {
    torch.manual_seed(0);
    const linear = parametrizations.orthogonal(new nn.Linear(3, 3, { bias: false }));
    const optimizer = new torch.optim.SGD(linear.parameters(), { lr: 0.5 });
    const before = linear.weight.detach();
    linear(torch.eye(3)).pow(3).sum().backward();
    optimizer.step();
    const { weight } = linear;
    expect(torch.allclose(weight, before)).toBe(false);
    expect(torch.allclose(weight.matmul(weight.T), torch.eye(3), { atol: 1e-6 })).toBe(true);
  });
});
