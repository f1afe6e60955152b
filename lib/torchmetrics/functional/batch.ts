/** What an `update` of predictions and targets takes, by position or by name, and functions that take one batch so. */
import { type Arguments, type ParameterSpec, signature } from '../../arguments.ts';
import type { Tensor } from '../../tensor.ts';
import type { MetricOptions } from '../metric.ts';

export interface Batch {
  preds: Tensor;
  target: Tensor;
}
export type BatchArguments = Arguments<Batch, ['preds', 'target']>;

/** @throws TypeError for what is missing or unknown */
export const parse_batch = signature<Batch>('update', ['preds', 'target']);

/** The names of parameters, in their order. */
export type Names<S extends readonly ParameterSpec[]> = {
  -readonly [K in keyof S]: S[K] extends readonly [infer Name, unknown] ? Name : S[K];
};
/** Options `O` by position, in the order of the parameters `S`, or by name. */
export type OptionArguments<O, S extends readonly ParameterSpec[]> = Arguments<O, Extract<Names<S>, readonly (keyof O)[]>>;
/** A function of one batch with the options `O` of a metric, in the order of the parameters `S`. */
export type BatchFunction<O, S extends readonly ParameterSpec[], R = Tensor> = (
  ...args: OptionArguments<Batch & Omit<O, keyof MetricOptions>, readonly ['preds', 'target', ...S]>
) => R;

/** What can be called with a batch: a metric, of which the function needs no more. */
type OfBatch<R> = (preds: Tensor, target: Tensor) => R;

/**
 * The function of one batch that gives what the metric would.
 * @param options what it takes beside predictions and targets, in order
 * @param make the metric with these options
 */
export function batch_function<O extends object, S extends readonly ParameterSpec[], R = Tensor>(
  name: string,
  options: S,
  make: (options: O) => OfBatch<R>,
): BatchFunction<O, S, R> {
  const parse = signature<Batch>(name, ['preds', 'target', ...options]);
  return (...args) => {
    const { preds, target, ...given } = parse(args);
    return make(given as O)(preds, target);
  };
}
