/** Metrics that choose by `task` which of their kind they are. */
import { type ParameterSpec, signature } from '../../arguments.ts';
import { ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import type { OptionArguments } from '../functional/batch.ts';
import type { Task } from '../functional/stat_scores.ts';
import type { Metric } from '../metric.ts';

/** The metric that a `task` asks for, with `new` or without: of options `O`, in the order of the parameters `S`. */
export interface TaskMetric<O, S extends readonly ParameterSpec[], B, C, L> {
  new (options: O & { task: 'binary' }): B;
  new (options: O & { task: 'multiclass' }): C;
  new (options: O & { task: 'multilabel' }): L;
  new (...args: OptionArguments<O & { task: Task }, readonly ['task', ...S]>): B | C | L;
  (options: O & { task: 'binary' }): B;
  (options: O & { task: 'multiclass' }): C;
  (options: O & { task: 'multilabel' }): L;
  (...args: OptionArguments<O & { task: Task }, readonly ['task', ...S]>): B | C | L;
}

/** What the wrappers take and the metrics of a task do not. */
const NOT_OF_TASK: Record<Task, readonly string[]> = {
  binary: ['num_classes', 'num_labels', 'average', 'top_k', 'multiclass_mode'],
  multiclass: ['threshold', 'num_labels', 'max_fpr'],
  multilabel: ['num_classes', 'top_k', 'max_fpr'],
};
/** What has to be a whole number for a task. */
const WHOLE: Record<Task, readonly string[]> = {
  binary: [],
  multiclass: ['num_classes', 'top_k'],
  multilabel: ['num_labels'],
};

/** The classes of a metric, by task: those that there are, in the order in which an error lists them. */
type TaskClasses = { [T in Task]?: new (options: never) => Metric };

/**
 * Makes a metric that chooses by `task`.
 * @param positional what it takes after the task, in order
 * @param by_name what it takes by name alone, and hands on where it is given
 */
export function metric_of_task<M>(
  name: string,
  positional: readonly ParameterSpec[],
  classes: TaskClasses,
  by_name: readonly (readonly [name: string, default_value: unknown])[] = [],
): M {
  const parse = signature<{ task: Task }>('__new__', ['task', ...positional], [...by_name, ['compute_with_cache', true]]);
  const wrapper = function (...args: unknown[]): Metric {
    const { task, ...given } = parse(args) as { task: Task } & Record<string, unknown>;
    const Class = Object.hasOwn(classes, task) ? classes[task] : undefined;
    if (Class === undefined) {
      const known = Object.keys(classes).map((one) => `'${one.toUpperCase()}'`).join(', ');
      throw new ValueError(`Invalid Classification: expected one of [${known}], but got ${String(task)}.`);
    }
    for (const parameter of WHOLE[task]) {
      if (parameter in given) check_whole(name, task, parameter, given[parameter]);
    }
    for (const parameter of NOT_OF_TASK[task]) delete given[parameter];
    for (const [parameter, value] of by_name) if (given[parameter] === value) delete given[parameter];
    return new Class(given as never);
  };
  return wrapper as unknown as M;
}

function check_whole(name: string, task: Task, parameter: string, value: unknown): void {
  if (Number.isInteger(value)) return;
  const type = `<class '${type_name(value)}'>`;
  throw new ValueError(
    name === 'Accuracy'
      ? `Optional arg \`${parameter}\` must be type \`int\` when task is ClassificationTask.${task.toUpperCase()}. Got ${type}`
      : `\`${parameter}\` is expected to be \`int\` but \`${type} was passed.\``,
  );
}
