import { is_instance } from '../../arguments.ts';
import type { Arguments } from '../../arguments.ts';
import { int64 } from '../../dtype.ts';
import { AttributeError, RuntimeError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { float_str, repr, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from '../checked_arguments.ts';
import { LinearCrossEntropyOptions } from '../modules/linear_cross_entropy_options.ts';
import { chunked_cross_entropy } from './chunked_cross_entropy.ts';
import { cross_entropy } from './loss.ts';
import type { Reduction } from './reduction.ts';

export interface LinearCrossEntropyFunctionOptions {
  input: Tensor;
  linear_weight: Tensor;
  target: Tensor;
  linear_bias?: Tensor | null;
  weight?: Tensor | null;
  reduction?: Reduction;
  ignore_index?: number | null;
  label_smoothing?: number;
  options?: LinearCrossEntropyOptions | null;
}
const linear_cross_entropy_arguments = signature<LinearCrossEntropyFunctionOptions>(
  'linear_cross_entropy',
  ['input', 'linear_weight', 'target'],
  [
    ['linear_bias', null],
    ['weight', null],
    ['reduction', 'mean'],
    ['ignore_index', null],
    ['label_smoothing', 0],
    ['options', null],
  ],
);

/** Whether the batch can be divided; warns in Python's words where it cannot. */
function is_divisible(
  { reduction, label_smoothing, target, linear_bias }: Required<LinearCrossEntropyFunctionOptions>,
  out_features: readonly number[],
): boolean {
  if (
    out_features.length === 0 &&
    ['mean', 'sum', 'none'].includes(reduction) &&
    label_smoothing === 0 &&
    target.dtype === int64
  ) {
    return true;
  }
  warn(
    "linear_cross_entropy: ``options`` ignored; chunked path needs reduction in {'mean','sum','none'}, " +
      `label_smoothing == 0, target.dtype == int64, out_features == (). Got reduction=${repr(reduction)}, ` +
      `label_smoothing=${float_str(label_smoothing)}, target.dtype=${String(target.dtype)}, ` +
      `out_features=${repr(Array.from(out_features))}, tracing=False, ` +
      `linear_bias.shape=${linear_bias === null ? 'None' : repr(Array.from(linear_bias.shape))}.`,
  );
  return false;
}

/**
 * `cross_entropy` of what a linear layer makes of the input, `(in_features)` or `(N, in_features)`, with a weight
 * `(num_classes, in_features)` or, for a loss in several dimensions, `(num_classes, *out_features, in_features)`.
 * @param linear_bias the bias of the linear layer, `(num_classes, *out_features)` (default: none)
 * @param weight a weight for each class (default: all 1)
 * @param reduction as for all losses (default: `'mean'`)
 * @param ignore_index elements of this class do not count (default: -100; not for probabilities)
 * @param label_smoothing the share of the target that is spread over all classes (default: 0)
 * @param options how the batch is divided to save memory; the gradients cannot be differentiated then (default: it is
 *   not divided)
 * @throws RuntimeError if the shapes do not fit
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.linear_cross_entropy.html
 */
export function linear_cross_entropy(
  ...args: Arguments<LinearCrossEntropyFunctionOptions, ['input', 'linear_weight', 'target']>
): Tensor {
  const given = linear_cross_entropy_arguments(args);
  const { input, target, weight, reduction, label_smoothing } = given;
  let { linear_weight, linear_bias } = given;
  const shape = Array.from(input.shape);
  const weight_shape = Array.from(linear_weight.shape);
  if (shape.length < 1 || shape.length > 2) {
    throw new RuntimeError(`expected input with dimensionality 1 or 2, got ${shape.length}`);
  }
  if (weight_shape.length < 2) {
    throw new RuntimeError(`expected linear_weight with dimensionality at least 2, got ${weight_shape.length}`);
  }
  const in_features = shape.at(-1)!;
  if (in_features !== weight_shape.at(-1)) {
    throw new RuntimeError(
      'expected equal input and linear_weight last dimensions (in_features), got ' +
        `${in_features} and ${weight_shape.at(-1)}, respectively`,
    );
  }
  const outputs = weight_shape.slice(0, -1);
  const out_features = outputs.slice(1);
  if (linear_bias !== null && repr(Array.from(linear_bias.shape)) !== repr(outputs)) {
    throw new RuntimeError(
      `expected linear_bias shape ${repr(outputs)}, got ${repr(Array.from(linear_bias.shape))}`,
    );
  }
  if (out_features.length > 0 && shape.length === 1) {
    throw new RuntimeError(
      `K-dimensional loss defined by linear_weight shape ${repr(weight_shape)} requires batched input, ` +
        `(N, ${in_features}), got unbatched input with shape ${repr(shape)}`,
    );
  }
  const logits_shape = [...shape.slice(0, -1), ...outputs];
  if (given.ignore_index !== null && target.shape.equals(logits_shape)) {
    throw new RuntimeError('ignore_index cannot be specified when target contains probabilities');
  }
  const ignore_index = given.ignore_index ?? -100;
  if (given.options !== null && is_divisible(given, out_features)) {
    if (!is_instance(given.options, LinearCrossEntropyOptions as unknown as abstract new () => unknown)) {
      throw new AttributeError(`'${type_name(given.options)}' object has no attribute '_adjust'`);
    }
    const is_batched = shape.length === 2;
    const rows = is_batched ? input : input.unsqueeze(0);
    const loss = chunked_cross_entropy({
      input: rows,
      linear_weight,
      target: is_batched ? target : target.unsqueeze(0),
      linear_bias,
      weight,
      reduction,
      ignore_index,
      options: given.options.resolve({
        num_batches: rows.size(0),
        in_features,
        num_classes: outputs[0]!,
        dtype: input.dtype,
        device: input.device,
      }),
    });
    return is_batched ? loss : loss.squeeze(0);
  }
  if (out_features.length > 0) {
    linear_weight = linear_weight.reshape([-1, in_features]);
    linear_bias = linear_bias?.reshape(-1) ?? null;
  }
  const logits = aten.linear(input, linear_weight, linear_bias).reshape(logits_shape);
  return cross_entropy(logits, target, { weight, reduction, ignore_index, label_smoothing });
}
