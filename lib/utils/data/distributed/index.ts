/**
 * `torch.utils.data.distributed`: each process of a distributed training takes a part of the dataset.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler
 */
import { type Arguments, signature } from '../../../arguments.ts';
import { RuntimeError, ValueError } from '../../../errors.ts';
import { aten } from '../../../ops.ts';
import { len } from '../../../python/index.ts';
import { Generator as RandomGenerator } from '../../../random.ts';
import { Sampler } from '../sampler.ts';

/** The arguments of `DistributedSampler`. */
export interface DistributedSamplerArguments {
  /** What to sample from: anything with a length. */
  dataset: unknown;
  /** How many processes take part. */
  num_replicas?: number | null;
  /** Which of them this is, from 0. */
  rank?: number | null;
  /** A random order, another one for each epoch? */
  shuffle?: boolean;
  /** What the random order depends on beside the epoch; the same in all processes. */
  seed?: number;
  /** Leave out the last samples that not every process would get? Otherwise the first ones come again. */
  drop_last?: boolean;
}

const parse = signature<DistributedSamplerArguments>('DistributedSampler', [
  'dataset',
  ['num_replicas', null],
  ['rank', null],
  ['shuffle', true],
  ['seed', 0],
  ['drop_last', false],
]);

type Positional = readonly ['dataset', 'num_replicas', 'rank', 'shuffle', 'seed', 'drop_last'];

/**
 * The indices of one process's part of a dataset, the same number for every process. Call `set_epoch` before each epoch,
 * or the order is always the same.
 *
 * @throws RuntimeError if `num_replicas` or `rank` is not given, since there is no process group to ask
 * @throws ValueError for a rank that is none
 * @see https://docs.pytorch.org/docs/stable/data.html#torch.utils.data.distributed.DistributedSampler
 */
export class DistributedSampler extends Sampler {
  dataset: unknown;
  num_replicas: number;
  rank: number;
  epoch = 0;
  drop_last: boolean;
  shuffle: boolean;
  seed: number;
  /** How many indices a walk gives. */
  num_samples: number;
  /** How many all processes get together. */
  total_size: number;

  constructor(...args: Arguments<DistributedSamplerArguments, Positional>) {
    super();
    const { dataset, num_replicas, rank, shuffle, seed, drop_last } = parse(args);
    if (num_replicas === null || rank === null) throw new RuntimeError('Requires distributed package to be available');
    if (rank >= num_replicas || rank < 0) {
      throw new ValueError(`Invalid rank ${rank}, rank should be in the interval [0, ${num_replicas - 1}]`);
    }
    this.dataset = dataset;
    this.num_replicas = num_replicas;
    this.rank = rank;
    this.drop_last = drop_last;
    this.shuffle = shuffle;
    this.seed = seed;
    const size = len(dataset);
    const shortened = drop_last && size % num_replicas !== 0;
    // Not -0, where there are fewer samples than processes.
    this.num_samples = Math.ceil((shortened ? size - num_replicas : size) / num_replicas) + 0;
    this.total_size = this.num_samples * num_replicas;
  }

  override __iter__(): Iterator<number> {
    const size = len(this.dataset);
    const order = this.shuffle
      ? (aten
          .randperm(size, { generator: new RandomGenerator().manual_seed(this.seed + this.epoch) })
          .tolist() as number[])
      : Array.from({ length: size }, (_, i) => i);
    const own: number[] = [];
    // Past the end the order begins again.
    for (let i = this.rank; i < this.total_size; i += this.num_replicas) own.push(order[i % size]!);
    return own[Symbol.iterator]();
  }

  __len__(): number {
    return this.num_samples;
  }

  get length(): number {
    return this.__len__();
  }

  /** Chooses the random order of an epoch; all processes have to say the same. */
  set_epoch(epoch: number): void {
    this.epoch = epoch;
  }
}
