import { is_instance, wrong_type } from '../../arguments.ts';
import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { is_autocast_enabled } from '../../autocast_state.ts';
import { RuntimeError, TypeError, ValueError } from '../../errors.ts';
import { native } from '../../native.ts';
import { aten } from '../../ops.ts';
import { float_str, list_repr, repr, str, type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { warn } from '../../warnings.ts';
import { check_tensor, signature } from '../checked_arguments.ts';
import * as init from '../init.ts';
import type { Parameter } from '../parameter.ts';
import { PackedSequence } from '../utils/rnn.ts';
import { forward_arguments } from './forward_arguments.ts';
import type { ReadBy } from './forward_arguments.ts';
import { empty_parameter } from './linear.ts';
import type { FactoryOptions } from './linear.ts';
import { Module } from './module.ts';

/** What a recurrent layer computes at each step. */
export type RNNMode = 'RNN_TANH' | 'RNN_RELU' | 'LSTM' | 'GRU';

/** Where automatic mixed precision may be on, which casts what the operators are given. */
const AUTOCAST_DEVICES = ['cpu', 'cuda'] as const;

/** How many rows of weights there are for each element of the hidden state. */
const GATES: Readonly<Record<string, number>> = { LSTM: 4, GRU: 3, RNN_TANH: 1, RNN_RELU: 1 };

/** What all recurrent layers take. */
export interface RNNBaseOptions extends FactoryOptions {
  input_size: number;
  hidden_size: number;
  num_layers?: number;
  bias?: boolean;
  batch_first?: boolean;
  dropout?: number;
  bidirectional?: boolean;
}
type CommonNames = ['bias', 'batch_first', 'dropout', 'bidirectional'];
const sizes: ParameterSpec[] = ['input_size', 'hidden_size', ['num_layers', 1]];
const common: ParameterSpec[] = [
  ['bias', true],
  ['batch_first', false],
  ['dropout', 0],
  ['bidirectional', false],
];
const factory: ParameterSpec[] = [
  ['device', null],
  ['dtype', null],
];

/** Arguments that get errors of their own. */
const checked_here: readonly string[] = ['input_size', 'hidden_size', 'dropout', 'proj_size'];

export interface RNNBaseModeOptions extends RNNBaseOptions {
  mode: RNNMode;
  proj_size?: number;
}
const rnn_base_arguments = signature<RNNBaseModeOptions>(
  'RNNBase',
  ['mode', ...sizes, ...common, ['proj_size', 0], ...factory],
  [],
  ['mode', ...checked_here],
);

/** Refuses what is not exactly `true` or `false`, which would be taken for something else. */
function check_bool(name: string, value: unknown): void {
  if (typeof value !== 'boolean') throw new TypeError(`${name} should be of type bool, got: ${type_name(value)}`);
}

/** Refuses sizes that are not positive whole numbers. */
function check_size(name: string, value: unknown): void {
  if (!Number.isInteger(value)) throw new TypeError(`${name} should be of type int, got: ${type_name(value)}`);
  if ((value as number) <= 0) throw new ValueError(`${name} must be greater than zero`);
}

/** Draws all parameters evenly between `±1/√hidden_size`. */
function draw_parameters(module: Module, hidden_size: number): void {
  const bound = hidden_size > 0 ? 1 / Math.sqrt(hidden_size) : 0;
  for (const weight of module.parameters()) init.uniform_(weight, -bound, bound);
}

/** What a recurrent layer makes of its input before it computes. */
interface Prepared {
  input: Tensor;
  batch_sizes: Tensor | null;
  sorted_indices: Tensor | null;
  unsorted_indices: Tensor | null;
  /** How many sequences there are. */
  batch: number;
}

/**
 * What the recurrent layers have in common: several layers one on top of the other, each of one or two directions,
 * with the parameters `weight_ih_l[k]`, `weight_hh_l[k]`, `bias_ih_l[k]` and `bias_hh_l[k]` of the k-th layer, and those
 * with `_reverse` at the end for the way back.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RNNBase.html
 */
export class RNNBase extends Module {
  mode: RNNMode;
  input_size: number;
  hidden_size: number;
  num_layers: number;
  bias: boolean;
  batch_first: boolean;
  dropout: number;
  bidirectional: boolean;
  proj_size: number;
  /** The names of the parameters of each layer and direction. */
  readonly _all_weights: string[][] = [];

  constructor(
    ...args: Arguments<
      RNNBaseModeOptions,
      ['mode', 'input_size', 'hidden_size', 'num_layers', ...CommonNames, 'proj_size', 'device', 'dtype']
    >
  ) {
    super();
    const options = rnn_base_arguments(args);
    const { mode, input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, proj_size } = options;
    this.mode = mode;
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.num_layers = num_layers;
    this.bias = bias;
    this.batch_first = batch_first;
    this.dropout = dropout;
    this.bidirectional = bidirectional;
    this.proj_size = proj_size;
    if (typeof dropout !== 'number' || !(dropout >= 0 && dropout <= 1)) {
      throw new ValueError(
        'dropout should be a number in range [0, 1] representing the probability of an element being zeroed',
      );
    }
    if (dropout > 0 && num_layers === 1) {
      warn(
        'dropout option adds dropout after all but last recurrent layer, so non-zero dropout expects num_layers ' +
          `greater than 1, but got dropout=${str(dropout)} and num_layers=${num_layers}`,
      );
    }
    check_bool('bias', bias);
    check_bool('batch_first', batch_first);
    check_size('input_size', input_size);
    check_size('hidden_size', hidden_size);
    if (!Number.isInteger(num_layers)) {
      throw new TypeError(`'${type_name(num_layers)}' object cannot be interpreted as an integer`);
    }
    if (num_layers <= 0) throw new ValueError('num_layers must be greater than zero');
    if (typeof proj_size !== 'number') {
      throw new TypeError(`proj_size should be of type int, got: ${type_name(proj_size)}`);
    }
    if (proj_size < 0) {
      throw new ValueError('proj_size should be a positive integer or zero to disable projections');
    }
    if (proj_size >= hidden_size) throw new ValueError('proj_size has to be smaller than hidden_size');
    if (!Object.hasOwn(GATES, mode)) throw new ValueError(`Unrecognized RNN mode: ${mode}`);

    const rows = GATES[mode]! * hidden_size;
    const directions = this._directions;
    const output_size = this._output_size;
    for (let layer = 0; layer < num_layers; layer++) {
      const columns = layer === 0 ? input_size : output_size * directions;
      for (const suffix of ['', '_reverse'].slice(0, directions)) {
        const shapes: [name: string, shape: number[]][] = [
          ['weight_ih', [rows, columns]],
          ['weight_hh', [rows, output_size]],
        ];
        if (bias) shapes.push(['bias_ih', [rows]], ['bias_hh', [rows]]);
        if (proj_size > 0) shapes.push(['weight_hr', [proj_size, hidden_size]]);
        const names = shapes.map(([name]) => `${name}_l${layer}${suffix}`);
        shapes.forEach(([, shape], i) => this._set_member(names[i]!, empty_parameter(shape, options)));
        this._all_weights.push(names);
      }
    }
    this.reset_parameters();
  }

  protected get _directions(): number {
    return this.bidirectional ? 2 : 1;
  }

  /** The size of what each direction gives. */
  protected get _output_size(): number {
    return this.proj_size > 0 ? this.proj_size : this.hidden_size;
  }

  /** Draws new initial values: evenly between `±1/√hidden_size`. */
  reset_parameters(): void {
    draw_parameters(this, this.hidden_size);
  }

  /** The parameters of each layer and direction. */
  get all_weights(): Parameter[][] {
    return this._all_weights.map((names) => names.map((name) => this._get_member(name) as Parameter));
  }

  /** All parameters in the order in which the operators take them. */
  get _flat_weights(): Parameter[] {
    return this.all_weights.flat();
  }

  /** Puts the parameters beside each other in the memory of a GPU; they need not be for the results to be right. */
  flatten_parameters(): void {}

  /** @throws ValueError, RuntimeError for an input of another dtype or shape than the layer takes */
  check_input(input: Tensor, batch_sizes: Tensor | null): void {
    const { dtype } = this._get_member(this._all_weights[0]![0]!) as Parameter;
    if (input.dtype !== dtype && !AUTOCAST_DEVICES.some((type) => is_autocast_enabled(type))) {
      const [given, wanted] = [String(input.dtype), String(dtype)];
      throw new ValueError(
        `RNN input dtype (${given}) does not match weight dtype (${wanted}). ` +
          `Convert input: input.to(${wanted}), or convert model: model.to(${given})`,
      );
    }
    const dimensions = batch_sizes !== null ? 2 : 3;
    if (input.dim() !== dimensions) {
      throw new RuntimeError(`input must have ${dimensions} dimensions, got ${input.dim()}`);
    }
    const size = input.size(-1);
    if (this.input_size !== size) {
      throw new RuntimeError(
        `input.size(-1) must be equal to input_size. Expected ${this.input_size}, got ${size}`,
      );
    }
  }

  /** The size that a state of this many elements has. */
  protected _state_size(batch: number, size: number): number[] {
    return [this.num_layers * this._directions, batch, size];
  }

  /** @throws RuntimeError unless a state has the size that it should have */
  check_hidden_size(
    hx: Tensor,
    expected_hidden_size: readonly number[],
    msg = 'Expected hidden size {}, got {}',
  ): void {
    if (hx.shape.equals(expected_hidden_size)) return;
    const texts = [repr(Array.from(expected_hidden_size)), list_repr(Array.from(hx.shape))];
    throw new RuntimeError(msg.replaceAll('{}', () => texts.shift()!));
  }

  /** The hidden state's size. */
  protected _hidden_size(batch: number): number[] {
    return this._state_size(batch, this._output_size);
  }

  /** How many sequences there are in an input of a forward, which is packed if there are sizes. */
  protected _batch_of(input: Tensor, batch_sizes: Tensor | null): number {
    return batch_sizes === null ? input.size(this._batch_dim) : Number(batch_sizes.select(0, 0).item());
  }

  /** The size that the hidden state for an input has. */
  get_expected_hidden_size(input: Tensor, batch_sizes: Tensor | null): number[] {
    return this._hidden_size(this._batch_of(input, batch_sizes));
  }

  /** @throws ValueError, RuntimeError for an input or a hidden state that the layer does not take */
  check_forward_args(input: Tensor, hidden: Tensor | Readonly<LSTMState>, batch_sizes: Tensor | null): void {
    this.check_input(input, batch_sizes);
    this.check_hidden_size(hidden as Tensor, this.get_expected_hidden_size(input, batch_sizes));
  }

  /** A state with its sequences in the order of `permutation`; null leaves it as it is. */
  permute_hidden<S extends Tensor | Readonly<LSTMState>>(hx: S, permutation: Tensor | null): S {
    return permuted(hx as Tensor, permutation) as S;
  }

  /** A state of nothing seen yet. */
  protected _zeros(input: Tensor, size: readonly number[]): Tensor {
    return aten.zeros(size, { dtype: input.dtype, device: input.device });
  }

  /** The batch dimension of an input that is not packed. */
  protected get _batch_dim(): number {
    return this.batch_first ? 0 : 1;
  }

  /**
   * Takes a packed input apart, and gives one without a batch a batch of one.
   * @throws ValueError for an input of another number of dimensions
   */
  protected _prepare(given: Tensor | PackedSequence): Prepared & { is_batched: boolean } {
    if (is_instance(given, PackedSequence)) {
      const { data: input, batch_sizes, sorted_indices, unsorted_indices } = given;
      const batch = Number(batch_sizes.select(0, 0).item());
      return { input, batch_sizes, sorted_indices, unsorted_indices, batch, is_batched: true };
    }
    check_tensor('forward', 'input', given);
    const dimensions = given.dim();
    if (dimensions !== 2 && dimensions !== 3) {
      const name = this.mode.slice(0, 3) === 'RNN' ? 'RNN' : this.mode;
      const what = name === 'RNN' ? 'D tensor instead' : 'D instead';
      throw new ValueError(`${name}: Expected input to be 2D or 3D, got ${dimensions}${what}`);
    }
    const is_batched = dimensions === 3;
    const input = is_batched ? given : given.unsqueeze(this._batch_dim);
    const batch = input.size(this._batch_dim);
    return { input, batch_sizes: null, sorted_indices: null, unsorted_indices: null, batch, is_batched };
  }

  /** The output in the form of the input: packed, or without a batch. */
  protected _restore(output: Tensor, prepared: Prepared & { is_batched: boolean }): Tensor | PackedSequence {
    const { batch_sizes, sorted_indices, unsorted_indices, is_batched } = prepared;
    if (batch_sizes !== null) return new PackedSequence(output, batch_sizes, sorted_indices, unsorted_indices);
    return is_batched ? output : output.squeeze(this._batch_dim);
  }

  /** What {@link RNN} and {@link GRU} do, whose state is one tensor. */
  protected _forward_single(
    given: Tensor | PackedSequence,
    hx: Tensor | null,
    operator: typeof aten.gru,
  ): [Tensor | PackedSequence, Tensor] {
    const prepared = this._prepare(given);
    const { input, batch_sizes, sorted_indices, unsorted_indices, batch, is_batched } = prepared;
    if (hx !== null) check_tensor('forward', 'hx', hx);
    let state: Tensor;
    if (hx === null) {
      state = this._zeros(input, this._state_size(batch, this.hidden_size));
    } else if (batch_sizes !== null) {
      state = permuted(hx, sorted_indices);
    } else {
      const dimensions = is_batched ? 3 : 2;
      if (hx.dim() !== dimensions) {
        throw new RuntimeError(
          `For ${is_batched ? 'batched 3' : 'unbatched 2'}-D input, hx should also be ${dimensions}-D but got ` +
            `${hx.dim()}-D tensor`,
        );
      }
      state = is_batched ? hx : hx.unsqueeze(1);
    }
    this.check_forward_args(input, state, batch_sizes);
    const { bias, num_layers, dropout, training, bidirectional, batch_first, _flat_weights: weights } = this;
    const [output, hidden] =
      batch_sizes === null
        ? operator(input, state, weights, bias, num_layers, dropout, training, bidirectional, batch_first)
        : operator(input, batch_sizes, state, weights, bias, num_layers, dropout, training, bidirectional);
    // Nobody else has the state that was made here.
    if (hx === null) native.dispose(state._h);
    return [
      this._restore(output, prepared),
      permuted(is_batched ? hidden : hidden.squeeze(1), unsorted_indices),
    ];
  }

  override extra_repr(): string {
    let text = `${this.input_size}, ${this.hidden_size}`;
    if (this.proj_size !== 0) text += `, proj_size=${this.proj_size}`;
    if (this.num_layers !== 1) text += `, num_layers=${this.num_layers}`;
    if (!this.bias) text += ', bias=False';
    if (this.batch_first) text += ', batch_first=True';
    if (this.dropout !== 0) text += `, dropout=${float_str(this.dropout)}`;
    if (this.bidirectional) text += ', bidirectional=True';
    return text;
  }
}

/** A state in the order in which the sequences stand. */
function permuted(state: Tensor, permutation: Tensor | null): Tensor {
  return permutation === null ? state : state.index_select(1, permutation);
}

/** An argument that only an LSTM has; it gets an error of its own. */
const no_projection: ParameterSpec[] = [['proj_size', null]];

function refuse_projection(options: object): void {
  if ((options as { proj_size?: unknown }).proj_size === null) return;
  throw new ValueError('proj_size argument is only supported for LSTM, not RNN or GRU');
}

/** What the base class takes, of what a layer was given. */
function base_options(mode: RNNMode, given: Required<RNNBaseOptions>, proj_size = 0): RNNBaseModeOptions {
  const { input_size, hidden_size, num_layers, bias, batch_first, dropout, bidirectional, device, dtype } = given;
  const sizes = { input_size, hidden_size, num_layers, proj_size };
  return { mode, ...sizes, bias, batch_first, dropout, bidirectional, device, dtype };
}

export interface RNNOptions extends RNNBaseOptions {
  nonlinearity?: 'tanh' | 'relu';
}
const rnn_arguments = signature<RNNOptions>(
  'RNN',
  [...sizes, ['nonlinearity', 'tanh'], ...common, ...factory],
  no_projection,
  checked_here,
);

/** What recurrent layers and cells take: an input and perhaps a state. */
type RecurrentArguments<I, S> = Arguments<{ input: I; hx?: S | null }, ['input', 'hx']>;
const read_recurrent_arguments = forward_arguments<{ input: unknown; hx?: unknown }, ['input', 'hx']>(
  ['input', 'hx'],
  ['hx'],
);
function recurrent_arguments<I, S>(args: unknown[]): [input: I, hx: S | null | undefined] {
  return read_recurrent_arguments(args as ReadBy<typeof read_recurrent_arguments>) as [I, S | null | undefined];
}

/** Calls `module(...)`: a packed input gives a packed output. */
export interface RNN {
  (...args: RecurrentArguments<Tensor, Tensor>): [output: Tensor, hidden: Tensor];
  (...args: RecurrentArguments<PackedSequence, Tensor>): [output: PackedSequence, hidden: Tensor];
}

/**
 * A recurrent layer: `h_t = tanh(x_t W_ihᵀ + b_ih + h_(t-1) W_hhᵀ + b_hh)`, or with ReLU in the place of tanh.
 *
 * Takes `(L, N, input_size)`, `(N, L, input_size)` with `batch_first`, `(L, input_size)`, or a `PackedSequence`, and
 * perhaps a state to begin with, `(D · num_layers, N, hidden_size)` or `(D · num_layers, hidden_size)`, where `D` is 2
 * for two directions; gives the last layer's states at all steps, `(L, N, D · hidden_size)`, and all layers' last ones.
 *
 * @param input_size the size of each element of the input
 * @param hidden_size the size of the hidden state
 * @param num_layers how many layers there are, one on top of the other (default: 1)
 * @param nonlinearity `'tanh'` or `'relu'` (default: `'tanh'`)
 * @param bias whether there are biases to learn (default: true)
 * @param batch_first whether the batch is the first dimension of input and output (default: false)
 * @param dropout the probability of each element between two layers to be dropped (default: 0)
 * @param bidirectional whether the sequence is gone through from its end as well (default: false)
 * @param device where to make the parameters
 * @param dtype the type of the parameters
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RNN.html
 */
export class RNN extends RNNBase {
  nonlinearity: 'tanh' | 'relu';

  constructor(
    ...args: Arguments<
      RNNOptions,
      ['input_size', 'hidden_size', 'num_layers', 'nonlinearity', ...CommonNames, 'device', 'dtype']
    >
  ) {
    const options = rnn_arguments(args);
    refuse_projection(options);
    const { nonlinearity } = options;
    if (nonlinearity !== 'tanh' && nonlinearity !== 'relu') {
      throw new ValueError(`Unknown nonlinearity '${String(nonlinearity)}'. Select from 'tanh' or 'relu'.`);
    }
    super(base_options(nonlinearity === 'tanh' ? 'RNN_TANH' : 'RNN_RELU', options));
    this.nonlinearity = nonlinearity;
  }

  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, hidden: Tensor];
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, hidden: Tensor];
  override forward(...args: unknown[]): [output: Tensor | PackedSequence, hidden: Tensor] {
    const [input, hx = null] = recurrent_arguments<Tensor | PackedSequence, Tensor>(args);
    return this._forward_single(input, hx, this.mode === 'RNN_TANH' ? aten.rnn_tanh : aten.rnn_relu);
  }
}

const gru_arguments = signature<RNNBaseOptions>(
  'GRU',
  [...sizes, ...common, ...factory],
  no_projection,
  checked_here,
);

/** Calls `module(...)`: a packed input gives a packed output. */
export interface GRU {
  (...args: RecurrentArguments<Tensor, Tensor>): [output: Tensor, hidden: Tensor];
  (...args: RecurrentArguments<PackedSequence, Tensor>): [output: PackedSequence, hidden: Tensor];
}

/**
 * A layer of gated recurrent units: gates say how much of the state is kept. Inputs, outputs and arguments are those of
 * {@link RNN}, without `nonlinearity`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GRU.html
 */
export class GRU extends RNNBase {
  constructor(
    ...args: Arguments<
      RNNBaseOptions,
      ['input_size', 'hidden_size', 'num_layers', ...CommonNames, 'device', 'dtype']
    >
  ) {
    const options = gru_arguments(args);
    refuse_projection(options);
    super(base_options('GRU', options));
  }

  override forward(input: PackedSequence, hx?: Tensor | null): [output: PackedSequence, hidden: Tensor];
  override forward(input: Tensor, hx?: Tensor | null): [output: Tensor, hidden: Tensor];
  override forward(...args: unknown[]): [output: Tensor | PackedSequence, hidden: Tensor] {
    const [input, hx = null] = recurrent_arguments<Tensor | PackedSequence, Tensor>(args);
    return this._forward_single(input, hx, aten.gru);
  }
}

export interface LSTMOptions extends RNNBaseOptions {
  proj_size?: number;
}
const lstm_arguments = signature<LSTMOptions>(
  'LSTM',
  [...sizes, ...common, ['proj_size', 0], ...factory],
  [],
  checked_here,
);

/** The hidden state and the cell state of an LSTM. */
export type LSTMState = [hidden: Tensor, cell: Tensor];

/** @throws TypeError unless a state is a pair of tensors */
function check_state(hx: unknown): void {
  let is_pair = false;
  try {
    is_pair = Array.isArray(hx) && hx.length === 2;
  } catch {
    // a proxy that does not let itself be asked
  }
  if (!is_pair) throw wrong_type('forward', 'hx', 'tuple of Tensors', hx);
  for (const state of hx as unknown[]) check_tensor('forward', 'hx', state);
}

/** Calls `module(...)`: a packed input gives a packed output. */
export interface LSTM {
  (...args: RecurrentArguments<Tensor, Readonly<LSTMState>>): [output: Tensor, state: LSTMState];
  (...args: RecurrentArguments<PackedSequence, Readonly<LSTMState>>): [output: PackedSequence, state: LSTMState];
}

/**
 * A layer of long short-term memory: beside the hidden state there is one of cells, and gates say what goes into it,
 * what is forgotten and what comes out. Inputs and outputs are those of {@link RNN}, but states are pairs
 * `[hidden, cell]`.
 * @param proj_size the size to which the hidden state is projected; 0 for none (default: 0). The other arguments are
 *   those of `RNN`, without `nonlinearity`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTM.html
 */
export class LSTM extends RNNBase {
  constructor(
    ...args: Arguments<
      LSTMOptions,
      ['input_size', 'hidden_size', 'num_layers', ...CommonNames, 'proj_size', 'device', 'dtype']
    >
  ) {
    const options = lstm_arguments(args);
    super(base_options('LSTM', options, options.proj_size));
  }

  /** The size that the state of cells for an input has. */
  get_expected_cell_size(input: Tensor, batch_sizes: Tensor | null): number[] {
    return this._state_size(this._batch_of(input, batch_sizes), this.hidden_size);
  }

  override check_forward_args(input: Tensor, hidden: Readonly<LSTMState>, batch_sizes: Tensor | null): void {
    this.check_input(input, batch_sizes);
    const sizes = [this.get_expected_hidden_size(input, batch_sizes), this.get_expected_cell_size(input, batch_sizes)];
    sizes.forEach((size, i) => this.check_hidden_size(hidden[i]!, size, `Expected hidden[${i}] size {}, got {}`));
  }

  override permute_hidden<S extends Tensor | Readonly<LSTMState>>(hx: S, permutation: Tensor | null): S {
    const [hidden, cell] = hx as Readonly<LSTMState>;
    return (permutation === null ? hx : [permuted(hidden, permutation), permuted(cell, permutation)]) as S;
  }

  override forward(
    input: PackedSequence,
    hx?: Readonly<LSTMState> | null,
  ): [output: PackedSequence, state: LSTMState];
  override forward(input: Tensor, hx?: Readonly<LSTMState> | null): [output: Tensor, state: LSTMState];
  override forward(...args: unknown[]): [output: Tensor | PackedSequence, state: LSTMState] {
    const [given, hx = null] = recurrent_arguments<Tensor | PackedSequence, Readonly<LSTMState>>(args);
    const prepared = this._prepare(given);
    const { input, batch_sizes, sorted_indices, unsorted_indices, batch, is_batched } = prepared;
    const hidden_size = this._hidden_size(batch);
    const cell_size = this._state_size(batch, this.hidden_size);
    if (hx !== null) check_state(hx);
    let state: LSTMState;
    if (hx === null) {
      const hidden = this._zeros(input, hidden_size);
      state = [hidden, this.proj_size > 0 ? this._zeros(input, cell_size) : hidden];
    } else if (batch_sizes !== null) {
      state = [permuted(hx[0], sorted_indices), permuted(hx[1], sorted_indices)];
    } else {
      const wanted = is_batched ? 3 : 2;
      const [hidden, cell] = [hx[0].dim(), hx[1].dim()];
      if (hidden !== wanted || cell !== wanted) {
        throw new RuntimeError(
          `For ${is_batched ? 'batched' : 'unbatched'} ${wanted}-D input, hx and cx should also be ${wanted}-D but ` +
            `got (${hidden}-D, ${cell}-D) tensors`,
        );
      }
      state = is_batched ? [hx[0], hx[1]] : [hx[0].unsqueeze(1), hx[1].unsqueeze(1)];
    }
    if (batch_sizes === null) {
      this.check_forward_args(input, state, batch_sizes);
    }
    const { bias, num_layers, dropout, training, bidirectional, batch_first, _flat_weights: weights } = this;
    const [output, hidden, cell] =
      batch_sizes === null
        ? aten.lstm(input, state, weights, bias, num_layers, dropout, training, bidirectional, batch_first)
        : aten.lstm(input, batch_sizes, state, weights, bias, num_layers, dropout, training, bidirectional);
    // Nobody else has the states that were made here.
    if (hx === null) for (const made of state) native.dispose(made._h);
    const restored = (x: Tensor): Tensor => permuted(is_batched ? x : x.squeeze(1), unsorted_indices);
    return [this._restore(output, prepared), [restored(hidden), restored(cell)]];
  }
}

export interface RNNCellBaseOptions extends FactoryOptions {
  input_size: number;
  hidden_size: number;
  bias?: boolean;
}

export interface RNNCellBaseSizes extends FactoryOptions {
  input_size: number;
  hidden_size: number;
  bias: boolean;
  num_chunks: number;
}
const rnn_cell_base_arguments = signature<RNNCellBaseSizes>(
  'RNNCellBase',
  ['input_size', 'hidden_size', 'bias', 'num_chunks', ...factory],
  [],
  ['bias'],
);

/**
 * What the single steps of recurrent layers have in common: the parameters `weight_ih`, `weight_hh`, `bias_ih` and
 * `bias_hh`, which begin evenly distributed between `±1/√hidden_size`.
 */
export class RNNCellBase extends Module {
  input_size: number;
  hidden_size: number;
  bias: boolean;
  weight_ih: Parameter;
  weight_hh: Parameter;
  bias_ih: Parameter | null;
  bias_hh: Parameter | null;

  constructor(
    ...args: Arguments<
      RNNCellBaseSizes,
      ['input_size', 'hidden_size', 'bias', 'num_chunks', 'device', 'dtype']
    >
  ) {
    super();
    const options = rnn_cell_base_arguments(args);
    const { input_size, hidden_size, bias, num_chunks } = options;
    this.input_size = input_size;
    this.hidden_size = hidden_size;
    this.bias = bias;
    const rows = num_chunks * hidden_size;
    this.weight_ih = empty_parameter([rows, input_size], options);
    this.weight_hh = empty_parameter([rows, hidden_size], options);
    this.bias_ih = bias ? empty_parameter([rows], options) : null;
    this.bias_hh = bias ? empty_parameter([rows], options) : null;
    this.reset_parameters();
  }

  /** Draws new initial values. */
  reset_parameters(): void {
    draw_parameters(this, this.hidden_size);
  }

  /** @throws ValueError for an input, or a state, of another number of dimensions than 1 or 2 */
  protected _check_dimensions(name: string, what: string, tensor: Tensor): void {
    check_tensor('forward', what, tensor);
    const dimensions = tensor.dim();
    if (dimensions === 1 || dimensions === 2) return;
    throw new ValueError(`${name}: Expected ${what} to be 1D or 2D, got ${dimensions}D instead`);
  }

  /** What {@link RNNCell} and {@link GRUCell} do, whose state is one tensor. */
  protected _step(name: string, given: Tensor, hx: Tensor | null, operator: typeof aten.gru_cell): Tensor {
    this._check_dimensions(name, 'input', given);
    if (hx !== null) this._check_dimensions(name, 'hidden', hx);
    const is_batched = given.dim() === 2;
    const input = is_batched ? given : given.unsqueeze(0);
    const state = hx === null ? this._zeros(input) : is_batched ? hx : hx.unsqueeze(0);
    const result = operator(input, state, this.weight_ih, this.weight_hh, this.bias_ih, this.bias_hh);
    return is_batched ? result : result.squeeze(0);
  }

  /** A state of nothing seen yet. */
  protected _zeros(input: Tensor): Tensor {
    return aten.zeros([input.size(0), this.hidden_size], { dtype: input.dtype, device: input.device });
  }

  override extra_repr(): string {
    return `${this.input_size}, ${this.hidden_size}${this.bias ? '' : ', bias=False'}`;
  }
}

export interface RNNCellOptions extends RNNCellBaseOptions {
  nonlinearity?: 'tanh' | 'relu';
}
const rnn_cell_arguments = signature<RNNCellOptions>('RNNCell', [
  'input_size',
  'hidden_size',
  ['bias', true],
  ['nonlinearity', 'tanh'],
  ...factory,
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface RNNCell {
  (...args: RecurrentArguments<Tensor, Tensor>): Tensor;
}

/**
 * One step of an {@link RNN} of one layer: takes `(N, input_size)` or `(input_size)`, and perhaps a state
 * `(N, hidden_size)` or `(hidden_size)`; gives the next state.
 * @param input_size the size of the input
 * @param hidden_size the size of the state
 * @param bias whether there are biases to learn (default: true)
 * @param nonlinearity `'tanh'` or `'relu'` (default: `'tanh'`)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.RNNCell.html
 */
export class RNNCell extends RNNCellBase {
  nonlinearity: 'tanh' | 'relu';

  constructor(
    ...args: Arguments<RNNCellOptions, ['input_size', 'hidden_size', 'bias', 'nonlinearity', 'device', 'dtype']>
  ) {
    const options = rnn_cell_arguments(args);
    const { input_size, hidden_size, bias, device, dtype } = options;
    super(input_size, hidden_size, bias, 1, device, dtype);
    this.nonlinearity = options.nonlinearity;
  }

  override forward(input: Tensor, hx?: Tensor | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, hx = null] = recurrent_arguments<Tensor, Tensor>(args);
    const { nonlinearity } = this;
    const unknown = (): never => {
      throw new RuntimeError(`Unknown nonlinearity: ${nonlinearity}`);
    };
    const operator =
      nonlinearity === 'tanh' ? aten.rnn_tanh_cell : nonlinearity === 'relu' ? aten.rnn_relu_cell : unknown;
    return this._step('RNNCell', input, hx, operator as typeof aten.gru_cell);
  }

  override extra_repr(): string {
    const { nonlinearity } = this;
    return super.extra_repr() + (nonlinearity === 'tanh' ? '' : `, nonlinearity=${nonlinearity}`);
  }
}

const lstm_cell_arguments = signature<RNNCellBaseOptions>('LSTMCell', [
  'input_size',
  'hidden_size',
  ['bias', true],
  ...factory,
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface LSTMCell {
  (...args: RecurrentArguments<Tensor, Readonly<LSTMState>>): LSTMState;
}

/**
 * One step of an {@link LSTM} of one layer: takes `(N, input_size)` or `(input_size)`, and perhaps a state
 * `[hidden, cell]`; gives the next one.
 * @param input_size the size of the input
 * @param hidden_size the size of the states
 * @param bias whether there are biases to learn (default: true)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.LSTMCell.html
 */
export class LSTMCell extends RNNCellBase {
  constructor(...args: Arguments<RNNCellBaseOptions, ['input_size', 'hidden_size', 'bias', 'device', 'dtype']>) {
    const { input_size, hidden_size, bias, device, dtype } = lstm_cell_arguments(args);
    super(input_size, hidden_size, bias, 4, device, dtype);
  }

  override forward(input: Tensor, hx?: Readonly<LSTMState> | null): LSTMState;
  override forward(...args: unknown[]): LSTMState {
    const [given, hx = null] = recurrent_arguments<Tensor, Readonly<LSTMState>>(args);
    this._check_dimensions('LSTMCell', 'input', given);
    if (hx !== null) check_state(hx);
    hx?.forEach((state, i) => this._check_dimensions('LSTMCell', `hx[${i}]`, state));
    const is_batched = given.dim() === 2;
    const input = is_batched ? given : given.unsqueeze(0);
    let state: Tensor[];
    if (hx === null) {
      const zeros = this._zeros(input);
      state = [zeros, zeros];
    } else {
      state = is_batched ? [...hx] : hx.map((x) => x.unsqueeze(0));
    }
    const [hidden, cell] = aten.lstm_cell(
      input,
      state,
      this.weight_ih,
      this.weight_hh,
      this.bias_ih,
      this.bias_hh,
    );
    return is_batched ? [hidden, cell] : [hidden.squeeze(0), cell.squeeze(0)];
  }
}

const gru_cell_arguments = signature<RNNCellBaseOptions>('GRUCell', [
  'input_size',
  'hidden_size',
  ['bias', true],
  ...factory,
]);

/** Calls `module(...)`, with its arguments by position or by name. */
export interface GRUCell {
  (...args: RecurrentArguments<Tensor, Tensor>): Tensor;
}

/**
 * One step of a {@link GRU} of one layer: takes `(N, input_size)` or `(input_size)`, and perhaps a state
 * `(N, hidden_size)` or `(hidden_size)`; gives the next state.
 * @param input_size the size of the input
 * @param hidden_size the size of the state
 * @param bias whether there are biases to learn (default: true)
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.GRUCell.html
 */
export class GRUCell extends RNNCellBase {
  constructor(...args: Arguments<RNNCellBaseOptions, ['input_size', 'hidden_size', 'bias', 'device', 'dtype']>) {
    const { input_size, hidden_size, bias, device, dtype } = gru_cell_arguments(args);
    super(input_size, hidden_size, bias, 3, device, dtype);
  }

  override forward(input: Tensor, hx?: Tensor | null): Tensor;
  override forward(...args: unknown[]): Tensor {
    const [input, hx = null] = recurrent_arguments<Tensor, Tensor>(args);
    return this._step('GRUCell', input, hx, aten.gru_cell);
  }
}
