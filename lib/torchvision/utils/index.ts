/**
 * `torchvision.utils`: putting images together, drawing on them, saving them.
 *
 * @see https://docs.pytorch.org/vision/stable/utils.html
 */
export type { ColorLike, ColorsLike, RGB } from './colors.ts';
export { draw_bounding_boxes } from './draw_bounding_boxes.ts';
export type { DrawBoundingBoxesOptions } from './draw_bounding_boxes.ts';
export { draw_keypoints } from './draw_keypoints.ts';
export type { DrawKeypointsOptions } from './draw_keypoints.ts';
export { draw_segmentation_masks } from './draw_segmentation_masks.ts';
export type { DrawSegmentationMasksOptions } from './draw_segmentation_masks.ts';
export { make_grid } from './make_grid.ts';
export type { MakeGridOptions } from './make_grid.ts';
export { save_image } from './save_image.ts';
export type { SaveImageOptions } from './save_image.ts';
