/**
 * `torchvision.tv_tensors`: tensors that say what they hold, so that transforms of version 2 can tell an image from
 * labels. Operators on them give plain tensors.
 *
 * @see https://docs.pytorch.org/vision/stable/tv_tensors.html
 */
import { type Arguments, type ParameterSpec, signature } from '../../arguments.ts';
import { as_tensor, type TensorData } from '../../creation.ts';
import type { DeviceLike } from '../../device.ts';
import type { dtype as DType } from '../../dtype.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { Image as Picture } from '../image.ts';
import { pil_to_tensor } from '../transforms/functional.ts';

/** What tensors with a meaning are made of: a tensor, whose memory they share if they can, an image, or numbers. */
export type TVData = TensorData | Picture;

interface TVArguments {
  data: TVData;
  /** Of the elements; as the data have it if not said, and so for the rest. */
  dtype?: DType | null;
  device?: DeviceLike | null;
  requires_grad?: boolean | null;
}
const options: readonly ParameterSpec[] = [['dtype', null], ['device', null], ['requires_grad', null]];
const image_arguments = signature<TVArguments>('Image', ['data'], options);
const video_arguments = signature<TVArguments>('Video', ['data'], options);

function tensor_of({ data, dtype, device, requires_grad }: Required<TVArguments>): Tensor {
  const given = data instanceof Picture ? pil_to_tensor(data) : data;
  const plain = dtype === null && device === null && given instanceof Tensor;
  const tensor = aten.alias(plain ? given : as_tensor(given, { dtype, device }));
  if (requires_grad === null || requires_grad === tensor.requires_grad) return tensor;
  return requires_grad ? tensor.requires_grad_() : tensor.detach();
}

/** Base of the tensors with a meaning. @see https://docs.pytorch.org/vision/stable/generated/torchvision.tv_tensors.TVTensor.html */
export abstract class TVTensor extends Tensor {
  /** @param data what it is to be; its memory is shared */
  constructor(data: Tensor) {
    super(data._h);
  }

  /** Tells these from other tensors, for TypeScript as well, which goes by what a class has. */
  get _is_tv_tensor(): true {
    return true;
  }

  override __repr__(): string {
    return `${super.__repr__().slice(0, -1)}, )`;
  }
}

/**
 * An image of shape (..., C, H, W), or (H, W), which becomes (1, H, W).
 *
 * @throws ValueError for less than two dimensions
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.tv_tensors.Image.html
 */
export class Image extends TVTensor {
  constructor(...args: Arguments<TVArguments, readonly ['data']>) {
    const tensor = tensor_of(image_arguments(args));
    if (tensor.ndim < 2) throw new ValueError(`Tensor must be 2D or higher, got ${tensor.ndim}D tensor.`);
    super(tensor.ndim === 2 ? tensor.unsqueeze(0) : tensor);
  }
}

/**
 * A video of shape (..., T, C, H, W).
 *
 * @throws ValueError for less than four dimensions
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.tv_tensors.Video.html
 */
export class Video extends TVTensor {
  constructor(...args: Arguments<TVArguments, readonly ['data']>) {
    const tensor = tensor_of(video_arguments(args));
    if (tensor.ndim < 4) throw new ValueError(`Tensor must be 4D or higher, got ${tensor.ndim}D tensor.`);
    super(tensor);
  }
}

/**
 * A tensor as the kind of tensor that another one is.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.tv_tensors.wrap.html
 */
export function wrap<T extends Tensor>(wrappee: Tensor, { like }: { like: T }): T {
  if (!(wrappee instanceof Tensor)) throw new TypeError(`wrappee should be a tensor, got ${type_name(wrappee)}`);
  if (!(like instanceof TVTensor) || wrappee.constructor === like.constructor) return wrappee as T;
  return new (like.constructor as unknown as new (data: Tensor) => T)(wrappee);
}
