import type { Arguments } from '../../arguments.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';
import { forward_arguments } from './forward_arguments.ts';
import type { ReadBy } from './forward_arguments.ts';
import { Module } from './module.ts';

export interface PairwiseDistanceOptions {
  p?: number;
  eps?: number;
  keepdim?: boolean;
}
const pairwise_distance_arguments = signature<PairwiseDistanceOptions>('PairwiseDistance', [
  ['p', 2],
  ['eps', 1e-6],
  ['keepdim', false],
]);

const both_tensors = forward_arguments<{ x1: Tensor; x2: Tensor }, ['x1', 'x2']>(['x1', 'x2']);
type BothTensors = ReadBy<typeof both_tensors>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface PairwiseDistance {
  (...args: BothTensors): Tensor;
}

/**
 * The p-norm of the difference of two tensors `(N, D)` or `(D)`: gives `(N)` or `()`.
 * @param p the p of the norm (default: 2)
 * @param eps what is added to the difference, so that there is a gradient at 0 (default: 1e-6)
 * @param keepdim whether the last dimension stays, with the size 1 (default: false)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.PairwiseDistance.html
 */
export class PairwiseDistance extends Module {
  norm: number;
  eps: number;
  keepdim: boolean;

  constructor(...args: Arguments<PairwiseDistanceOptions, ['p', 'eps', 'keepdim']>) {
    super();
    const { p, eps, keepdim } = pairwise_distance_arguments(args);
    this.norm = p;
    this.eps = eps;
    this.keepdim = keepdim;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor;
  override forward(...args: BothTensors): Tensor {
    const [x1, x2] = both_tensors(args);
    return aten.pairwise_distance(x1, x2, this.norm, this.eps, this.keepdim);
  }
}

export interface CosineSimilarityOptions {
  dim?: number;
  eps?: number;
}
const cosine_similarity_arguments = signature<CosineSimilarityOptions>('CosineSimilarity', [
  ['dim', 1],
  ['eps', 1e-8],
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface CosineSimilarity {
  (...args: BothTensors): Tensor;
}

/**
 * The cosine of the angle between two tensors along a dimension.
 * @param dim the dimension, which goes away (default: 1)
 * @param eps the least product of the norms (default: 1e-8)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.CosineSimilarity.html
 */
export class CosineSimilarity extends Module {
  dim: number;
  eps: number;

  constructor(...args: Arguments<CosineSimilarityOptions, ['dim', 'eps']>) {
    super();
    const { dim, eps } = cosine_similarity_arguments(args);
    this.dim = dim;
    this.eps = eps;
  }

  override forward(x1: Tensor, x2: Tensor): Tensor;
  override forward(...args: BothTensors): Tensor {
    const [x1, x2] = both_tensors(args);
    return aten.cosine_similarity(x1, x2, this.dim, this.eps);
  }
}
