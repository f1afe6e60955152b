/** A walk over 2,000 photographs, shuffled, in batches of 32; workers are started before and kept. */
import { datasets, transforms } from 'tstorch/torchvision';
import { DataLoader } from 'tstorch/utils/data';

function walk(size, num_workers) {
  return () => {
    const images = new datasets.ImageFolder(process.env.TSTORCH_BENCH_PHOTOS, {
      transform: new transforms.Compose([
        new transforms.Resize([size, size]),
        new transforms.TrivialAugmentWide({ num_magnitude_bins: 31 }),
        new transforms.ToTensor(),
      ]),
    });
    const loader = new DataLoader(images, {
      batch_size: 32,
      shuffle: true,
      num_workers,
      persistent_workers: num_workers > 0,
    });
    return () => {
      let seen = 0;
      for (const [x] of loader) seen += x.shape[0];
      return seen;
    };
  };
}

export const cases = {
  'to 64 x 64': walk(64, 0),
  'to 224 x 224': walk(224, 0),
  'to 64 x 64, 2 workers': walk(64, 2),
  'to 224 x 224, 2 workers': walk(224, 2),
};
