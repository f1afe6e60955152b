import { type Arguments, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { repr } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { type Call, Metric } from '../metric.ts';
import { WrapperMetric } from './abstract.ts';

export interface ClasswiseArguments {
  metric: Metric;
  /** The names of the classes (default: their numbers) */
  labels?: string[] | null;
  /** Goes in front of each name (default: that of the metric, where there is no postfix either) */
  prefix?: string | null;
  postfix?: string | null;
}

const parse = signature<ClasswiseArguments>('__init__', [
  'metric', ['labels', null], ['prefix', null], ['postfix', null],
]);

/**
 * The results of the classes, which a metric gives with `average: null`, by name.
 * @throws ValueError for what is no metric, no list of texts, or no text
 * @see https://lightning.ai/docs/torchmetrics/stable/wrappers/classwise_wrapper.html
 */
export class ClasswiseWrapper extends WrapperMetric {
  readonly metric: Metric;
  readonly labels: string[] | null;
  readonly prefix: string | null;
  readonly postfix: string | null;

  constructor(...args: Arguments<ClasswiseArguments, ['metric', 'labels', 'prefix', 'postfix']>) {
    const { metric, labels, prefix, postfix } = parse(args);
    super();
    if (!(metric instanceof Metric)) {
      throw new ValueError(
        `Expected argument \`metric\` to be an instance of \`torchmetrics.Metric\` but got ${repr(metric)}`,
      );
    }
    if (labels !== null && !(Array.isArray(labels) && labels.every((label) => typeof label === 'string'))) {
      throw new ValueError(
        `Expected argument \`labels\` to either be \`None\` or a list of strings but got ${String(labels)}`,
      );
    }
    for (const [name, text] of [['prefix', prefix], ['postfix', postfix]] as const) {
      if (text !== null && typeof text !== 'string') {
        throw new ValueError(`Expected argument \`${name}\` to either be \`None\` or a string but got ${String(text)}`);
      }
    }
    this.metric = metric;
    this.labels = labels;
    this.prefix = prefix;
    this.postfix = postfix;
    this.higher_is_better = metric.higher_is_better;
  }

  _by_name(results: Tensor): Record<string, Tensor> {
    const unnamed = this.prefix === null && this.postfix === null;
    const before = unnamed ? `${this.metric._get_name().toLowerCase()}_` : (this.prefix ?? '');
    return Object.fromEntries(
      [...results.unbind(0)].map((result, i) => [`${before}${this.labels?.[i] ?? i}${this.postfix ?? ''}`, result]),
    );
  }

  override update(...args: Parameters<Call>): void {
    this.metric.update(...args);
  }

  override compute(): Record<string, Tensor> {
    return this._by_name(this.metric.compute() as Tensor);
  }

  override forward(...args: Parameters<Call>): ReturnType<this['compute']> {
    return this._by_name((this.metric as unknown as Call)(...args) as Tensor) as ReturnType<this['compute']>;
  }

  override reset(): void {
    super.reset();
    this.metric.reset();
  }
}
