/** Functions of `torch` that Python composes of others. */
export { atleast_1d, atleast_2d, atleast_3d, broadcast_shapes, broadcast_tensors } from './broadcasting.ts';
export { meshgrid } from './grids.ts';
export { lobpcg } from './lobpcg.ts';
export { svd_lowrank, pca_lowrank } from './low_rank.ts';
export { eig, lstsq, lu, matrix_rank, solve, symeig } from './lu.ts';
export { nonzero } from './nonzero.ts';
export { cdist, norm } from './norms.ts';
export { pieces_of, split, unravel_index } from './pieces.ts';
export { block_diag, cartesian_prod, chain_matmul, einsum, tensordot } from './products.ts';
export { stft } from './spectral.ts';
export { unique, unique_consecutive } from './unique.ts';
