/** Modules that find out their sizes, and copies of modules. What is expected here is what Python does. */
import torch, { nn } from 'tstorch';
import { describe, expect, test } from 'vitest';

const no_shape = /Can't access the shape of an uninitialized parameter or buffer/;

describe('lazy modules', () => {
  test('become ordinary ones at the first call, and stay the same objects', () => {
    const model = new nn.Sequential(new nn.LazyLinear(2), new nn.ReLU());
    const first = model[0] as nn.LazyLinear;
    const { weight } = first;
    expect(first).toBeInstanceOf(nn.LazyLinear);
    expect(weight).toBeInstanceOf(nn.UninitializedParameter);
    expect(String(weight)).toBe('<UninitializedParameter>');
    expect([weight.requires_grad, weight.is_leaf, String(weight.dtype)]).toEqual([true, true, 'torch.float32']);
    expect(() => weight.shape).toThrow(no_shape);
    model(torch.randn(1, 3));
    expect(String(model)).toBe(
      'Sequential(\n  (0): Linear(in_features=3, out_features=2, bias=True)\n  (1): ReLU()\n)',
    );
    expect(first).not.toBeInstanceOf(nn.LazyLinear);
    expect(first.constructor).toBe(nn.Linear);
    expect(first.weight).toBe(weight);
    expect(weight).not.toBeInstanceOf(nn.UninitializedParameter);
    expect([...weight.shape]).toEqual([2, 3]);
  });

  test('can be converted before they have a shape', () => {
    const layer = new nn.LazyLinear(3).to(torch.float64);
    expect(layer.weight).toBeInstanceOf(nn.UninitializedParameter);
    expect(layer(torch.randn(2, 5, { dtype: torch.float64 })).dtype).toBe(torch.float64);
  });

  test('take their shapes from a state dict as well', () => {
    const layer = new nn.LazyLinear(3);
    const given = new nn.Linear(4, 3);
    expect(String(layer.load_state_dict(given.state_dict()))).toBe('<All keys matched successfully>');
    expect(String(layer)).toBe('LazyLinear(in_features=0, out_features=3, bias=True)');
    expect(torch.equal(layer.weight, given.weight)).toBe(true);
    expect(() => layer(torch.randn(2, 5))).toThrow(
      'The in_features inferred from input: 5 is not equal to in_features from self.weight: 4',
    );
    layer(torch.randn(2, 4));
    expect(String(layer)).toBe('Linear(in_features=4, out_features=3, bias=True)');
  });

  test('give a state dict of parameters without shapes, which ordinary modules refuse', () => {
    const state = new nn.LazyBatchNorm1d().state_dict();
    expect([...state.keys()]).toEqual(['weight', 'bias', 'running_mean', 'running_var', 'num_batches_tracked']);
    expect(String(state.get('running_mean'))).toBe('<UninitializedBuffer>');
    expect(() => new nn.Linear(4, 3).load_state_dict(new nn.LazyLinear(3).state_dict())).toThrow(no_shape);
    const other = new nn.LazyLinear(3);
    expect(String(other.load_state_dict(new nn.LazyLinear(3).state_dict()))).toBe('<All keys matched successfully>');
    expect(other.has_uninitialized_params()).toBe(true);
  });

  test('a class of your own', () => {
    class Scale extends nn.Module {
      size: number;
      weight: nn.Parameter;
      constructor(size: number) {
        super();
        this.size = size;
        this.weight = new nn.Parameter(torch.ones(size));
      }
      reset_parameters(): void {
        nn.init.constant_(this.weight, 2);
      }
      override forward(x: torch.Tensor): torch.Tensor {
        return x.mul(this.weight);
      }
    }
    class LazyScale extends nn.lazy.LazyModuleMixin(Scale) {
      static override cls_to_become = Scale;
      constructor() {
        super(0);
        this.weight = new nn.UninitializedParameter();
      }
      override initialize_parameters(x: torch.Tensor): void {
        (this.weight as nn.UninitializedParameter).materialize([x.size(-1)]);
        this.reset_parameters();
      }
    }
    const scale = new LazyScale();
    expect(scale(torch.ones(3)).tolist()).toEqual([2, 2, 2]);
    expect(scale.constructor).toBe(Scale);
    class Forgetful extends nn.lazy.LazyModuleMixin(Scale) {}
    expect(() => new Forgetful(1)(torch.ones(1))).toThrow('initialize_parameters is not implemented for Forgetful');
  });
});

describe('deep copies', () => {
  test('have parameters, buffers and sub-modules of their own', () => {
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.BatchNorm1d(3), new nn.Dropout());
    model.eval();
    const copy = model.__deepcopy__();
    expect(String(copy)).toBe(String(model));
    expect([...copy.state_dict().keys()]).toEqual([...model.state_dict().keys()]);
    expect(copy.training).toBe(false);
    const linear = copy[0] as nn.Linear;
    expect(linear).toBeInstanceOf(nn.Linear);
    expect(linear.weight).toBeInstanceOf(nn.Parameter);
    const x = torch.randn(4, 2);
    expect(torch.equal(copy(x), model(x))).toBe(true);
    torch.no_grad(() => linear.weight.zero_());
    (copy[1] as nn.BatchNorm1d).running_mean!.add_(1);
    expect((model[0] as nn.Linear).weight.eq(0).any().item()).toBe(false);
    expect((model[1] as nn.BatchNorm1d).running_mean!.tolist()).toEqual([0, 0, 0]);
  });

  test('what is in two places is copied once; gradients are not, hooks are', () => {
    class Tied extends nn.Module {
      first = new nn.Linear(2, 2);
      second = this.first;
      names = ['a', new Map([['layer', this.first]])];
      calls: string[] = [];
      override forward(x: torch.Tensor): torch.Tensor {
        return this.second(this.first(x));
      }
    }
    const model = new Tied();
    model.first.weight.requires_grad_(false);
    model.register_forward_hook((module) => void module.calls.push('hook'));
    model(torch.ones(1, 2)).sum().backward();
    const copy = model.__deepcopy__();
    expect(copy.second).toBe(copy.first);
    expect(copy.first).not.toBe(model.first);
    expect((copy.names[1] as Map<string, nn.Module>).get('layer')).toBe(copy.first);
    expect([copy.first.weight.requires_grad, copy.first.bias!.requires_grad]).toEqual([false, true]);
    expect([model.first.bias!.grad !== null, copy.first.bias!.grad]).toEqual([true, null]);
    copy(torch.ones(1, 2));
    expect([model.calls.length, copy.calls.length]).toEqual([1, 2]);
  });

  test('lazy modules stay lazy', () => {
    const copy = new nn.LazyConv2d(3, 2).__deepcopy__();
    copy(torch.randn(1, 2, 4, 4));
    expect(String(copy)).toBe('Conv2d(2, 3, kernel_size=(2, 2), stride=(1, 1))');
  });
});

test('SyncBatchNorm takes the place of batch norms and shares their tensors', () => {
  const norm = new nn.BatchNorm1d(2);
  const model = nn.SyncBatchNorm.convert_sync_batchnorm(new nn.Sequential(norm, new nn.Linear(2, 2)));
  expect(String(model)).toBe(
    'Sequential(\n  (0): SyncBatchNorm(2, eps=1e-05, momentum=0.1, affine=True, bias=True, ' +
      'track_running_stats=True)\n  (1): Linear(in_features=2, out_features=2, bias=True)\n)',
  );
  const converted = (model as nn.Sequential)[0] as nn.SyncBatchNorm;
  expect(converted.weight).toBe(norm.weight);
  expect(converted.running_mean).toBe(norm.running_mean);
});

test('a Container holds what it is given by name', () => {
  expect(String(new nn.Container({ a: new nn.Linear(2, 2) }))).toBe(
    'Container(\n  (a): Linear(in_features=2, out_features=2, bias=True)\n)',
  );
});
