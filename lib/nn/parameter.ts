import { signature } from '../arguments.ts';
import type { Arguments } from '../arguments.ts';
import { aten } from '../ops.ts';
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
