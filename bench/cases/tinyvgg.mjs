/** The course's convolutional network: a training step, inference, and an epoch with all that belongs to it. */
import torch, { nn, optim } from 'tstorch';
import { datasets, transforms } from 'tstorch/torchvision';
import { DataLoader } from 'tstorch/utils/data';
import { TinyVGG } from './networks/tinyvgg.mjs';

const BATCH = 32;

function make_step() {
  const model = new TinyVGG();
  const loss_fn = new nn.CrossEntropyLoss();
  const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
  return (x, y) => {
    const loss = loss_fn(model(x), y);
    optimizer.zero_grad();
    loss.backward();
    optimizer.step();
    return loss.item();
  };
}

/** Every sample goes through the data set, `ToTensor`, the shuffling sampler and the collation. */
function epoch() {
  const data = new datasets.FashionMNIST({
    root: process.env.TSTORCH_BENCH_IMAGES,
    train: true,
    transform: new transforms.ToTensor(),
  });
  const loader = new DataLoader(data, { batch_size: BATCH, shuffle: true });
  const step = make_step();
  return () => {
    let loss = 0;
    for (const [x, y] of loader) loss += step(x, y);
    return loss / loader.length;
  };
}

export const cases = {
  'training step, batch of 32': () => {
    const x = torch.rand(BATCH, 1, 28, 28);
    const y = torch.randint(0, 10, [BATCH]);
    const step = make_step();
    return () => step(x, y);
  },
  'inference, batch of 32': () => {
    const x = torch.rand(BATCH, 1, 28, 28);
    const model = new TinyVGG().eval();
    return () => torch.inference_mode(() => model(x));
  },
  'epoch of 60,000 images': epoch,
  'epoch of 60,000 images, all threads': epoch,
};
