/** Containers as lists and dicts. What is expected is what Python's give. */
import torch, { nn, type Tensor } from 'tstorch';
import * as copy from 'tstorch/copy';
import { describe, expect, test } from 'vitest';
import { error_of } from '../expected.ts';

const keys = (module: nn.Module): string[] => module.named_children().map(([name]) => name);
const kinds = (modules: Iterable<nn.Module>): string[] => Array.from(modules, (module) => module._get_name());
const bad = (value: unknown): never => value as never;

describe('Sequential', () => {
  const [linear, relu, last] = [new nn.Linear(2, 3), new nn.ReLU(), new nn.Linear(3, 1)];
  const seq = new nn.Sequential(linear, relu, last);

  test('calls one after the other', () => {
    const x = torch.randn(4, 2);
    const y: Tensor = seq(x);
    expect(torch.equal(y, last(relu(linear(x))))).toBe(true);
    expect(new nn.Sequential()(x)).toBe(x);
  });

  test('indices and slices', () => {
    expect(seq[0]).toBe(linear);
    expect(seq[-1]).toBe(last);
    expect(seq['1:']).toBeInstanceOf(nn.Sequential);
    expect([...seq['1:']]).toEqual([relu, last]);
    expect(keys(seq['1:'])).toEqual(['1', '2']);
    expect([...seq['::-1']]).toEqual([last, relu, linear]);
    expect([...seq[':-1']]).toEqual([linear, relu]);
    expect([...seq['-2:10:2']]).toEqual([relu]);
    expect(seq.__getitem__(1)).toBe(relu);
    expect(error_of(() => seq[3])).toEqual(['IndexError', 'index 3 is out of range']);
    expect(error_of(() => seq[-4])).toEqual(['IndexError', 'index -4 is out of range']);
    expect(() => seq['::0']).toThrow('slice step cannot be zero');
  });

  test('length, iteration, spreading', () => {
    expect(seq.length).toBe(3);
    expect([...seq]).toEqual([linear, relu, last]);
    expect(new nn.Sequential(...seq).length).toBe(3);
  });

  test('names', () => {
    const named = new nn.Sequential({ b: new nn.ReLU(), a: new nn.Tanh() });
    expect(keys(named)).toEqual(['b', 'a']);
    expect(named[1]).toBeInstanceOf(nn.Tanh);
    expect((named as unknown as { b: nn.ReLU }).b).toBeInstanceOf(nn.ReLU);
    expect(String(named['1:'])).toBe('Sequential(\n  (a): Tanh()\n)');
    expect(keys(new nn.Sequential(new Map([['x', new nn.ReLU()]])))).toEqual(['x']);
    // JavaScript would put whole numbers first, and in order.
    expect(kinds(new nn.Sequential(new Map([['1', new nn.ReLU() as nn.Module], ['0', new nn.Tanh()]])))).toEqual([
      'ReLU',
      'Tanh',
    ]);
  });

  test('adding, replacing, taking out', () => {
    const own = new nn.Sequential(new nn.ReLU(), new nn.Tanh());
    own.add_module('x', new nn.GELU());
    expect(own.append(new nn.Sigmoid())).toBe(own);
    expect(keys(own)).toEqual(['0', '1', 'x', '3']);
    expect(kinds(own)).toEqual(['ReLU', 'Tanh', 'GELU', 'Sigmoid']);
    own.__delitem__(1);
    expect(keys(own)).toEqual(['0', '1', '2']);
    expect(kinds(own)).toEqual(['ReLU', 'GELU', 'Sigmoid']);
    own.insert(1, new nn.ELU());
    expect(kinds(own)).toEqual(['ReLU', 'ELU', 'GELU', 'Sigmoid']);
    own.insert(-1, new nn.SELU());
    expect(kinds(own)).toEqual(['ReLU', 'ELU', 'GELU', 'SELU', 'Sigmoid']);
    own[0] = new nn.Tanh();
    own[-1] = new nn.Mish();
    expect(kinds(own)).toEqual(['Tanh', 'ELU', 'GELU', 'SELU', 'Mish']);
    expect(own.pop(0)).toBeInstanceOf(nn.Tanh);
    expect(kinds(own.pop('1:3'))).toEqual(['GELU', 'SELU']);
    expect(kinds(own)).toEqual(['ELU', 'Mish']);
    own.extend(own);
    expect(kinds(own)).toEqual(['ELU', 'Mish', 'ELU', 'Mish']);
    expect(kinds(own.__add__(seq))).toEqual(['ELU', 'Mish', 'ELU', 'Mish', 'Linear', 'ReLU', 'Linear']);
    expect(kinds(seq.__mul__(2))).toEqual(['Linear', 'ReLU', 'Linear', 'Linear', 'ReLU', 'Linear']);
    expect(seq.__mul__(2)[3]).toBe(linear);
  });

  test('a subclass with modules of its own', () => {
    class Tail extends nn.Sequential {
      tail = new nn.Sigmoid();
    }
    const tail = new Tail(new nn.ReLU());
    expect(torch.equal(tail(torch.tensor([-1.5])), torch.tensor([0.5]))).toBe(true);
    expect(keys(tail)).toEqual(['0', 'tail']);
    expect(tail.tail).toBeInstanceOf(nn.Sigmoid);
    (tail as unknown as { end: nn.Module }).end = new nn.Tanh();
    expect(keys(tail)).toEqual(['0', 'tail', 'end']);
    expect(tail(torch.tensor([-1.5])).item()).toBeCloseTo(Math.tanh(0.5), 6);
  });

  test('errors', () => {
    expect(error_of(() => new nn.Sequential(bad(3)))).toEqual(['TypeError', 'int is not a Module subclass']);
    expect(error_of(() => seq.insert(7, relu))).toEqual(['IndexError', 'Index out of range: 7']);
    expect(error_of(() => seq.insert(0, bad(3)))[0]).toBe('AssertionError');
    expect(error_of(() => seq.__mul__(0))[1]).toMatch(/^Non-positive multiplication factor 0 for/);
    expect(error_of(() => seq.__add__(bad(3)))).toEqual([
      'ValueError',
      "add operator supports only objects of Sequential class, but <class 'int'> is given.",
    ]);
  });

  test('conversion and loading reach the members', () => {
    const own = new nn.Sequential(new nn.Linear(1, 1), new nn.BatchNorm1d(1));
    own.double();
    expect((own[0] as nn.Linear).weight.dtype).toBe(torch.float64);
    own.load_state_dict({ '0.weight': torch.tensor([[3.5]]) }, { strict: false, assign: true });
    expect((own[0] as nn.Linear).weight.item()).toBe(3.5);
  });
});

describe('ModuleList', () => {
  test('as a list', () => {
    const list = new nn.ModuleList([new nn.ReLU(), new nn.Tanh()]);
    expect(list[1]).toBeInstanceOf(nn.Tanh);
    expect(list.append(new nn.GELU())).toBe(list);
    list.insert(0, new nn.ELU());
    list[1] = new nn.SELU();
    list.extend([new nn.Mish()]);
    expect(kinds(list)).toEqual(['ELU', 'SELU', 'Tanh', 'GELU', 'Mish']);
    expect(list['1:3']).toBeInstanceOf(nn.ModuleList);
    expect(keys(list['1:3'])).toEqual(['0', '1']);
    list.__delitem__('::2');
    expect(kinds(list)).toEqual(['SELU', 'GELU']);
    expect(kinds(list.__add__([new nn.ReLU()]))).toEqual(['SELU', 'GELU', 'ReLU']);
    expect(list.pop(-1)).toBeInstanceOf(nn.GELU);
    expect(list.length).toBe(1);
    expect(error_of(() => list[1])).toEqual(['IndexError', 'index 1 is out of range']);
    expect(error_of(() => new nn.ModuleList(bad(3)))).toEqual([
      'TypeError',
      'ModuleList.extend should be called with an iterable, but got int',
    ]);
  });

  test('prints repeated blocks once', () => {
    const block = (): nn.Module => new nn.Sequential(new nn.Linear(1, 1), new nn.ReLU());
    expect(String(new nn.ModuleList())).toBe('ModuleList()');
    expect(String(new nn.ModuleList([block(), block(), new nn.ReLU()]))).toBe(`ModuleList(
  (0-1): 2 x Sequential(
    (0): Linear(in_features=1, out_features=1, bias=True)
    (1): ReLU()
  )
  (2): ReLU()
)`);
  });
});

describe('ModuleDict', () => {
  test('members are properties, and copied with the dict', () => {
    const dict = new nn.ModuleDict({ linear: new nn.Linear(2, 3), act: new nn.ReLU() });
    expect(dict.linear).toBe(dict.get('linear'));
    expect(dict['act']).toBeInstanceOf(nn.ReLU);
    expect(Object.keys(dict)).not.toContain('linear');
    const other = copy.deepcopy(dict);
    expect(other).toBeInstanceOf(nn.ModuleDict);
    expect(other.linear).not.toBe(dict.linear);
    expect(torch.equal(other.linear.weight, dict.linear.weight)).toBe(true);
    other.linear.weight.data.zero_();
    expect(dict.linear.weight.abs().sum().item()).toBeGreaterThan(0);
  });

  test('as a dict', () => {
    const dict = new nn.ModuleDict({ b: new nn.ReLU(), a: new nn.Tanh(), '1': new nn.ELU() });
    dict.update([['c', new nn.GELU()]]);
    dict.update(new Map([['a', new nn.SELU()]]));
    expect([...dict]).toEqual(['1', 'b', 'a', 'c']);
    expect(kinds(dict.values())).toEqual(['ELU', 'ReLU', 'SELU', 'GELU']);
    expect([...dict.items()].map(([name]) => name)).toEqual([...dict.keys()]);
    expect(dict.__getitem__('a')).toBe(dict.get('a'));
    expect((dict as unknown as Record<string, nn.Module>)['b']).toBe(dict.get('b'));
    expect(dict.__contains__('a')).toBe(true);
    expect(dict.pop('a')).toBeInstanceOf(nn.SELU);
    dict.__setitem__('d', new nn.Mish());
    dict.__delitem__('b');
    expect([...dict.keys()]).toEqual(['1', 'c', 'd']);
    expect(dict.length).toBe(3);
    expect(new nn.ModuleDict(dict).length).toBe(3);
    dict.clear();
    expect(dict.length).toBe(0);
  });

  test('errors', () => {
    expect(error_of(() => new nn.ModuleDict({ a: bad(3) }))).toEqual(['TypeError', 'int is not a Module subclass']);
    expect(error_of(() => new nn.ModuleDict(bad(3)))).toEqual([
      'TypeError',
      'ModuleDict.update should be called with an iterable of key/value pairs, but got int',
    ]);
    expect(error_of(() => new nn.ModuleDict(bad([['a']])))).toEqual([
      'ValueError',
      'ModuleDict update sequence element #0 has length 1; 2 is required',
    ]);
    expect(error_of(() => new nn.ModuleDict(bad([3])))).toEqual([
      'TypeError',
      'ModuleDict update sequence element #0 should be Iterable; isint',
    ]);
    expect(error_of(() => new nn.ModuleDict({ a: new nn.ReLU() }).__getitem__('b'))).toEqual(['KeyError', "'b'"]);
    expect(error_of(() => new nn.ModuleDict({ keys: new nn.ReLU() }))).toEqual([
      'KeyError',
      "attribute 'keys' already exists",
    ]);
  });
});

describe('ParameterList and ParameterDict', () => {
  test('a list', () => {
    const list = new nn.ParameterList([torch.ones(2), new nn.Parameter(torch.ones(2, 3)), 3]);
    expect(list[0]).toBeInstanceOf(nn.Parameter);
    expect(list[-1]).toBe(3);
    expect(list.parameters()).toHaveLength(2);
    expect([...list.state_dict().keys()]).toEqual(['0', '1']);
    list[0] = bad(torch.zeros(1));
    expect(list.parameters()[0]!.tolist()).toEqual([0]);
    list.double();
    expect(list[1]!.dtype).toBe(torch.float64);
    expect([...list['1:']]).toHaveLength(2);
    expect(error_of(() => list(1 as never))).toEqual(['RuntimeError', 'ParameterList should not be called.']);
    expect(error_of(() => new nn.ParameterList(bad(3)))[1]).toBe(
      'ParameterList.extend should be called with an iterable, but got int',
    );
  });

  test('a dict', () => {
    const dict = new nn.ParameterDict({ b: torch.ones(2), a: new nn.Parameter(torch.ones(2, 3)), c: 'x' });
    expect([...dict.keys()]).toEqual(['a', 'b', 'c']);
    expect(dict.get('b')).toBeInstanceOf(nn.Parameter);
    expect([...dict.state_dict().keys()]).toEqual(['a', 'b']);
    expect(dict.setdefault('d', torch.ones(1))).toBe(dict.get('d'));
    expect(dict.popitem()[0]).toBe('d');
    expect(dict.copy().length).toBe(3);
    expect(error_of(() => dict(1 as never))).toEqual(['RuntimeError', 'ParameterDict should not be called.']);
    expect(error_of(() => dict.__getitem__('nope'))).toEqual([
      'AttributeError',
      "'ParameterDict' object has no attribute 'nope'",
    ]);
  });

  test('printing', () => {
    expect(String(new nn.ParameterList([torch.ones(2), new nn.Parameter(torch.ones(2, 3)), 3]))).toBe(
      `ParameterList(
    (0): Parameter containing: [torch.float32 of size 2]
    (1): Parameter containing: [torch.float32 of size 2x3]
    (2): Object of type: int
)`,
    );
    expect(String(new nn.ParameterDict({ b: torch.ones(2), a: torch.ones(2, 3) }))).toBe(
      `ParameterDict(
    (a): Parameter containing: [torch.FloatTensor of size 2x3]
    (b): Parameter containing: [torch.FloatTensor of size 2]
)`,
    );
  });
});
