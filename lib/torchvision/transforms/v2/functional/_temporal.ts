/** Functions of videos. */
import { int64 } from '../../../../dtype.ts';
import { IndexError } from '../../../../errors.ts';
import { aten } from '../../../../ops.ts';
import { functional } from './_kernel.ts';

/**
 * `num_samples` frames of a video (..., T, C, H, W), as far apart from one another as they can be.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.functional.uniform_temporal_subsample.html
 */
export const uniform_temporal_subsample = functional<{ num_samples: number }, ['num_samples']>(
  'uniform_temporal_subsample',
  ['num_samples'],
  (video, { num_samples }) => {
    if (video.ndim < 4) throw new IndexError('tuple index out of range');
    const last = video.size(-4) - 1;
    return video.index_select(-4, aten.linspace(0, last, num_samples, { device: video.device }).to(int64));
  },
  null,
);
