// Ends at an awkward moment, named by the first argument, with all kinds of things still alive.
import torch from 'tstorch';

const w = torch.rand(50, 50, { requires_grad: true });
const x = torch.rand(200, 200);
globalThis.kept = [
  x,
  w,
  w.mul(2),
  w.mul(2).grad_fn,
  x.numpy(),
  torch.from_numpy(new Float32Array(5)),
  new torch.Generator(),
];
const leave = () => process.exit(5);

const MOMENTS = {
  end: () => x.add(1),
  exit: () => {
    x.matmul(x);
    leave();
  },
  callback: () => torch.no_grad(leave),
  inference_mode: () => torch.inference_mode(leave),
  tidy: () => torch.memory.tidy(leave),
  // In the middle of reading an operator's arguments.
  getter: () =>
    torch.cat([
      x,
      {
        get _h() {
          return leave();
        },
      },
    ]),
  keyword: () =>
    torch.cat({
      get tensors() {
        return leave();
      },
    }),
  element: () => torch.zeros(Object.defineProperty([2, 3], 1, { get: leave })),
  modes_left_open: () => {
    torch.no_grad();
    torch.inference_mode();
    torch.set_grad_enabled(false);
  },
  before_exit: () =>
    process.on('beforeExit', () => {
      x.add(1);
      leave();
    }),
  computing_at_exit: () =>
    process.on('exit', () => {
      x.matmul(x).sum().item();
      w.mul(2).sum().backward();
      torch.memory.collect();
    }),
  backward: () => {
    let y = w;
    for (let i = 0; i < 20; i++) y = y.matmul(w);
    y.sum().backward();
    leave();
  },
  threads: () => {
    torch.set_num_threads(2);
    torch.rand(600, 600).matmul(torch.rand(600, 600));
    leave();
  },
  timers: () => {
    let ticks = 0;
    const timer = setInterval(() => {
      x.add(1);
      if (++ticks === 3) clearInterval(timer);
    }, 1);
  },
  uncaught: () => x.add(torch.ones(3)),
  rejected: () => Promise.reject(new torch.RuntimeError('on purpose')),
  really: () => process.reallyExit(5),
};

MOMENTS[process.argv[2]]();
