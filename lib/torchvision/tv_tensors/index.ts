/**
 * `torchvision.tv_tensors`: tensors that say what they hold, so that transforms of version 2 can tell an image from
 * labels. Operators on them give plain tensors.
 *
 * @see https://docs.pytorch.org/vision/stable/tv_tensors.html
 */
import { tensor as make_tensor, type TensorData } from '../../creation.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { type_name } from '../../repr.ts';
import { Tensor } from '../../tensor.ts';
import { Image as Picture } from '../image.ts';
import { pil_to_tensor } from '../transforms/functional.ts';

/** What tensors with a meaning are made of: a tensor, whose memory they share, an image in memory, or numbers. */
export type TVData = TensorData | Picture;

function tensor_of(data: TVData): Tensor {
  if (data instanceof Picture) return pil_to_tensor(data);
  return data instanceof Tensor ? aten.alias(data) : make_tensor(data);
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
  constructor(data: TVData) {
    const tensor = tensor_of(data);
    if (tensor.ndim < 2) throw new ValueError('ndim must be at least 2');
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
  constructor(data: TVData) {
    if (data instanceof Picture) throw new TypeError('a video is no single image');
    const tensor = tensor_of(data);
    if (tensor.ndim < 4) throw new ValueError('ndim must be at least 4');
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
