/**
 * Random number generators.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.Generator.html
 */
import { type Arguments, signature } from './arguments.ts';
import { type Guard, scoped } from './autograd/grad_mode.ts';
import { type DeviceLike, device, device_of } from './device.ts';
import { type Handle, native } from './native.ts';
import { handle_of, Tensor } from './tensor.ts';

/** Seeds are 64 bits wide: a bigint carries those that a number cannot. */
export type Seed = number | bigint;

interface SeedParameters {
  seed: Seed;
}

interface StateParameters {
  new_state: Tensor;
}

const generator_arguments = signature<{ device?: DeviceLike | null }>('Generator', [['device', 'cpu']]);
const seed_arguments = signature<SeedParameters>('manual_seed', ['seed']);
const state_arguments = signature<StateParameters>('set_state', ['new_state']);

/** A stream of random numbers with a state of its own. Give it to what draws as `{ generator }`. */
export class Generator {
  /** @internal */
  readonly _h: Handle;

  /** @param device the device whose numbers it draws, the CPU by default */
  constructor(...args: Arguments<{ device?: DeviceLike | null }, ['device']>) {
    this._h = native.new_generator(new device(generator_arguments(args).device ?? 'cpu')._h);
  }

  /** @internal The generator behind `handle`. */
  static _of(handle: Handle): Generator {
    return Object.defineProperty(Object.create(Generator.prototype) as Generator, '_h', {
      value: handle,
      configurable: true,
    });
  }

  /** @internal The generator that a device draws from unless told otherwise. */
  static default_of(name: DeviceLike): Generator {
    return Generator._of(native.default_generator(new device(name)._h));
  }

  get device(): device {
    return device_of(native.generator_device(this._h));
  }

  /** Starts the stream that belongs to `seed`; returns the generator itself. */
  manual_seed(...args: Arguments<SeedParameters, ['seed']>): this {
    native.generator_manual_seed(this._h, seed_arguments(args).seed);
    return this;
  }

  /** Starts a stream at random and returns its seed. */
  seed(): Seed {
    return native.generator_seed(this._h);
  }

  /** The seed of the stream it is in. */
  initial_seed(): Seed {
    return native.generator_initial_seed(this._h);
  }

  /** Where in its stream the generator is, as a tensor of bytes. */
  get_state(): Tensor {
    return new Tensor(native.generator_get_state(this._h));
  }

  /** @internal How a generator travels to another thread, as in Python: with where in its stream it is. */
  __reduce__(): [typeof Generator, [device: string], state: Tensor] {
    return [Generator, [String(this.device)], this.get_state()];
  }

  /** @internal */
  __setstate__(state: Tensor): void {
    this.set_state(state);
  }

  /** Goes to a state that `get_state` gave. */
  set_state(...args: Arguments<StateParameters, ['new_state']>): void {
    native.generator_set_state(this._h, handle_of(state_arguments(args).new_state, 'new_state'));
  }
}

/** The generator that everything on the CPU draws from unless told otherwise. */
export const default_generator: Generator = Generator._of(native.default_generator());

/** @internal From now on this thread draws from a generator of its own, as a process of Python's would. */
export function begin_thread_generator(): void {
  native.begin_thread_generator();
  Object.defineProperty(default_generator, '_h', { value: native.default_generator(), configurable: true });
}

/**
 * Seeds the default generators of all devices; the same seed gives the numbers that Python's PyTorch draws.
 * @returns the CPU's default generator
 * @see https://docs.pytorch.org/docs/stable/generated/torch.manual_seed.html
 */
export function manual_seed(...args: Arguments<SeedParameters, ['seed']>): Generator {
  native.manual_seed(seed_arguments(args).seed);
  return default_generator;
}

/**
 * Seeds the default generators at random and returns the seed.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.seed.html
 */
export function seed(): Seed {
  const drawn = default_generator.seed();
  native.manual_seed(drawn);
  return drawn;
}

/** The seed of the default generator. See https://docs.pytorch.org/docs/stable/generated/torch.initial_seed.html */
export function initial_seed(): Seed {
  return default_generator.initial_seed();
}

/** The state of the default generator. See https://docs.pytorch.org/docs/stable/generated/torch.get_rng_state.html */
export function get_rng_state(): Tensor {
  return default_generator.get_state();
}

/** Sets the default generator's state. See https://docs.pytorch.org/docs/stable/generated/torch.set_rng_state.html */
export function set_rng_state(...args: Arguments<StateParameters, ['new_state']>): void {
  default_generator.set_state(...args);
}

interface ForkParameters {
  devices?: readonly DeviceLike[] | null;
  enabled?: boolean;
  device_type?: string;
}

const fork_arguments = signature<ForkParameters>('fork_rng', [
  ['devices', null],
  ['enabled', true],
  ['device_type', 'cuda'],
]);

/**
 * Random numbers that are drawn inside do not change those that are drawn after, on the CPU and on the devices:
 *
 *     torch.random.fork_rng(() => { torch.manual_seed(0); … });
 *     using _ = torch.random.fork_rng({ devices: [0] });     // until the end of the block
 *
 * @param devices the devices beside the CPU, all of `device_type` by default
 * @param enabled whether to do anything
 * @see https://docs.pytorch.org/docs/stable/random.html#torch.random.fork_rng
 */
export function fork_rng(options?: ForkParameters): Guard;
export function fork_rng<T>(callback: () => T): T;
export function fork_rng<T>(options: ForkParameters, callback: () => T): T;
export function fork_rng<T>(first: ForkParameters | (() => T) = {}, second?: () => T): T | Guard {
  const callback = typeof first === 'function' ? first : second;
  const { devices, enabled, device_type } = fork_arguments([typeof first === 'function' ? {} : first]);
  return scoped(
    'fork_rng',
    () => {
      if (!enabled) return () => {};
      const all = (): DeviceLike[] =>
        Array.from({ length: native.device_count(device_type) }, (_, index) => `${device_type}:${index}`);
      const named = (devices ?? all()).map((one) => (typeof one === 'number' ? `${device_type}:${one}` : one));
      const generators = [default_generator, ...named.map((one) => Generator.default_of(one))];
      const states = generators.map((generator) => generator.get_state());
      return () => generators.forEach((generator, i) => generator.set_state(states[i]!));
    },
    callback,
  );
}
