/** What `torch.cpu.amp` and `torch.cuda.amp` have in common: older spellings of what is in `torch.amp`. */
import { type Arguments, signature } from '../arguments.ts';
import type { Guard } from '../autograd/grad_mode.ts';
import { bfloat16, float16 } from '../dtype.ts';
import { warn } from '../warnings.ts';
import { autocast, type AutocastParameters } from './autocast_mode.ts';
import type { GradScalerParameters } from './grad_scaler.ts';

type DeviceType = 'cpu' | 'cuda';

export type DeviceAutocastArguments = Arguments<
  Omit<AutocastParameters, 'device_type'>,
  ['enabled', 'dtype', 'cache_enabled']
>;

export type DeviceScalerArguments = Arguments<
  Omit<GradScalerParameters, 'device'>,
  ['init_scale', 'growth_factor', 'backoff_factor', 'growth_interval', 'enabled']
>;

function autocast_signature(dtype: typeof bfloat16) {
  return signature<Omit<AutocastParameters, 'device_type'>>('autocast', [
    ['enabled', true], ['dtype', dtype], ['cache_enabled', true],
  ]);
}

const autocast_arguments = { cpu: autocast_signature(bfloat16), cuda: autocast_signature(float16) };

const scaler_arguments = signature<Omit<GradScalerParameters, 'device'>>('GradScaler', [
  ['init_scale', 65536], ['growth_factor', 2], ['backoff_factor', 0.5], ['growth_interval', 2000], ['enabled', true],
]);

/** Warns of a name in `torch.cpu.amp` or `torch.cuda.amp`; `call` is how it is spelt now. */
export function warn_of_spelling(device_type: DeviceType, name: string, call: string): void {
  warn(
    `\`torch.${device_type}.amp.${name}(args...)\` is deprecated. Please use \`torch.amp.${name}(${call})\` instead.`,
    'FutureWarning',
  );
}

/** The region of a device's own `autocast`, whose last argument may be a callback. */
export function device_autocast<T>(device_type: DeviceType, args: readonly unknown[]): T | Guard {
  warn_of_spelling(device_type, 'autocast', `'${device_type}', args...`);
  const last = args.at(-1);
  const has_callback = typeof last === 'function';
  const options = { device_type, ...autocast_arguments[device_type](has_callback ? args.slice(0, -1) : args) };
  return has_callback ? autocast(options, last as () => T) : autocast(options);
}

/** What a device's own `GradScaler` gives to the one that it extends. */
export function device_scaler_options(device_type: DeviceType, args: readonly unknown[]): GradScalerParameters {
  warn_of_spelling(device_type, 'GradScaler', `'${device_type}', args...`);
  return { device: device_type, ...scaler_arguments(args) };
}
