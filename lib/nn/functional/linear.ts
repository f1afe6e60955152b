import { aten } from '../../ops.ts';

/**
 * `input Wᵀ + bias`, for an input `(*, in_features)`, a weight `(out_features, in_features)` and a bias
 * `(out_features)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear.html
 */
export const linear: typeof aten.linear = aten.linear;

/**
 * `input1ᵀ W input2 + bias`, for inputs `(*, in1_features)` and `(*, in2_features)` and a weight
 * `(out_features, in1_features, in2_features)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.bilinear.html
 */
export const bilinear: typeof aten.bilinear = aten.bilinear;
