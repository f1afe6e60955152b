import type { Arguments } from '../../arguments.ts';
import { RuntimeError, ValueError } from '../../errors.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { check_tensor, signature } from '../checked_arguments.ts';
import { ModuleList, Sequential } from './container.ts';
import { forward_arguments } from './forward_arguments.ts';
import type { ReadBy } from './forward_arguments.ts';
import { Linear } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';

export interface AdaptiveLogSoftmaxWithLossOptions extends FactoryOptions {
  in_features: number;
  n_classes: number;
  cutoffs: readonly number[];
  div_value?: number;
  head_bias?: boolean;
}
const adaptive_log_softmax_arguments = signature<AdaptiveLogSoftmaxWithLossOptions>('AdaptiveLogSoftmaxWithLoss', [
  'in_features',
  'n_classes',
  'cutoffs',
  ['div_value', 4],
  ['head_bias', false],
  ['device', null],
  ['dtype', null],
]);

/** The logarithms of the probabilities of the targets, and the mean of their negatives; by place or by name. */
export type AdaptiveLogSoftmaxOutput = [output: Tensor, loss: Tensor] & { output: Tensor; loss: Tensor };

const input_and_target_given = forward_arguments<
  { input_: Tensor; target_: Tensor },
  ['input_', 'target_']
>(['input_', 'target_']);
type InputAndTargetGiven = ReadBy<typeof input_and_target_given>;

/** Calls `module(...)`, with its arguments by position or by name. */
export interface AdaptiveLogSoftmaxWithLoss {
  (...args: InputAndTargetGiven): AdaptiveLogSoftmaxOutput;
}

/**
 * A softmax over very many classes of very different frequency, after Grave et al. (2016): the most frequent classes
 * have their places in a first layer, the head; the others are divided into clusters, and each cluster has one place
 * in the head and a smaller layer of its own.
 *
 * Takes inputs `(N, in_features)` or `(in_features)` and targets `(N)` or `()`.
 * @param in_features the size of each input
 * @param n_classes how many classes there are, the most frequent first
 * @param cutoffs the classes at which clusters begin, in increasing order
 * @param div_value by how much each cluster's layer is smaller than the one before (default: 4)
 * @param head_bias whether the head has a bias (default: false)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @throws ValueError for cutoffs that are not in increasing order between 1 and `n_classes - 1`
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.AdaptiveLogSoftmaxWithLoss.html
 */
export class AdaptiveLogSoftmaxWithLoss extends Module {
  in_features: number;
  n_classes: number;
  cutoffs: number[];
  div_value: number;
  head_bias: boolean;
  shortlist_size: number;
  n_clusters: number;
  head_size: number;
  head: Linear;
  tail: ModuleList;

  constructor(
    ...args: Arguments<
      AdaptiveLogSoftmaxWithLossOptions,
      ['in_features', 'n_classes', 'cutoffs', 'div_value', 'head_bias', 'device', 'dtype']
    >
  ) {
    super();
    const { in_features, n_classes, div_value, head_bias, device, dtype, ...options } =
      adaptive_log_softmax_arguments(args);
    const cutoffs = Array.from(options.cutoffs);
    if (cutoffs.length === 0) throw new ValueError('cutoffs should be a sequence of length larger than 0');
    const in_order = cutoffs.every((cutoff, i) => i === 0 || cutoff > cutoffs[i - 1]!);
    if (!in_order || cutoffs[0]! <= 0 || cutoffs.at(-1)! > n_classes - 1 || !cutoffs.every(Number.isInteger)) {
      throw new ValueError(
        'cutoffs should be a sequence of unique, positive integers sorted in an increasing order, where each value ' +
          'is between 1 and n_classes-1',
      );
    }
    this.in_features = in_features;
    this.n_classes = n_classes;
    this.cutoffs = [...cutoffs, n_classes];
    this.div_value = div_value;
    this.head_bias = head_bias;
    this.shortlist_size = cutoffs[0]!;
    this.n_clusters = cutoffs.length;
    this.head_size = this.shortlist_size + this.n_clusters;
    this.head = new Linear(in_features, this.head_size, head_bias, device, dtype);
    this.tail = new ModuleList();
    for (let i = 0; i < this.n_clusters; i++) {
      const hidden = Math.floor(in_features / div_value ** (i + 1));
      const size = this.cutoffs[i + 1]! - this.cutoffs[i]!;
      this.tail.append(
        new Sequential(
          new Linear(in_features, hidden, false, device, dtype),
          new Linear(hidden, size, false, device, dtype),
        ),
      );
    }
  }

  /** Draws new initial values. */
  reset_parameters(): void {
    for (const module of [this.head, ...this.tail.modules()]) {
      if (module instanceof Linear) module.reset_parameters();
    }
  }

  /**
   * @returns the logarithm of the probability of each target, and the mean of their negatives
   * @throws RuntimeError for targets that are no classes, or shapes that do not fit
   */
  override forward(input_: Tensor, target_: Tensor): AdaptiveLogSoftmaxOutput;
  override forward(...args: InputAndTargetGiven): AdaptiveLogSoftmaxOutput {
    const [input_, target_] = input_and_target_given(args);
    check_tensor('forward', 'input_', input_);
    check_tensor('forward', 'target_', target_);
    const dimensions = target_.dim();
    const shape = input_.shape;
    if (dimensions > 1) throw new RuntimeError('0D or 1D target tensor expected, multi-target not supported');
    if (dimensions === 1 && shape[0] !== target_.size(0)) {
      throw new RuntimeError('Input and target should have the same size in the batch dimension.');
    }
    if (shape.length !== dimensions + 1) {
      throw new RuntimeError(
        `${dimensions}D target tensor expects ${dimensions + 1}D input tensors, but found inputs with size ` +
          String(shape),
      );
    }
    const is_batched = dimensions === 1;
    const input = is_batched ? input_ : input_.unsqueeze(0);
    const target = is_batched ? target_ : target_.unsqueeze(0);
    const batch = target.size(0);

    let output = aten.zeros([batch], { dtype: input.dtype, device: input.device });
    // The place of each target in the head: its own, or that of its cluster.
    const places = aten.empty_like(target);
    const limits = [0, ...this.cutoffs];
    let found = 0;
    for (let i = 0; i <= this.n_clusters; i++) {
      const low = limits[i]!;
      const within = target.ge(low).logical_and(target.lt(limits[i + 1]!));
      const rows = within.nonzero().squeeze(1);
      const count = rows.numel();
      if (count === 0) continue;
      found += count;
      const members = target.index_select(0, rows);
      if (i === 0) {
        places.index_copy_(0, rows, members);
        continue;
      }
      places.index_fill_(0, rows, this.shortlist_size + i - 1);
      const logprob = this._cluster(i - 1, input.index_select(0, rows));
      output = output.index_copy_(0, rows, logprob.gather(1, members.sub(low).unsqueeze(1)).squeeze(1));
    }
    if (found !== batch) {
      throw new RuntimeError(
        `Target values should be in [0, ${this.n_classes - 1}], but values in range ` +
          `[${String(target.min().item())}, ${String(target.max().item())}] were found. `,
      );
    }
    output.add_(this.head.forward(input).log_softmax(1).gather(1, places.unsqueeze(1)).squeeze());
    const loss = output.neg().mean();
    if (!is_batched) output = output.squeeze(0);
    return Object.assign([output, loss] as [Tensor, Tensor], { output, loss });
  }

  /** The logarithms of the probabilities within a cluster. */
  _cluster(i: number, input: Tensor): Tensor {
    return ((this.tail[i] as Sequential)(input) as Tensor).log_softmax(1);
  }

  /** The logarithms of the probabilities of all classes, from what the head gave. */
  _get_full_log_prob(input: Tensor, head_output: Tensor): Tensor {
    const head = head_output.log_softmax(1);
    const parts = [head.narrow(1, 0, this.shortlist_size)];
    for (let i = 0; i < this.n_clusters; i++) {
      parts.push(this._cluster(i, input).add(head.select(1, this.shortlist_size + i).unsqueeze(1)));
    }
    return aten.cat(parts, 1);
  }

  /** The logarithms of the probabilities of all classes: `(N, in_features)` gives `(N, n_classes)`. */
  log_prob(input: Tensor): Tensor {
    return this._get_full_log_prob(input, this.head.forward(input));
  }

  /** The most probable class of each input, `(N)`; clusters are looked at only where they may hold it. */
  predict(input: Tensor): Tensor {
    const head_output = this.head.forward(input);
    const output = aten.argmax(head_output, 1);
    const rows = output.ge(this.shortlist_size).nonzero().squeeze(1);
    if (rows.numel() === 0) return output;
    const full = this._get_full_log_prob(input.index_select(0, rows), head_output.index_select(0, rows));
    return output.index_copy_(0, rows, aten.argmax(full, 1));
  }
}
