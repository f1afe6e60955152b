/** `nn.DataParallel` without a GPU, and what it does with several devices, all of them the CPU. */
import torch, { nn } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { error_of } from '../expected.ts';

const { gather, parallel_apply, replicate, scatter } = nn.parallel;
const cpus = (count: number) => Array.from({ length: count }, () => new torch.device('cpu'));

describe.skipIf(torch.cuda.is_available())('without a GPU', () => {
  test('is the module itself', () => {
    torch.manual_seed(42);
    const model = new nn.Linear(2, 1);
    const parallel = new nn.DataParallel(model);
    const x = torch.ones(3, 2);
    expect(torch.equal(parallel(x), model(x))).toBe(true);
    expect(parallel.device_ids).toEqual([]);
    // As Python prints it.
    expect(String(parallel)).toBe(
      'DataParallel(\n  (module): Linear(in_features=2, out_features=1, bias=True)\n)',
    );
    expect([...parallel.state_dict().keys()]).toEqual(['module.weight', 'module.bias']);
  });

  test('data_parallel is an error', () => {
    expect(error_of(() => nn.parallel.data_parallel(new nn.Linear(2, 1), torch.ones(3, 2)))).toEqual([
      'RuntimeError',
      'device type could not be determined',
    ]);
  });
});

describe('on several devices', () => {
  test('scatter splits tensors, those in arrays and objects too, and repeats everything else', () => {
    const x = torch.arange(5);
    const parts = scatter([x, { y: x.add(10), name: 'a' }, 7], cpus(2));
    expect(parts).toHaveLength(2);
    expect(parts.map(([a, b, c]) => [(a as torch.Tensor).tolist(), (b as { y: torch.Tensor }).y.tolist(), c])).toEqual([
      [[0, 1, 2], [10, 11, 12], 7],
      [[3, 4], [13, 14], 7],
    ]);
    // A batch of one has one part.
    expect(scatter([x.narrow(0, 0, 1)], cpus(3))).toHaveLength(1);
  });

  test('gather puts results together', () => {
    const x = torch.arange(6).reshape(3, 2);
    expect(torch.equal(gather(scatter(x, cpus(2)), 'cpu'), x)).toBe(true);
    const both = gather([{ a: x, b: null }, { a: x, b: null }], 'cpu', 1) as { a: torch.Tensor; b: null };
    expect([both.a.shape.toString(), both.b]).toEqual(['torch.Size([3, 4])', null]);
    expect(gather([torch.tensor(1.5), torch.tensor(2.5)], 'cpu').tolist()).toEqual([1.5, 2.5]);
    expect(error_of(() => gather<object>([{ a: x }, { a: x, b: x }], 'cpu'))[0]).toBe('ValueError');
  });

  test('gradients of the parts add up in the parameters of the module', () => {
    torch.manual_seed(42);
    const model = new nn.Sequential(new nn.Linear(2, 3), new nn.Tanh(), new nn.Linear(3, 1));
    const x = torch.rand(5, 2);
    const copies = replicate(model, cpus(2));
    expect(copies[0]!.parameters()).toEqual([]);
    const outputs = parallel_apply(copies, scatter([x], cpus(2)), { devices: cpus(2) });
    const output = gather(outputs, 'cpu');
    torch.testing.assert_close(output, model(x));
    output.sum().backward();
    const gradients = model.parameters().map((p) => p.grad!.clone());
    model.zero_grad();
    model(x).sum().backward();
    model.parameters().forEach((p, i) => torch.testing.assert_close(gradients[i]!, p.grad!));
  });

  test('copies without gradients', () => {
    const model = new nn.Linear(2, 3);
    const [copy] = replicate({ network: model, devices: cpus(1), detach: true });
    const [output] = parallel_apply({ modules: [copy!], inputs: [torch.ones(1, 2)] });
    expect(output!.requires_grad).toBe(false);
    expect(torch.equal(output!, model(torch.ones(1, 2)))).toBe(true);
  });

  test('wrong arguments', () => {
    const model = new nn.Linear(2, 2);
    const one = [[torch.ones(1, 2)]];
    const messages = [
      () => parallel_apply([model], [...one, [1]]),
      () => parallel_apply([model], one, [{}, {}]),
      () => parallel_apply([model], one, null, [0, 1]),
    ].map((action) => error_of(action));
    expect(messages).toEqual(
      ['inputs', 'kwargs_tup', 'devices'].map((what) => [
        'AssertionError',
        `The number of modules 1 is not equal to the number of ${what} 2`,
      ]),
    );
    expect(error_of(() => scatter([torch.ones(2)], []))[0]).toBe('TypeError');
    expect(error_of(() => gather([], 'cpu'))[0]).toBe('TypeError');
    expect(error_of(() => new nn.DataParallel(7 as unknown as nn.Module))[0]).toBe('TypeError');
  });
});
