/** torchmetrics, as sessions in Python went: scripts/fixtures/companions_torchmetrics*.py. */
import torch, { type Tensor } from 'tstorch';
import * as torchmetrics from 'tstorch/torchmetrics';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { test_sessions } from '../sessions.ts';

describe('sessions', () => {
  test_sessions('companions_torchmetrics', () => ({ torchmetrics }));
});

describe('classification', () => {
  test_sessions('companions_torchmetrics_classification', () => ({ torchmetrics }));
});

describe('regression', () => {
  test_sessions('companions_torchmetrics_regression', () => ({ torchmetrics }));
});

/** What Python has operators for. */
const arithmetic = {
  plus: (a: torchmetrics.Metric, b: torchmetrics.Metric | number) => a.add(b),
  minus: (a: torchmetrics.Metric | number, b: torchmetrics.Metric) => (typeof a === 'number' ? b.rsub(a) : a.sub(b)),
  times: (a: torchmetrics.Metric, b: torchmetrics.Metric | number) => a.mul(b),
  over: (a: torchmetrics.Metric | number, b: torchmetrics.Metric) => (typeof a === 'number' ? b.rdiv(a) : a.div(b)),
  power: (a: torchmetrics.Metric, b: torchmetrics.Metric | number) => a.pow(b),
  minus_of: (a: torchmetrics.Metric) => a.neg(),
  abs: (a: torchmetrics.Metric) => a.abs(),
  list: (items: Iterable<unknown>) => [...items],
};

describe('metrics of metrics', () => {
  test_sessions('companions_torchmetrics_wrappers', () => ({ torchmetrics, ...arithmetic }));
});

/** A user's own metric. */
class Total extends torchmetrics.Metric {
  override full_state_update = false;
  declare total: Tensor;

  constructor() {
    super();
    this.add_state('total', torch.tensor(0), { dist_reduce_fx: 'sum' });
  }

  override update(values: Tensor): void {
    this.total = this.total.add(values.sum());
  }

  override compute(): Tensor {
    return this.total;
  }
}

test("a metric of one's own", () => {
  const metric = new Total();
  expect(metric(torch.tensor([1, 2])).item()).toBe(3);
  expect(metric(torch.tensor([4])).item()).toBe(4);
  expect(metric.compute().item()).toBe(7);
  expect(metric.state_dict().size).toBe(0);
  metric.persistent(true);
  const other = new Total();
  other.persistent(true);
  other.load_state_dict(metric.state_dict());
  expect(other.total.item()).toBe(7);
  metric.reset();
  expect([metric.total.item(), other.total.item()]).toEqual([0, 7]);
});

test('wrappers need no new', () => {
  const metric = torchmetrics.Accuracy({ task: 'binary' });
  expect(metric).toBeInstanceOf(torchmetrics.classification.BinaryAccuracy);
});

test('a batch by name', () => {
  const confmat = new torchmetrics.ConfusionMatrix({ task: 'multiclass', num_classes: 2 });
  const [preds, target] = [torch.tensor([0, 1, 1]), torch.tensor([0, 0, 1])];
  // Truth down, prediction across, as in Python.
  const counts: Tensor = confmat({ preds, target });
  expect(counts.tolist()).toEqual([[1, 1], [0, 1]]);
  // @ts-expect-error no such name
  expect(() => confmat({ preds, targets: target })).toThrow(/update\(\).*target/);
});

test('a copy goes on by itself', () => {
  const metric = new torchmetrics.MeanMetric();
  metric(2);
  const copy = metric.clone();
  expect([copy(4).item(), copy.compute().item(), metric.compute().item()]).toEqual([4, 3, 2]);
});

test("a collection with a metric of one's own", () => {
  const metrics = new torchmetrics.MetricCollection({ total: new Total(), mean: new torchmetrics.MeanMetric() }, { postfix: '_x' });
  expectTypeOf(metrics.compute).returns.toEqualTypeOf<Record<string, Tensor>>();
  metrics.update(torch.tensor([1, 2, 6]));
  const { total_x, mean_x } = metrics.compute();
  expect([total_x?.item(), mean_x?.item()]).toEqual([9, 3]);
  metrics.reset();
  const tracker = new torchmetrics.MetricTracker(metrics, [true, false]);
  tracker.increment();
  tracker.update(torch.tensor([1, 3]));
  expect(tracker.best_metric()).toEqual({ total_x: 4, mean_x: 2 });
});

test('arguments are checked by the compiler', () => {
  const { functional } = torchmetrics;
  const [scores, labels] = [torch.tensor([0.2, 0.8]), torch.tensor([0, 1])];
  expect(functional.accuracy(scores, labels, 'binary', 0.5).item()).toBe(1);
  expect(functional.auroc({ preds: scores, target: labels, task: 'binary' }).item()).toBe(1);
  // @ts-expect-error no such task
  expect(() => functional.accuracy(scores, labels, 'some')).toThrow(/Invalid Classification/);
  // @ts-expect-error a class needs their number
  expect(() => new torchmetrics.classification.MulticlassAUROC()).toThrow(/num_classes/);
  // @ts-expect-error no such name
  expect(() => new torchmetrics.FBetaScore({ task: 'binary', gamma: 2 })).toThrow(/gamma/);
  expectTypeOf(new torchmetrics.ROC({ task: 'binary' })).toEqualTypeOf<torchmetrics.classification.BinaryROC>();
  const auroc = torchmetrics.AUROC({ task: 'multilabel', num_labels: 3 });
  expectTypeOf(auroc.compute).returns.toEqualTypeOf<Tensor>();
});
