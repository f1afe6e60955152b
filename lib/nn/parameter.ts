import { signature } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import type { DeviceLike } from '../device.ts';
import type { dtype as DType } from '../dtype.ts';
import { RuntimeError } from '../errors.ts';
import { aten } from '../ops.ts';
import type { Size } from '../size.ts';
import { Tensor } from '../tensor.ts';

export interface ParameterOptions {
  data?: Tensor | null;
  requires_grad?: boolean;
}

const parameter_arguments = signature<ParameterOptions>('Parameter', [
  ['data', null],
  ['requires_grad', true],
]);

/** A new handle on the memory of `data`, outside of its graph, or on an empty tensor. */
function alias_of(data: Tensor | null): Tensor {
  return data === null ? aten.empty([0]) : data.detach();
}

/**
 * A tensor that a module trains. Assigned to a property of a `Module`, or given as a class field, it is found by
 * `module.parameters()`.
 *
 * ```ts
 * weight = new nn.Parameter(torch.randn(3, 4));
 * ```
 *
 * It shares the memory of `data`, and has no history of its own: it is a leaf of the graph.
 *
 * @param data the values; an empty tensor if left out
 * @param requires_grad whether gradients are computed for it (default: true)
 * @throws RuntimeError if `requires_grad` is true and `data` holds neither real nor complex floating point numbers
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Parameter.html
 */
export class Parameter extends Tensor {
  constructor(...args: Arguments<ParameterOptions, ['data', 'requires_grad']>) {
    const { data, requires_grad } = parameter_arguments(args);
    super(alias_of(data)._h);
    if (requires_grad) this.requires_grad_(true);
  }

  /** Tells parameters from other tensors, for TypeScript as well, which goes by what a class has. */
  get _is_param(): true {
    return true;
  }

  override __repr__(): string {
    return `Parameter containing:\n${super.__repr__()}`;
  }
}

export interface BufferOptions {
  data?: Tensor | null;
  persistent?: boolean;
}

const buffer_arguments = signature<BufferOptions>('Buffer', [['data', null]], [['persistent', true]]);

/**
 * A tensor that belongs to a module's state but is not trained, such as a running mean. Assigned to a property of a
 * `Module` it is registered as `module.register_buffer(name, tensor, persistent)` would.
 *
 * @param data the values, whose memory is shared; an empty tensor if left out
 * @param persistent whether it is part of the module's `state_dict()` (default: true; by name only)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.Buffer.html
 */
export class Buffer extends Tensor {
  // Not enumerable, so that it does not show as part of the tensor.
  declare readonly persistent: boolean;

  constructor(...args: Arguments<BufferOptions, ['data']>) {
    const { data, persistent } = buffer_arguments(args);
    super(alias_of(data)._h);
    if (data?.requires_grad) this.requires_grad_(true);
    Object.defineProperty(this, 'persistent', { value: persistent });
  }
}

export interface UninitializedOptions {
  requires_grad?: boolean;
  device?: DeviceLike | null;
  dtype?: DType | null;
}
export interface UninitializedBufferOptions extends UninitializedOptions {
  persistent?: boolean;
}
const uninitialized_parameter_arguments = signature<UninitializedOptions>('UninitializedParameter', [
  ['requires_grad', true],
  ['device', null],
  ['dtype', null],
]);
const uninitialized_buffer_arguments = signature<UninitializedBufferOptions>('UninitializedBuffer', [
  ['requires_grad', false],
  ['device', null],
  ['dtype', null],
  ['persistent', true],
]);

/** Fails: there is no shape yet. */
function no_shape(): never {
  throw new RuntimeError(
    "Can't access the shape of an uninitialized parameter or buffer. This error usually happens in " +
      '`load_state_dict` when trying to load an uninitialized parameter into an initialized one. Call `forward` to ' +
      'initialize the parameters before accessing their attributes.',
  );
}

/** Gives a tensor memory for a shape, undefined values in it, and the class that it is to have from now on. */
function materialize(
  tensor: Tensor,
  shape: readonly number[],
  device: DeviceLike | null,
  dtype: DType | null,
  becomes: typeof Parameter | typeof Buffer,
): void {
  tensor.data = aten.empty(Array.from(shape), { device: device ?? tensor.device, dtype: dtype ?? tensor.dtype });
  Object.setPrototypeOf(tensor, becomes.prototype);
}

/**
 * A parameter whose shape is not known yet. It has a device and a dtype, and can be moved and converted; `materialize`
 * makes an ordinary parameter of it.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedParameter.html
 */
export class UninitializedParameter extends Parameter {
  constructor(...args: Arguments<UninitializedOptions, ['requires_grad', 'device', 'dtype']>) {
    const { requires_grad, device, dtype } = uninitialized_parameter_arguments(args);
    super(aten.empty([0], { device, dtype }), requires_grad);
  }

  /**
   * Makes an ordinary parameter of a shape of it, whose values are still undefined; it stays the same object.
   * @param device where (default: where it is)
   * @param dtype of which type (default: that which it has)
   */
  materialize(shape: readonly number[], device: DeviceLike | null = null, dtype: DType | null = null): void {
    materialize(this, shape, device, dtype, Parameter);
  }

  /** @throws RuntimeError since there is none yet */
  override get shape(): Size {
    return no_shape();
  }

  __deepcopy__(): UninitializedParameter {
    const { requires_grad, device, dtype } = this;
    return new UninitializedParameter({ requires_grad, device, dtype });
  }

  override __repr__(): string {
    return '<UninitializedParameter>';
  }
}

/**
 * A buffer whose shape is not known yet; see {@link UninitializedParameter}.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.parameter.UninitializedBuffer.html
 */
export class UninitializedBuffer extends Buffer {
  constructor(...args: Arguments<UninitializedBufferOptions, ['requires_grad', 'device', 'dtype', 'persistent']>) {
    const { requires_grad, device, dtype, persistent } = uninitialized_buffer_arguments(args);
    super(aten.empty([0], { device, dtype }), { persistent });
    if (requires_grad) this.requires_grad_(true);
  }

  /** As `materialize` of {@link UninitializedParameter}. */
  materialize(shape: readonly number[], device: DeviceLike | null = null, dtype: DType | null = null): void {
    materialize(this, shape, device, dtype, Buffer);
  }

  /** @throws RuntimeError since there is none yet */
  override get shape(): Size {
    return no_shape();
  }

  __deepcopy__(): UninitializedBuffer {
    const { requires_grad, device, dtype, persistent } = this;
    return new UninitializedBuffer({ requires_grad, device, dtype, persistent });
  }

  override __repr__(): string {
    return '<UninitializedBuffer>';
  }
}

/** Is the shape of a parameter or buffer not known yet? */
export function is_lazy(param: unknown): param is UninitializedParameter | UninitializedBuffer {
  return param instanceof UninitializedParameter || param instanceof UninitializedBuffer;
}
