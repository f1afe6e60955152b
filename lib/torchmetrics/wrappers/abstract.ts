import { Metric, type MetricOptions } from '../metric.ts';

/** A metric around others, which keep count of their updates and results themselves. */
export class WrapperMetric extends Metric {
  constructor(options: MetricOptions = {}) {
    super(options);
    Reflect.deleteProperty(this, 'update');
    Reflect.deleteProperty(this, 'compute');
  }
}
