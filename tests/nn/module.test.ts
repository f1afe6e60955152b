/** `nn.Module`: its members, its state dict, its hooks. What is expected is what Python's gives. */
import { inspect } from 'node:util';
import torch, { nn, type Tensor } from 'tstorch';
import { describe, expect, test, vi } from 'vitest';
import { error_of } from '../expected.ts';

class Block extends nn.Module {
  conv = new nn.Conv2d(1, 2, 1);
  bn = new nn.BatchNorm2d(2);
  scale = new nn.Parameter(torch.tensor(2.5));
  act = new nn.ReLU();
  declare mask: Tensor;
  declare tmp: Tensor;

  constructor() {
    super();
    this.register_buffer('mask', torch.ones(2));
    this.register_buffer('tmp', torch.zeros(1), { persistent: false });
  }

  override forward(x: Tensor): Tensor {
    return this.act(this.bn(this.conv(x))).mul(this.scale);
  }
}

class Net extends nn.Module {
  first = new Block();
  layers = new nn.ModuleList([new nn.Linear(2, 2), new nn.Linear(2, 2), new nn.Linear(2, 2)]);
  shared = this.layers[0]!;
  head = new nn.Sequential({ a: new nn.Linear(2, 1), b: new nn.Sigmoid() });
  empty = new nn.Sequential();
  extra = new nn.Parameter(torch.zeros(1));

  override forward(x: Tensor, twice = false): Tensor {
    const y = this.first(x);
    return twice ? y.mul(2) : y;
  }
}

const names = <T>(pairs: readonly (readonly [string, T])[]): string[] => pairs.map(([name]) => name);

describe('calling', () => {
  test('an instance is a function that runs forward, and is still an instance', () => {
    const net = new Net();
    expect(typeof net).toBe('function');
    expect(net).toBeInstanceOf(Net);
    expect(net).toBeInstanceOf(nn.Module);
    const x = torch.randn(3, 1, 2, 2);
    net.eval();
    const y: Tensor = net(x);
    expect(y.shape.equals([3, 2, 2, 2])).toBe(true);
    expect(torch.equal(y, net.forward(x))).toBe(true);
    expect(torch.equal(net(x, true), y.mul(2))).toBe(true);
  });

  test('calls are typed after forward', () => {
    const net = new Net();
    const check = (): void => {
      // @ts-expect-error forward takes a tensor
      net(3);
      // @ts-expect-error forward takes one argument at least
      net();
      // @ts-expect-error the second argument is a boolean
      net(torch.ones(1), 'yes');
      // @ts-expect-error the result is a tensor
      const text: string = new nn.Linear(1, 1)(torch.ones(1));
      void text;
      // @ts-expect-error a plain tensor is no parameter
      new nn.Linear(1, 1).weight = torch.ones(1, 1);
    };
    expect(check).toBeTypeOf('function');
  });

  test('constructors take their arguments by position and by name, and say which are wrong', () => {
    expect(String(new nn.Linear(2, 5))).toBe('Linear(in_features=2, out_features=5, bias=True)');
    expect(String(new nn.Linear({ in_features: 2, out_features: 5, bias: false }))).toBe(
      'Linear(in_features=2, out_features=5, bias=False)',
    );
    expect(String(new nn.Linear(2, { out_features: 5 }))).toBe('Linear(in_features=2, out_features=5, bias=True)');
    // @ts-expect-error out_features is missing
    expect(() => new nn.Linear(2)).toThrow(/out_features/);
    // @ts-expect-error there is no such argument
    expect(() => new nn.Linear(2, 5, { biass: false })).toThrow(/unexpected keyword argument 'biass'.*in_features/);
    // @ts-expect-error in_features is given twice
    expect(() => new nn.Linear(2, 5, { in_features: 2 })).toThrow(/multiple values for argument 'in_features'/);
    expect(() => new nn.Linear(2, 5, true, null, null, 7 as never)).toThrow(torch.TypeError);
    expect(new nn.Linear(2, 5, { dtype: torch.float64 }).weight.dtype).toBe(torch.float64);
    expect(new nn.Linear(2, 5, { device: 'meta' }).weight.device.type).toBe('meta');
  });

  test('a module without forward says so', () => {
    expect(error_of(() => new nn.Module()(1))).toEqual([
      'NotImplementedError',
      'Module [Module] is missing the required "forward" function',
    ]);
    expect(error_of(() => new nn.ModuleList([new nn.ReLU()])(torch.ones(1)))[1]).toBe(
      'Module [ModuleList] is missing the required "forward" function',
    );
  });

  test('properties of any name can be set', () => {
    class Named extends nn.Module {
      override name = 'a';
      override length = 3;
      override prototype = new nn.Linear(1, 1);
      constructor() {
        super();
        this.name += 'b';
        (this as unknown as { caller: nn.Module }).caller = new nn.ReLU();
      }
    }
    const module = new Named();
    expect(module.name).toBe('ab');
    expect(module.length).toBe(3);
    expect(names(module.named_children())).toEqual(['prototype', 'caller']);
    expect(Object.keys(module)).toEqual(['training', 'name', 'length', 'prototype', 'caller']);
  });
});

describe('members', () => {
  const net = new Net();

  test('parameters, in the order of assignment, each once', () => {
    const expected = [
      'extra',
      'first.scale',
      'first.conv.weight',
      'first.conv.bias',
      'first.bn.weight',
      'first.bn.bias',
      'layers.0.weight',
      'layers.0.bias',
      'layers.1.weight',
      'layers.1.bias',
      'layers.2.weight',
      'layers.2.bias',
      'head.a.weight',
      'head.a.bias',
    ];
    expect(names(net.named_parameters())).toEqual(expected);
    const all = names(net.named_parameters({ remove_duplicate: false }));
    expect(all.filter((name) => !expected.includes(name))).toEqual(['shared.weight', 'shared.bias']);
    expect(names(net.named_parameters('net', false))).toEqual(['net.extra']);
    expect(net.parameters()).toHaveLength(expected.length);
    expect(net.parameters().every((p) => p instanceof nn.Parameter)).toBe(true);
    const own = net.parameters({ recurse: false });
    expect(own).toHaveLength(1);
    expect(own[0]).toBe(net.extra);
  });

  test('buffers', () => {
    const expected = [
      'first.mask',
      'first.tmp',
      'first.bn.running_mean',
      'first.bn.running_var',
      'first.bn.num_batches_tracked',
    ];
    expect(names(net.named_buffers())).toEqual(expected);
    expect(net.buffers()).toHaveLength(expected.length);
    expect(net.buffers(false)).toEqual([]);
  });

  test('modules', () => {
    const below = ['first', 'first.conv', 'first.bn', 'first.act', 'layers', 'layers.0', 'layers.1', 'layers.2'];
    const rest = ['head', 'head.a', 'head.b', 'empty'];
    expect(names(net.named_modules())).toEqual(['', ...below, ...rest]);
    expect(names(net.named_modules({ prefix: 'p', remove_duplicate: false }))).toEqual(
      ['p', ...[...below, 'shared', ...rest].map((name) => `p.${name}`)],
    );
    expect(names(net.named_modules(new Set([net.first])))).not.toContain('first');
    expect(net.modules()).toHaveLength(13);
    expect(net.modules(false)).toHaveLength(14);
    expect(net.modules()[0]).toBe(net);
    expect(names(net.named_children())).toEqual(['first', 'layers', 'shared', 'head', 'empty']);
    expect(net.children()).toEqual([net.first, net.layers, net.shared, net.head, net.empty]);
  });

  test('by dotted name', () => {
    expect(net.get_submodule('layers.1')).toBe(net.layers[1]);
    expect(net.get_submodule('head.a')).toBe(net.head[0]);
    expect(net.get_submodule('')).toBe(net);
    expect(net.get_parameter('first.conv.weight')).toBe(net.first.conv.weight);
    expect(net.get_buffer('first.mask')).toBe(net.first.mask);
    const errors: [() => unknown, string][] = [
      [() => net.get_submodule('first.nope'), 'Block has no attribute `nope`'],
      [() => net.get_submodule('layers.7'), 'ModuleList has no attribute `7`'],
      [() => net.get_submodule('first.scale'), '`scale` is not an nn.Module'],
      [() => net.get_parameter('first.nope'), 'Block has no attribute `nope`'],
      [() => net.get_parameter('first.conv'), '`conv` is not an nn.Parameter'],
      [() => net.get_buffer('first.nope'), 'Block has no attribute `nope`'],
      [() => net.get_buffer('first.scale'), '`scale` is not a buffer'],
    ];
    for (const [fn, message] of errors) expect(error_of(fn)).toEqual(['AttributeError', message]);
  });

  test('set_submodule', () => {
    const own = new Net();
    const tanh = new nn.Tanh();
    own.set_submodule('head.b', tanh);
    own.set_submodule('layers.1', tanh);
    own.set_submodule('fresh', tanh);
    expect([own.head[1], own.layers[1], own.get_submodule('fresh')]).toEqual([tanh, tanh, tanh]);
    expect(() => own.set_submodule('nope', tanh, true)).toThrow('Net has no attribute `nope`');
    expect(() => own.set_submodule('extra', tanh)).toThrow('`extra` is not an nn.Module');
    expect(() => own.set_submodule('', tanh)).toThrow('Cannot set the submodule without a target name!');
  });

  test('a buffer is a buffer by its name, a Buffer by itself', () => {
    class WithBuffers extends nn.Module {
      kept = new nn.Buffer(torch.ones(1));
      dropped = new nn.Buffer(torch.ones(1), { persistent: false });
      plain = torch.ones(1);
    }
    const module = new WithBuffers();
    expect(names(module.named_buffers())).toEqual(['kept', 'dropped']);
    module.double();
    expect(names(module.named_buffers())).toEqual(['kept', 'dropped']);
    expect([...module.state_dict().keys()]).toEqual(['kept']);
    expect(module.kept.dtype).toBe(torch.float64);
    expect(module.plain.dtype).toBe(torch.float32);
  });

  test('a place without a tensor keeps its rank', () => {
    const module = new nn.Linear(2, 2, { bias: false });
    expect(names(module.named_parameters())).toEqual(['weight']);
    module.register_parameter('bias', new nn.Parameter(torch.ones(2)));
    expect(names(module.named_parameters())).toEqual(['weight', 'bias']);
    module.register_parameter('weight', null);
    expect(names(module.named_parameters())).toEqual(['bias']);
  });

  test('names that cannot be', () => {
    const linear = new nn.Linear(2, 2);
    const one = torch.ones(1);
    const relu = new nn.ReLU();
    const bad = (value: unknown): never => value as never;
    const errors: [() => unknown, string, string][] = [
      [() => linear.register_buffer('a.b', one), 'KeyError', 'buffer name can\'t contain "."'],
      [() => linear.register_buffer('', one), 'KeyError', 'buffer name can\'t be empty string ""'],
      [() => linear.register_buffer('weight', one), 'KeyError', "attribute 'weight' already exists"],
      [() => linear.register_buffer('forward', one), 'KeyError', "attribute 'forward' already exists"],
      [
        () => linear.register_buffer('c', bad(3)),
        'TypeError',
        "cannot assign 'int' object to buffer 'c' (torch Tensor or None required)",
      ],
      [() => linear.register_buffer(bad(3), one), 'TypeError', 'buffer name should be a string. Got int'],
      [() => linear.register_parameter('a.b', null), 'KeyError', 'parameter name can\'t contain "."'],
      [() => linear.register_parameter('', null), 'KeyError', 'parameter name can\'t be empty string ""'],
      [() => linear.register_parameter('in_features', null), 'KeyError', "attribute 'in_features' already exists"],
      [
        () => linear.register_parameter('p', bad(one)),
        'TypeError',
        "cannot assign 'torch.FloatTensor' object to parameter 'p' (torch.nn.Parameter or None required)",
      ],
      [() => linear.add_module('a.b', relu), 'KeyError', 'module name can\'t contain ".", got: a.b'],
      [() => linear.add_module('', relu), 'KeyError', 'module name can\'t be empty string ""'],
      [() => linear.add_module('weight', relu), 'KeyError', "attribute 'weight' already exists"],
      [() => linear.add_module('x', bad(one)), 'TypeError', 'torch.FloatTensor is not a Module subclass'],
      [() => linear.add_module(bad(3), relu), 'TypeError', 'module name should be a string. Got int'],
    ];
    for (const [fn, name, message] of errors) expect(error_of(fn)).toEqual([name, message]);
  });
});

describe('printing', () => {
  test('nested modules', () => {
    const expected = `Net(
  (first): Block(
    (conv): Conv2d(1, 2, kernel_size=(1, 1), stride=(1, 1))
    (bn): BatchNorm2d(2, eps=1e-05, momentum=0.1, affine=True, bias=True, track_running_stats=True)
    (act): ReLU()
  )
  (layers): ModuleList(
    (0-2): 3 x Linear(in_features=2, out_features=2, bias=True)
  )
  (shared): Linear(in_features=2, out_features=2, bias=True)
  (head): Sequential(
    (a): Linear(in_features=2, out_features=1, bias=True)
    (b): Sigmoid()
  )
  (empty): Sequential()
)`;
    const net = new Net();
    expect(String(net)).toBe(expected);
    expect(inspect(net)).toBe(expected);
    expect(`${net}`).toBe(expected);
  });

  test('extra lines', () => {
    class Lines extends nn.Module {
      override extra_repr(): string {
        return 'one\ntwo';
      }
    }
    class LinesAndChild extends Lines {
      l = new nn.Linear(1, 1);
    }
    class LineAndChild extends LinesAndChild {
      override extra_repr(): string {
        return 'one';
      }
    }
    const l = '(l): Linear(in_features=1, out_features=1, bias=True)';
    expect(String(new Lines())).toBe('Lines(\n  one\n  two\n)');
    expect(String(new LinesAndChild())).toBe(`LinesAndChild(\n  one\n  two\n  ${l}\n)`);
    expect(String(new LineAndChild())).toBe(`LineAndChild(\n  one\n  ${l}\n)`);
  });
});

describe('modes and conversions', () => {
  test('train and eval reach everything below', () => {
    const net = new Net();
    expect(net.training).toBe(true);
    expect(net.eval()).toBe(net);
    expect(net.modules().some((module) => module.training)).toBe(false);
    net.train();
    expect(net.modules().every((module) => module.training)).toBe(true);
    net.train({ mode: false });
    expect(net.first.bn.training).toBe(false);
    expect(error_of(() => net.train('yes' as unknown as boolean))).toEqual([
      'ValueError',
      'training mode is expected to be boolean',
    ]);
  });

  test('apply runs from the bottom up', () => {
    const seen: string[] = [];
    const seq = new nn.Sequential(new nn.Linear(1, 1), new nn.Sequential(new nn.ReLU()));
    expect(seq.apply((module) => seen.push(module._get_name()))).toBe(seq);
    expect(seen).toEqual(['Linear', 'ReLU', 'Sequential', 'Sequential']);
  });

  test('requires_grad_ and zero_grad', () => {
    const net = new nn.Sequential(new nn.Linear(2, 2), new nn.Linear(2, 1));
    net(torch.ones(1, 2)).sum().backward();
    const grad = net.parameters()[0]!.grad!;
    net.zero_grad({ set_to_none: false });
    expect(net.parameters()[0]!.grad).toBe(grad);
    expect(net.parameters().every((p) => p.grad!.eq(0).all().item())).toBe(true);
    net.zero_grad();
    expect(net.parameters().every((p) => p.grad === null)).toBe(true);
    expect(net.requires_grad_(false)).toBe(net);
    expect(net.parameters().some((p) => p.requires_grad)).toBe(false);
  });

  test('to, in all its forms, keeps the parameter objects and converts gradients', () => {
    const forms: [string, (module: nn.Linear) => nn.Linear][] = [
      ['dtype', (m) => m.to(torch.float64)],
      ['dtype, non_blocking', (m) => m.to(torch.float64, true)],
      ['device, dtype', (m) => m.to('cpu', torch.float64)],
      ['device object, dtype, non_blocking', (m) => m.to(new torch.device('cpu'), torch.float64, false)],
      ['tensor', (m) => m.to(torch.ones(1, { dtype: torch.float64 }))],
      ['kwargs', (m) => m.to({ dtype: torch.float64 })],
      ['device and kwargs', (m) => m.to('cpu', { dtype: torch.float64 })],
      ['kwargs with a tensor', (m) => m.to({ tensor: torch.ones(1, { dtype: torch.float64 }) })],
      ['double', (m) => m.double()],
      ['type', (m) => m.type(torch.float64)],
    ];
    for (const [what, convert] of forms) {
      const module = new nn.Linear(2, 1);
      module(torch.ones(1, 2)).sum().backward();
      const { weight } = module;
      const values = weight.tolist() as number[][];
      expect(convert(module), what).toBe(module);
      expect(module.weight, what).toBe(weight);
      expect(weight.dtype, what).toBe(torch.float64);
      expect(weight.tolist(), what).toEqual(values);
      expect(weight.grad!.dtype, what).toBe(torch.float64);
      expect(weight.requires_grad && weight.is_leaf, what).toBe(true);
    }
  });

  test('floating point only', () => {
    const bn = new nn.BatchNorm1d(2).half();
    expect(bn.weight!.dtype).toBe(torch.float16);
    expect(bn.running_mean!.dtype).toBe(torch.float16);
    expect(bn.num_batches_tracked!.dtype).toBe(torch.int64);
    expect(bn.bfloat16().weight!.dtype).toBe(torch.bfloat16);
    expect(bn.float().running_var!.dtype).toBe(torch.float32);
    expect(error_of(() => bn.to(torch.int64))).toEqual([
      'TypeError',
      'nn.Module.to only accepts floating point or complex dtypes, but got desired dtype=torch.int64',
    ]);
    expect(() => bn.to({ dtyp: torch.float32 } as object)).toThrow(/unexpected keyword argument 'dtyp'/);
    expect(() => bn.to('cpu', { device: 'cpu' })).toThrow(/multiple values for argument 'device'/);
  });

  test('memory formats', () => {
    const conv = new nn.Conv2d(2, 3, 3);
    expect(conv.weight.stride()).toEqual([18, 9, 3, 1]);
    conv.to({ memory_format: torch.channels_last });
    expect(conv.weight.stride()).toEqual([18, 1, 6, 2]);
    expect(conv.bias!.stride()).toEqual([1]);
  });

  test('meta tensors', () => {
    const linear = new nn.Linear(2, 2, { device: 'meta' });
    expect(error_of(() => linear.to('cpu'))).toEqual([
      'NotImplementedError',
      'Cannot copy out of meta tensor; no data! Please use torch.nn.Module.to_empty() instead of ' +
        'torch.nn.Module.to() when moving module from meta to a different device.',
    ]);
    linear.to_empty({ device: 'cpu' });
    expect(linear.weight.device.type).toBe('cpu');
    expect(linear.weight).toBeInstanceOf(nn.Parameter);
    linear.reset_parameters();
    expect(linear(torch.ones(1, 2)).shape.equals([1, 2])).toBe(true);
  });
});

describe('state dicts', () => {
  test('keys, in order, and tensors that share the memory', () => {
    const net = new Net();
    const state = net.state_dict();
    expect([...state.keys()]).toEqual([
      'extra',
      'first.scale',
      'first.mask',
      'first.conv.weight',
      'first.conv.bias',
      'first.bn.weight',
      'first.bn.bias',
      'first.bn.running_mean',
      'first.bn.running_var',
      'first.bn.num_batches_tracked',
      'layers.0.weight',
      'layers.0.bias',
      'layers.1.weight',
      'layers.1.bias',
      'layers.2.weight',
      'layers.2.bias',
      'shared.weight',
      'shared.bias',
      'head.a.weight',
      'head.a.bias',
    ]);
    const extra = state.get('extra')!;
    expect(extra).not.toBeInstanceOf(nn.Parameter);
    expect(extra.requires_grad).toBe(false);
    torch.no_grad(() => net.extra.fill_(3));
    expect(extra.item()).toBe(3);
    expect(net.state_dict({ keep_vars: true }).get('extra')).toBe(net.extra);
    expect([...net.head.state_dict({ prefix: 'head.' }).keys()]).toEqual(['head.a.weight', 'head.a.bias']);
    const metadata = [...state._metadata!].map(([name, { version }]) => `${name} ${String(version)}`);
    expect(metadata.slice(0, 5)).toEqual([' 1', 'first 1', 'first.conv 1', 'first.bn 2', 'first.act 1']);
  });

  test('print as an OrderedDict', () => {
    expect(String(new torch.OrderedDict())).toBe('OrderedDict()');
    const module = new nn.Linear(1, 2);
    torch.no_grad(() => module.weight.fill_(1.5));
    torch.no_grad(() => module.bias!.fill_(2));
    const text = "OrderedDict([('weight', tensor([[1.5000],\n        [1.5000]])), ('bias', tensor([2., 2.]))])";
    expect(String(module.state_dict())).toBe(text);
    expect(inspect(module.state_dict())).toBe(text);
  });

  test('load copies into the parameters', () => {
    torch.manual_seed(1);
    const from = new Net();
    const into = new Net();
    const { extra } = into;
    from(torch.randn(2, 1, 2, 2));
    const result = into.load_state_dict(from.state_dict());
    expect(String(result)).toBe('<All keys matched successfully>');
    expect(inspect(result)).toBe('<All keys matched successfully>');
    expect(into.extra).toBe(extra);
    const expected = from.state_dict();
    for (const [key, value] of into.state_dict()) expect(torch.equal(value, expected.get(key)!), key).toBe(true);
    expect(torch.equal(into.first.tmp, torch.zeros(1))).toBe(true);
    expect(into.first.bn.num_batches_tracked!.item()).toBe(1);
  });

  test('load takes maps and plain objects', () => {
    const linear = new nn.Linear(1, 1);
    const tensors = { weight: torch.tensor([[4.5]]), bias: torch.tensor([0.5]) };
    expect(String(linear.load_state_dict(tensors))).toBe('<All keys matched successfully>');
    expect(linear.weight.item()).toBe(4.5);
    linear.load_state_dict({ state_dict: new Map([['weight', torch.tensor([[7.5]])]]), strict: false });
    expect(linear.weight.item()).toBe(7.5);
    linear.load_state_dict({ weight: torch.tensor([[8.5]]) }, { strict: false });
    expect(linear.weight.item()).toBe(8.5);
    expect(error_of(() => linear.load_state_dict(3 as never))).toEqual([
      'TypeError',
      "Expected state_dict to be dict-like, got <class 'int'>.",
    ]);
  });

  test('load says what does not fit', () => {
    const net = new Net();
    const state = new Map<string, unknown>(net.state_dict());
    state.delete('extra');
    state.set('nope', torch.zeros(1));
    state.set('first.what', torch.ones(1));
    state.set('head.a.weight', torch.zeros(3, 3));
    state.set('head.a.bias', 3);
    expect(error_of(() => net.load_state_dict(state))).toEqual([
      'RuntimeError',
      'Error(s) in loading state_dict for Net:\n\tMissing key(s) in state_dict: "extra". \n\t' +
        'Unexpected key(s) in state_dict: "nope", "first.what". \n\t' +
        'size mismatch for head.a.weight: copying a param with shape torch.Size([3, 3]) from checkpoint, ' +
        'the shape in current model is torch.Size([1, 2]).\n\t' +
        'While copying the parameter named "head.a.bias", expected torch.Tensor or Tensor-like object from ' +
        "checkpoint but received <class 'int'>",
    ]);
    expect(error_of(() => new nn.Linear(2, 1).load_state_dict({ weight: torch.ones(1, 2) }))).toEqual([
      'RuntimeError',
      'Error(s) in loading state_dict for Linear:\n\tMissing key(s) in state_dict: "bias". ',
    ]);
    state.delete('first.what');
    state.delete('head.a.weight');
    state.delete('head.a.bias');
    const result = net.load_state_dict(state, { strict: false });
    expect(String(result)).toBe(
      "_IncompatibleKeys(missing_keys=['extra', 'head.a.weight', 'head.a.bias'], unexpected_keys=['nope'])",
    );
    const [missing, unexpected] = result;
    expect([missing, unexpected]).toEqual([result.missing_keys, result.unexpected_keys]);
  });

  test('assign takes the tensors themselves', () => {
    const linear = new nn.Linear(2, 1, { device: 'meta' });
    const weight = torch.ones(1, 2);
    const bias = new nn.Parameter(torch.ones(1), false);
    linear.load_state_dict({ weight, bias }, { assign: true });
    expect(linear.weight).toBeInstanceOf(nn.Parameter);
    expect(linear.weight.requires_grad).toBe(true);
    weight.fill_(5);
    expect(linear.weight.tolist()).toEqual([[5, 5]]);
    expect(linear.bias).toBe(bias);
    expect(bias.requires_grad).toBe(true);
    const bn = new nn.BatchNorm1d(1);
    const mean = torch.ones(1);
    bn.load_state_dict({ running_mean: mean }, { strict: false, assign: true });
    expect(bn.running_mean).toBe(mean);
  });

  test('state of before batch norm counted batches', () => {
    const bn = new nn.BatchNorm1d(1);
    const state = bn.state_dict();
    state.delete('num_batches_tracked');
    expect(error_of(() => bn.load_state_dict(state))[1]).toMatch(/Missing key\(s\).*"num_batches_tracked"/);
    delete state._metadata;
    expect(String(bn.load_state_dict(state))).toBe('<All keys matched successfully>');
  });

  test('a number saved as a tensor of one element', () => {
    const block = new Block();
    block.load_state_dict({ scale: torch.tensor([7.5]) }, { strict: false });
    expect(block.scale.item()).toBe(7.5);
  });

  test('extra state', () => {
    class Counting extends nn.Module {
      count = 0;
      override get_extra_state(): unknown {
        return this.count;
      }
      override set_extra_state(state: unknown): void {
        this.count = state as number;
      }
    }
    const from = new Counting();
    from.count = 5;
    const state = from.state_dict() as Map<string, unknown>;
    expect([...state]).toEqual([['_extra_state', 5]]);
    const into = new Counting();
    into.load_state_dict(state);
    expect(into.count).toBe(5);
    expect(() => into.load_state_dict({})).toThrow(/Missing key\(s\) in state_dict: "_extra_state"/);
    expect(() => new nn.ReLU().load_state_dict(state)).toThrow(/Unexpected key\(s\) in state_dict: "_extra_state"/);
  });

  test('hooks', () => {
    const linear = new nn.Linear(1, 1);
    const seen: string[] = [];
    const handles = [
      linear.register_state_dict_pre_hook((module, prefix, keep_vars) => {
        expect(module).toBe(linear);
        seen.push(`pre ${prefix} ${keep_vars}`);
      }),
      linear.register_state_dict_post_hook((_module, state, prefix, metadata) => {
        state.delete('bias');
        seen.push(`post ${prefix} ${String(metadata['version'])}`);
      }),
      linear.register_load_state_dict_pre_hook((_module, state, prefix) => {
        state.set(`${prefix}bias`, torch.tensor([2.5]));
      }),
      linear.register_load_state_dict_post_hook((_module, { unexpected_keys }) => {
        unexpected_keys.length = 0;
      }),
    ];
    const state = linear.state_dict();
    expect(seen).toEqual(['pre  false', 'post  1']);
    expect([...state.keys()]).toEqual(['weight']);
    state.set('other', torch.ones(1));
    linear.load_state_dict(state);
    expect(linear.bias!.item()).toBe(2.5);
    for (const handle of handles) handle.remove();
    expect([...linear.state_dict().keys()]).toEqual(['weight', 'bias']);
    expect(() => linear.load_state_dict(state)).toThrow(torch.RuntimeError);
  });
});

describe('hooks on calls', () => {
  test('see and replace arguments and results, until they are removed', () => {
    const linear = new nn.Linear(1, 1);
    const x = torch.ones(1, 1);
    const plain = linear(x).item();
    const pre = linear.register_forward_pre_hook((module, [input]) => {
      expect(module).toBe(linear);
      return input.mul(0);
    });
    const post = linear.register_forward_hook((_module, [input], output) => {
      expect(input.item()).toBe(0);
      return output.add(100);
    });
    expect(linear(x).item()).toBeCloseTo(100 + linear.bias!.item(), 4);
    pre.remove();
    post.remove();
    post.remove();
    expect(linear(x).item()).toBe(plain);
  });

  test('keyword arguments and order', () => {
    class Scale extends nn.Module {
      override forward(x: number, { by = 1 }: { by?: number } = {}): number {
        return x * by;
      }
    }
    const scale = new Scale();
    const seen: string[] = [];
    scale.register_forward_pre_hook(
      (_module, args, kwargs) => {
        seen.push('second');
        return [args, { by: (kwargs['by'] as number) + 1 }];
      },
      { with_kwargs: true },
    );
    scale.register_forward_pre_hook(() => void seen.push('first'), { prepend: true });
    scale.register_forward_hook(
      (_module, args, kwargs, output) => void seen.push(`${String(args)} ${String(kwargs['by'])} ${output}`),
      { with_kwargs: true },
    );
    expect(scale(5, { by: 2 })).toBe(15);
    expect(seen).toEqual(['first', 'second', '5 3 15']);
    scale.register_forward_pre_hook((_module, _args, _kwargs) => 3, { with_kwargs: true });
    expect(() => scale(5, { by: 2 })).toThrow(
      'forward pre-hook must return None or a tuple of (new_args, new_kwargs), but got 3.',
    );
  });

  test('always_call runs after an error, too', () => {
    class Failing extends nn.Module {
      override forward(): void {
        throw new Error('no');
      }
    }
    const failing = new Failing();
    const always = vi.fn();
    const sometimes = vi.fn();
    failing.register_forward_hook(always, { always_call: true });
    failing.register_forward_hook(sometimes);
    expect(() => failing()).toThrow('no');
    expect(always).toHaveBeenCalledTimes(1);
    expect(always.mock.calls[0]).toEqual([failing, [], null]);
    expect(sometimes).not.toHaveBeenCalled();
  });

  test('global hooks see every module', () => {
    const seen: string[] = [];
    const name = (module: nn.Module): void => void seen.push(module._get_name());
    const handles = [
      nn.modules.module.register_module_forward_pre_hook(name),
      nn.modules.module.register_module_forward_hook(name),
    ];
    new nn.Sequential(new nn.ReLU())(torch.ones(1));
    expect(seen).toEqual(['Sequential', 'ReLU', 'ReLU', 'Sequential']);
    for (const handle of handles) handle.remove();
    new nn.ReLU()(torch.ones(1));
    expect(seen).toHaveLength(4);
  });
});

describe('Parameter', () => {
  test('is a leaf that shares the memory of its data', () => {
    const data = torch.tensor([1.5, 2]);
    const param = new nn.Parameter(data);
    expect(param).toBeInstanceOf(torch.Tensor);
    expect(param.requires_grad && param.is_leaf).toBe(true);
    data.fill_(7);
    expect(param.tolist()).toEqual([7, 7]);
    expect(param.mul(2)).not.toBeInstanceOf(nn.Parameter);
    expect(torch.no_grad(() => param.add_(1))).toBe(param);
    const of_result = new nn.Parameter(param.mul(2));
    expect(of_result.is_leaf).toBe(true);
    expect(new nn.Parameter(data, false).requires_grad).toBe(false);
    expect(new nn.Parameter({ data, requires_grad: false }).requires_grad).toBe(false);
    expect(() => new nn.Parameter(torch.ones(2).long())).toThrow(
      /[oO]nly Tensors of floating point and complex dtype can require gradients/,
    );
  });

  test('prints as in Python', () => {
    const text = 'Parameter containing:\ntensor([1., 2.], requires_grad=True)';
    const param = new nn.Parameter(torch.tensor([1, 2], { dtype: torch.float32 }));
    expect(String(param)).toBe(text);
    expect(inspect(param)).toBe(text);
    expect(String(new nn.Parameter())).toBe('Parameter containing:\ntensor([], requires_grad=True)');
    expect(String(new nn.Parameter(torch.ones(2), false))).toBe('Parameter containing:\ntensor([1., 1.])');
  });
});
