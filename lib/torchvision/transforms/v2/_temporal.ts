/** Transforms of videos. */
import { Tensor } from '../../../tensor.ts';
import { uniform_temporal_subsample } from './functional/_temporal.ts';
import { Transform } from './_transform.ts';
import type { Kind } from './_kinds.ts';
import { type Arguments, signature } from '../../../arguments.ts';

const parse_subsample = signature<{ num_samples: number }>('UniformTemporalSubsample', ['num_samples']);

/**
 * Takes `num_samples` frames of a video (..., T, C, H, W), as far apart from one another as they can be.
 *
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.v2.UniformTemporalSubsample.html
 */
export class UniformTemporalSubsample extends Transform {
  static override _transformed_types: readonly Kind[] = [Tensor];

  num_samples: number;

  constructor(...args: Arguments<{ num_samples: number }, readonly ['num_samples']>) {
    super();
    this.num_samples = parse_subsample(args).num_samples;
  }

  override transform(inpt: Tensor): Tensor {
    return uniform_temporal_subsample(inpt, this.num_samples);
  }
}
