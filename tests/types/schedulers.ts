/** Schedulers and averages of models as users write them, under strict: checked by compiling, never run. */
import torch, { nn, optim } from 'tstorch';
import type { Tensor } from 'tstorch';
import { type Rate, StepLR } from 'tstorch/optim/lr_scheduler';
import { AveragedModel, SWALR, update_bn } from 'tstorch/optim/swa_utils';

const { lr_scheduler } = optim;

export function schedules(model: nn.Module, loss: number | Tensor): Rate[] {
  const adam = new optim.Adam(model.parameters());
  const any: optim.Optimizer = adam;
  const schedulers: optim.lr_scheduler.LRScheduler[] = [
    new StepLR(adam, 3),
    new StepLR(any, { step_size: 3, gamma: 0.5 }),
    new lr_scheduler.StepLR({ optimizer: adam, step_size: 3 }),
    new lr_scheduler.LambdaLR(adam, [(epoch) => 1 / (epoch + 1)]),
    new lr_scheduler.MultiplicativeLR(adam, { lr_lambda: { __call__: (epoch: number) => epoch } }),
    new lr_scheduler.MultiStepLR(adam, new Set([3, 5])),
    new lr_scheduler.CyclicLR(adam, [0.1, torch.tensor(0.2)], 0.3, { mode: 'exp_range' }),
    new lr_scheduler.OneCycleLR(adam, 0.1, { epochs: 3, steps_per_epoch: 4 }),
    new SWALR(adam, 0.1, { anneal_strategy: 'linear' }),
  ];
  schedulers.push(new lr_scheduler.SequentialLR(adam, schedulers.slice(0, 2), [3]));
  schedulers.push(new lr_scheduler.ChainedScheduler(schedulers.slice(0, 2)));
  const plateau = new lr_scheduler.ReduceLROnPlateau(adam, 'max', { patience: 3 });
  schedulers.push(plateau);
  plateau.step(loss);
  plateau.step({ metrics: loss });
  return schedulers.flatMap((scheduler) => scheduler.get_last_lr());
}

class Own extends lr_scheduler.LRScheduler {
  declare factor: number;

  constructor(optimizer: optim.Optimizer, factor: number) {
    super(optimizer, -1, { factor });
  }

  override get_lr(): Rate[] {
    return this.base_lrs.map((lr) => (typeof lr === 'number' ? lr * this.factor : lr.mul(this.factor)));
  }
}

export function averages(loader: Iterable<[Tensor, Tensor]>, x: Tensor): Tensor {
  const model = new nn.LSTM(2, 3);
  const optimizer = new optim.SGD(model.parameters());
  new Own(optimizer, 0.5).step();
  const averaged = new AveragedModel(model, { avg_fn: (average, current) => average.lerp(current, 0.5) });
  averaged.update_parameters(model);
  update_bn(loader, averaged);
  const [output, [hidden]] = averaged(x);
  averaged.module.flatten_parameters();
  return output instanceof torch.Tensor ? output.add(hidden) : hidden;
}

export function wrong(optimizer: optim.SGD, model: nn.Linear): void {
  // @ts-expect-error step_size is missing
  new lr_scheduler.StepLR(optimizer);
  // @ts-expect-error a model is no optimizer
  new lr_scheduler.StepLR(model, 3);
  // @ts-expect-error no such parameter
  new lr_scheduler.StepLR(optimizer, 3, { gama: 0.5 });
  // @ts-expect-error no such mode
  new lr_scheduler.CyclicLR(optimizer, 0.1, 0.2, { mode: 'square' });
  // @ts-expect-error functions give numbers
  new lr_scheduler.LambdaLR(optimizer, () => 'a');
  // @ts-expect-error a metric is missing
  new lr_scheduler.ReduceLROnPlateau(optimizer).step();
  // @ts-expect-error nothing takes two inputs
  new AveragedModel(model)(torch.ones(2), 3);
}
