/** What sessions cannot say of autograd functions, hooks, checkpoints and transforms. Expected is what Python gives. */
import torch, { type Tensor } from 'tstorch';
import type { FunctionCtx } from 'tstorch/autograd/function';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { error_of } from '../expected.ts';
import { run_script } from '../processes.ts';

const { Function, graph, gradcheck, gradgradcheck } = torch.autograd;

afterEach(() => {
  vi.restoreAllMocks();
});

class Square extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor): Tensor {
    ctx.save_for_backward(x);
    return x.mul(x);
  }

  static override backward(ctx: FunctionCtx, grad: Tensor): Tensor {
    const [x] = ctx.saved_tensors;
    return grad.mul(x!).mul(2);
  }
}

/** Its backward is not the derivative. */
class Wrong extends Square {
  static override backward(ctx: FunctionCtx, grad: Tensor): Tensor {
    return Square.backward(ctx, grad).mul(1.5);
  }
}

describe('a function', () => {
  test('gives back the very tensor that it changed in place, and nothing is recorded inside', () => {
    let inside: boolean | undefined;
    class Twice extends Function {
      static override forward(ctx: FunctionCtx, x: Tensor): Tensor {
        inside = torch.is_grad_enabled();
        ctx.mark_dirty(x);
        return x.mul_(2);
      }
      static override backward(_ctx: FunctionCtx, grad: Tensor): Tensor {
        return grad.mul(2);
      }
    }
    const y = torch.ones(2, { requires_grad: true }).mul(1);
    expect(Twice.apply(y)).toBe(y);
    expect(inside).toBe(false);
    expect(String(y)).toBe('tensor([2., 2.], grad_fn=<TwiceBackward>)');
  });

  test('what forward and backward throw comes out as it is', () => {
    const mine = new RangeError('mine');
    class Throws extends Function {
      static override forward(_ctx: FunctionCtx, x: Tensor, where: string): Tensor {
        if (where === 'forward') throw mine;
        return x.mul(1);
      }
      static override backward(_ctx: FunctionCtx, _grad: Tensor): Tensor[] {
        throw mine;
      }
    }
    const x = torch.ones(1, { requires_grad: true });
    const thrown = ['forward', 'backward'].map((where) => {
      try {
        Throws.apply(x, where).backward();
        return undefined;
      } catch (error) {
        return error;
      }
    });
    expect(thrown[0]).toBe(mine);
    expect(thrown[1]).toBe(mine);
    expect(torch.is_grad_enabled()).toBe(true);
  });

  test('a backward pass inside of another', () => {
    class Inner extends Function {
      static override forward(ctx: FunctionCtx, x: Tensor): Tensor {
        ctx.save_for_backward(x);
        return x.exp();
      }
      static override backward(ctx: FunctionCtx, grad: Tensor): Tensor {
        const x = ctx.saved_tensors[0]!.detach().requires_grad_();
        torch.enable_grad(() => x.exp().sum()).backward();
        return grad.mul(x.grad!);
      }
    }
    const x = torch.tensor([0.5, 1.5], { requires_grad: true });
    Inner.apply(x).sum().backward();
    expect(torch.equal(x.grad!, x.detach().exp())).toBe(true);
  });

  test('needs setup_context within transforms', () => {
    expect(error_of(() => torch.func.grad((x: Tensor) => Square.apply(x).sum())(torch.ones(2)))).toEqual([
      'RuntimeError',
      'In order to use an autograd.Function with functorch transforms (vmap, grad, jvp, jacrev, ...), it must override the setup_context staticmethod. For more details, please see https://pytorch.org/docs/main/notes/extending.func.html',
    ]);
  });

  test('is called from the threads of the engine as well', () => {
    const { status, report, stderr } = run_script('functions');
    expect(status, stderr).toBe(0);
    expect(report).toEqual({ function: [2, 4], saved: [2, 2], checkpoint: [2, 2], thrown: 'mine', batch: [2, 4] });
  });
});

describe('hooks', () => {
  test('several gradients at once', () => {
    const a = torch.ones(2, { requires_grad: true });
    const b = torch.ones(2, { requires_grad: true });
    const c = a.mul(b);
    const d = a.mul(b);
    const seen: boolean[][] = [];
    let any = 0;
    const all_handle = graph.register_multi_grad_hook([a, b, c, d], (grads) => {
      seen.push(grads.map((one) => one !== null));
    });
    graph.register_multi_grad_hook([a, b, c, d], () => void any++, { mode: 'any' });
    c.sum().backward({ retain_graph: true });
    c.sum().backward({ inputs: a, retain_graph: true });
    all_handle.remove();
    c.sum().backward();
    expect(seen).toEqual([[true, true, true, false], [true, false, true, false]]);
    expect(any).toBe(3);
    expect(error_of(() => graph.register_multi_grad_hook([a], () => {}, { mode: 'some' as never }))).toEqual([
      'ValueError',
      "Expects mode to be one of ('all', 'any') but got some",
    ]);
  });

  test('saved tensors: what is packed is unpacked, and hooks can be refused', () => {
    const packed: object[] = [];
    const x = torch.ones(2, { requires_grad: true });
    const y = graph.saved_tensors_hooks(
      (tensor: Tensor) => {
        const note = { tensor };
        packed.push(note);
        return note;
      },
      (note) => {
        expect(packed.includes(note)).toBe(true);
        return note.tensor;
      },
      () => x.exp().mul(x),
    );
    y.sum().backward();
    expect(packed.length).toBe(3);
    expect(error_of(() => graph.saved_tensors_hooks((one) => one.add_(1), (one: Tensor) => one, () => x.exp()))[1]).toMatch(
      /^A saved tensor pack hook is modifying its input in place\./,
    );
    const refused = () => graph.saved_tensors_hooks((one) => one, (one: Tensor) => one, () => x.exp());
    expect(error_of(() => graph.disable_saved_tensors_hooks('not here', refused))).toEqual(['RuntimeError', 'not here']);
    expect(refused().requires_grad).toBe(true);
    graph.save_on_cpu(() => x.exp().sum()).backward();
  });

  test('an anomaly names the step and the call', () => {
    const warnings: string[] = [];
    vi.spyOn(process, 'emitWarning').mockImplementation((text) => void warnings.push(String(text)));
    const zero = torch.zeros(1, { requires_grad: true });
    const found = error_of(() => torch.autograd.detect_anomaly(() => zero.mul(0).sqrt().mul(0).sum().backward()));
    expect(found).toEqual(['RuntimeError', "Function 'SqrtBackward0' returned nan values in its 0th output."]);
    expect(torch.is_anomaly_enabled()).toBe(false);
    expect(warnings[0]).toBe(
      'Anomaly Detection has been enabled. This mode will increase the runtime and should only be enabled for debugging.',
    );
    expect(warnings[1]).toMatch(/^Error detected in SqrtBackward0\. Traceback of forward call that caused the error:\n/);
    expect(warnings[1]).toContain('function.test.ts');
  });
});

describe('gradcheck', () => {
  const x = torch.tensor([0.5, 1.25, -2.5], { dtype: torch.float64, requires_grad: true });

  test('finds right what is right', () => {
    const all = { check_forward_ad: true, check_batched_grad: true };
    expect(gradcheck((a: Tensor, b: Tensor) => [a.mul(b).sin(), b.sum()], [x, x.detach().exp().requires_grad_()], all)).toBe(true);
    expect(gradcheck((a: Tensor) => Square.apply(a), x)).toBe(true);
    expect(gradgradcheck((a: Tensor) => Square.apply(a), x)).toBe(true);
    expect(gradgradcheck((a: Tensor) => a.exp(), [x], { check_fwd_over_rev: true })).toBe(true);
    const z = torch.view_as_complex(torch.tensor([[0.5, 1.5], [2.5, -1]], { dtype: torch.float64 })).requires_grad_();
    expect(gradcheck((a: Tensor) => a.mul(a).exp(), z)).toBe(true);
    expect(gradcheck((a: Tensor) => a.abs(), z)).toBe(true);
  });

  test('finds wrong what is wrong, with both matrices', () => {
    expect(error_of(() => gradcheck((a: Tensor) => Wrong.apply(a), [x]))).toEqual([
      'GradcheckError',
      'Jacobian mismatch for output 0 with respect to input 0,\n' +
        'numerical:tensor([[ 1.0000,  0.0000,  0.0000],\n        [ 0.0000,  2.5000,  0.0000],\n        [ 0.0000,  0.0000, -5.0000]], dtype=torch.float64)\n' +
        'analytical:tensor([[ 1.5000,  0.0000,  0.0000],\n        [ 0.0000,  3.7500,  0.0000],\n        [-0.0000, -0.0000, -7.5000]], dtype=torch.float64)\n',
    ]);
    expect(gradcheck((a: Tensor) => Wrong.apply(a), [x], { raise_exception: false })).toBe(false);
    expect(error_of(() => gradcheck((a: Tensor) => a, [x.detach()]))).toEqual([
      'ValueError',
      'gradcheck expects at least one input tensor to require gradient, but none of them have requires_grad=True.',
    ]);
  });
});

describe('transforms', () => {
  test('tensors inside print as in Python', () => {
    const seen: string[] = [];
    const note = (x: Tensor) => {
      seen.push(String(x));
      return x.sum();
    };
    torch.func.vmap(torch.func.grad(note))(torch.arange(6, { dtype: torch.float32 }).view(2, 3));
    expect(seen).toEqual([
      'GradTrackingTensor(lvl=2, value=\n    BatchedTensor(lvl=1, bdim=0, value=\n        tensor([[0., 1., 2.],\n                [3., 4., 5.]])\n    )\n)',
    ]);
  });

  test('a tensor that got out is refused, and the next call works', () => {
    let escaped: Tensor | undefined;
    torch.func.vmap((x: Tensor) => {
      escaped = x;
      return x;
    })(torch.ones(2));
    for (const use of [() => escaped!.add(1), () => escaped!.tolist(), () => escaped!.item(), () => escaped!.numpy()]) {
      expect(error_of(use)[0]).toBe('RuntimeError');
    }
    expect(torch.func.vmap((x: Tensor) => x.add(1))(torch.ones(2)).tolist()).toEqual([2, 2]);
  });

  test('what a function throws ends all levels', () => {
    const fails = (_: Tensor): Tensor => {
      throw new RangeError('mine');
    };
    expect(() => torch.func.vmap(torch.func.grad(fails))(torch.ones(2))).toThrow('mine');
    expect(() => torch.func.jvp(fails, [torch.ones(2)], [torch.ones(2)])).toThrow('mine');
    expect(torch.ones(1).add(1).item()).toBe(2);
    expect(torch.func.grad((x: Tensor) => x.sum())(torch.ones(2)).tolist()).toEqual([1, 1]);
  });

  test('of models, with objects of parameters', () => {
    const model = new torch.nn.Linear(2, 1);
    const params = Object.fromEntries(model.named_parameters().map(([name, one]) => [name, one.detach()]));
    const loss = (p: Record<string, Tensor>, x: Tensor) => torch.func.functional_call(model, p, x).pow(2).sum();
    const x = torch.tensor([[1, 2], [3, 4.5]]);
    const gradients = torch.func.vmap(torch.func.grad(loss), { in_dims: [null, 0] })(params, x);
    expect(gradients['weight']!.shape).toEqual([2, 1, 2]);
    x.unbind(0).forEach((row, i) => {
      model.zero_grad();
      model(row).pow(2).sum().backward();
      expect(torch.allclose(gradients['weight']![i]!, model.weight.grad!)).toBe(true);
      expect(torch.allclose(gradients['bias']![i]!, model.bias!.grad!)).toBe(true);
    });
  });
});
