/** Hyperparameters and what came of them, for TensorBoard's table of runs. */
import { is_array, is_instance, is_kwargs } from '../../arguments.ts';
import { TypeError, ValueError } from '../../errors.ts';
import { Tensor } from '../../tensor.ts';
import { double, type Field, message, nested, text, whole } from './protobuf.ts';
import { metadata, summary } from './summary.ts';

/** The value of a hyperparameter; null leaves it out. */
export type HparamValue = number | boolean | string | Tensor | null;

// As Python has it: true is a number there.
const [TEXT_TYPE, NUMBER_TYPE] = [1, 3];
const SUCCESS = 1;

/** A value of any kind. */
function value_fields(value: number | string): Field {
  return typeof value === 'string' ? text(3, value, true) : double(2, value, true);
}

function plain(value: Exclude<HparamValue, null>): number | string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return Number(value);
  if (is_instance(value, Tensor)) return Number(value.detach().flatten()[0]!.item());
  throw new ValueError('value should be one of int, float, str, bool, or torch.Tensor');
}

/** The values a hyperparameter may have. */
function domain(name: string, values: unknown, of: HparamValue | undefined): Field[] {
  if (values === undefined) return [];
  if (of === undefined || !is_array(values) || !values.every((value) => typeof value === typeof of)) {
    throw new TypeError(
      `parameter: hparam_domain_discrete[${name}] should be a list of same type as hparam_dict[${name}].`,
    );
  }
  return [
    nested(
      5,
      (values as (number | string)[]).map((value) => nested(1, value_fields(plain(value)))),
    ),
  ];
}

/**
 * Three summaries: what is varied and measured, the values of this run, and that it has ended.
 * @throws TypeError if something is no plain object, ValueError if a value is of another kind
 */
export function hparams(
  hparam_dict: Readonly<Record<string, HparamValue>>,
  metric_dict: Readonly<Record<string, unknown>>,
  domains: Readonly<Record<string, readonly HparamValue[]>>,
): [experiment: Uint8Array, session_start: Uint8Array, session_end: Uint8Array] {
  for (const [name, value] of Object.entries({ hparam_domain_discrete: domains })) {
    if (!is_kwargs(value)) throw new TypeError(`parameter: ${name} should be a dictionary, nothing logged.`);
  }
  for (const name of Object.keys(domains)) domain(name, domains[name], hparam_dict[name] ?? undefined);
  const infos: Field[] = [];
  const values: Field[] = [];
  for (const [name, given] of Object.entries(hparam_dict)) {
    if (given === null || given === undefined) continue;
    const value = plain(given);
    values.push(nested(1, text(1, name, true), nested(2, value_fields(value))));
    const type = typeof value === 'string' ? TEXT_TYPE : NUMBER_TYPE;
    infos.push(nested(4, text(1, name), whole(4, type), domain(name, domains[name], given)));
  }
  const metrics = Object.keys(metric_dict).map((tag) => nested(5, nested(1, text(2, tag))));
  const of_plugin = (tag: string, content: Field): Uint8Array => summary(tag, metadata('hparams', message(content)));
  return [
    of_plugin('_hparams_/experiment', nested(2, infos, metrics)),
    of_plugin('_hparams_/session_start_info', nested(3, values)),
    of_plugin('_hparams_/session_end_info', nested(4, whole(1, SUCCESS))),
  ];
}
