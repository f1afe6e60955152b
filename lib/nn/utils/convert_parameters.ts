import { is_instance, signature } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import { TypeError } from '../../errors.ts';
import { typename } from '../../inquiries.ts';
import { aten } from '../../ops.ts';
import { Tensor } from '../../tensor.ts';
import { tensors_of } from './tensors.ts';

export interface VectorToParametersOptions {
  vec: Tensor;
  parameters: Iterable<Tensor>;
}
const parameters_to_vector_arguments = signature<{ parameters: Iterable<Tensor> }>('parameters_to_vector', [
  'parameters',
]);
const vector_to_parameters_arguments = signature<VectorToParametersOptions>('vector_to_parameters', [
  'vec',
  'parameters',
]);

/** @throws TypeError unless the tensors are all on one GPU, or all on none */
function check_devices(tensors: readonly Tensor[]): void {
  const place = ({ device }: Tensor): string => (device.type === 'cuda' ? String(device) : '');
  if (tensors.some((tensor) => place(tensor) !== place(tensors[0]!))) {
    throw new TypeError('Found two parameters on different devices, this is currently not supported.');
  }
}

/**
 * The elements of all parameters in one vector, one parameter after the other.
 * @throws TypeError for parameters on different devices
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.parameters_to_vector.html
 */
export function parameters_to_vector(
  ...args: Arguments<{ parameters: Iterable<Tensor> }, ['parameters']>
): Tensor {
  const { parameters } = parameters_to_vector_arguments(args);
  const tensors = tensors_of(parameters);
  check_devices(tensors);
  return aten.cat(tensors.map((param) => param.view(-1)));
}

/**
 * Makes the slices of a vector the memory of parameters, one after the other: the reverse of
 * {@link parameters_to_vector}.
 * @throws TypeError for parameters on different devices
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.vector_to_parameters.html
 */
export function vector_to_parameters(...args: Arguments<VectorToParametersOptions, ['vec', 'parameters']>): void {
  const { vec, parameters } = vector_to_parameters_arguments(args);
  if (!is_instance(vec, Tensor)) throw new TypeError(`expected torch.Tensor, but got: ${typename(vec)}`);
  const tensors = tensors_of(parameters);
  check_devices(tensors);
  let start = 0;
  for (const param of tensors) {
    const end = start + param.numel();
    param.data = aten.slice(vec, 0, start, end).view_as(param).detach();
    start = end;
  }
}
