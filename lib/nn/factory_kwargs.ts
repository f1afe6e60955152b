import { TypeError } from '../errors.ts';
import { list_repr } from '../repr.ts';

/** The arguments with which tensors are made. */
const SIMPLE_KEYS: readonly string[] = ['device', 'dtype', 'memory_format'];

/**
 * The arguments with which a module's parameters are made, from all that it was given by name: those among them, and
 * those in `factory_kwargs`.
 * @param kwargs `device`, `dtype`, `memory_format` and `factory_kwargs`, an object of these; null for none
 * @throws TypeError for anything else, and for what is in both
 */
export function factory_kwargs(kwargs: Readonly<Record<string, unknown>> | null): Record<string, unknown> {
  if (kwargs === null) return {};
  const unexpected = Object.keys(kwargs).filter((key) => key !== 'factory_kwargs' && !SIMPLE_KEYS.includes(key));
  if (unexpected.length > 0) throw new TypeError(`unexpected kwargs ${list_repr(unexpected).replace(/^\[(.*)\]$/, '{$1}')}`);
  const result = { ...(kwargs['factory_kwargs'] as Record<string, unknown> | undefined) };
  for (const key of SIMPLE_KEYS) {
    if (!(key in kwargs)) continue;
    if (key in result) throw new TypeError(`${key} specified twice, in **kwargs and in factory_kwargs`);
    result[key] = kwargs[key];
  }
  return result;
}
