/**
 * Derivatives computed forwards: a dual tensor carries its tangent along.
 * @see https://docs.pytorch.org/docs/stable/autograd.html#forward-mode-automatic-differentiation
 */
import { type Arguments, is_instance, signature } from '../arguments.ts';
import { RuntimeError, TypeError, ValueError } from '../errors.ts';
import { native } from '../native.ts';
import { aten } from '../ops.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { type Guard, scoped } from './grad_mode.ts';

let current_level = -1;

/** Begins a level, within which dual tensors can be made; the functions here use the innermost one by default. */
export function enter_dual_level(): number {
  const level = native.enter_dual_level();
  if (level !== current_level + 1) {
    throw new RuntimeError(
      'Entering a new forward AD level but the current level is not valid. Make sure you did not modify it directly.',
    );
  }
  return (current_level = level);
}

const exit_arguments = signature<{ level?: number | null }>('exit_dual_level', [], [['level', null]]);

/**
 * Ends the innermost level and deletes the tangents of it.
 * @throws RuntimeError if `level` is another one
 */
export function exit_dual_level(...args: [] | [kwargs: { level?: number | null }]): void {
  const level = exit_arguments(args).level ?? current_level;
  if (level !== current_level) {
    throw new RuntimeError(
      'Trying to exit a forward AD level that was not the last one that was created. This is not supported.',
    );
  }
  if (level < 0) throw new RuntimeError('Dual level must be a positive number.');
  native.exit_dual_level(level);
  current_level = level - 1;
}

interface MakeDualParameters {
  tensor: Tensor;
  tangent: Tensor;
  level?: number | null;
}

const make_dual_arguments = signature<MakeDualParameters>('make_dual', ['tensor', 'tangent'], [['level', null]]);

function check_tensor(name: string, argument: string, value: unknown): asserts value is Tensor {
  if (!is_instance(value, Tensor)) {
    throw new TypeError(`${name}(): argument '${argument}' must be Tensor, not ${type_name(value)}`);
  }
}

/**
 * The tensor with a tangent of the same shape: what is computed from it has tangents too. It shares the tensor's memory.
 * @throws RuntimeError outside of any level
 * @throws ValueError unless both are of a floating-point or complex dtype
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.forward_ad.make_dual.html
 */
export function make_dual(...args: Arguments<MakeDualParameters, ['tensor', 'tangent']>): Tensor {
  const { tensor, tangent, level: given } = make_dual_arguments(args);
  check_tensor('make_dual', 'tensor', tensor);
  check_tensor('make_dual', 'tangent', tangent);
  const level = given ?? current_level;
  if (level < 0) {
    throw new RuntimeError(
      'Trying to create a dual Tensor for forward AD but no level exists, make sure to enter_dual_level() first.',
    );
  }
  for (const [name, one] of [['primal', tensor], ['tangent', tangent]] as const) {
    if (!one.dtype.is_floating_point && !one.dtype.is_complex) {
      throw new ValueError(`Expected ${name} to be floating point or complex, but got: ${one.dtype}`);
    }
  }
  return aten._make_dual(tensor, tangent, level);
}

/** A tensor and its tangent, by name and as a pair. */
export class UnpackedDualTensor extends Array<Tensor | null> {
  /** The tensor without its tangent. */
  readonly primal: Tensor;
  /** The tangent, null where there is none. */
  readonly tangent: Tensor | null;

  /** @internal */
  constructor(primal: Tensor, tangent: Tensor | null) {
    super(2);
    this[0] = primal;
    this[1] = tangent;
    this.primal = primal;
    this.tangent = tangent;
    for (const name of ['primal', 'tangent']) Object.defineProperty(this, name, { enumerable: false });
  }

  /** `map` and the like give plain arrays. */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }

  override toString(): string {
    return `UnpackedDualTensor(primal=${String(this.primal)}, tangent=${this.tangent === null ? 'None' : String(this.tangent)})`;
  }
}

interface UnpackDualParameters {
  tensor: Tensor;
  level?: number | null;
}

const unpack_dual_arguments = signature<UnpackDualParameters>('unpack_dual', ['tensor'], [['level', null]]);

/**
 * The two parts of a dual tensor.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.forward_ad.unpack_dual.html
 */
export function unpack_dual(...args: Arguments<UnpackDualParameters, ['tensor']>): UnpackedDualTensor {
  const { tensor, level: given } = unpack_dual_arguments(args);
  check_tensor('unpack_dual', 'tensor', tensor);
  const level = given ?? current_level;
  if (level < 0) return new UnpackedDualTensor(tensor, null);
  const [primal, tangent] = aten._unpack_dual(tensor, level) as unknown as [Tensor, Tensor | null];
  return new UnpackedDualTensor(primal, tangent);
}

/**
 * A level for as long as the callback runs, or until the end of the block of a `using`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.autograd.forward_ad.dual_level.html
 */
export function dual_level(): Guard;
export function dual_level<T>(callback: () => T): T;
export function dual_level<T>(callback?: () => T): T | Guard {
  return scoped(
    'dual_level',
    () => {
      enter_dual_level();
      return () => exit_dual_level();
    },
    callback,
  );
}

/** @internal Forward-mode derivatives are computed inside, or not. */
export function with_fwd_grad<T>(mode: boolean, callback: () => T): T {
  const before = native.fwd_grad_enabled(mode);
  try {
    return callback();
  } finally {
    native.fwd_grad_enabled(before);
  }
}
