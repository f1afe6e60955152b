/**
 * Every operator of LibTorch's `aten` library by its name: `aten.conv2d(x, weight, bias, stride)`. What is public of it
 * is exported as functions of `torch` and methods of `Tensor`; the library itself calls operators through here.
 */
import type { Aten } from './generated/aten.ts';
import { operator_function } from './operator.ts';

/**
 * Operators are looked up when they are first used and are then plain properties: the proxy stands behind the object,
 * so it is asked only for names that are not there yet.
 */
export const aten: Aten = Object.create(
  new Proxy(Object.create(null) as object, {
    get(_target, name, receiver: Record<string, unknown>) {
      if (typeof name !== 'string') return undefined;
      return (receiver[name] = operator_function(`aten::${name}`));
    },
    set(_target, name, value, receiver: object) {
      return Reflect.defineProperty(receiver, name, { value, writable: true, enumerable: true, configurable: true });
    },
  }),
) as Aten;
