/** Averages of models, to PyTorch's last digit (scripts/fixtures/swa_utils.py); SWALR is with the other schedulers. */
import torch, { nn, optim, type Tensor } from 'tstorch';
import { beforeAll, describe, expect, test } from 'vitest';
import { error_of, read_fixture } from '../expected.ts';

const { swa_utils } = optim;

type State = Record<string, number[]>;

const fixture = read_fixture<{
  seed: number;
  updates: number;
  averages: { function: string; use_buffers: boolean; state: State; output: number[] }[];
  functions: { function: string; count: number; whole?: boolean; result: number[] }[];
  errors: { name: string; error: string; message: string }[];
  batch_norms: { kind: 'tensors' | 'lists'; state: State }[];
  repr: string;
}>('swa_utils');

class Model extends nn.Module {
  linear = new nn.Linear(3, 4);
  norm = new nn.BatchNorm1d(4);
  wide = new nn.Parameter(torch.randn(3, { dtype: torch.float64 }));
  low = new nn.Parameter(torch.randn(3).bfloat16());
  declare count: Tensor;

  constructor() {
    super();
    this.register_buffer('count', torch.tensor([3, 40]));
  }

  override forward(x: Tensor): Tensor {
    return this.norm(this.linear(x)).mul(this.wide.sum().float());
  }
}

/** What stands for a step of training. */
function change(model: Model): void {
  torch.no_grad(() => {
    for (const p of model.parameters()) p.add_(torch.randn(p.shape).to(p.dtype));
    model.count.add_(7);
  });
  model(torch.randn(5, 3));
}

interface Functions {
  avg_fn?: optim.swa_utils.AvgFn;
  multi_avg_fn?: optim.swa_utils.MultiAvgFn;
}

const functions: Record<string, Functions> = {
  none: {},
  swa: { avg_fn: swa_utils.get_swa_avg_fn() },
  swa_multi: { multi_avg_fn: swa_utils.get_swa_multi_avg_fn() },
  ema: { avg_fn: swa_utils.get_ema_avg_fn(0.9) },
  ema_default: { avg_fn: swa_utils.get_ema_avg_fn() },
  ema_multi: { multi_avg_fn: swa_utils.get_ema_multi_avg_fn({ decay: 0.7 }) },
  ema_multi_default: { multi_avg_fn: swa_utils.get_ema_multi_avg_fn() },
  own: {
    avg_fn: (averaged, current, count) => averaged.mul(0.25).add(current.mul(0.75).div((count as Tensor).add(1))),
  },
};

/** Checks elements, all digits of them. */
function expect_values(tensor: Tensor, expected: readonly number[], what: string): void {
  const values = tensor.detach().flatten().tolist();
  expect(values, what).toEqual(tensor.dtype === torch.float32 ? expected.map(Math.fround) : expected);
}

function expect_state(module: nn.Module, expected: State): void {
  const state = module.state_dict();
  expect([...state.keys()]).toEqual(Object.keys(expected));
  for (const [name, tensor] of state) expect_values(tensor as Tensor, expected[name]!, name);
}

beforeAll(() => torch.set_num_threads(1));

describe('averages', () => {
  const titled = fixture.averages.map((expected) => [expected.function, expected.use_buffers, expected] as const);

  test.each(titled)('%s, use_buffers %s', (name, use_buffers, expected) => {
    torch.manual_seed(fixture.seed);
    const model = new Model();
    const averaged = new swa_utils.AveragedModel(model, { use_buffers, ...functions[name] });
    for (let i = 0; i < fixture.updates; i++) {
      change(model);
      averaged.update_parameters(model);
    }
    averaged.eval();
    expect_state(averaged, expected.state);
    expect_values(averaged(torch.ones(2, 3)), expected.output, 'output');
    expect(averaged.n_averaged.item()).toBe(fixture.updates);
  });

  const singles = fixture.functions.map((expected) => [expected.function, expected.whole ?? false, expected] as const);

  test.each(singles)('%s by itself, whole numbers %s', (name, whole, { count, result }) => {
    torch.manual_seed(fixture.seed);
    const [a, b] = whole ? [torch.tensor([1, 20]), torch.tensor([5, 7])] : [torch.randn(4), torch.randn(4)];
    const { avg_fn, multi_avg_fn } = functions[name]!;
    multi_avg_fn?.([a], [b], count);
    expect_values(avg_fn?.(a, b, count) ?? a, result, name);
  });

  test('it is a module, with a copy of the model', () => {
    torch.manual_seed(fixture.seed);
    const model = new Model();
    const averaged = new swa_utils.AveragedModel({ model, device: 'cpu' });
    expect(String(averaged)).toBe(fixture.repr);
    expect(averaged.module).toBeInstanceOf(Model);
    expect(averaged.module.linear).not.toBe(model.linear);
    expect([averaged.use_buffers, averaged.avg_fn, averaged.multi_avg_fn]).toEqual([false, null, null]);
    change(model);
    averaged.update_parameters({ model });
    const other = new swa_utils.AveragedModel(new Model());
    other.load_state_dict(torch.load<Map<string, Tensor>>(torch.save(averaged.state_dict())));
    expect(other.n_averaged.item()).toBe(1);
    expect(torch.equal(other.module.linear.weight, model.linear.weight)).toBe(true);
    for (const param of averaged.parameters()) expect(param.requires_grad && param.is_leaf).toBe(true);
  });
});

describe('update_bn', () => {
  test.each(fixture.batch_norms)('batches are $kind', ({ kind, state }) => {
    torch.manual_seed(fixture.seed);
    const norms = [new nn.BatchNorm1d(4), new nn.BatchNorm1d(4, { momentum: 0.3 })] as const;
    const model = new nn.Sequential(new nn.Linear(3, 4), norms[0], new nn.ReLU(), norms[1]);
    model(torch.randn(9, 3));
    model.eval();
    const batches = Array.from({ length: 4 }, () => torch.randn(5, 3));
    swa_utils.update_bn(kind === 'lists' ? batches.map((x) => [x, 1]) : batches, model, { device: 'cpu' });
    expect_state(model, state);
    expect([norms[0].momentum, norms[1].momentum, model.training]).toEqual([0.1, 0.3, false]);
  });

  test('a model without batch norms is not asked', () => {
    const model = new nn.Linear(2, 2);
    swa_utils.update_bn([bad(3)], model);
    expect(model.training).toBe(true);
  });
});

const bad = (value: unknown): never => value as never;

describe('errors', () => {
  const avg_fn = swa_utils.get_swa_avg_fn();
  const multi_avg_fn = swa_utils.get_swa_multi_avg_fn();
  const actions: Record<string, () => unknown> = {
    both: () => new swa_utils.AveragedModel(new nn.Linear(2, 2), { avg_fn, multi_avg_fn }),
    decay: () => swa_utils.get_ema_avg_fn(1.5),
    multi_decay: () => swa_utils.get_ema_multi_avg_fn(-0.1),
    buffers: () => {
      const other = new nn.BatchNorm1d(2, { track_running_stats: false });
      new swa_utils.AveragedModel(new nn.BatchNorm1d(2)).update_parameters(other);
    },
    shapes: () => new swa_utils.AveragedModel(new nn.Linear(2, 2)).update_parameters(new nn.Linear(3, 2)),
  };

  test.each(fixture.errors)('$name', ({ name, error, message }) => {
    expect(error_of(actions[name]!)).toEqual([error, message]);
  });

  test('wrong arguments', () => {
    expect(() => new swa_utils.AveragedModel(bad(3))).toThrow(torch.TypeError);
    expect(() => swa_utils.get_ema_avg_fn(bad('a'))).toThrow(torch.TypeError);
  });
});
