/** Whole models: a training step and inference of large ones, and of the course's first. */
import torch, { nn, optim } from 'tstorch';
import { models } from 'tstorch/torchvision';
import { GPT } from './networks/gpt.mjs';

const F = nn.functional;

const GPT_SIZE = { vocabulary: 256, length: 64, width: 128, depth: 4, heads: 4 };

/** Each gives a model, its input, what it should give for that, the loss and the optimizer. */
const MODELS = {
  'ResNet-18, 8 images of 64 x 64': () => {
    const model = models.resnet18();
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.01, momentum: 0.9 });
    return [model, torch.rand(8, 3, 64, 64), torch.randint(0, 1000, [8]), F.cross_entropy, optimizer];
  },
  'GPT of 4 layers, 8 x 64 tokens': () => {
    const { vocabulary, length } = GPT_SIZE;
    const model = new GPT(GPT_SIZE);
    const optimizer = new optim.AdamW(model.parameters(), { lr: 3e-4 });
    const tokens = torch.randint(0, vocabulary, [8, length + 1]);
    return [model, tokens[':, :-1'], tokens[':, 1:'].flatten(), F.cross_entropy, optimizer];
  },
  'course 01, linear regression': () => {
    const model = new nn.Linear(1, 1);
    const x = torch.arange(0, 0.8, 0.02).unsqueeze(1);
    const y = x.mul(0.7).add(0.3);
    return [model, x, y, new nn.L1Loss(), new optim.SGD(model.parameters(), { lr: 0.01 })];
  },
  'course 02, MLP of 2-10-10-1 on circles': () => {
    const model = new nn.Sequential(
      new nn.Linear(2, 10), new nn.ReLU(), new nn.Linear(10, 10), new nn.ReLU(), new nn.Linear(10, 1),
    );
    // Two circles, one within the other, with some noise.
    const angle = torch.rand(800).mul(2 * Math.PI);
    const y = torch.randint(0, 2, [800]).float();
    const radius = y.mul(-0.2).add(1).unsqueeze(1);
    const x = torch.stack([angle.cos(), angle.sin()], 1).mul(radius).add(torch.randn(800, 2).mul(0.03));
    const optimizer = new optim.SGD(model.parameters(), { lr: 0.1 });
    return [model, x, y.unsqueeze(1), new nn.BCEWithLogitsLoss(), optimizer];
  },
};

function training(name) {
  return () => {
    const [model, x, y, loss_fn, optimizer] = MODELS[name]();
    return () => {
      const loss = loss_fn(model(x), y);
      optimizer.zero_grad();
      loss.backward();
      optimizer.step();
      return loss.item();
    };
  };
}

function inference(name) {
  return () => {
    const [model, x] = MODELS[name]();
    model.eval();
    return () => torch.inference_mode(() => model(x));
  };
}

export const cases = {};
for (const name of Object.keys(MODELS)) {
  cases[`${name}, training step`] = training(name);
  cases[`${name}, inference`] = inference(name);
}
