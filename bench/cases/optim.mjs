/** Steps over parameters so many and so small that what is measured is everything around LibTorch's own work. */
import torch, { optim } from 'tstorch';

const names = [
  'Adadelta', 'Adafactor', 'Adagrad', 'Adam', 'Adamax', 'AdamW', 'ASGD', 'LBFGS', 'Muon', 'NAdam', 'RAdam', 'RMSprop',
  'Rprop', 'SGD',
];

function step_of(name) {
  return () => {
    const params = Array.from({ length: 100 }, () => torch.ones(4, 4).requires_grad_());
    for (const param of params) param.grad = torch.full([4, 4], 0.01);
    const optimizer = new optim[name](params, name === 'LBFGS' ? { max_iter: 1 } : {});
    const closure = name === 'LBFGS' ? () => 1 : null;
    return () => {
      optimizer.step(closure);
      return params[0];
    };
  };
}

export const cases = Object.fromEntries(names.map((name) => [name, step_of(name)]));
