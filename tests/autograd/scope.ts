/** What the sessions of tests/fixtures/autograd.json name beside `torch`: the same as in scripts/fixtures/autograd.py. */
import torch, { type Tensor } from 'tstorch';
import { once_differentiable, type FunctionCtx } from 'tstorch/autograd/function';
import type { Scope } from '../sessions.ts';

const { Function, forward_ad: fwAD, functional, graph } = torch.autograd;
const { checkpoint, checkpoint_sequential } = torch.utils.checkpoint;

/** Saves its output. */
class Exp extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor): Tensor {
    const result = x.exp();
    ctx.save_for_backward(result);
    return result;
  }

  static override backward(ctx: FunctionCtx, grad: Tensor): Tensor {
    const [result] = ctx.saved_tensors;
    return grad.mul(result!);
  }
}

/** Saves an input, and what is no tensor. */
class Scaled extends Function {
  static override forward(ctx: FunctionCtx & { factor: number }, x: Tensor, factor: number, y: Tensor): Tensor {
    ctx.factor = factor;
    ctx.save_for_backward(x, y);
    return x.mul(y).mul(factor);
  }

  static override backward(ctx: FunctionCtx & { factor: number }, grad: Tensor) {
    const [x, y] = ctx.saved_tensors;
    return [ctx.needs_input_grad[0] ? grad.mul(y!).mul(ctx.factor) : null, null, grad.mul(x!).mul(ctx.factor)];
  }
}

class InPlace extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor): Tensor {
    ctx.mark_dirty(x);
    return x.mul_(3);
  }

  static override backward(_ctx: FunctionCtx, grad: Tensor): Tensor {
    return grad.mul(3);
  }
}

class Forgets extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor): Tensor {
    ctx.mark_dirty(x);
    return x.mul(1);
  }

  static override backward(_ctx: FunctionCtx, grad: Tensor): Tensor {
    return grad;
  }
}

/** Of two outputs one has no gradient. */
class Sorted extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor): Tensor[] {
    const [values, indices] = x.sort() as unknown as [Tensor, Tensor];
    ctx.mark_non_differentiable(indices);
    ctx.save_for_backward(indices);
    return [values, indices];
  }

  static override backward(ctx: FunctionCtx, grad: Tensor, _: Tensor): Tensor {
    const [indices] = ctx.saved_tensors;
    return torch.zeros_like(grad).scatter(0, indices!, grad);
  }
}

/** Of two outputs one may have no gradient. */
class Two extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor, materialize: boolean): Tensor[] {
    ctx.set_materialize_grads(materialize);
    return [x.mul(2), x.mul(3)];
  }

  static override backward(_ctx: FunctionCtx, first: Tensor | null, second: Tensor | null): (Tensor | null)[] {
    if (second === null) return [first!.mul(2).add(100), null];
    if (first === null) return [second.mul(3).add(200), null];
    return [first.mul(2).add(second.mul(3)), null];
  }
}

class Same extends Function {
  static override forward(_ctx: FunctionCtx, x: Tensor): Tensor {
    return x;
  }

  static override backward(_ctx: FunctionCtx, grad: Tensor): Tensor {
    return grad.mul(7);
  }
}

/** Not all outputs are tensors. */
class Mixed extends Function {
  static override forward(_ctx: FunctionCtx, x: Tensor): readonly unknown[] {
    return [5, x.mul(2), 'a', null];
  }

  static override backward(_ctx: FunctionCtx, a: null, grad: Tensor, b: null, c: null): Tensor {
    return grad.mul(a === null && b === null && c === null ? 2 : 1000);
  }
}

class Once extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor): Tensor {
    ctx.save_for_backward(x);
    return x.mul(x);
  }

  static override backward = once_differentiable((ctx: FunctionCtx, grad: Tensor) => {
    const [x] = ctx.saved_tensors;
    return grad.mul(x!).mul(2);
  });
}

/** Its gradients are what it is told to give. */
class Gives extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor, gradients: Tensor): Tensor {
    ctx.gradients = gradients;
    return x.mul(1);
  }

  static override backward(ctx: FunctionCtx, _grad: Tensor): Tensor {
    return ctx.gradients as Tensor;
  }
}

class Saves extends Function {
  static override forward(ctx: FunctionCtx, x: Tensor, what: Tensor | null): Tensor {
    ctx.save_for_backward(what);
    return x.mul(1);
  }

  static override backward(_ctx: FunctionCtx, grad: Tensor): (Tensor | null)[] {
    return [grad, null];
  }
}

class Nothing extends Function {}

class NoBackward extends Function {
  static override forward(_ctx: FunctionCtx, x: Tensor): Tensor {
    return x.mul(2);
  }
}

class Both extends Function {
  static override forward(_ctx: FunctionCtx, x: Tensor): Tensor {
    return x.mul(2);
  }

  static override backward(_ctx: FunctionCtx, grad: Tensor): Tensor {
    return grad;
  }

  static override vjp(_ctx: FunctionCtx, grad: Tensor): Tensor {
    return grad;
  }
}

/** With its context apart, for transforms. */
class Cube extends Function {
  static generate_vmap_rule = true;

  static override forward(x: Tensor): Tensor[] {
    return [x.pow(3), x.pow(2).mul(3)];
  }

  static setup_context(ctx: FunctionCtx, [x]: [Tensor], [, derivative]: [Tensor, Tensor]): void {
    ctx.save_for_backward(x, derivative);
  }

  static override backward(ctx: FunctionCtx, grad: Tensor, grad_derivative: Tensor): Tensor {
    const [x, derivative] = ctx.saved_tensors;
    return grad.mul(derivative!).add(grad_derivative.mul(6).mul(x!));
  }
}

/** With rules of its own for forward mode and batches. */
class Double extends Function {
  static override forward(x: Tensor): Tensor {
    return x.mul(2);
  }

  static setup_context(_ctx: FunctionCtx, _inputs: [Tensor], _output: Tensor): void {}

  static override backward(_ctx: FunctionCtx, grad: Tensor): Tensor {
    return grad.mul(2);
  }

  static override jvp(_ctx: FunctionCtx, tangent: Tensor): Tensor {
    return tangent.mul(2);
  }

  static vmap(_info: unknown, in_dims: readonly (number | null)[], x: Tensor): [Tensor, number | null] {
    return [Double.apply(x), in_dims[0]!];
  }
}

type Unary = (x: Tensor) => Tensor;

const functions = {
  identity: (x: Tensor) => x,
  sine: (x: Tensor) => x.sin(),
  sine_sum: (x: Tensor) => x.sin().sum(),
  loss:
    (name: 'mse_loss', options: { reduction?: 'sum' } = {}) =>
    (x: Tensor, y: Tensor) =>
      torch.nn.functional[name](x, y, options).sum(),
  with_made: (x: Tensor) => {
    const factor = torch.tensor([1.5, -2, 3], { dtype: torch.float64 });
    const total = torch.tensor(0, { dtype: torch.float64 });
    return total.add_(x.mul(factor).sin().sum());
  },
  product: (x: Tensor, y: Tensor) => x.mul(y),
  product_sum: (x: Tensor, y: Tensor) => x.mul(y).pow(2).sum(),
  pair: (x: Tensor, y: Tensor) => [x.mul(y), x.add(y).sum()],
  constant: (_: Tensor) => torch.ones(2),
  detached: (x: Tensor) => x.detach(),
  dot: (x: Tensor, y: Tensor) => x.dot(y),
  linear_sum: (x: Tensor) => x.sum(),
  with_aux: (x: Tensor) => [x.sin().sum(), x.cos()],
  noisy: (x: Tensor) => x.add(torch.rand(1)),
  dropped: (x: Tensor) => torch.nn.functional.dropout(x.exp(), 0.5),
  five: (_: Tensor) => 5,
  exp_of: (x: Tensor) => Exp.apply(x).sum(),
  cube_of: (x: Tensor) => Cube.apply(x)[0]!,
  cube_sum: (x: Tensor) => Cube.apply(x)[0]!.sum(),
  double_of: (x: Tensor) => Double.apply(x),
  halve: (x: Tensor) => x.div(2),
  twice: (x: Tensor) => x.mul(2),
};

function dual(f: Unary, x: Tensor, t: Tensor): unknown[] {
  return fwAD.dual_level(() => [...fwAD.unpack_dual(f(fwAD.make_dual(x, t)))]);
}

/** Changes what was saved, inside of what allows it. */
function changing(x: Tensor): Tensor {
  return graph.allow_mutation_on_saved_tensors(() => {
    const y = x.clone();
    const z = y.pow(2).mul(y);
    y.sin_();
    return torch.autograd.grad(z.sum(), x, { create_graph: true })[0]!.detach();
  });
}

/** What transforms have wrapped. */
function unwrapped(x: Tensor): Tensor[] {
  const seen: Tensor[] = [];
  const look = (one: Tensor) => {
    seen.push(torch.func.debug_unwrap(one));
    return one.sin();
  };
  torch.func.grad((one: Tensor) => look(one).sum())(x);
  torch.func.vmap(torch.func.grad(look))(x);
  return seen;
}

/** The first two derivatives. */
function grads(y: Tensor, x: Tensor): (Tensor | null)[] {
  const [first] = torch.autograd.grad(y.sum(), x, { create_graph: true });
  return [first!, torch.autograd.grad(first!.sum(), x, { allow_unused: true })[0]!];
}

export function make_scope(): Scope {
  return {
    Exp, Scaled, InPlace, Forgets, Sorted, Two, Same, Mixed, Once, Gives, Saves, Nothing, NoBackward, Both, Cube, Double,
    ...functions,
    dual,
    saved: (pack: Unary, unpack: Unary, f: Unary, x: Tensor) => graph.saved_tensors_hooks(pack, unpack, () => f(x)),
    changing,
    changing_later: (x: Tensor) => graph.allow_mutation_on_saved_tensors(() => x.clone().pow(2)),
    nested_changing: (x: Tensor) => graph.allow_mutation_on_saved_tensors(() => changing(x)),
    unwrapped,
    normalizing: () =>
      new torch.nn.Sequential(new torch.nn.BatchNorm1d(3), new torch.nn.Sequential(new torch.nn.BatchNorm2d(2))),
    grads,
    text: String,
    name_of: (x: Tensor) => x.grad_fn!.name(),
    functional,
    func: torch.func,
    fwAD,
    checkpoint,
    checkpoint_sequential,
    leaf: (...values: number[]) => torch.tensor(values, { dtype: torch.float64, requires_grad: true }),
    plain: (...values: number[]) => torch.tensor(values, { dtype: torch.float64 }),
  };
}
