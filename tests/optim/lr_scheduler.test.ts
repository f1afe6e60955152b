/**
 * Every scheduler against PyTorch's: learning rates and momentums to the last bit, states, files, errors
 * (scripts/fixtures/lr_scheduler.py).
 */
import torch, { optim } from 'tstorch';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { error_of, read_fixture } from '../expected.ts';

const { lr_scheduler, swa_utils } = optim;
type LRScheduler = optim.lr_scheduler.LRScheduler;

interface Spec {
  name: string;
  args?: unknown[];
  kwargs?: Record<string, unknown>;
}

interface Setting {
  scheduler: Spec;
  lr?: unknown[];
  optimizer?: string;
  momentum?: boolean;
  steps?: number;
  metrics?: number[];
  epochs?: number[];
}

type Values = (number | string | (number | string)[])[];

const fixture = read_fixture<{
  cases: (Setting & { rates: Values; momentums?: Values; state: Record<string, unknown> })[];
  resumptions: (Setting & { file: string; rates: Values; again?: Spec; without_state?: Values })[];
  files: (Setting & { pickle: string })[];
  errors: (Setting & { error: string; message: string })[];
}>('lr_scheduler');

class Decay {
  rate: number;

  constructor(rate: number) {
    this.rate = rate;
  }

  __call__(epoch: number): number {
    return 1 / (1 + this.rate * epoch);
  }
}

const functions: Record<string, () => optim.lr_scheduler.EpochFunction> = {
  inverse: () => (epoch) => 1 / (epoch + 1),
  slow: () => (epoch) => 1 - epoch / 200,
  third: () => (epoch) => (epoch % 3 === 0 ? 0.3 : 1.1),
  decay: () => new Decay(0.25),
};

/** An optimizer without momentum. */
class Plain extends optim.Optimizer {
  constructor(params: optim.Params, { lr }: { lr: number }) {
    super(params, { lr });
  }

  override step(): null {
    return null;
  }
}

type OptimizerClass = new (params: unknown, options: Record<string, unknown>) => optim.Optimizer;
type SchedulerClass = new (...args: unknown[]) => LRScheduler;

function argument(value: unknown, optimizer: optim.Optimizer): unknown {
  if (Array.isArray(value)) return value.map((item) => argument(item, optimizer));
  if (typeof value !== 'object' || value === null) return value;
  if ('function' in value) return functions[value.function as string]!();
  if ('tensor' in value) return torch.tensor(value.tensor as number);
  return make(value as Spec, optimizer);
}

function make({ name, args = [], kwargs = {} }: Spec, optimizer: optim.Optimizer): LRScheduler {
  const Scheduler = (name === 'SWALR' ? swa_utils : lr_scheduler) as unknown as Record<string, SchedulerClass>;
  const given = args.map((value) => argument(value, optimizer));
  const named = Object.entries(kwargs).map(([key, value]) => [key, argument(value, optimizer)] as const);
  if (name !== 'ChainedScheduler') given.unshift(optimizer);
  return new Scheduler[name]!(...given, ...(named.length > 0 ? [Object.fromEntries(named)] : []));
}

function make_optimizer({ lr, optimizer = 'SGD', momentum = false }: Setting): optim.Optimizer {
  const groups = (lr ?? [0.1, 0.2]).map((value) => ({
    params: [torch.zeros(1, { requires_grad: true })],
    lr: typeof value === 'number' ? value : torch.tensor((value as { tensor: number }).tensor),
  }));
  const options = optimizer === 'SGD' && momentum ? { momentum: 0.9 } : {};
  const Class = optimizer === 'Plain' ? Plain : (optim as unknown as Record<string, OptimizerClass>)[optimizer]!;
  return new (Class as OptimizerClass)(groups, { lr: 0.5, ...options });
}

function steps_of({ metrics, epochs, steps = 52 }: Setting): number {
  return metrics?.length ?? epochs?.length ?? steps;
}

function step(scheduler: LRScheduler, { metrics, epochs }: Setting, i: number): void {
  const given = metrics?.[i] ?? epochs?.[i];
  (scheduler.step as (value?: number) => void).call(scheduler, ...(given === undefined ? [] : [given]));
}

const to_number = (value: unknown): number => (value instanceof torch.Tensor ? value.item() : (value as number));

const per_group = (values: number[]): number | number[] => (values.length === 1 ? values[0]! : values);

const rates_of = ({ param_groups }: optim.Optimizer): number | number[] =>
  per_group(param_groups.map(({ lr }) => to_number(lr)));

const momentums_of = ({ param_groups }: optim.Optimizer): number | number[] =>
  per_group(param_groups.map(({ betas, momentum }) => to_number((betas as number[] | undefined)?.[0] ?? momentum)));

/** A part of a state as the fixture has it. */
function plain(value: unknown): unknown {
  if (value instanceof torch.Tensor) return { tensor: value.item() };
  if (value instanceof Map) return { counter: [...value] };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value).replace('Infinity', 'inf');
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

function titled<T extends Setting>(cases: readonly T[]): (readonly [string, T])[] {
  return cases.map((expected) => {
    const { scheduler, lr, optimizer, momentum, epochs, metrics } = expected;
    const { name, args = [], kwargs = {} } = scheduler;
    const rest = { lr, optimizer, momentum, epochs: epochs?.length, metrics: metrics?.length };
    return [`${name} ${JSON.stringify(args)} ${JSON.stringify(kwargs)} ${JSON.stringify(rest)}`, expected] as const;
  });
}

beforeEach(() => {
  // Epochs are given to steps on purpose.
  vi.spyOn(process, 'emitWarning').mockImplementation(() => undefined);
});

describe('schedules', () => {
  test.each(titled(fixture.cases))('%s', (_, expected) => {
    const optimizer = make_optimizer(expected);
    const before = optimizer.param_groups.map(({ lr }) => lr);
    const scheduler = make(expected.scheduler, optimizer);
    optimizer.step();
    const [rates, momentums] = [[rates_of(optimizer)], [momentums_of(optimizer)]];
    for (let i = 0; i < steps_of(expected); i++) {
      step(scheduler, expected, i);
      rates.push(rates_of(optimizer));
      momentums.push(momentums_of(optimizer));
      expect(per_group(scheduler.get_last_lr().map(to_number))).toEqual(rates.at(-1));
    }
    expect(rates).toEqual(expected.rates);
    if (expected.momentums !== undefined) expect(momentums).toEqual(expected.momentums);
    else for (const momentum of momentums) expect(momentum).toEqual(momentums[0]);
    const state = plain(scheduler.state_dict()) as Record<string, unknown>;
    expect(state).toEqual(expected.state);
    expect(Object.keys(state).sort()).toEqual(Object.keys(expected.state).sort());
    optimizer.param_groups.forEach(({ lr }, i) => {
      if (before[i] instanceof torch.Tensor) expect(lr, 'a tensor stays the same one').toBe(before[i]);
    });
  });
});

describe('going on from a file of Python', () => {
  test.each(titled(fixture.resumptions))('%s', (_, expected) => {
    const go_on = (scheduler: LRScheduler, optimizer: optim.Optimizer): unknown[] => {
      const rates: unknown[] = [rates_of(optimizer)];
      for (let i = 7; i < 20; i++) {
        step(scheduler, expected, i);
        rates.push(rates_of(optimizer));
      }
      return rates;
    };
    const file = (): { optimizer: optim.OptimizerStateDict; scheduler: optim.lr_scheduler.LRSchedulerStateDict } =>
      torch.load(Buffer.from(expected.file, 'base64'));
    const started = (): [optim.Optimizer, LRScheduler] => {
      const optimizer = make_optimizer(expected);
      return [optimizer, make(expected.scheduler, optimizer)];
    };

    const [optimizer, scheduler] = started();
    optimizer.load_state_dict(file().optimizer);
    scheduler.load_state_dict(file().scheduler);
    const [other, other_scheduler] = started();
    const ours = torch.save({ optimizer: optimizer.state_dict(), scheduler: scheduler.state_dict() });
    expect(go_on(scheduler, optimizer)).toEqual(expected.rates);

    const again = torch.load(ours);
    other.load_state_dict(again.optimizer);
    other_scheduler.load_state_dict({ state_dict: again.scheduler });
    expect(go_on(other_scheduler, other), 'from a file of ours').toEqual(expected.rates);

    if (expected.again === undefined) return;
    const third = make_optimizer(expected);
    third.load_state_dict(file().optimizer);
    expect(go_on(make(expected.again, third), third), 'without a state').toEqual(expected.without_state);
  });
});

describe('files are the same as those of Python', () => {
  test.each(titled(fixture.files))('%s', (_, { scheduler: spec, pickle }) => {
    const optimizer = make_optimizer({ scheduler: spec, lr: [0.3] });
    const scheduler = make(spec, optimizer);
    optimizer.step();
    for (let i = 0; i < 5; i++) scheduler.step();
    expect(torch.save(scheduler.state_dict()).includes(Buffer.from(pickle, 'base64'))).toBe(true);
  });
});

describe('errors', () => {
  test.each(titled(fixture.errors))('%s', (_, expected) => {
    const [name, message] = error_of(() => {
      const optimizer = make_optimizer(expected);
      const scheduler = make(expected.scheduler, optimizer);
      optimizer.step();
      for (let i = 0; i < (expected.steps ?? 0); i++) step(scheduler, expected, i);
    });
    expect([name, message]).toEqual([expected.error, expected.message]);
  });
});
