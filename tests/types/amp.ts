/** Mixed precision as users write it, under strict: checked by compiling, never run. */
import torch, { nn, optim, type Tensor } from 'tstorch';
import { autocast, custom_bwd, custom_fwd, GradScaler, type GradScalerState } from 'tstorch/amp';
import type { FunctionCtx } from 'tstorch/autograd/function';

export function forms(model: nn.Linear, x: Tensor): Tensor[] {
  const device_type: string = x.device.type;
  {
    using _ = torch.autocast(device_type);
    using _by_name = torch.autocast({ device_type, dtype: torch.float16, cache_enabled: null });
    using _disabled = autocast('cpu', torch.bfloat16, { enabled: false });
    using _old = torch.cuda.amp.autocast();
  }
  const count: number = torch.autocast('cpu', null, true, false, () => 1);
  const { output, loss } = torch.autocast('cpu', { dtype: torch.bfloat16, enabled: count > 0 }, () => {
    const result = model(x);
    return { output: result, loss: result.sum() };
  });
  const all: Tensor[] = autocast({ device_type: 'cuda' }, () => [output, loss]);
  const old: Tensor = torch.cpu.amp.autocast(true, torch.bfloat16, () => loss);
  // @ts-expect-error -- which type of device?
  torch.autocast();
  // @ts-expect-error -- a dtype, and no name of one
  torch.autocast('cpu', { dtype: 'bfloat16' }, () => loss);
  // @ts-expect-error -- not an option
  torch.autocast('cpu', { kind: torch.bfloat16 });
  // @ts-expect-error -- gives what the callback gives
  torch.autocast('cpu', () => 1)[Symbol.dispose]();
  return [...all, old];
}

export function training(model: nn.Linear, x: Tensor): GradScalerState | Record<string, never> {
  const optimizer = new optim.AdamW(model.parameters(), { fused: true });
  const any: optim.Optimizer = optimizer;
  const scaler = new torch.GradScaler('cuda', { init_scale: 2 ** 10 });
  const same: GradScaler = new torch.cuda.amp.GradScaler(2 ** 10, { growth_interval: 100 });
  const scaled: Tensor = scaler.scale(model(x).sum());
  const [first, [second]]: [Tensor, [Tensor]] = scaler.scale([scaled, [scaled]]);
  const list: Tensor[] = scaler.scale(new Set([first, second]));
  const named: Tensor = scaler.scale({ outputs: list[0]! });
  named.backward();
  scaler.unscale_(any);
  scaler.step(optimizer);
  scaler.step({ optimizer: any });
  scaler.update();
  scaler.update(2);
  scaler.update({ new_scale: torch.ones(1) });
  same.load_state_dict(scaler.state_dict());
  same.load_state_dict(new Map([['scale', 1]]));
  // @ts-expect-error -- not a tensor
  scaler.scale('loss');
  // @ts-expect-error -- no optimizer
  scaler.step(model);
  return scaler.state_dict();
}

class Product extends torch.autograd.Function {
  static override forward = custom_fwd(
    (ctx: FunctionCtx, a: Tensor, b: Tensor): Tensor => {
      ctx.save_for_backward(a, b);
      return a.mm(b);
    },
    { device_type: 'cuda', cast_inputs: torch.float32 },
  );

  static override backward = custom_bwd({ device_type: 'cuda' })((ctx: FunctionCtx, grad: Tensor) => {
    const [a, b] = ctx.saved_tensors;
    return [grad.mm(b!.t()), a!.t().mm(grad)];
  });
}

export function applied(a: Tensor): Tensor {
  // @ts-expect-error -- two tensors
  Product.apply(a, 2);
  // @ts-expect-error -- which type of device?
  custom_fwd((_ctx: FunctionCtx, x: Tensor) => x, {});
  return Product.apply(a, a);
}
