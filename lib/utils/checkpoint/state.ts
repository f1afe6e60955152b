/** What of the surroundings a computation needs to be repeated: random generators and autocasting. */
import { is_instance } from '../../arguments.ts';
import { native } from '../../native.ts';
import { Tensor } from '../../tensor.ts';
import { tree_leaves } from '../pytree.ts';

/** Runs something with a state of before; puts back what there was. */
export type Restore = <T>(body: () => T) => T;

/** The devices other than the CPU that the tensors among the arguments are on. */
function devices_of(args: readonly unknown[]): string[] {
  const names = new Set<string>();
  for (const one of tree_leaves(args)) {
    if (!is_instance(one, Tensor) || one.device.type === 'cpu' || one.device.type === 'meta') continue;
    names.add(`${one.device.type}:${one.device.index ?? 0}`);
  }
  return [...names];
}

/** The states of the CPU's generator and of those of the arguments' devices. */
export function random_state(args: readonly unknown[]): Restore {
  const generators = ['cpu', ...devices_of(args)].map((name) => native.default_generator(native.device_constant(name)));
  const states = generators.map((one) => native.generator_get_state(one));
  return (body) => {
    const before = generators.map((one) => native.generator_get_state(one));
    generators.forEach((one, i) => native.generator_set_state(one, states[i]!));
    try {
      return body();
    } finally {
      generators.forEach((one, i) => native.generator_set_state(one, before[i]!));
    }
  };
}

/** Whether autocasting was on, for the CPU and for the arguments' device, and to which dtype. */
export function autocast_state(args: readonly unknown[]): Restore {
  const types = ['cpu', ...new Set(devices_of(args).map((name) => name.replace(/:.*/, '')))];
  const enabled = types.map((type) => native.autocast_enabled(type));
  const dtypes = types.map((type) => native.autocast_dtype(type));
  const cache = native.autocast_cache_enabled();
  const put = (on: readonly boolean[], to: readonly number[], cached: boolean) => {
    types.forEach((type, i) => {
      native.autocast_enabled(type, on[i]!);
      native.autocast_dtype(type, native.dtype_constant(to[i]!)!);
    });
    native.autocast_cache_enabled(cached);
  };
  return (body) => {
    const on = types.map((type) => native.autocast_enabled(type));
    const to = types.map((type) => native.autocast_dtype(type));
    const cached = native.autocast_cache_enabled();
    put(enabled, dtypes, cache);
    native.autocast_nesting(1);
    try {
      return body();
    } finally {
      if (native.autocast_nesting(-1) === 0) native.clear_autocast_cache();
      put(on, to, cached);
    }
  };
}

