import { aten } from '../../ops.ts';

/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.cosine_similarity.html */
export const cosine_similarity: typeof aten.cosine_similarity = aten.cosine_similarity;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pairwise_distance.html */
export const pairwise_distance: typeof aten.pairwise_distance = aten.pairwise_distance;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.pdist.html */
export const pdist: typeof aten.pdist = aten.pdist;
