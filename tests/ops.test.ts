/** torch.ops: operators of LibTorch by library, name and overload, and of a library that is compiled here. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import torch from 'tstorch';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loaded_libtorch } from '../dist/loader.js';

const x = torch.tensor([1.5, -2]);

describe('torch.ops.aten', () => {
  const { add, mm } = torch.ops.aten;

  test('calls a packet and an overload', () => {
    expect(add(x, x, { alpha: 2 }).tolist()).toEqual([4.5, -6]);
    expect(add.Tensor(x, x, { alpha: 2 }).tolist()).toEqual([4.5, -6]);
    expect(add.Scalar(x, 3).tolist()).toEqual([4.5, 1]);
    expect(add.Tensor({ self: x, other: x }).tolist()).toEqual([3, -4]);
    const out = torch.empty(2);
    expect(add.out(x, x, { out })).toBe(out);
    expect(out.tolist()).toEqual([3, -4]);
    expect(mm.default(torch.eye(2), torch.eye(2)).tolist()).toEqual([[1, 0], [0, 1]]);
    expect(add.Tensor).toBe(torch.ops.aten.add.Tensor);
    expect(() => add.Tensor(x)).toThrow(torch.TypeError);
    expect(() => add.Tensor('x', x)).toThrow(torch.TypeError);
  });

  test('says what it is, as Python does', () => {
    expect(add.overloads()).toEqual(['Tensor', 'Scalar', 'out', 'Scalar_out']);
    expect(mm.overloads()).toEqual(['default', 'out', 'dtype_out', 'dtype']);
    expect([String(add), String(add.Tensor)]).toEqual(['aten.add', 'aten.add.Tensor']);
    expect(inspect(add)).toBe("<OpOverloadPacket(op='aten.add')>");
    expect(inspect(mm.default)).toBe("<OpOverload(op='aten.mm', overload='default')>");
    expect(inspect(torch.ops.aten)).toBe("<module 'torch.ops.aten' from 'torch.ops'>");
    expect([add.Tensor.name(), mm.default.name()]).toEqual(['aten::add.Tensor', 'aten::mm']);
    expect(add.Tensor._schema).toBe('aten::add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor');
    expect(add.Tensor.overloadpacket).toBe(add);
  });

  test('refuses names that are not there, with messages of Python', () => {
    const { ops } = torch;
    expect(() => ops.aten['nonsense' as 'add']).toThrow(
      new torch.AttributeError("'_OpNamespace' 'aten' object has no attribute 'nonsense'"),
    );
    expect(() => ops.nonsense.foo).toThrow("'_OpNamespace' 'nonsense' object has no attribute 'foo'");
    expect(() => add.nonsense).toThrow("The underlying op of 'aten.add' has no overload name 'nonsense'");
  });
});

describe('a library of one’s own', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tstorch-'));
  const library = join(folder, 'libtstorch_test.so');

  beforeAll(() => {
    const { root } = loaded_libtorch()!;
    const source = join(import.meta.dirname, 'library.cc');
    const result = spawnSync(
      process.env['CXX'] ?? 'c++',
      [
        ...['-std=c++20', '-O0', '-fPIC', '-shared', source, '-o', library],
        ...['include', 'include/torch/csrc/api/include'].map((name) => `-I${join(root, name)}`),
        ...[`-L${join(root, 'lib')}`, '-ltorch_cpu', '-lc10'],
      ],
      { encoding: 'utf8' },
    );
    expect(result.status, result.stderr).toBe(0);
  }, 300_000);

  afterAll(() => rmSync(folder, { recursive: true }));

  test('is not there before it is loaded', () => {
    expect(() => torch.ops.tstorch_test.twice).toThrow(torch.AttributeError);
    expect(() => torch.ops.load_library(join(folder, 'none.so'))).toThrow(
      new torch.OSError(`Could not load this library: ${join(folder, 'none.so')}`),
    );
    expect(() => torch.ops.load_library(join(import.meta.dirname, 'library.cc'))).toThrow(torch.OSError);
    expect(() => torch.ops.load_library(5 as unknown as string)).toThrow(torch.TypeError);
  });

  test('can be called when it is loaded', () => {
    torch.ops.load_library(library);
    expect([...torch.ops.loaded_libraries]).toEqual([library]);
    const { twice, described, refuse } = torch.ops.tstorch_test!;
    expect(twice(x).tolist()).toEqual([3, -4]);
    expect(twice(x, { factor: 0.5 }).tolist()).toEqual([1.5, -2]);
    expect(twice({ x, factor: 2 }).tolist()).toEqual([6, -8]);
    expect(twice(21).item()).toBe(42);
    expect(twice.number(4).item()).toBe(8);
    expect(twice.overloads().sort()).toEqual(['default', 'number']);
    const [copy, dimensions] = described<[torch.Tensor, number]>(x);
    expect([copy.tolist(), dimensions]).toEqual([[1.5, -2], 1]);
    expect(() => refuse(x)).toThrow(new torch.RuntimeError('refused a tensor of 1 dimensions'));
    expect(() => twice('x')).toThrow(torch.TypeError);
  });

  test('is followed by autograd through what it is made of', () => {
    const leaf = torch.tensor([1.5], { requires_grad: true });
    torch.ops.tstorch_test.twice(leaf).sum().backward();
    expect(leaf.grad!.tolist()).toEqual([2]);
  });
});
