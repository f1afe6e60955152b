import type { Arguments } from '../../arguments.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import { float_str } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { signature } from '../checked_arguments.ts';

export interface FunctionalDropoutOptions {
  input: Tensor;
  /** The probability of each element, or channel, to become zero (default: 0.5). */
  p?: number;
  /** Drop anything at all (default: true; false for the two alpha functions). */
  training?: boolean;
  /** Overwrite the input (default: false). */
  inplace?: boolean;
}
type DropoutArguments = Arguments<FunctionalDropoutOptions, ['input', 'p', 'training', 'inplace']>;

/** The reader of one function's arguments, which refuses what is no probability. */
function dropout_signature(
  name: string,
  training: boolean,
): (args: readonly unknown[]) => Required<FunctionalDropoutOptions> {
  const parse = signature<FunctionalDropoutOptions>(name, [
    'input',
    ['p', 0.5],
    ['training', training],
    ['inplace', false],
  ]);
  return (args) => {
    const options = parse(args);
    const { p } = options;
    if (p < 0 || p > 1) throw new ValueError(`dropout probability has to be between 0 and 1, but got ${float_str(p)}`);
    return options;
  };
}

const dropout_arguments = dropout_signature('dropout', true);
const alpha_dropout_arguments = dropout_signature('alpha_dropout', false);
const dropout1d_arguments = dropout_signature('dropout1d', true);
const dropout2d_arguments = dropout_signature('dropout2d', true);
const dropout3d_arguments = dropout_signature('dropout3d', true);
const feature_alpha_dropout_arguments = dropout_signature('feature_alpha_dropout', false);

/**
 * Zeroes single elements at random and makes the others larger, so that the expected sum stays the same.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout.html
 */
export function dropout(...args: DropoutArguments): Tensor {
  const { input, p, training, inplace } = dropout_arguments(args);
  return inplace ? aten.dropout_(input, p, training) : aten.dropout(input, p, training);
}

/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.alpha_dropout.html */
export function alpha_dropout(...args: DropoutArguments): Tensor {
  const { input, p, training, inplace } = alpha_dropout_arguments(args);
  return inplace ? aten.alpha_dropout_(input, p, training) : aten.alpha_dropout(input, p, training);
}

/** @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.feature_alpha_dropout.html */
export function feature_alpha_dropout(...args: DropoutArguments): Tensor {
  const { input, p, training, inplace } = feature_alpha_dropout_arguments(args);
  return inplace ? aten.feature_alpha_dropout_(input, p, training) : aten.feature_alpha_dropout(input, p, training);
}

/** Drops channels of an input that may lack the batch dimension. */
function drop_channels({ input, p, training, inplace }: Required<FunctionalDropoutOptions>, batched: boolean): Tensor {
  if (batched) return inplace ? aten.feature_dropout_(input, p, training) : aten.feature_dropout(input, p, training);
  return inplace
    ? aten.feature_dropout_(input.unsqueeze_(0), p, training).squeeze_(0)
    : aten.feature_dropout(input.unsqueeze(0), p, training).squeeze(0);
}

/**
 * Zeroes whole channels of `(N, C, L)` or `(C, L)`.
 * @throws RuntimeError for an input of another number of dimensions
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout1d.html
 */
export function dropout1d(...args: DropoutArguments): Tensor {
  const options = dropout1d_arguments(args);
  const dimensions = options.input.dim();
  if (dimensions !== 2 && dimensions !== 3) {
    throw new RuntimeError(
      `dropout1d: Expected 2D or 3D input, but received a ${dimensions}D input. Note that dropout1d exists to ` +
        'provide channel-wise dropout on inputs with 1 spatial dimension, a channel dimension, and an optional ' +
        'batch dimension (i.e. 2D or 3D inputs).',
    );
  }
  return drop_channels(options, dimensions === 3);
}

/** Warns about an input that will not be accepted forever. */
function warn_about_dimensions(name: string, dimensions: number, spatial: number): void {
  warn(
    `${name}: Received a ${dimensions}-D input to ${name}, which is deprecated and will result in an error in a ` +
      'future release. To retain the behavior and silence this warning, please use dropout instead. Note that ' +
      `${name} exists to provide channel-wise dropout on inputs with ${spatial} spatial dimensions, a channel ` +
      `dimension, and an optional batch dimension (i.e. ${spatial + 1}D or ${spatial + 2}D inputs).`,
  );
}

/**
 * Zeroes whole channels of `(N, C, H, W)`; of three dimensions the first is taken as the batch.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout2d.html
 */
export function dropout2d(...args: DropoutArguments): Tensor {
  const options = dropout2d_arguments(args);
  const dimensions = options.input.dim();
  if (dimensions === 3) {
    warn(
      'dropout2d: Received a 3D input to dropout2d and assuming that channel-wise 1D dropout behavior is desired - ' +
        'input is interpreted as shape (N, C, L), where C is the channel dim. This behavior will change in a future ' +
        'release to interpret the input as one without a batch dimension, i.e. shape (C, H, W). To maintain the 1D ' +
        'channel-wise dropout behavior, please switch to using dropout1d instead.',
    );
  } else if (dimensions !== 4) {
    warn_about_dimensions('dropout2d', dimensions, 2);
  }
  return drop_channels(options, true);
}

/**
 * Zeroes whole channels of `(N, C, D, H, W)` or `(C, D, H, W)`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.dropout3d.html
 */
export function dropout3d(...args: DropoutArguments): Tensor {
  const options = dropout3d_arguments(args);
  const dimensions = options.input.dim();
  if (dimensions !== 4 && dimensions !== 5) warn_about_dimensions('dropout3d', dimensions, 3);
  return drop_channels(options, dimensions === 5);
}
