// Autograd's callbacks with the engine on a thread of its own, as it is with an accelerator. The last line reports what
// they computed.
process.env.TSTORCH_SERVE_CALLBACKS = '1';
const { default: torch } = await import('tstorch');

class Square extends torch.autograd.Function {
  static forward(ctx, x, fail) {
    ctx.save_for_backward(x);
    ctx.fail = fail;
    return x.mul(x);
  }
  static backward(ctx, grad) {
    if (ctx.fail) throw new Error('mine');
    return [grad.mul(ctx.saved_tensors[0]).mul(2), null];
  }
}

const gradient = (f) => {
  const x = torch.tensor([1, 2], { dtype: torch.float32, requires_grad: true });
  f(x).sum().backward();
  return x.grad.tolist();
};
let thrown;
try {
  gradient((x) => Square.apply(x, true));
} catch (error) {
  thrown = error.message;
}
const { saved_tensors_hooks } = torch.autograd.graph;
const twice = (x) => x.mul(torch.full([], 2, { dtype: torch.float32, requires_grad: true }));
console.log(
  JSON.stringify({
    function: gradient((x) => Square.apply(x, false)),
    saved: gradient((x) => saved_tensors_hooks((one) => one.mul(1), (one) => one.mul(1), () => twice(x))),
    checkpoint: gradient((x) => torch.utils.checkpoint.checkpoint(twice, x, { use_reentrant: true })),
    thrown,
    batch: torch.func.grad((x) => x.mul(x).sum())(torch.tensor([1, 2], { dtype: torch.float32 })).tolist(),
  }),
);
