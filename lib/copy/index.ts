/**
 * Python's module `copy`, of which ports of PyTorch code need one function:
 *
 * ```ts
 * import * as copy from 'tstorch/copy';
 * const best = copy.deepcopy(model.state_dict());
 * ```
 * @see https://docs.python.org/3/library/copy.html
 */
import { RuntimeError } from '../errors.ts';
import { OrderedDict } from '../ordered_dict.ts';
import { Tensor } from '../tensor.ts';
import { Buffer, Parameter } from '../nn/parameter.ts';

/** What has been copied already, and its copies. */
export type Memo = Map<unknown, unknown>;

/** An object that knows how to copy itself. */
interface DeepCopyable {
  __deepcopy__(memo: Memo): unknown;
}

/** A tensor of the same kind, with memory of its own and no history. */
function copy_tensor(tensor: Tensor): Tensor {
  const data = tensor.detach().clone();
  const { requires_grad } = tensor;
  if (tensor instanceof Parameter) return new Parameter(data, requires_grad);
  if (!tensor.is_leaf) {
    throw new RuntimeError(
      'Only Tensors created explicitly by the user (graph leaves) support the deepcopy protocol at the moment.  If ' +
        'you were attempting to deepcopy a module, this may be because of a torch.nn.utils.weight_norm usage, see ' +
        'https://github.com/pytorch/pytorch/pull/103001',
    );
  }
  const copy = tensor instanceof Buffer ? new Buffer(data, { persistent: tensor.persistent }) : data;
  if (requires_grad) copy.requires_grad_();
  return copy;
}

/**
 * A copy of a value with everything below it, as Python's `copy.deepcopy` makes it: modules, tensors, arrays, maps,
 * sets and plain objects are copied, each once however often it occurs; whatever else there is, functions above all, is
 * taken over as it is.
 * @param memo what has been copied already, and its copies
 * @throws RuntimeError for a tensor that operators have made and that has a gradient
 * @see https://docs.python.org/3/library/copy.html#copy.deepcopy
 */
export function deepcopy<T>(value: T, memo: Memo = new Map()): T {
  if (value === null || (typeof value !== 'object' && typeof value !== 'function')) return value;
  if (memo.has(value)) return memo.get(value) as T;
  const remember = <C>(copy: C): C => {
    memo.set(value, copy);
    return copy;
  };
  if (typeof (value as Partial<DeepCopyable>).__deepcopy__ === 'function') {
    return remember((value as unknown as DeepCopyable).__deepcopy__(memo)) as T;
  }
  if (value instanceof Tensor) return remember(copy_tensor(value)) as T;
  if (value instanceof Map && (value.constructor === Map || value.constructor === OrderedDict)) {
    const copy = remember(value.constructor === Map ? new Map<unknown, unknown>() : new OrderedDict());
    for (const [key, item] of value) copy.set(deepcopy(key, memo), deepcopy(item, memo));
    return copy as T;
  }
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === Array.prototype) {
    const copy = remember<unknown[]>([]);
    for (const item of value as unknown[]) copy.push(deepcopy(item, memo));
    return copy as T;
  }
  if (prototype === Set.prototype) {
    const copy = remember(new Set());
    for (const item of value as unknown as Set<unknown>) copy.add(deepcopy(item, memo));
    return copy as T;
  }
  if (prototype === Object.prototype) {
    const copy = remember<Record<string, unknown>>({});
    for (const [key, item] of Object.entries(value)) copy[key] = deepcopy(item, memo);
    return copy as T;
  }
  return value;
}
