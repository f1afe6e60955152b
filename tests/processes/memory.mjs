// What a synchronous loop keeps in memory. The last line reports what it was, before, during and after.
import torch from 'tstorch';

const [what] = process.argv.slice(2);
const resident = () => Math.round(process.memoryUsage.rss() / 2 ** 20);

class Scaled extends torch.autograd.Function {
  static forward(ctx, x, factor) {
    const result = x.exp();
    ctx.save_for_backward(x, result);
    ctx.factor = factor;
    ctx.input = x;
    return result;
  }
  static backward(ctx, grad) {
    const [, result] = ctx.saved_tensors;
    return [grad.mul(result).mul(ctx.factor), null];
  }
}

/** Its output belongs to the graph, and is another tensor than what `forward` gives. */
class Same extends torch.autograd.Function {
  static forward(ctx, x) {
    return x;
  }
  static backward(ctx, grad) {
    return grad;
  }
}

const LOOPS = {
  /** 100,000 small tensors, the garbage of each step dropped. */
  small: { steps: 100_000, make: () => [torch.ones(4), torch.ones(4)], step: ([a, b]) => void a.add(b) },
  /** The same, each made from the one before. */
  chain: { steps: 100_000, make: () => [torch.ones(4), torch.ones(4)], step: ([a, b], state) => (state[0] = a.add(b)) },
  /** Tensors of 16 MB. */
  large: { steps: 300, make: () => [torch.ones(2 ** 22), torch.ones(2 ** 22)], step: ([a, b]) => void a.add(b) },
  views: { steps: 50_000, make: () => [torch.ones(2 ** 16)], step: ([a]) => void a.view(256, 256)[3] },
  /** Typed arrays over tensors, and tensors over typed arrays. */
  numpy: { steps: 200, make: () => [], step: () => void torch.ones(2 ** 22).numpy()[0] },
  from_numpy: { steps: 20_000, make: () => [], step: () => void torch.from_numpy(new Float32Array(16)) },
  copies: { steps: 200, make: () => [new Float32Array(2 ** 22)], step: ([array]) => void torch.tensor(array) },
  /** Graphs: activations that only autograd holds. */
  training: {
    steps: 500,
    make: () => [torch.ones(2 ** 18, { requires_grad: true })],
    step: ([w]) => {
      w.mul(2).exp().sum().backward();
      torch.no_grad(() => w.sub_(w.grad.mul(1e-9)));
      w.grad = null;
    },
  },
  /** Functions whose forward and backward are JavaScript's, one of them never gone back through. */
  functions: {
    steps: 100_000,
    make: () => [torch.ones(64, { requires_grad: true })],
    step: ([x]) => {
      Scaled.apply(x, 3).sum().backward();
      Scaled.apply(Scaled.apply(Same.apply(x), 2), 2);
      x.grad = null;
    },
  },
  errors: {
    steps: 5_000,
    make: () => [torch.ones(4), torch.ones(3)],
    step: ([a, b]) => {
      try {
        a.add(b);
      } catch {}
    },
  },
};

const { steps, make, step } = LOOPS[what];
const state = make();
for (let i = 0; i < 3; i++) step(state, state);
const start = resident();
const quarters = [];
let live_tensors = 0;
for (let i = 1; i <= steps; i++) {
  step(state, state);
  if (i % Math.ceil(steps / 100) === 0) live_tensors = Math.max(live_tensors, torch.memory.stats().live_tensors);
  if (i % (steps / 4) === 0) quarters.push(resident() - start);
}
console.log(JSON.stringify({ ...torch.memory.stats(), most_live_tensors: live_tensors, start, quarters }));
