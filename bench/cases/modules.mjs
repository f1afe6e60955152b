/** Modules so small that what is measured is everything around LibTorch's own work. */
import torch, { nn, optim } from 'tstorch';

function mlp() {
  return new nn.Sequential(
    new nn.Linear(8, 16),
    new nn.ReLU(),
    new nn.Linear(16, 16),
    new nn.ReLU(),
    new nn.Linear(16, 4),
  );
}

function training(make_optimizer) {
  return () => {
    const x = torch.rand(8, 8);
    const y = torch.randint(0, 4, [8]);
    const model = mlp();
    const loss_fn = new nn.CrossEntropyLoss();
    const optimizer = make_optimizer(model.parameters());
    return () => {
      optimizer.zero_grad();
      const loss = loss_fn(model(x), y);
      loss.backward();
      optimizer.step();
      return loss;
    };
  };
}

export const cases = {
  'nn.Linear(4, 4)(x)': () => {
    const x = torch.rand(4, 4);
    const layer = new nn.Linear(4, 4);
    return () => layer(x);
  },
  'MLP, forward': () => {
    const x = torch.rand(8, 8);
    const model = mlp();
    return () => model(x);
  },
  'MLP, training step, SGD': training((parameters) => new optim.SGD(parameters, { lr: 0.01 })),
  'MLP, training step, Adam': training((parameters) => new optim.Adam(parameters, { lr: 0.001 })),
};
