/** What the types say of tensors from data, and of data from tensors: checked by compiling, never run. */
import torch, { Complex, float32, Generator, type Scalar, Size, Tensor } from 'tstorch';

declare const x: Tensor;
declare const shaped: Float32Array & { readonly shape: readonly number[] };

export function data(): void {
  const made: Tensor[] = [
    torch.tensor(1),
    torch.tensor(true),
    torch.tensor(1n),
    torch.tensor(new Complex(1, 2)),
    torch.tensor([1, 2.5]),
    torch.tensor([
      [1, 2],
      [3, 4],
    ]),
    torch.tensor([[[true]]]),
    torch.tensor(new Float32Array(3)),
    torch.tensor([new Float32Array(3), new Float32Array(3)]),
    torch.tensor([x, 1]),
    torch.tensor([1], { dtype: float32, device: 'cpu', requires_grad: true }),
    torch.tensor({ data: [1], dtype: null }),
    torch.from_numpy(new Int8Array(2)),
    torch.from_numpy(shaped),
    torch.from_numpy(x.numpy()),
    torch.frombuffer(new ArrayBuffer(8), { dtype: torch.int16, count: 2, offset: 0 }),
    torch.as_tensor([1]),
    torch.as_tensor(x, torch.float64),
    torch.as_tensor({ data: x, device: 'cpu' }),
  ];
  void made;
  // @ts-expect-error strings are no data
  torch.tensor('1');
  // @ts-expect-error nor inside arrays
  torch.tensor([1, 'a']);
  // @ts-expect-error nor objects
  torch.tensor([new Date()]);
  // @ts-expect-error nor null
  torch.tensor([null]);
  // @ts-expect-error no such option
  torch.tensor([1], { dtyp: float32 });
  // @ts-expect-error dtype has no place of its own
  torch.tensor([1], float32);
  // @ts-expect-error a typed array
  torch.from_numpy([1, 2]);
  // @ts-expect-error the dtype is missing
  torch.frombuffer(new ArrayBuffer(8));
  // @ts-expect-error classes want `new`
  torch.device('cpu');
}

export function back(): void {
  const array = x.numpy();
  const shape: readonly number[] = array.shape;
  const first: number | bigint = array[0]!;
  const size: Size = x.shape;
  const again: Size = size.slice(1);
  const plain: number[] = size.map((n) => n + 1);
  const { type, index } = x.device;
  const text: string = type;
  const where: number | null = index;
  const scalar: Scalar = 5n;
  void [shape, first, again, plain, text, where, scalar];
}

export function conversions(): void {
  const made: Tensor[] = [
    x.to(torch.float64),
    x.to('cuda'),
    x.to(0),
    x.to(new torch.device('cpu'), torch.float16),
    x.to(x),
    x.to({ dtype: torch.int64, copy: true }),
    x.to('cpu', { non_blocking: true }),
    x.float().long().cpu(),
    x.type(torch.float64),
  ];
  const name: string = x.type();
  void [made, name];
  // @ts-expect-error no such option
  x.to({ dtyp: torch.int64 });
  // @ts-expect-error an array names no device
  x.to(['cpu']);
}

export function indexing(): void {
  const rows: Tensor[] = [
    x[0]!,
    x['1:3']!,
    x['..., 0']!,
    x.index(0),
    x.index('1:, 0'),
    x.index([0, torch.slice(null, 2), null, '...', true, x, [0, 2], [[true, false]]]),
    x.index_put_([0], 5),
    x.index_put_([x], x, true),
    x.index_put_({ indices: [x], values: [1, 2], accumulate: false }),
  ];
  void rows;
  x[0] = x;
  x[':, 0'] = x;
  // @ts-expect-error a function is no index
  x.index(() => 0);
  // @ts-expect-error fractions are no parts of a slice, nor strings
  torch.slice('1');
  // @ts-expect-error no such name
  x.index_put_([0], 5, { acumulate: true });
}

export function random(): void {
  const generator: Generator = torch.manual_seed(42).manual_seed(2n ** 63n);
  const state: Tensor = generator.get_state();
  generator.set_state(state);
  generator.manual_seed({ seed: 1 });
  const seed: number | bigint = generator.initial_seed();
  void [new Generator(), new Generator('cuda:0'), new Generator({ device: 'cpu' }), seed];
  // @ts-expect-error a seed is a number
  torch.manual_seed('42');
}
