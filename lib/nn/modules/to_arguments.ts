import { is_kwargs } from '../../arguments.ts';
import type { DeviceLike } from '../../device.ts';
import { dtype as DType } from '../../dtype.ts';
import { TypeError } from '../../errors.ts';
import type { memory_format as MemoryFormat } from '../../layout.ts';
import { Tensor } from '../../tensor.ts';

/** Where to, and into what, `module.to(...)` moves a module. */
export interface ToOptions {
  device?: DeviceLike | null;
  dtype?: DType | null;
  /** A tensor whose device and dtype are wanted. */
  tensor?: Tensor | null;
  /** Do not wait for a copy between the host's pinned memory and a GPU (default: false). */
  non_blocking?: boolean;
  /** How 4D and 5D parameters and buffers are laid out in memory. */
  memory_format?: MemoryFormat | null;
}

export interface ParsedTo {
  device: DeviceLike | undefined;
  dtype: DType | undefined;
  non_blocking: boolean;
  memory_format: MemoryFormat | undefined;
}

const names = ['device', 'dtype', 'tensor', 'non_blocking', 'memory_format'];

/** Reads the arguments of `module.to`, whose first one may be a device, a dtype or a tensor. */
export function parse_to(args: readonly unknown[]): ParsedTo {
  const options: Record<string, unknown> = {};
  const set = (name: string, value: unknown): void => {
    if (value === undefined) return;
    if (options[name] !== undefined) throw new TypeError(`to() got multiple values for argument '${name}'`);
    options[name] = value;
  };
  let positional = [...args];
  const last = positional[positional.length - 1];
  const kwargs = is_kwargs(last) ? last : {};
  if (is_kwargs(last)) positional = positional.slice(0, -1);

  const [first, ...rest] = positional;
  const order =
    first instanceof Tensor
      ? ['tensor', 'non_blocking']
      : first instanceof DType
        ? ['dtype', 'non_blocking']
        : ['device', 'dtype', 'non_blocking'];
  if (positional.length > order.length) {
    throw new TypeError(
      `to() takes at most ${order.length} positional arguments here, but ${positional.length} were given`,
    );
  }
  [first, ...rest].forEach((value, i) => set(order[i]!, value));
  for (const [name, value] of Object.entries(kwargs)) {
    if (!names.includes(name)) {
      throw new TypeError(`to() got an unexpected keyword argument '${name}'; valid ones are: ${names.join(', ')}`);
    }
    set(name, value);
  }

  const { tensor, dtype, non_blocking } = options;
  if (dtype !== undefined && dtype !== null && !(dtype instanceof DType)) {
    throw new TypeError("to(): argument 'dtype' must be a torch.dtype");
  }
  if (non_blocking !== undefined && typeof non_blocking !== 'boolean') {
    throw new TypeError("to(): argument 'non_blocking' must be a boolean");
  }
  const other = tensor instanceof Tensor ? tensor : undefined;
  return {
    device: (options['device'] as DeviceLike | null | undefined) ?? other?.device,
    dtype: dtype ?? other?.dtype,
    non_blocking: non_blocking ?? false,
    memory_format: (options['memory_format'] as MemoryFormat | null | undefined) ?? undefined,
  };
}
