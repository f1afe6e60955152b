/** What all optimizers have in common. What is expected is what Python's do. */
import { inspect } from 'node:util';
import torch, { nn, optim, type Tensor } from 'tstorch';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { error_of } from '../expected.ts';

beforeAll(() => torch.set_num_threads(1));

const leaf = (...values: number[]): Tensor => torch.tensor(values, { dtype: torch.float32 }).requires_grad_();

const bad = (value: unknown): never => value as never;

/** A small model with a gradient in each parameter, drawn anew each time. */
function model_and_step(): { model: nn.Sequential; backward: () => Tensor } {
  const model = new nn.Sequential(new nn.Linear(3, 4), new nn.Tanh(), new nn.Linear(4, 2));
  return {
    model,
    backward: () => {
      model.zero_grad();
      const loss = model(torch.randn(5, 3)).square().sum();
      loss.backward();
      return loss;
    },
  };
}

describe('what is optimized', () => {
  test('parameters, once or several times iterable', () => {
    const p = leaf(1, 2);
    for (const params of [[p], new Set([p]), [p].values(), [['p', p] as const], [{ params: [p] }], [{ params: p }]]) {
      const optimizer = new optim.SGD(params as Tensor[], { lr: 0.5 });
      expect(optimizer.param_groups[0]!.params[0]).toBe(p);
      p.grad = torch.ones(2);
      optimizer.step();
    }
    expect(p.tolist()).toEqual([-2, -1]);
  });

  test('groups with their own options', () => {
    const [p, q] = [leaf(1), leaf(1)];
    const optimizer = new optim.SGD([{ params: [p] }, { params: [q], lr: 0.25 }], { lr: 0.5 });
    p.grad = torch.ones(1);
    q.grad = torch.ones(1);
    optimizer.step();
    expect([p.item(), q.item()]).toEqual([0.5, 0.75]);
    optimizer.param_groups[0]!.lr = 1;
    optimizer.step();
    expect([p.item(), q.item()]).toEqual([-0.5, 0.5]);
    const r = leaf(1);
    optimizer.add_param_group({ params: r, momentum: 0.5 });
    expect(optimizer.param_groups.map(({ lr, momentum }) => [lr, momentum])).toEqual([
      [1, 0],
      [0.25, 0],
      [0.5, 0.5],
    ]);
  });

  test('a parameter without a gradient is left alone', () => {
    const [p, q] = [leaf(1), leaf(1)];
    const optimizer = new optim.Adam([p, q]);
    p.grad = torch.ones(1);
    optimizer.step();
    expect(q.item()).toBe(1);
    expect(optimizer.state.has(q)).toBe(false);
    expect(Object.keys(optimizer.state.get(p))).toEqual(['step', 'exp_avg', 'exp_avg_sq']);
    expect((optimizer.state.get(p)['step'] as Tensor).item()).toBe(1);
  });

  test('errors', () => {
    const [p, q] = [leaf(1, 2), leaf(1)];
    const named = new optim.SGD([['a', p]]);
    const errors: [() => unknown, string, string][] = [
      [
        () => new optim.SGD(bad(p)),
        'TypeError',
        'params argument given to the optimizer should be an iterable of Tensors or dicts, but got torch.FloatTensor',
      ],
      [() => new optim.SGD([]), 'ValueError', 'optimizer got an empty parameter list'],
      [
        () => new optim.SGD([bad(3)]),
        'TypeError',
        'optimizer can only optimize Tensors, but one of the params is int',
      ],
      [() => new optim.SGD([p.mul(2)]), 'ValueError', "can't optimize a non-leaf Tensor"],
      [
        () => new optim.SGD([{ params: [p] }, { params: [p] }]),
        'ValueError',
        'some parameters appear in more than one parameter group',
      ],
      [
        () => new optim.SGD([['a', p], bad(q)]),
        'ValueError',
        'all optimizer params should be with/without names. Some param names are missing',
      ],
      [
        () => named.add_param_group({ params: [q] }),
        'ValueError',
        'all optimizer param groups should be with/without names. ' +
          'cannot add param group without names to the optimizer',
      ],
      [() => named.add_param_group(bad(3)), 'TypeError', "param_group must be a dict, but got <class 'int'>"],
    ];
    for (const [fn, name, message] of errors) expect(error_of(fn)).toEqual([name, message]);
    expect(() => new optim.SGD([p], { learning_rate: 1 } as never)).toThrow(/'learning_rate'.*lr/);
    expect(() => new optim.SGD([p], { lr: bad('fast') })).toThrow(torch.TypeError);
  });
});

describe('steps', () => {
  test('a closure is run with gradients on, and its result is given back', () => {
    const p = leaf(3);
    const optimizer = new optim.SGD([p], { lr: 0.5 });
    const closure = (): number => {
      expect(torch.is_grad_enabled()).toBe(true);
      optimizer.zero_grad();
      const loss = p.square().sum();
      loss.backward();
      return loss.item();
    };
    expect(torch.no_grad(() => optimizer.step(closure))).toBe(9);
    expect(optimizer.step({ closure })).toBe(0);
    expect(p.item()).toBe(0);
    expect(torch.is_grad_enabled()).toBe(true);
    expect(() =>
      optimizer.step(() => {
        throw new Error('no loss');
      }),
    ).toThrow('no loss');
    expect(torch.is_grad_enabled()).toBe(true);
    expect(() => optimizer.step(bad(3))).toThrow(torch.TypeError);
  });

  test('zero_grad', () => {
    const [p, q] = [leaf(1), leaf(1)];
    const optimizer = new optim.SGD([p, q]);
    p.grad = torch.ones(1);
    const { grad } = p;
    optimizer.zero_grad({ set_to_none: false });
    expect(p.grad).toBe(grad);
    expect(grad.item()).toBe(0);
    expect(q.grad).toBeNull();
    optimizer.zero_grad();
    expect(p.grad).toBeNull();
  });

  test('parameters stay the same objects and leaves', () => {
    const { model, backward } = model_and_step();
    const params = model.parameters();
    const optimizer = new optim.AdamW(params);
    backward();
    const before = params.map((param) => param.clone());
    optimizer.step();
    model.parameters().forEach((param, i) => {
      expect(param).toBe(params[i]);
      expect(param.is_leaf && param.requires_grad).toBe(true);
      expect(torch.equal(param, before[i]!)).toBe(false);
    });
  });

  test('a model that is converted goes on being trained', () => {
    torch.manual_seed(0);
    const { model, backward } = model_and_step();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.01 });
    backward();
    optimizer.step();
    model.double();
    model.zero_grad();
    model(torch.randn(5, 3, { dtype: torch.float64 })).sum().backward();
    const before = model.parameters().map((param) => param.clone());
    optimizer.step();
    model.parameters().forEach((param, i) => {
      expect(param.dtype).toBe(torch.float64);
      const expected = before[i]!.sub(param.grad!, { alpha: 0.01 });
      expect(torch.allclose(param, expected)).toBe(true);
    });
  });

  test('sparse gradients', () => {
    const embedding = new nn.Embedding(3, 2, { sparse: true });
    torch.no_grad(() => embedding.weight.fill_(1));
    embedding(torch.tensor([1])).sum().backward();
    const adam = new optim.Adam(embedding.parameters());
    expect(error_of(() => adam.step())).toEqual([
      'RuntimeError',
      'Adam does not support sparse gradients, please consider SparseAdam instead',
    ]);
    const sgd = new optim.SGD(embedding.parameters(), { lr: 1, momentum: 0.5 });
    sgd.step();
    sgd.step();
    expect(embedding.weight.tolist()).toEqual([
      [1, 1],
      [-1.5, -1.5],
      [1, 1],
    ]);
  });

  test('many parameters of several sizes and types, in one list and one by one', () => {
    torch.manual_seed(3);
    const shapes = Array.from({ length: 40 }, (_, i) => [1 + (i % 7) * 300, 1 + (i % 5)]);
    const dtypes = [torch.float32, torch.float64, torch.bfloat16];
    const make = (): Tensor[] =>
      shapes.map((shape, i) => torch.full(shape, i / 40, { dtype: dtypes[i % 3]! }).requires_grad_());
    const [together, apart] = [make(), make()];
    const options = { lr: 0.1, weight_decay: 0.1, amsgrad: true };
    const optimizer = new optim.AdamW(together, options);
    const optimizers = apart.map((param) => new optim.AdamW([param], options));
    for (let step = 0; step < 3; step++) {
      together.forEach((param, i) => {
        param.grad = torch.randn(param.shape).to(param.dtype);
        apart[i]!.grad = param.grad.clone();
      });
      optimizer.step();
      optimizers.forEach((one) => one.step());
    }
    together.forEach((param, i) => expect(torch.equal(param, apart[i]!), `parameter ${i}`).toBe(true));
  });

  test('recorded steps can be differentiated', () => {
    const w = leaf(1, 2);
    const lr = torch.tensor(0.5).requires_grad_();
    const sgd_param = w.clone();
    const sgd = new optim.SGD([sgd_param], { lr, differentiable: true, weight_decay: 0.1 });
    sgd_param.grad = w.mul(3);
    sgd.step();
    sgd_param.grad = w.mul(w);
    sgd.step();
    sgd_param.sum().backward();
    const close = (tensor: Tensor, expected: number[]): void =>
      (tensor.flatten().tolist() as number[]).forEach((x, i) => expect(x).toBeCloseTo(expected[i]!, 3));
    close(sgd_param, [-1.0225, -3.045]);
    close(w.grad!, [-1.5225, -2.5225]);
    close(lr.grad!, [-13.67]);

    const v = leaf(1, 2);
    const rate = torch.tensor(0.5).requires_grad_();
    const beta1 = torch.tensor(0.9).requires_grad_();
    const beta2 = torch.tensor(0.99).requires_grad_();
    const adam_param = v.clone();
    const adam = new optim.Adam([adam_param], { lr: rate, betas: [beta1, beta2], differentiable: true });
    adam_param.grad = v.mul(3);
    adam.step();
    adam_param.grad = v.mul(v);
    adam.step();
    adam_param.sum().backward();
    close(adam_param, [0.0637, 1.0144]);
    close(v.grad!, [0.9261, 0.9719]);
    close(rate.grad!, [-3.8438]);
    close(beta1.grad!, [-0.1785]);
    close(beta2.grad!, [0.1358]);
  });
});

describe('state dicts', () => {
  for (const [name, make] of [
    ['SGD', (params: Tensor[]) => new optim.SGD(params, { lr: 0.1, momentum: 0.9 })],
    ['Adam', (params: Tensor[]) => new optim.Adam(params, { lr: 0.1, amsgrad: true })],
    ['AdamW', (params: Tensor[]) => new optim.AdamW(params, { lr: 0.1 })],
  ] as const) {
    test(`${name} goes on where another has stopped`, () => {
      const run = (interrupted: boolean): Tensor[] => {
        torch.manual_seed(7);
        const { model, backward } = model_and_step();
        let optimizer: optim.Optimizer<any> = make(model.parameters());
        for (let step = 0; step < 6; step++) {
          if (interrupted && step === 3) {
            const saved = optimizer.state_dict();
            optimizer = make(model.parameters());
            optimizer.load_state_dict(saved);
          }
          backward();
          optimizer.step();
        }
        return model.parameters();
      };
      const expected = run(false);
      run(true).forEach((param, i) => expect(torch.equal(param, expected[i]!)).toBe(true));
    });
  }

  test('their structure', () => {
    const model = new nn.Linear(2, 1);
    const optimizer = new optim.Adam(model.named_parameters(), { lr: 0.1 });
    expect(optimizer.state_dict()).toEqual({
      state: new Map(),
      param_groups: [
        {
          param_names: ['weight', 'bias'],
          lr: 0.1,
          betas: [0.9, 0.999],
          eps: 1e-8,
          weight_decay: 0,
          amsgrad: false,
          maximize: false,
          foreach: null,
          capturable: false,
          differentiable: false,
          fused: null,
          decoupled_weight_decay: false,
          params: [0, 1],
        },
      ],
    });
    model(torch.ones(1, 2)).sum().backward();
    optimizer.step();
    const { state } = optimizer.state_dict();
    expect([...state.keys()]).toEqual([0, 1]);
    expect(state.get(0)!['exp_avg']).toBe(optimizer.state.get(model.weight)['exp_avg']);
  });

  test('loading takes over options, and casts the state to the parameters', () => {
    const p = torch.ones(2, { dtype: torch.float64 }).requires_grad_();
    const optimizer = new optim.Adam([p]);
    optimizer.load_state_dict({
      state: { '0': { step: 3, exp_avg: torch.ones(2), exp_avg_sq: torch.ones(2) } },
      param_groups: [{ lr: 0.5, params: [0] }],
    });
    const { step, exp_avg } = optimizer.state.get(p);
    expect((step as Tensor).item()).toBe(3);
    expect((exp_avg as Tensor).dtype).toBe(torch.float64);
    expect(optimizer.param_groups[0]!.lr).toBe(0.5);
    expect(optimizer.param_groups[0]!.params[0]).toBe(p);
    p.grad = torch.ones(2, { dtype: torch.float64 });
    optimizer.param_groups[0]!.betas = [0.9, 0.999];
    optimizer.param_groups[0]!.eps = 1e-8;
    optimizer.param_groups[0]!.weight_decay = 0;
    optimizer.step();
    expect((optimizer.state.get(p)['step'] as Tensor).item()).toBe(4);
  });

  test('ASGD rounds its rates to the default dtype, even where the loaded ones are more precise', () => {
    const p = torch.tensor([1, 2], { dtype: torch.float64 }).requires_grad_();
    const run = (optimizer: optim.ASGD, steps: number): void => {
      for (let step = 1; step <= steps; step++) {
        p.grad = torch.tensor([0.3, -0.7], { dtype: torch.float64 }).mul(step);
        optimizer.step();
      }
    };
    const first = new optim.ASGD([p], { lr: 0.1, lambd: 0.3, t0: 1 });
    run(first, 2);
    const optimizer = new optim.ASGD([p]);
    optimizer.load_state_dict(first.state_dict());
    run(optimizer, 3);
    // What Python gives.
    const { eta, mu, ax } = optimizer.state.get(p);
    expect(eta.dtype).toBe(torch.float64);
    expect([eta.item(), mu.item()]).toEqual([0.09004852920770645, 0.25]);
    expect(p.tolist()).toEqual([0.6191888277679911, 2.3004872305299164]);
    expect(ax.tolist()).toEqual([0.7138105988408187, 2.1876023157822626]);
  });

  test('RMSprop cannot get its momentum or its centre later', () => {
    for (const [option, key] of [[{ momentum: 0.5 }, 'momentum_buffer'], [{ centered: true }, 'grad_avg']] as const) {
      const p = leaf(1, 2);
      const optimizer = new optim.RMSprop([p]);
      p.grad = torch.ones(2);
      optimizer.step();
      Object.assign(optimizer.param_groups[0]!, option);
      expect(error_of(() => optimizer.step())).toEqual(['KeyError', `'${key}'`]);
    }
  });

  test('Adam cannot get its maximum later', () => {
    const p = leaf(1, 2);
    const optimizer = new optim.Adam([p]);
    p.grad = torch.ones(2);
    optimizer.step();
    optimizer.param_groups[0]!.amsgrad = true;
    expect(error_of(() => optimizer.step())).toEqual(['KeyError', "'max_exp_avg_sq'"]);
  });

  test('what does not fit', () => {
    const optimizer = new optim.SGD([leaf(1)]);
    expect(error_of(() => optimizer.load_state_dict({ state: {}, param_groups: [] }))).toEqual([
      'ValueError',
      'loaded state dict has a different number of parameter groups',
    ]);
    expect(error_of(() => optimizer.load_state_dict({ state: {}, param_groups: [{ params: [0, 1] }] }))).toEqual([
      'ValueError',
      "loaded state dict contains a parameter group that doesn't match the size of optimizer's group",
    ]);
    expect(() => optimizer.load_state_dict(bad({}))).toThrow(torch.TypeError);
  });

  test('hooks', () => {
    const optimizer = new optim.SGD([leaf(1)], { lr: 0.5 });
    const seen: string[] = [];
    const handles = [
      optimizer.register_state_dict_pre_hook(() => void seen.push('pre')),
      optimizer.register_state_dict_post_hook((_optimizer, { param_groups }) => ({
        state: new Map(),
        param_groups: param_groups.map((group) => ({ ...group, lr: 7 })),
      })),
      optimizer.register_load_state_dict_pre_hook((_optimizer, state_dict) => ({
        ...state_dict,
        param_groups: state_dict.param_groups.map((group) => ({ ...group, lr: 9 })),
      })),
      optimizer.register_load_state_dict_post_hook(() => void seen.push('loaded')),
    ];
    const saved = optimizer.state_dict();
    expect(saved.param_groups[0]!['lr']).toBe(7);
    optimizer.load_state_dict(saved);
    expect(optimizer.param_groups[0]!.lr).toBe(9);
    expect(seen).toEqual(['pre', 'loaded']);
    for (const handle of handles) handle.remove();
    expect(optimizer.state_dict().param_groups[0]!['lr']).toBe(9);
    expect(seen).toHaveLength(2);
  });
});

describe('hooks on steps', () => {
  test('before and after, of one optimizer and of all', () => {
    const optimizer = new optim.SGD([leaf(1)]);
    const seen: string[] = [];
    const note = (what: string) => (): void => void seen.push(what);
    const handles = [
      optimizer.register_step_pre_hook(note('pre')),
      optimizer.register_step_post_hook(note('post')),
      optim.register_optimizer_step_pre_hook(note('global pre')),
      optim.register_optimizer_step_post_hook(note('global post')),
    ];
    optimizer.step();
    expect(seen).toEqual(['global pre', 'pre', 'post', 'global post']);
    for (const handle of handles) handle.remove();
    optimizer.step();
    expect(seen).toHaveLength(4);
  });

  test('can replace the arguments', () => {
    const optimizer = new optim.SGD([leaf(1)]);
    optimizer.register_step_pre_hook((_optimizer, _args, kwargs) => [[() => 5], kwargs]);
    expect(optimizer.step()).toBe(5);
    optimizer.register_step_pre_hook(bad(() => 3));
    expect(() => optimizer.step()).toThrow(/must return None or a tuple of \(new_args, new_kwargs\), but got 3\./);
  });

  test('run for an optimizer of one’s own', () => {
    class Descent extends optim.Optimizer {
      constructor(params: optim.Params, lr: number) {
        super(params, { lr });
      }
      override step(): null {
        torch.no_grad(() => {
          for (const { params, lr } of this.param_groups) {
            for (const p of params) if (p.grad !== null) p.add_(p.grad, { alpha: -(lr as number) });
          }
        });
        return null;
      }
    }
    const p = leaf(1);
    const descent = new Descent([p], 0.5);
    const hook = vi.fn();
    descent.register_step_post_hook(hook);
    p.grad = torch.ones(1);
    descent.step();
    expect(p.item()).toBe(0.5);
    expect(hook).toHaveBeenCalledTimes(1);
    expect(() => new optim.Optimizer([leaf(1)], {}).step()).toThrow(torch.NotImplementedError);
  });
});

describe('other parameters and another state, for a while', () => {
  // The numbers are what Python gives for the same steps.
  test('a step goes on with them, and the optimizer is as before', () => {
    const p = leaf(1, 2);
    const optimizer = new optim.SGD([p], { lr: 0.5, momentum: 0.5 });
    p.grad = torch.ones(2);
    optimizer.step();
    const other = leaf(3, 4);
    other.grad = torch.ones(2);
    const saved = optimizer.state_dict();
    const swapped = {
      state: new Map([[0, { momentum_buffer: torch.tensor([2, 2], { dtype: torch.float32 }) }]]),
      param_groups: [{ ...saved.param_groups[0]!, lr: 0.25 }],
    };
    optim.swap_in_optimizer_params_and_state(optimizer, { other }, swapped, () => optimizer.step());
    expect(other.tolist()).toEqual([2.5, 3.5]);
    expect(p.tolist()).toEqual([0.5, 1.5]);
    expect(optimizer.param_groups[0]!.lr).toBe(0.5);
    expect(optimizer.param_groups[0]!.params[0]).toBe(p);
    expect(optimizer.state.get(p)['momentum_buffer'].tolist()).toEqual([1, 1]);

    const swap = (state_dict: unknown, params: Record<string, Tensor> = { other }) =>
      error_of(() => optim.swap_in_optimizer_params_and_state(optimizer, params, bad(state_dict), () => 0));
    const name = 'swap_in_optimizer_params_and_state';
    expect(swap({ ...swapped, param_groups: [] })).toEqual([
      'RuntimeError',
      'swapin_optim_state has a different number of parameter groups than the live optimizer.',
    ]);
    expect(swap({ ...swapped, param_groups: [{ params: [0], lr: 1, speed: 2 }] })[1]).toMatch(
      /Keys only in swap-in: \['speed'\]\. Keys only in live: \['momentum', 'dampening'/,
    );
    expect(swap(swapped, {})).toEqual([
      'RuntimeError',
      `${name} requires the explicit parameter state to match optimizer.param_groups ordering.`,
    ]);
    expect(swap({ ...swapped, state: { 7: {} } })[1]).toMatch(/got extra keys \[7\]\.$/);
  });
});

test('printing', () => {
  const model = new nn.Linear(2, 1);
  const text = `Adam (
Parameter Group 0
    amsgrad: False
    betas: (0.9, 0.999)
    capturable: False
    decoupled_weight_decay: False
    differentiable: False
    eps: 1e-08
    foreach: None
    fused: None
    lr: 0.1
    maximize: False
    param_names: ['weight', 'bias']
    weight_decay: 0
)`;
  const optimizer = new optim.Adam(model.named_parameters(), { lr: 0.1 });
  expect(String(optimizer)).toBe(text);
  expect(inspect(optimizer)).toBe(text);
});
