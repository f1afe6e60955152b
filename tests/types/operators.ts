/**
 * What the types say of operators: checked by compiling, never run. `@ts-expect-error` marks what has to be an error; the
 * compiler complains where it is none.
 */
import torch from 'tstorch';
import type { Tensor } from 'tstorch';

/** Holds only if the two types are the same. */
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;
declare function same<A, B>(holds: Same<A, B>): void;

declare const x: Tensor;
declare const list: readonly Tensor[];

export function every_form_of_a_call(): void {
  const forms: Tensor[] = [
    torch.add(x, x),
    torch.add(x, 2),
    torch.add(2, x),
    torch.add(x, x, { alpha: 2 }),
    torch.add(x, { other: 1.5 }),
    torch.add({ input: x, other: x, alpha: 0.5 }),
    torch.add(x, x, { out: x }),
    torch.mul(true, x),
    torch.mul(x, 5n),
    torch.mul(x, new torch.Complex(0, 1)),
    x.add(1),
    x.add(x, { alpha: 2 }),
    x.add({ other: x }),
    x.sum(),
    x.sum(0),
    x.sum([0, 1]),
    x.sum({ dim: 0, keepdim: true }),
    x.sum(0, true),
    x.sum(0, { keepdim: true, dtype: torch.float64 }),
    x.sum({ dtype: torch.float64 }),
    x.view(2, 3),
    x.view([2, 3]),
    x.view({ size: [2, 3] }),
    x.view(x.shape),
    x.view(torch.int32),
    x.permute(1, 0),
    x.clamp({ min: 0 }),
    x.clamp(null, 1),
    x.clamp(x, x),
    torch.zeros(2, 3),
    torch.zeros([2, 3]),
    torch.zeros(2, 3, { dtype: torch.int64, device: 'cpu', requires_grad: true }),
    torch.arange(5),
    torch.arange(0, 5, 0.5),
    torch.arange({ end: 5 }),
    torch.rand(2, { generator: torch.default_generator }),
    torch.cat([x, x], 1),
    torch.cat(list, { dim: 0 }),
    torch.conv2d(x, x, null, 1, 1),
    torch.conv2d(x, x, { stride: [1, 2], padding: 'same' }),
    torch.where(x, x, 0),
    torch.einsum('ij->i', [x]),
  ];
  void forms;
}

export function what_calls_give(): void {
  same<ReturnType<typeof x.numel>, number>(true);
  same<typeof x.requires_grad, boolean>(true);
  same<typeof x.grad, Tensor | null>(true);
  const { values, indices } = x.max(1);
  const best: Tensor = values;
  same<typeof indices, Tensor>(true);
  const [first, second] = torch.sort(x, { descending: true });
  same<typeof first, Tensor>(true);
  same<typeof second, Tensor>(true);
  const maximum: Tensor = x.max();
  const parts: Tensor[] = x.split(1);
  const whole: boolean = torch.is_floating_point(x);
  const same_tensor: boolean = torch.equal(x, x);
  const kind: typeof torch.float32 = torch.result_type(x, 2);
  const sizes: number = x.size(0);
  const shape: readonly number[] = x.size();
  const row: Tensor = x[0]!;
  const part: Tensor = x[':, 0']!;
  const rest: Tensor = x['..., ::2']!;
  const number: number = x.item();
  for (const one of x) same<typeof one, Tensor>(true);
  void [best, maximum, parts, whole, same_tensor, kind, sizes, shape, row, part, rest, number];
}

/** A method in place gives the very type it was called on. */
export function in_place<T extends Tensor & { tag: string }>(tagged: T): string {
  return tagged.add_(1).mul_({ other: 2 }).tag;
}

export function wrong_calls(): void {
  // @ts-expect-error a string is no tensor
  torch.add(x, 'y');
  // @ts-expect-error the argument is missing
  torch.mm(x);
  // @ts-expect-error one too many
  torch.mm(x, x, x);
  // @ts-expect-error no such name
  x.sum({ dimension: 0 });
  // @ts-expect-error not by name and by position
  torch.mm(x, x, { mat2: x });
  // @ts-expect-error whether, not how many
  x.sum(0, { keepdim: 1 });
  // @ts-expect-error a dtype is an object
  torch.zeros(2, { dtype: 'float32' });
  // @ts-expect-error sizes are numbers
  torch.zeros('2');
  // @ts-expect-error sizes are numbers
  x.view('2', '3');
  // @ts-expect-error an array of tensors
  torch.cat(x, 0);
  // @ts-expect-error not numbers
  torch.cat([1, 2]);
  // @ts-expect-error out is a tensor
  torch.add(x, x, { out: 5 });
  // @ts-expect-error a generator, not its seed
  torch.rand(2, { generator: 42 });
  // @ts-expect-error no such method
  x.summ();
  // @ts-expect-error no such function
  torch.summ(x);
  // @ts-expect-error names are PyTorch's
  torch.manualSeed(1);
  // @ts-expect-error tensors do not add with +
  void (x + x);
  // @ts-expect-error nor multiply
  void (x * 2);
  // @ts-expect-error the shape is read-only
  x.shape = [2];
  // @ts-expect-error a gradient is a tensor or null
  x.grad = 5;
}

export function modes(): void {
  same<ReturnType<typeof torch.is_grad_enabled>, boolean>(true);
  const y = torch.no_grad(() => x.add(1));
  same<typeof y, Tensor>(true);
  const z = torch.inference_mode(() => 'text' as const);
  same<typeof z, 'text'>(true);
  const n = torch.set_grad_enabled(false, () => 1 as number);
  same<typeof n, number>(true);
  const guard: Disposable = torch.no_grad();
  const other: Disposable = torch.inference_mode({ mode: false });
  void [guard, other];
  const kept = torch.memory.tidy(() => ({ a: x }));
  same<typeof kept, { a: Tensor }>(true);
  // @ts-expect-error a callback or nothing
  torch.no_grad(5);
  // @ts-expect-error the mode is missing
  torch.set_grad_enabled();
}

export function autograd(): void {
  x.backward();
  x.backward(x);
  x.backward({ gradient: x, retain_graph: true, inputs: [x] });
  x.backward(null, true, true);
  const gradients = torch.autograd.grad(x, [x], { create_graph: true });
  same<typeof gradients, (Tensor | null)[]>(true);
  torch.autograd.backward([x, x], [x, null]);
  x.requires_grad_().requires_grad = false;
  // @ts-expect-error the gradient is a tensor
  x.backward(1);
  // @ts-expect-error the inputs are missing
  torch.autograd.grad(x);
  // @ts-expect-error no such name
  x.backward({ retain: true });
}
