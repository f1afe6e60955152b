/**
 * Regions of a program that run in mixed precision.
 * @see https://docs.pytorch.org/docs/stable/amp.html#autocasting
 */
import { type Arguments, is_instance, signature } from '../arguments.ts';
import type { GradientOutput } from '../autograd/function/index.ts';
import { type Guard, scoped } from '../autograd/grad_mode.ts';
import {
  autocast_decrement_nesting, autocast_increment_nesting, clear_autocast_cache, get_autocast_dtype,
  is_autocast_cache_enabled, is_autocast_enabled, set_autocast_cache_enabled, set_autocast_dtype, set_autocast_enabled,
} from '../autocast_state.ts';
import { is_available } from '../cuda/device.ts';
import { bfloat16, type dtype as DType, float16, float64 } from '../dtype.ts';
import { AttributeError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { native } from '../native.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { tree_map } from '../utils/pytree.ts';
import { warn } from '../warnings.ts';

/** What `autocast` takes. */
export interface AutocastParameters {
  /** The type of device that it is for, as `tensor.device.type` has it: `'cpu'`, `'cuda'`, … */
  device_type: string;
  /** What to cast to: null is the type's own, `float16` for `'cuda'` and `bfloat16` for `'cpu'`. */
  dtype?: DType | null;
  /** Whether anything is cast at all (default: true). */
  enabled?: boolean;
  /** Whether casts of parameters are kept until the end of the outermost region (null: as it is outside). */
  cache_enabled?: boolean | null;
}

type AutocastArguments = Arguments<AutocastParameters, ['device_type', 'dtype', 'enabled', 'cache_enabled']>;

const autocast_arguments = signature<AutocastParameters>('autocast', [
  'device_type', ['dtype', null], ['enabled', true], ['cache_enabled', null],
]);

const AUTOCAST_DTYPES: readonly DType[] = [bfloat16, float16];

/**
 * Can there be autocasting on devices of the type? Says nothing of whether there is such a device.
 * @param device_type `'cpu'`, `'cuda'`, …
 * @throws RuntimeError if there is no such type of device
 * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.is_autocast_available
 */
export function is_autocast_available(device_type: string | { device_type: string }): boolean {
  return native.autocast_available(typeof device_type === 'string' ? device_type : device_type.device_type);
}

/** What autocasting is set to in a region, checked. */
interface Region {
  device_type: string;
  dtype: DType;
  enabled: boolean;
  cache_enabled: boolean;
}

function check_device_type(device_type: unknown): void {
  if (typeof device_type === 'string') return;
  throw new ValueError(`Expected \`device_type\` of type \`str\`, got: \`<class '${type_name(device_type)}'>\``);
}

function region_of({ device_type, dtype, enabled, cache_enabled }: Required<AutocastParameters>): Region {
  check_device_type(device_type);
  for (const [name, value] of Object.entries({ enabled, cache_enabled })) {
    if (typeof value === 'boolean' || (value === null && name === 'cache_enabled')) continue;
    throw new TypeError(`autocast(): argument '${name}' must be bool, not ${type_name(value)}`);
  }
  const region = {
    device_type,
    dtype: dtype ?? get_autocast_dtype(device_type),
    enabled,
    cache_enabled: cache_enabled ?? is_autocast_cache_enabled(),
  };
  if (!is_autocast_available(device_type)) {
    throw new RuntimeError(`User specified an unsupported autocast device_type '${device_type}'`);
  }
  const warning = enabled ? reason_to_disable(region) : undefined;
  if (warning === undefined) return region;
  warn(warning);
  return { ...region, enabled: false };
}

function reason_to_disable({ device_type, dtype }: Region): string | undefined {
  if (device_type === 'cuda') {
    // What a GPU does not compute in bfloat16 LibTorch emulates there, so its dtypes need no check.
    return is_available()
      ? undefined
      : 'CUDA is not available or torch_xla is imported. Disabling autocast.';
  }
  if (AUTOCAST_DTYPES.includes(dtype)) return undefined;
  const name = device_type.toUpperCase();
  return (
    `In ${name} autocast, but the target dtype is not supported. Disabling autocast.\n` +
    `${name} Autocast only supports dtypes of ${AUTOCAST_DTYPES.join(', ')} currently.`
  );
}

/** @returns what ends the region */
function enter({ device_type, dtype, enabled, cache_enabled }: Region): () => void {
  const enabled_before = is_autocast_enabled(device_type);
  const dtype_before = get_autocast_dtype(device_type);
  const cache_before = is_autocast_cache_enabled();
  // First what can fail.
  set_autocast_dtype(device_type, dtype);
  set_autocast_enabled(device_type, enabled);
  set_autocast_cache_enabled(cache_enabled);
  autocast_increment_nesting();
  return () => {
    if (autocast_decrement_nesting() === 0) clear_autocast_cache();
    set_autocast_enabled(device_type, enabled_before);
    set_autocast_dtype(device_type, dtype_before);
    set_autocast_cache_enabled(cache_before);
  };
}

/**
 * Runs in mixed precision, while the callback runs or until the end of the block of a `using`: each operator in the
 * dtype that suits it, whatever dtypes its arguments have. Matrix products and convolutions, say, run in `dtype`, and
 * losses in float32.
 *
 * ```ts
 * const loss = torch.autocast('cpu', { dtype: torch.bfloat16 }, () => loss_fn(model(X), y));
 * loss.backward();
 * ```
 *
 * It is for the forward pass and the loss; the backward pass, outside, runs in the dtypes of the forward. Model and
 * input stay in float32. Regions can be nested, and one with `enabled: false` in another runs in the dtypes of its
 * tensors.
 *
 * Where Python decorates a `forward` with it, the body goes into the callback.
 *
 * @param device_type the type of device that it is for: `'cpu'`, `'cuda'`, …
 * @param dtype `torch.bfloat16` or `torch.float16` (null: the latter for `'cuda'`, the former for `'cpu'`)
 * @param enabled whether anything is cast (default: true)
 * @param cache_enabled whether casts of parameters are kept until the end of the outermost region (null: as outside)
 * @returns what the callback returns
 * @throws RuntimeError for a type of device that has no autocasting
 * @see https://docs.pytorch.org/docs/stable/amp.html#torch.autocast
 */
export function autocast<T>(...args: [...given: AutocastArguments, callback: () => T]): T;
export function autocast(...args: AutocastArguments): Guard;
export function autocast<T>(...args: readonly unknown[]): T | Guard {
  const last = args.at(-1);
  const has_callback = typeof last === 'function';
  const parameters = autocast_arguments(has_callback ? args.slice(0, -1) : args);
  return scoped('autocast', () => enter(region_of(parameters)), has_callback ? (last as () => T) : undefined);
}

/** The `forward` of a class of `torch.autograd.Function`. */
export type Forward = (ctx: never, ...args: never[]) => unknown;
/** Its `backward`. */
export type Backward = (ctx: never, ...grad_outputs: never[]) => GradientOutput;

/** What `custom_fwd` takes by name. */
export interface CustomFwdParameters {
  /** The type of device whose autocasting it is about. */
  device_type: string;
  /** What the floating-point arguments are cast to in a region with autocasting (null: they are left alone). */
  cast_inputs?: DType | null;
}

/** What `custom_fwd` leaves in the context of a call for `custom_bwd`, under Python's names. */
interface CastContext {
  _dtype?: DType;
  _fwd_used_autocast?: boolean;
}

const custom_fwd_arguments = signature<{ fwd: Forward | null } & CustomFwdParameters>(
  'custom_fwd', [['fwd', null]], ['device_type', ['cast_inputs', null]],
);
const custom_bwd_arguments = signature<{ bwd: Backward | null; device_type: string }>(
  'custom_bwd', [['bwd', null]], ['device_type'],
);

/** The arguments with the tensors in them cast that autocasting would cast; double precision is left alone. */
function cast_arguments(args: readonly unknown[], device_type: string, dtype: DType): unknown[] {
  const cast = (one: unknown): unknown => {
    const eligible =
      is_instance(one, Tensor) &&
      one.is_floating_point() &&
      one.device.type === device_type &&
      one.dtype !== float64;
    return eligible ? one.to(dtype) : one;
  };
  return tree_map(cast, args) as unknown[];
}

/**
 * The `forward` of a class of `torch.autograd.Function` for programs with autocasting. With `cast_inputs` its tensors
 * are cast to that dtype in a region with autocasting, and it runs with autocasting off; without, it runs as the region
 * does, and `custom_bwd` sees to it that `backward` does too.
 *
 * ```ts
 * class Product extends torch.autograd.Function {
 *   static override forward = custom_fwd(
 *     (ctx: FunctionCtx, a: Tensor, b: Tensor): Tensor => {
 *       ctx.save_for_backward(a, b);
 *       return a.mm(b);
 *     },
 *     { device_type: 'cuda' },
 *   );
 *
 *   static override backward = custom_bwd(
 *     (ctx: FunctionCtx, grad: Tensor) => {
 *       const [a, b] = ctx.saved_tensors;
 *       return [grad.mm(b!.t()), a!.t().mm(grad)];
 *     },
 *     { device_type: 'cuda' },
 *   );
 * }
 * ```
 *
 * Called without a function it gives what takes one.
 * @param fwd the function, which takes the context first
 * @param device_type the type of device whose autocasting it is about (by name only)
 * @param cast_inputs the dtype for floating-point arguments on such a device, float64 excepted (by name only)
 * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.custom_fwd
 */
export function custom_fwd<F extends Forward>(fwd: F, options: CustomFwdParameters): F;
export function custom_fwd(options: CustomFwdParameters): <F extends Forward>(fwd: F) => F;
export function custom_fwd(...args: readonly unknown[]): Forward | (<F extends Forward>(fwd: F) => F) {
  const { fwd, device_type, cast_inputs } = custom_fwd_arguments(args);
  check_device_type(device_type);
  if (fwd === null) return <F extends Forward>(given: F) => custom_fwd(given, { device_type, cast_inputs });
  return function (this: unknown, ctx: CastContext, ...inputs: readonly unknown[]): unknown {
    const enabled = is_autocast_enabled(device_type);
    ctx._dtype = get_autocast_dtype(device_type);
    ctx._fwd_used_autocast = enabled && cast_inputs === null;
    if (!enabled || cast_inputs === null) return fwd.call(this, ctx as never, ...(inputs as never[]));
    const cast = cast_arguments(inputs, device_type, cast_inputs) as never[];
    return autocast(device_type, { enabled: false }, () => fwd.call(this, ctx as never, ...cast));
  };
}

/**
 * The `backward` that goes with a `forward` made by `custom_fwd`: it runs with autocasting as that did.
 *
 * Called without a function it gives what takes one.
 * @param bwd the function, which takes the context first
 * @param device_type the type of device whose autocasting it is about (by name only)
 * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.custom_bwd
 */
export function custom_bwd<F extends Backward>(bwd: F, options: { device_type: string }): F;
export function custom_bwd(options: { device_type: string }): <F extends Backward>(bwd: F) => F;
export function custom_bwd(...args: readonly unknown[]): Backward | (<F extends Backward>(bwd: F) => F) {
  const { bwd, device_type } = custom_bwd_arguments(args);
  check_device_type(device_type);
  if (bwd === null) return <F extends Backward>(given: F) => custom_bwd(given, { device_type });
  return function (this: unknown, ctx: CastContext, ...grad_outputs: never[]): GradientOutput {
    const { _fwd_used_autocast: enabled, _dtype: dtype } = ctx;
    if (enabled === undefined) {
      const name = typeof this === 'function' ? `${this.name}Backward` : type_name(ctx);
      throw new AttributeError(`'${name}' object has no attribute '_fwd_used_autocast'`);
    }
    return autocast(device_type, { enabled, dtype }, () => bwd.call(this, ctx as never, ...grad_outputs));
  };
}
