/** A walk over 6,400 images of FashionMNIST with `ToTensor`, shuffled; workers are started before and kept. */
import { datasets, transforms } from 'tstorch/torchvision';
import { DataLoader, Subset } from 'tstorch/utils/data';

const SAMPLES = 6400;

function walk(batch_size, num_workers) {
  return () => {
    const images = new datasets.FashionMNIST({
      root: process.env.TSTORCH_BENCH_IMAGES,
      train: true,
      transform: new transforms.ToTensor(),
    });
    const part = new Subset(images, Array.from({ length: SAMPLES }, (_, i) => i));
    const loader = new DataLoader(part, { batch_size, shuffle: true, num_workers, persistent_workers: num_workers > 0 });
    return () => {
      let seen = 0;
      for (const [x] of loader) seen += x.shape[0];
      return seen;
    };
  };
}

export const cases = {
  'batches of 32': walk(32, 0),
  'batches of 128': walk(128, 0),
  'batches of 32, 2 workers': walk(32, 2),
  'batches of 128, 2 workers': walk(128, 2),
};
