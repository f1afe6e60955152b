/**
 * Scaling the loss, so that small gradients survive in a narrow dtype.
 * @see https://docs.pytorch.org/docs/stable/amp.html#gradient-scaling
 */
import { type Arguments, is_instance, is_kwargs, signature } from '../arguments.ts';
import { no_grad } from '../autograd/grad_mode.ts';
import { is_available } from '../cuda/device.ts';
import type { device as Device } from '../device.ts';
import { float16, float32, float64, int32 } from '../dtype.ts';
import { AssertionError, KeyError, RuntimeError, TypeError, ValueError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Optimizer } from '../optim/optimizer.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { warn } from '../warnings.ts';

/** What `GradScaler` takes. */
export interface GradScalerParameters {
  /** The type of device that the scale lives on (default: `'cuda'`). */
  device?: string;
  /** The scale to begin with (default: 65536). */
  init_scale?: number;
  /** What the scale is multiplied by after `growth_interval` steps without overflow (default: 2). */
  growth_factor?: number;
  /** What the scale is multiplied by after an overflow (default: 0.5). */
  backoff_factor?: number;
  /** After how many steps in a row without overflow the scale grows (default: 2000). */
  growth_interval?: number;
  /** If false, nothing is scaled and `step` is the optimizer's own (default: true). */
  enabled?: boolean;
}

/** What `state_dict()` gives; of a scaler that is not enabled, nothing of it. */
export interface GradScalerState {
  scale: number;
  growth_factor: number;
  backoff_factor: number;
  growth_interval: number;
  /** How many steps in a row there have been without overflow. */
  _growth_tracker: number;
}

/** What `scale` takes: a tensor, or an iterable of such things. */
export type Scalable = Tensor | (object & Iterable<Scalable>);

/** What `scale` makes of it: a tensor, or an array. */
export type Scaled<T> = T extends Tensor
  ? Tensor
  : T extends readonly unknown[]
    ? { -readonly [K in keyof T]: Scaled<T[K]> }
    : T extends Iterable<infer U>
      ? Scaled<U>[]
      : never;

// eslint-disable-next-line @typescript-eslint/no-explicit-any -- whatever its groups are
type AnyOptimizer = Optimizer<any>;

/** What has been done with an optimizer since the last `update`. */
interface Progress {
  stage: 'ready' | 'unscaled' | 'stepped';
  /** For each device with gradients, a tensor that is 1 if one of them is not finite. */
  found_infs: readonly Tensor[];
}

const scaler_arguments = signature<GradScalerParameters>('GradScaler', [
  ['device', 'cuda'], ['init_scale', 65536], ['growth_factor', 2], ['backoff_factor', 0.5], ['growth_interval', 2000],
  ['enabled', true],
]);
const scale_arguments = signature<{ outputs: Scalable }>('scale', ['outputs']);
const unscale_arguments = signature<{ optimizer: AnyOptimizer }>('unscale_', ['optimizer']);
const update_arguments = signature<{ new_scale: number | Tensor | null }>('update', [['new_scale', null]]);
const growth_factor_arguments = signature<{ new_factor: number }>('set_growth_factor', ['new_factor']);
const backoff_factor_arguments = signature<{ new_factor: number }>('set_backoff_factor', ['new_factor']);
const interval_arguments = signature<{ new_interval: number }>('set_growth_interval', ['new_interval']);

/**
 * Multiplies losses by a scale, so that gradients in float16 neither vanish nor overflow, and divides the gradients by
 * it before an optimizer's step. A step whose gradients have overflowed is left out, and the scale is made smaller; when
 * there has been no overflow for a while it is made larger.
 *
 * ```ts
 * const scaler = new torch.amp.GradScaler('cuda');
 * for (const [X, y] of loader) {
 *   optimizer.zero_grad();
 *   const loss = torch.autocast('cuda', () => loss_fn(model(X), y));
 *   scaler.scale(loss).backward();
 *   scaler.step(optimizer);
 *   scaler.update();
 * }
 * ```
 *
 * With `bfloat16`, whose range is that of float32, it is not needed.
 *
 * @param device the type of device that the scale lives on (default: `'cuda'`)
 * @param init_scale the scale to begin with (default: 65536)
 * @param growth_factor what it is multiplied by after `growth_interval` steps without overflow (default: 2)
 * @param backoff_factor what it is multiplied by after a step with overflow (default: 0.5)
 * @param growth_interval how many steps in a row have to be without overflow (default: 2000)
 * @param enabled if false, nothing is scaled and `step` is the optimizer's own (default: true)
 * @throws AssertionError for a `growth_factor` that does not make larger, or a `backoff_factor` that does not make smaller
 * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler
 */
export class GradScaler {
  readonly #device: string;
  readonly #enabled: boolean;
  #init_scale: number;
  #init_growth_tracker = 0;
  #growth_factor: number;
  #backoff_factor: number;
  #growth_interval: number;
  /** The scale and the steps without overflow, made where the first output is. */
  #scale: Tensor | null = null;
  #growth_tracker: Tensor | null = null;
  readonly #progress = new Map<AnyOptimizer, Progress>();

  constructor(
    ...args: Arguments<
      GradScalerParameters,
      ['device', 'init_scale', 'growth_factor', 'backoff_factor', 'growth_interval', 'enabled']
    >
  ) {
    const { device, init_scale, growth_factor, backoff_factor, growth_interval, enabled } = scaler_arguments(args);
    const without_gpu = device === 'cuda' && !is_available();
    if (enabled && without_gpu) {
      warn('torch.cuda.amp.GradScaler is enabled, but CUDA is not available.  Disabling.');
    }
    this.#device = device;
    this.#enabled = enabled && !without_gpu;
    if (this.#enabled && growth_factor <= 1) throw new AssertionError('The growth factor must be > 1.0.');
    if (this.#enabled && backoff_factor >= 1) throw new AssertionError('The backoff factor must be < 1.0.');
    this.#init_scale = init_scale;
    this.#growth_factor = growth_factor;
    this.#backoff_factor = backoff_factor;
    this.#growth_interval = growth_interval;
  }

  // --- Scaling ----------------------------------------------------------------------------------------------------

  /**
   * Multiplies by the scale.
   * @param outputs a tensor, or an array of tensors, arrays of them and so on
   * @returns the products in the same form; the very same thing if the scaler is not enabled
   * @throws ValueError if there is something else
   * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler.scale
   */
  scale<const T extends Scalable>(outputs: T | { outputs: T }): Scaled<T> {
    const given = scale_arguments([outputs]).outputs;
    if (!this.#enabled) return given as Scaled<T>;
    const copies = new Map<string, Tensor>();
    return this.#scaled(given, copies) as Scaled<T>;
  }

  /** @param copies of the scale, by device */
  #scaled(value: unknown, copies: Map<string, Tensor>): unknown {
    if (is_instance(value, Tensor)) {
      const key = String(value.device);
      let scale = copies.get(key);
      if (scale === undefined) {
        scale = this.#scale_for(value.device);
        copies.set(key, scale);
      }
      return value.mul(scale);
    }
    if (typeof value === 'object' && value !== null && Symbol.iterator in value) {
      return Array.from(value as Iterable<unknown>, (one) => this.#scaled(one, copies));
    }
    throw new ValueError('outputs must be a Tensor or an iterable of Tensors');
  }

  #scale_for(device: Device): Tensor {
    if (this.#scale === null) {
      this.#scale = aten.full([], this.#init_scale, { dtype: float32, device });
      this.#growth_tracker = aten.full([], this.#init_growth_tracker, { dtype: int32, device });
    }
    return this.#scale.to(device);
  }

  #check_scaled(name: string): { scale: Tensor; growth_tracker: Tensor } {
    const [scale, growth_tracker] = [this.#scale, this.#growth_tracker];
    if (scale !== null && growth_tracker !== null) return { scale, growth_tracker };
    throw new AssertionError(
      `Attempted ${name} but _scale is None.  This may indicate your script did not use scaler.scale(loss or outputs) ` +
        'earlier in the iteration.',
    );
  }

  #progress_of(optimizer: AnyOptimizer): Progress {
    let progress = this.#progress.get(optimizer);
    if (progress === undefined) {
      progress = { stage: 'ready', found_infs: [] };
      this.#progress.set(optimizer, progress);
    }
    return progress;
  }

  /**
   * Divides the gradients of an optimizer's parameters by the scale, in place. `step` does it by itself; this is for
   * whatever is to be done with the gradients before, such as clipping them.
   *
   * ```ts
   * scaler.unscale_(optimizer);
   * nn.utils.clip_grad_norm_(model.parameters(), 1);
   * scaler.step(optimizer);
   * ```
   * @throws RuntimeError if it has been done already since the last `update`
   * @throws ValueError for gradients in float16, which would lose what the scale has saved
   * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler.unscale_
   */
  unscale_(optimizer: AnyOptimizer | { optimizer: AnyOptimizer }): void {
    if (!this.#enabled) return;
    const { optimizer: given } = unscale_arguments([optimizer]);
    const { scale } = this.#check_scaled('unscale_');
    const progress = this.#progress_of(given);
    if (progress.stage === 'unscaled') {
      throw new RuntimeError('unscale_() has already been called on this optimizer since the last update().');
    }
    if (progress.stage === 'stepped') throw new RuntimeError('unscale_() is being called after step().');
    // The reciprocal in double precision, rounded once.
    const inverse = scale.to(float64).reciprocal().to(float32);
    progress.found_infs = multiply_gradients(given, inverse, false);
    progress.stage = 'unscaled';
  }

  // --- Steps ------------------------------------------------------------------------------------------------------

  /**
   * Does an optimizer's step with the gradients divided by the scale, unless one of them is infinite or NaN.
   *
   * Optimizers with `fused: true` divide and look themselves.
   * @param args are for the optimizer's `step`
   * @returns what that returns, null if it has been left out
   * @throws RuntimeError if there has been a step since the last `update`, or for a closure by name
   * @throws AssertionError if no parameter has a gradient
   * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler.step
   */
  step(optimizer: AnyOptimizer | { optimizer: AnyOptimizer }, ...args: readonly unknown[]): unknown {
    if (is_kwargs(optimizer)) {
      const { optimizer: given, ...options } = optimizer as { optimizer?: AnyOptimizer } & Record<string, unknown>;
      if (given === undefined) throw new TypeError("step() missing 1 required positional argument: 'optimizer'");
      return this.step(given, ...args, ...(Object.keys(options).length > 0 ? [options] : []));
    }
    const step = optimizer.step.bind(optimizer) as (...given: readonly unknown[]) => unknown;
    if (!this.#enabled) return step(...args);
    const last = args.at(-1);
    if (is_kwargs(last) && 'closure' in last) {
      throw new RuntimeError('Closure use is not currently supported if GradScaler is enabled.');
    }
    const { scale } = this.#check_scaled('step');
    const progress = this.#progress_of(optimizer);
    if (progress.stage === 'stepped') throw new RuntimeError('step() has already been called since the last update().');

    if (optimizer._step_supports_amp_scaling) {
      const result = this.#step_of_its_own(optimizer, () => step(...args), scale, progress);
      progress.stage = 'stepped';
      return result;
    }
    if (progress.stage === 'ready') this.unscale_(optimizer);
    if (progress.found_infs.length === 0) throw new AssertionError('No inf checks were recorded for this optimizer.');
    const overflown = progress.found_infs.some((found) => found.item() !== 0);
    const result = overflown ? null : step(...args);
    progress.stage = 'stepped';
    return result;
  }

  /** The step of an optimizer that is told the scale and whether there was an overflow. */
  #step_of_its_own(optimizer: AnyOptimizer, step: () => unknown, scale: Tensor, progress: Progress): unknown {
    const { device } = scale;
    if (progress.stage === 'ready') {
      progress.found_infs = multiply_gradients(optimizer, aten.ones([], { dtype: float32, device }), true);
      // What has been multiplied with, if somebody else scales too.
      optimizer.grad_scale = optimizer.grad_scale == null ? scale.clone() : scale.mul(optimizer.grad_scale);
    }
    optimizer.found_inf = sum_of(progress.found_infs, device);
    try {
      return step();
    } finally {
      delete optimizer.grad_scale;
      delete optimizer.found_inf;
    }
  }

  /**
   * Makes the scale smaller if there has been an overflow, larger if there has been none for `growth_interval` updates.
   * Ends the iteration: to be called once, after the steps of all optimizers.
   * @param new_scale sets the scale to this instead: a number, or a tensor of one element on the scaler's type of device
   * @throws AssertionError if no gradients have been looked at since the last `update`
   * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler.update
   */
  update(new_scale?: number | Tensor | null | { new_scale?: number | Tensor | null }): void {
    if (!this.#enabled) return;
    const given = update_arguments([new_scale]).new_scale;
    const { scale, growth_tracker } = this.#check_scaled('update');
    if (given !== null) {
      this.#set_scale(scale, given);
    } else {
      const found_infs = Array.from(this.#progress.values(), (one) => one.found_infs).flat();
      if (found_infs.length === 0) throw new AssertionError('No inf checks were recorded prior to update.');
      aten._amp_update_scale_(
        scale,
        growth_tracker,
        sum_of(found_infs, scale.device),
        this.#growth_factor,
        this.#backoff_factor,
        this.#growth_interval,
      );
    }
    this.#progress.clear();
  }

  #set_scale(scale: Tensor, value: number | Tensor): void {
    if (typeof value === 'number') {
      scale.fill_(value);
      return;
    }
    if (!is_instance(value, Tensor)) {
      throw new TypeError(`update(): argument 'new_scale' must be a number or a Tensor, not ${type_name(value)}`);
    }
    if (value.device.type !== this.#device || value.numel() !== 1 || value.requires_grad) {
      throw new AssertionError(
        'new_scale should be a float or a 1-element torch.cuda.FloatTensor or torch.FloatTensor with requires_grad=False.',
      );
    }
    scale.copy_(value);
  }

  // --- What it is set to ------------------------------------------------------------------------------------------

  /** The scale, 1 if the scaler is not enabled. On a GPU it waits for what is being computed. */
  get_scale(): number {
    if (!this.#enabled) return 1;
    return this.#scale === null ? this.#init_scale : this.#scale.item();
  }

  /** What the scale is multiplied by to grow. */
  get_growth_factor(): number {
    return this.#growth_factor;
  }

  /** Sets what the scale is multiplied by to grow. */
  set_growth_factor(new_factor: number | { new_factor: number }): void {
    this.#growth_factor = growth_factor_arguments([new_factor]).new_factor;
  }

  /** What the scale is multiplied by after an overflow. */
  get_backoff_factor(): number {
    return this.#backoff_factor;
  }

  /** Sets what the scale is multiplied by after an overflow. */
  set_backoff_factor(new_factor: number | { new_factor: number }): void {
    this.#backoff_factor = backoff_factor_arguments([new_factor]).new_factor;
  }

  /** After how many steps in a row without overflow the scale grows. */
  get_growth_interval(): number {
    return this.#growth_interval;
  }

  /** Sets after how many steps in a row without overflow the scale grows. */
  set_growth_interval(new_interval: number | { new_interval: number }): void {
    this.#growth_interval = interval_arguments([new_interval]).new_interval;
  }

  /** @internal How many steps in a row there have been without overflow. */
  _get_growth_tracker(): number {
    if (!this.#enabled) return 0;
    return this.#growth_tracker === null ? this.#init_growth_tracker : this.#growth_tracker.item();
  }

  /** Does it scale? */
  is_enabled(): boolean {
    return this.#enabled;
  }

  /**
   * The state, to be saved after an `update`. That of a scaler that is not enabled is empty.
   * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler.state_dict
   */
  state_dict(): GradScalerState | Record<string, never> {
    if (!this.#enabled) return {};
    return {
      scale: this.get_scale(),
      growth_factor: this.#growth_factor,
      backoff_factor: this.#backoff_factor,
      growth_interval: this.#growth_interval,
      _growth_tracker: this._get_growth_tracker(),
    };
  }

  /**
   * Takes over the state of another scaler; does nothing if this one is not enabled.
   * @param state_dict what `state_dict()` has given, or what `torch.load` has read of a file, be it Python's
   * @throws RuntimeError if it is empty
   * @throws KeyError if something is missing in it
   * @see https://docs.pytorch.org/docs/stable/amp.html#torch.amp.GradScaler.load_state_dict
   */
  load_state_dict(
    state_dict:
      | Readonly<Partial<GradScalerState>>
      | ReadonlyMap<string, number>
      | { state_dict: Readonly<Partial<GradScalerState>> | ReadonlyMap<string, number> },
  ): void {
    if (!this.#enabled) return;
    const given = 'state_dict' in state_dict ? state_dict.state_dict : state_dict;
    const state = new Map<string, number>(given instanceof Map ? given : Object.entries(given));
    if (state.size === 0) {
      throw new RuntimeError(
        'The source state dict is empty, possibly because it was saved from a disabled instance of GradScaler.',
      );
    }
    const item = (name: keyof GradScalerState): number => {
      const value = state.get(name);
      if (value === undefined) throw new KeyError(`'${name}'`);
      return value;
    };
    this.#init_scale = item('scale');
    this.#growth_factor = item('growth_factor');
    this.#backoff_factor = item('backoff_factor');
    this.#growth_interval = item('growth_interval');
    this.#init_growth_tracker = item('_growth_tracker');
    this.#scale?.fill_(this.#init_scale);
    this.#growth_tracker?.fill_(this.#init_growth_tracker);
  }
}

/** How many of them are not 0. */
function sum_of(found_infs: readonly Tensor[], device: Device): Tensor {
  return found_infs.reduce((sum, found) => sum.add(found.to(device)), aten.zeros([], { dtype: float32, device }));
}

/**
 * Multiplies the gradients of an optimizer's parameters in place.
 * @returns for each device with gradients a tensor, which is 1 if one of them is infinite or NaN, and 0 if not
 */
function multiply_gradients(optimizer: AnyOptimizer, factor: Tensor, allow_float16: boolean): Tensor[] {
  return no_grad(() => {
    // The operator takes tensors of one device and one dtype.
    const lists = new Map<string, Tensor[]>();
    for (const group of optimizer.param_groups as { params: readonly Tensor[] }[]) {
      for (const param of group.params) {
        const values = gradient_values(param, allow_float16);
        if (values === null) continue;
        const key = `${values.device} ${values.dtype}`;
        const list = lists.get(key);
        if (list === undefined) lists.set(key, [values]);
        else list.push(values);
      }
    }
    const found_infs = new Map<string, Tensor>();
    for (const values of lists.values()) {
      const { device } = values[0]!;
      const key = String(device);
      const found = found_infs.get(key) ?? aten.zeros([], { dtype: float32, device });
      found_infs.set(key, found);
      aten._amp_foreach_non_finite_check_and_unscale_(values, found, factor.to(device));
    }
    return [...found_infs.values()];
  });
}

/** The numbers of a parameter's gradient, of a sparse one those that it holds. */
function gradient_values(param: Tensor, allow_float16: boolean): Tensor | null {
  const { grad } = param;
  if (grad === null) return null;
  if (grad.dtype === float16 && !allow_float16) throw new ValueError('Attempting to unscale FP16 gradients.');
  if (!grad.is_sparse) return grad;
  if (grad.dtype !== float16) return grad._values();
  // Values of one index may overflow together, which has to be seen here.
  param.grad = grad.coalesce();
  return param.grad._values();
}
