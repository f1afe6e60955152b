/** What sessions cannot say of hooks. What is expected is what Python's modules do, but where it is said otherwise. */
import torch, { nn, type Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { error_of } from '../expected.ts';

describe('full backward hooks', () => {
  test('arguments and results cannot be changed in place', () => {
    const x = torch.ones(2, { requires_grad: true }).mul(2);
    const relu = new nn.ReLU(true);
    relu.register_full_backward_hook(() => undefined);
    const message = /is a view and is being modified inplace/;
    expect(() => relu(x)).toThrow(message);
    const tanh = new nn.Tanh();
    tanh.register_full_backward_hook(() => undefined);
    const y = tanh(x);
    expect(() => y.add_(1)).toThrow(message);
    expect(torch.no_grad(() => relu(torch.tensor([-1, 2.5]))).tolist()).toEqual([0, 2.5]);
  });

  test('leave results as they are: values, shapes, dtypes', () => {
    class Many extends nn.Module {
      override forward(a: Tensor, b: Tensor): [Tensor, Tensor, string, Tensor] {
        return [a.mul(2), b.sum(), 'text', b.double()];
      }
    }
    const plain = new Many();
    const hooked = new Many();
    hooked.register_full_backward_hook(() => undefined);
    const a = torch.randn(2, 0, 3).requires_grad_();
    const b = torch.randn(2, 3).requires_grad_();
    const expected = plain(a, b);
    hooked(a, b).forEach((value, i) => {
      const wanted = expected[i]!;
      if (typeof wanted === 'string') return expect(value).toBe(wanted);
      expect((value as Tensor).dtype).toBe(wanted.dtype);
      expect(torch.equal(value as Tensor, wanted)).toBe(true);
    });
  });

  test('handles end a hook, by using as well', () => {
    const tanh = new nn.Tanh();
    let calls = 0;
    const x = torch.ones(1, { requires_grad: true });
    const handle = tanh.register_full_backward_hook(() => void calls++);
    tanh(x).backward();
    handle[Symbol.dispose]();
    tanh(x).backward();
    expect(calls).toBe(1);
  });

  test('what a hook throws, backward throws', () => {
    const tanh = new nn.Tanh();
    tanh.register_full_backward_pre_hook(() => {
      throw new RangeError('no');
    });
    expect(error_of(() => tanh(torch.ones(1, { requires_grad: true })).backward())).toEqual(['RangeError', 'no']);
  });
});

describe('hooks', () => {
  test('what cannot be called is refused when it would be', () => {
    const relu = new nn.ReLU();
    relu.register_forward_hook(3 as never);
    expect(error_of(() => relu(torch.ones(1)))).toEqual(['TypeError', "'int' object is not callable"]);
  });

  test('methods refuse what they cannot take', () => {
    const module = new nn.Module();
    expect(() => module.get_submodule(3 as never)).toThrow(torch.TypeError);
    expect(() => module.get_parameter(null as never)).toThrow(torch.TypeError);
    expect(() => module.get_buffer({} as never)).toThrow(torch.TypeError);
    expect(() => module.set_submodule([] as never, module)).toThrow(torch.TypeError);
    expect(() => module.apply(3 as never)).toThrow(torch.TypeError);
    expect(() => module.__delattr__(3 as never)).toThrow(torch.AttributeError);
    expect(() => module.compile()).toThrow(torch.NotImplementedError);
  });

  test('a deleted buffer leaves no trace', () => {
    const module = new nn.Module() as nn.Module & { a: unknown };
    module.register_buffer('a', torch.ones(1), false);
    expect([...module._non_persistent_buffers_set]).toEqual(['a']);
    module.__delattr__('a');
    module.a = torch.ones(2);
    expect(module.buffers()).toEqual([]);
    expect(module.state_dict().size).toBe(0);
  });

  test('hooks are kept no longer than the graph', () => {
    const linear = new nn.Linear(4, 4);
    linear.register_full_backward_hook(() => undefined);
    const x = torch.ones(1, 4, { requires_grad: true });
    const step = (): void => linear(x).sum().backward();
    for (let i = 0; i < 50; i++) step();
    torch.memory.collect();
    const { live_tensors } = torch.memory.stats();
    for (let i = 0; i < 200; i++) step();
    torch.memory.collect();
    expect(torch.memory.stats().live_tensors).toBeLessThan(live_tensors + 50);
  });
});
