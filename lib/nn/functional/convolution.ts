import { aten } from '../../ops.ts';

/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv1d.html */
export const conv1d: typeof aten.conv1d = aten.conv1d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv2d.html */
export const conv2d: typeof aten.conv2d = aten.conv2d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv3d.html */
export const conv3d: typeof aten.conv3d = aten.conv3d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose1d.html */
export const conv_transpose1d: typeof aten.conv_transpose1d = aten.conv_transpose1d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose2d.html */
export const conv_transpose2d: typeof aten.conv_transpose2d = aten.conv_transpose2d;
/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.conv_transpose3d.html */
export const conv_transpose3d: typeof aten.conv_transpose3d = aten.conv_transpose3d;
