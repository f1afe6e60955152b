/** How the functions of version 2 choose between tensors and images in memory. */
import { type Arguments, type ParameterSpec, signature } from '../../../../arguments.ts';
import { TypeError } from '../../../../errors.ts';
import { type_name } from '../../../../repr.ts';
import { Tensor } from '../../../../tensor.ts';
import { Image } from '../../../image.ts';
import { wrap } from '../../../tv_tensors/index.ts';
import { type Img, pil_to_tensor, to_pil_image } from '../../functional.ts';

/** A function of an image that gives one of the same kind; whatever else it takes is given by position or by name. */
export interface Functional<P, N extends readonly (keyof P)[]> {
  <T extends Img>(inpt: T, ...args: Arguments<P, N>): T;
}

type Kernel<P, I extends Img, O> = (inpt: I, parameters: Required<P>) => O;

/** @throws TypeError always: there is no kernel for such an input */
function refuse(name: string, inpt: unknown, kinds: string): never {
  throw new TypeError(`Functional F.${name} supports inputs of type ${kinds}, but got ${type_name(inpt)} instead.`);
}

/**
 * Makes the function `name`.
 *
 * @param parameters those beside the input, in their order
 * @param tensor what it does to tensors
 * @param image what it does to images in memory; null where it is for tensors alone
 */
export function functional<P extends object = {}, N extends readonly (keyof P)[] = readonly []>(
  name: string,
  parameters: readonly ParameterSpec[],
  tensor: Kernel<P, Tensor, Tensor>,
  image: Kernel<P, Image, Image> | null,
): Functional<P, N> {
  const parse = signature<P>(name, parameters);
  return <T extends Img>(inpt: T, ...args: unknown[]): T => {
    if (inpt instanceof Tensor) return wrap(tensor(inpt, parse(args)), { like: inpt as Tensor }) as T;
    if (image === null) return refuse(name, inpt, 'Tensor');
    if (inpt instanceof Image) return image(inpt, parse(args)) as T;
    return refuse(name, inpt, 'Tensor and Image');
  };
}

/** A function that gives several images of the same kind. */
export interface Crops<P, N extends readonly (keyof P)[], C extends number> {
  <T extends Img>(inpt: T, ...args: Arguments<P, N>): T[] & { readonly length: C };
}

/** Makes the function `name`, which gives several images. */
export function crops<P extends object, N extends readonly (keyof P)[], C extends number>(
  name: string,
  parameters: readonly ParameterSpec[],
  kernel: (inpt: Img, parameters: Required<P>) => Img[],
): Crops<P, N, C> {
  const parse = signature<P>(name, parameters);
  return (<T extends Img>(inpt: T, ...args: unknown[]): T[] => {
    if (inpt instanceof Image) return kernel(inpt, parse(args)) as T[];
    if (!(inpt instanceof Tensor)) return refuse(name, inpt, 'Tensor and Image');
    return kernel(inpt, parse(args)).map((one) => wrap(one as Tensor, { like: inpt as Tensor }) as T);
  }) as unknown as Crops<P, N, C>;
}

/** Does to an image in memory what is only there for tensors. */
export function by_tensor<P>(change: Kernel<P, Tensor, Tensor>): Kernel<P, Image, Image> {
  return (img, parameters) => to_pil_image(change(pil_to_tensor(img), parameters), img.mode);
}

/** Does to images of any number of leading dimensions what is only there for batches (N, C, H, W). */
export function in_batches(image: Tensor, change: (batch: Tensor) => Tensor): Tensor {
  if (image.ndim === 4) return change(image);
  const shape = [...image.shape];
  const result = change(image.reshape(-1, ...shape.slice(-3)));
  return result.reshape([...shape.slice(0, -3), ...result.shape.slice(-3)]);
}
