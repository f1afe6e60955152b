/**
 * The device of new tensors.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_device.html
 */
import { is_kwargs } from './arguments.ts';
import { type Guard, scoped } from './autograd/grad_mode.ts';
import { device, type DeviceLike } from './device.ts';

/** Null until somebody sets it: then functions that make tensors leave the choice to LibTorch. */
let current: device | null = null;

/** The functions that make tensors on the default device. */
const FACTORIES: ReadonlySet<string> = new Set(
  [
    'arange', 'bartlett_window', 'blackman_window', 'empty', 'empty_permuted', 'empty_quantized', 'empty_strided', 'eye',
    'fft_fftfreq', 'fft_rfftfreq', 'full', 'hamming_window', 'hann_window', 'kaiser_window', 'linspace', 'logspace',
    'ones', 'rand', 'randint', 'randn', 'randperm', 'range', 'scalar_tensor', 'sparse_bsc_tensor', 'sparse_bsr_tensor',
    'sparse_compressed_tensor', 'sparse_coo_tensor', 'sparse_csc_tensor', 'sparse_csr_tensor', 'tril_indices',
    'triu_indices', 'zeros',
  ].map((name) => `aten::${name}`),
);

/** @internal Does the operator make a tensor on the default device? */
export function is_factory(operator: string): boolean {
  return FACTORIES.has(operator);
}

/** @internal The device for a tensor whose maker gave `given`. */
export function device_or_default(given: DeviceLike | null | undefined): DeviceLike | null {
  return given ?? current;
}

/** @internal A factory that gives the default device to `call` unless it is given one. */
export function on_default_device<F extends (...args: never[]) => unknown>(call: F): F {
  return function (...args: unknown[]): unknown {
    if (current === null) return call(...(args as never[]));
    const last = args[args.length - 1];
    if (!is_kwargs(last)) return call(...(args as never[]), { device: current } as never);
    // A result to write to has its own device.
    if (last['device'] != null || last['out'] != null) return call(...(args as never[]));
    return call(...(args.slice(0, -1) as never[]), { ...last, device: current } as never);
  } as unknown as F;
}

/** The device of new tensors. See https://docs.pytorch.org/docs/stable/generated/torch.get_default_device.html */
export function get_default_device(): device {
  return current ?? new device('cpu');
}

/**
 * Makes new tensors on a device unless they are given another; for good, or with a callback or `using` for a while:
 *
 *     torch.set_default_device('cuda');
 *     const model = torch.set_default_device('meta', () => new nn.Linear(1000, 1000));
 *
 * @param device null goes back to the CPU
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_default_device.html
 */
export function set_default_device(device: DeviceLike | null | { device: DeviceLike | null }): Guard;
export function set_default_device<T>(device: DeviceLike | null, callback: () => T): T;
export function set_default_device<T>(
  given: DeviceLike | null | { device: DeviceLike | null },
  callback?: () => T,
): T | Guard {
  const name = is_kwargs(given) ? (given as { device: DeviceLike | null }).device : (given as DeviceLike | null);
  const chosen = name === null ? null : new device(name);
  return scoped(
    'set_default_device',
    () => {
      const before = current;
      current = chosen;
      return () => {
        current = before;
      };
    },
    callback,
  );
}
