/** What the sessions of tests/fixtures/amp.json name beside `torch`: the same as in scripts/fixtures/amp.py. */
import torch, { nn, type Tensor } from 'tstorch';
import type { FunctionCtx } from 'tstorch/autograd/function';
import type { Scope } from '../sessions.ts';

const { custom_bwd, custom_fwd } = torch.amp;
type GradScaler = InstanceType<typeof torch.GradScaler>;
type Optimizer = InstanceType<typeof torch.optim.SGD>;

/** What autocasting is set to on the CPU. */
function state(): unknown[] {
  return [
    torch.is_autocast_enabled('cpu'),
    torch.get_autocast_dtype('cpu'),
    torch.is_autocast_cache_enabled(),
    torch.is_autocast_enabled('xpu'),
  ];
}

type AnyAutocast = (...args: unknown[]) => unknown;

/** Called with what is given, and the function as callback. */
function with_callback(autocast: unknown) {
  return (f: () => unknown, ...args: unknown[]) => (autocast as AnyAutocast)(...args, f);
}

function fails(): never {
  throw new torch.ValueError('inside');
}

function outer_and_inner(): unknown[] {
  const seen: unknown[] = [];
  torch.autocast('cpu', torch.float16, { cache_enabled: false }, () => {
    seen.push(state());
    torch.autocast('cpu', () => {
      seen.push(state());
      torch.autocast('xpu', torch.float16, { enabled: false, cache_enabled: true }, () => seen.push(state()));
    });
    seen.push(state());
    torch.autocast('cpu', { enabled: false }, () => seen.push(state()));
  });
  return [...seen, state()];
}

/** The same product in, out of, and in again. */
function product(a: Tensor, b: Tensor): Tensor[] {
  return torch.autocast('cpu', torch.bfloat16, () => {
    const first = a.mm(b);
    const second = torch.autocast('cpu', { enabled: false }, () => a.mm(first.float()));
    const third = a.mm(second);
    return [first, second, third, torch.autocast('cpu', { enabled: false }, () => a.mm(second))];
  });
}

interface CacheOptions {
  nested?: boolean;
  clear?: boolean;
  enabled?: boolean;
  cache_enabled?: boolean;
}

/** Products with a parameter before and after it has been changed in the same region, and in the next. */
function changed_inside(w: Tensor, { nested = false, clear = false, ...options }: CacheOptions = {}): Tensor[] {
  const x = torch.ones(1, 2);
  const [first, second] = torch.autocast('cpu', torch.bfloat16, options, () => {
    const before = nested ? torch.autocast('cpu', torch.bfloat16, () => x.mm(w)) : x.mm(w);
    torch.no_grad(() => w.mul_(2));
    if (clear) torch.clear_autocast_cache();
    return [before, x.mm(w)];
  });
  return [first!, second!, torch.autocast('cpu', torch.bfloat16, () => x.mm(w))];
}

/** The gradient of a product's square, taken in the region or after it. */
function gradients(w: Tensor, x: Tensor, { inside = false } = {}): (Tensor | null)[] {
  w.grad = null;
  const [y, loss] = torch.autocast('cpu', torch.float16, () => {
    const output = x.mm(w);
    const result = nn.functional.mse_loss(output, x);
    if (inside) result.backward();
    return [output, result];
  });
  if (!inside) loss!.backward();
  return [y!, loss!, w.grad];
}

/** What has been noted since the last time. */
let log: unknown[] = [];

function seen(): unknown[] {
  const noted = log;
  log = [];
  return noted;
}

function note(...tensors: Tensor[]): void {
  log.push([torch.is_autocast_enabled('cpu'), torch.get_autocast_dtype('cpu'), ...tensors.map((one) => one.dtype)]);
}

/** The gradient through a product that is computed again in the backward pass, after the region. */
function checkpointed(w: Tensor, x: Tensor, dtype: typeof torch.float16, use_reentrant: boolean): unknown[] {
  const multiply = (given: Tensor): Tensor => {
    const y = x.mm(given);
    note(y);
    return y;
  };
  w.grad = null;
  const y = torch.autocast('cpu', dtype, { cache_enabled: false }, () =>
    torch.utils.checkpoint.checkpoint(multiply, w, { use_reentrant }),
  );
  y.float().pow(2).sum().backward();
  return [y, w.grad, seen()];
}

function product_gradients(ctx: FunctionCtx, grad: Tensor): Tensor[] {
  note(grad);
  const [a, b] = ctx.saved_tensors;
  return [grad.mm(b!.t()), a!.t().mm(grad)];
}

/** Runs as the region does. */
class Product extends torch.autograd.Function {
  static override forward = custom_fwd(
    (ctx: FunctionCtx, a: Tensor, b: Tensor): Tensor => {
      note(a, b);
      ctx.save_for_backward(a, b);
      return a.mm(b);
    },
    { device_type: 'cpu' },
  );

  static override backward = custom_bwd(product_gradients, { device_type: 'cpu' });
}

/** Has its arguments cast. */
class InFloat32 extends torch.autograd.Function {
  static override forward = custom_fwd({ device_type: 'cpu', cast_inputs: torch.float32 })(
    (ctx: FunctionCtx, a: Tensor, b: Tensor, extra: Tensor[]): Tensor => {
      note(a, b, ...extra);
      ctx.save_for_backward(a, b);
      return a.mm(b);
    },
  );

  static override backward = custom_bwd({ device_type: 'cpu' })((ctx: FunctionCtx, grad: Tensor) => [
    ...product_gradients(ctx, grad),
    null,
  ]);
}

/** Is about the casting of another type of device. */
class ForGPU extends torch.autograd.Function {
  static override forward = custom_fwd(
    (_ctx: FunctionCtx, a: Tensor): Tensor => {
      note(a);
      return a.mm(a);
    },
    { device_type: 'cuda', cast_inputs: torch.float16 },
  );

  static override backward = custom_bwd(
    (_ctx: FunctionCtx, grad: Tensor): Tensor => {
      note(grad);
      return grad;
    },
    { device_type: 'cuda' },
  );
}

/** Has no `custom_fwd`. */
class Forgotten extends torch.autograd.Function {
  static override forward(_ctx: FunctionCtx, a: Tensor): Tensor {
    return a.mul(2);
  }

  static override backward = custom_bwd((_ctx: FunctionCtx, grad: Tensor): Tensor => grad, { device_type: 'cpu' });
}

/** The values of its state. */
function settings(scaler: GradScaler): number[] {
  return Object.values(scaler.state_dict());
}

/** A step of all optimizers for each factor of the loss: the scaler's state, the gradients and the parameters after it. */
function run(
  scaler: GradScaler,
  optimizers: Optimizer[],
  factors: number[],
  { clip, unscale_first = false }: { clip?: number; unscale_first?: boolean } = {},
): unknown[] {
  return factors.map((factor) => {
    const params = optimizers.flatMap((optimizer) => optimizer.param_groups.flatMap((group) => group.params));
    for (const optimizer of optimizers) optimizer.zero_grad();
    const loss = params.map((p) => p.mul(p).sum()).reduce((sum, one) => sum.add(one)).mul(factor);
    scaler.scale(loss).backward();
    for (const optimizer of optimizers) {
      if (clip !== undefined || unscale_first) scaler.unscale_(optimizer);
      if (clip !== undefined) nn.utils.clip_grad_norm_(params, clip);
      scaler.step(optimizer);
    }
    scaler.update();
    return [...settings(scaler), ...params.map((p) => p.grad!.clone()), ...params.map((p) => p.detach().clone())];
  });
}

/** The same with an embedding, some of whose rows come twice. */
function run_sparse(scaler: GradScaler, optimizer: Optimizer, table: Tensor, factors: number[]): unknown[] {
  return factors.map((factor) => {
    optimizer.zero_grad();
    const rows = nn.functional.embedding(torch.tensor([0, 2, 2]), table, { sparse: true });
    scaler.scale(rows.float().pow(2).sum().mul(factor)).backward();
    scaler.step(optimizer);
    scaler.update();
    return [...settings(scaler), table.grad!.to_dense(), table.detach().clone()];
  });
}

/** A loss that is infinite for one of two optimizers alone. */
function own_loss(optimizer: Optimizer): Tensor {
  return optimizer.param_groups[0]!.params[0]!.sum().mul(Infinity);
}

function matrix(...rows: number[][]): Tensor {
  return torch.tensor(rows, { dtype: torch.float32, requires_grad: true });
}

function parameter(...values: number[]): Tensor {
  return torch.tensor(values, { dtype: torch.float32, requires_grad: true });
}

export function make_scope(): Scope {
  return {
    state,
    region: with_callback(torch.autocast),
    cpu_region: with_callback(torch.cpu.amp.autocast),
    cuda_region: with_callback(torch.cuda.amp.autocast),
    fails, outer_and_inner, product, changed_inside, gradients, seen, checkpointed,
    Product, InFloat32, ForGPU, Forgotten,
    settings, run, run_sparse, own_loss, matrix, parameter,
    steps_of: (optimizer: Optimizer, param: Tensor) => optimizer.state.get(param)['step'] as Tensor,
  };
}
