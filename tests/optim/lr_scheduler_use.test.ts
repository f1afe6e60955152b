/** How schedulers are used and made: what Python warns of, schedulers of one's own, arguments, and optimizers. */
import torch, { optim } from 'tstorch';
import { describe, expect, test, vi } from 'vitest';
import { error_of, read_fixture } from '../expected.ts';

const { lr_scheduler } = optim;

const bad = (value: unknown): never => value as never;

function sgd(...lrs: number[]): optim.SGD {
  return new optim.SGD(lrs.map((lr) => ({ params: [torch.zeros(1, { requires_grad: true })], lr })));
}

function step_lr(): [optim.SGD, optim.lr_scheduler.StepLR] {
  const optimizer = sgd(0.1);
  return [optimizer, new lr_scheduler.StepLR(optimizer, 3)];
}

/** The warnings of an action. Each is given once in a process, so that every one of them is expected of one action. */
function warnings_of(action: () => void): [category: string, message: string][] {
  const emit = vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
  try {
    action();
    return emit.mock.calls.map(([message, category]) => [String(category), String(message)]);
  } finally {
    emit.mockRestore();
  }
}

describe('warnings', () => {
  const fixture = read_fixture<{ warnings: Record<string, [string, string][]> }>('lr_scheduler').warnings;
  const uses: Record<string, () => void> = {
    right() {
      const [optimizer, scheduler] = step_lr();
      optimizer.step();
      scheduler.step();
      scheduler.step();
    },
    two_schedulers() {
      const [optimizer] = step_lr();
      optimizer.step();
      new lr_scheduler.StepLR(optimizer, 3).step();
    },
    warm_restarts_epoch() {
      new lr_scheduler.CosineAnnealingWarmRestarts(sgd(0.1), 3).step(3);
    },
    step_before_making() {
      const optimizer = sgd(0.1);
      optimizer.step();
      new lr_scheduler.StepLR(optimizer, 3).step();
    },
    overridden() {
      const [optimizer, scheduler] = step_lr();
      optimizer.step = () => bad(null);
      optimizer.step();
      scheduler.step();
    },
    epoch() {
      const [optimizer, scheduler] = step_lr();
      optimizer.step();
      scheduler.step({ epoch: 3 });
    },
    get_lr() {
      step_lr()[1].get_lr();
    },
  };

  test.each(Object.entries(uses))('%s', (name, use) => {
    expect(warnings_of(use)).toEqual(fixture[name]);
  });
});

describe('a scheduler of one’s own', () => {
  class Halving extends lr_scheduler.LRScheduler {
    declare every: number;

    constructor(optimizer: optim.Optimizer, every: number, last_epoch = -1) {
      super(optimizer, last_epoch, { every });
    }

    override get_lr(): optim.lr_scheduler.Rate[] {
      return this.base_lrs.map((lr) => Number(lr) * 0.5 ** Math.floor(this.last_epoch / this.every));
    }
  }

  test('computes, and is saved with what it was given', () => {
    const optimizer = sgd(1, 8);
    const scheduler = new Halving(optimizer, 2);
    optimizer.step();
    for (let i = 0; i < 5; i++) scheduler.step();
    expect(scheduler.get_last_lr()).toEqual([0.25, 2]);
    expect(optimizer.param_groups.map(({ lr, initial_lr }) => [lr, initial_lr])).toEqual([
      [0.25, 1],
      [2, 8],
    ]);
    expect(scheduler.state_dict()).toEqual({
      every: 2, base_lrs: [1, 8], last_epoch: 5, _step_count: 6, _is_initial: false,
      _get_lr_called_within_step: false, _last_lr: [0.25, 2],
    });
    expect(scheduler).toBeInstanceOf(lr_scheduler.LRScheduler);
    const combined = new lr_scheduler.ChainedScheduler([new Halving(optimizer, 3), new lr_scheduler.StepLR(optimizer, 1)]);
    expect(combined.optimizer).toBe(optimizer);
  });

  test('may have a closed form, which is for epochs', () => {
    class Root extends lr_scheduler.LRScheduler {
      override get_lr(): optim.lr_scheduler.Rate[] {
        return this.optimizer.param_groups.map(({ lr }) => Number(lr) / 2);
      }

      override _get_closed_form_lr(): optim.lr_scheduler.Rate[] {
        return this.base_lrs.map((lr) => Number(lr) / this.last_epoch);
      }
    }
    const optimizer = sgd(1);
    const scheduler = new Root(optimizer);
    expect(scheduler.get_last_lr()).toEqual([0.5]);
    optimizer.step();
    warnings_of(() => scheduler.step(4));
    expect([scheduler.get_last_lr(), scheduler.last_epoch]).toEqual([[0.25], 4]);
  });

  test('class fields come too late, and the error says so', () => {
    class Late extends lr_scheduler.LRScheduler {
      factor = 0.5;

      override get_lr(): optim.lr_scheduler.Rate[] {
        return this.base_lrs.map((lr) => Number(lr) * this.factor);
      }
    }
    expect(error_of(() => new Late(sgd(1)))).toEqual(['ValueError', expect.stringContaining('super(')]);
  });

  test('has to give a learning rate for each group', () => {
    class Short extends lr_scheduler.LRScheduler {
      override get_lr(): optim.lr_scheduler.Rate[] {
        return [0.5];
      }
    }
    expect(error_of(() => new Short(sgd(1, 2)))).toEqual(['ValueError', 'zip() argument 2 is shorter than argument 1']);
  });
});

describe('optimizers', () => {
  test('steps are those of before, with hooks, closures and what they give back', () => {
    const p = torch.ones(1, { requires_grad: true });
    const optimizer = new optim.SGD([p], { lr: 0.5 });
    const scheduler = new lr_scheduler.ExponentialLR(optimizer, 0.5);
    const seen: string[] = [];
    optimizer.register_step_pre_hook((given, args) => void seen.push(`before ${given === optimizer} ${args.length}`));
    optimizer.register_step_post_hook(() => void seen.push('after'));
    const closure = (): number => {
      optimizer.zero_grad();
      p.sum().backward();
      return 7;
    };
    expect(optimizer.step(closure)).toBe(7);
    scheduler.step();
    const { step } = optimizer;
    step(closure);
    expect(seen).toEqual(['before true 1', 'after', 'before true 1', 'after']);
    expect(p.item()).toBe(1 - 0.5 - 0.25);
    expect(Object.keys(optimizer)).not.toContain('step');
  });

  test('a group that is added later has no place in some schedulers', () => {
    const optimizer = sgd(0.5);
    const scheduler = new lr_scheduler.LambdaLR(optimizer, () => 1);
    const plateau = new lr_scheduler.ReduceLROnPlateau(optimizer, { patience: 0, min_lr: [0.1] });
    optimizer.add_param_group({ params: [torch.zeros(1, { requires_grad: true })], lr: 1 });
    optimizer.step();
    expect(error_of(() => scheduler.step())).toEqual(['ValueError', 'zip() argument 2 is shorter than argument 1']);
    plateau.step(1);
    expect(error_of(() => plateau.step(1))).toEqual([
      'RuntimeError',
      'The number of param groups in the `optimizer` (2) differs from when `ReduceLROnPlateau` was initialized (1), ' +
        'usually due to a new param group being added to the optimizer. Please modify the `min_lrs` field to match ' +
        'the length of the `optimizer` param groups.',
    ]);
  });

  test('a tensor is the metric of a plateau', () => {
    const optimizer = sgd(0.5);
    const plateau = new lr_scheduler.ReduceLROnPlateau({ optimizer, patience: 0, factor: 0.5 });
    plateau.step(torch.tensor(2));
    plateau.step({ metrics: torch.tensor([3], { requires_grad: false }) });
    expect([plateau.best, plateau.get_last_lr(), plateau.in_cooldown]).toEqual([2, [0.25], false]);
  });
});

test('wrong arguments are errors with a type', () => {
  const optimizer = sgd(0.1);
  const [other] = step_lr();
  const linear = new lr_scheduler.LinearLR(optimizer);
  const wrong: (() => unknown)[] = [
    () => new lr_scheduler.StepLR(bad(3), 3),
    () => new lr_scheduler.StepLR(optimizer, bad('3')),
    () => new lr_scheduler.StepLR(optimizer, bad({ step: 3 })),
    () => new lr_scheduler.LambdaLR(bad(null), () => 1),
    () => new lr_scheduler.MultiplicativeLR(optimizer, bad(null)),
    () => new lr_scheduler.MultiStepLR(optimizer, bad(null)),
    () => new lr_scheduler.ExponentialLR(optimizer, bad(true)),
    () => new lr_scheduler.CyclicLR(optimizer, bad('a'), 3),
    () => new lr_scheduler.CyclicLR(optimizer, 0.1, 0.2, { mode: bad('toString') }),
    () => new lr_scheduler.OneCycleLR(optimizer, bad([null]), 3),
    () => new lr_scheduler.ReduceLROnPlateau(optimizer, { min_lr: bad([null]) }),
    () => new lr_scheduler.SequentialLR(optimizer, bad(null), []),
    () => new lr_scheduler.SequentialLR(optimizer, [linear], bad(null)),
    () => new lr_scheduler.SequentialLR(other, [linear], []),
    () => new lr_scheduler.ChainedScheduler([linear], other),
    () => linear.load_state_dict(bad(3)),
    () => linear.step(bad('x')),
  ];
  for (const action of wrong) {
    const [name] = error_of(() => void warnings_of(() => void action()));
    expect(['TypeError', 'ValueError'], String(action)).toContain(name);
  }
  expect(() => new lr_scheduler.StepLR(bad(3), 3)).toThrow(torch.TypeError);
  expect(error_of(() => new lr_scheduler.StepLR(bad(3), 3))[1]).toBe('int is not an Optimizer');
  expect(error_of(() => new lr_scheduler.SequentialLR(other, [linear], []))[1]).toBe(
    'SequentialLR expects all schedulers to belong to the same optimizer, but got scheduler LinearLR at index 0 has ' +
      `${String(optimizer)}, which is different from SGD.`,
  );
});
