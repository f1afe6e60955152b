/** Datasets that workers load from: a module of its own, which Node loads itself, as it does in the workers. */
import torch, { nn } from 'tstorch';
import { default_collate, Dataset, get_worker_info, IterableDataset } from 'tstorch/utils/data';

/** The index, a number drawn at random, and the worker that it came from. */
export class Drawing extends Dataset {
  constructor(size) {
    super();
    this.size = size;
  }

  __len__() {
    return this.size;
  }

  __getitem__(index) {
    return [index, torch.rand(2), torch.randint(0, 1000, [1]), get_worker_info()?.id ?? -1];
  }
}

/** A stream that is the same in each worker. */
export class Whole extends IterableDataset {
  constructor(size) {
    super();
    this.size = size;
  }

  *__iter__() {
    for (let i = 0; i < this.size; i++) yield torch.rand([]).add(i);
  }
}

/** A stream that the workers share. */
export class Split extends IterableDataset {
  constructor(size) {
    super();
    this.size = size;
  }

  *__iter__() {
    const info = get_worker_info();
    const [start, step] = info === null ? [0, 1] : [info.id, info.num_workers];
    for (let i = start; i < this.size; i += step) yield i;
  }

  __len__() {
    return this.size;
  }
}

export class OddError extends Error {}

/** Fails at some indices. */
export class Failing extends Dataset {
  constructor(what) {
    super();
    this.what = what;
  }

  __len__() {
    return 8;
  }

  __getitem__(index) {
    if (index === 5) {
      if (this.what === 'value') throw new torch.ValueError('five is right out');
      if (this.what === 'key') throw new torch.KeyError('five');
      if (this.what === 'torch') return torch.zeros(2).add(torch.zeros(3));
      if (this.what === 'own') throw new OddError('odd');
      if (this.what === 'exit') process.exit(3);
      if (this.what === 'range') throw new RangeError('out');
    }
    if (this.what === 'slow') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000);
    return index;
  }
}

/** Tells what a worker knows. */
export class Telling extends Dataset {
  __len__() {
    return 4;
  }

  __getitem__(index) {
    const { id, num_workers, seed, dataset } = get_worker_info();
    return {
      index,
      id,
      num_workers,
      seed: BigInt(seed),
      own: dataset === this,
      threads: torch.get_num_threads(),
      initial: BigInt(torch.initial_seed()),
      extra: dataset.extra ?? null,
    };
  }
}

export function init_dataset(worker_id) {
  get_worker_info().dataset.extra = `set by ${worker_id}`;
}

export function init_seed(worker_id) {
  torch.manual_seed(100 + worker_id);
}

export function failing_init(worker_id) {
  throw new torch.ValueError(`no worker ${worker_id}`);
}

export function keep(samples) {
  return samples;
}

export function list_of_numbers(samples) {
  return { indices: samples.map(([index]) => index), name: 'batch', seen: new Set(samples.map(([index]) => index)) };
}

export function collate_doubled(samples) {
  return default_collate(samples.map(([index]) => 2 * index));
}

/** A transform with a state. */
export class Scale {
  constructor(factor) {
    this.factor = factor;
  }

  apply(x) {
    return x.mul(this.factor);
  }
}

export class Compose {
  constructor(transforms) {
    this.transforms = transforms;
  }

  apply(x) {
    return this.transforms.reduce((value, transform) => (typeof transform === 'function' ? transform(value) : transform.apply(value)), x);
  }
}

export const plus_one = (x) => x.add(1);

export class Model extends nn.Module {
  layer = new nn.Linear(2, 2);

  forward(x) {
    return this.layer(x);
  }
}

/** Carries anything to the workers and tells what arrived. */
export class Carrying extends Dataset {
  constructor(cargo) {
    super();
    this.cargo = cargo;
  }

  __len__() {
    return 2;
  }

  __getitem__() {
    const probe = probes[this.cargo.probe];
    return probe(this.cargo);
  }
}

const probes = {
  shapes: ({ cycle, shared, map, set, date, bytes, big, bare }) => [
    cycle.self === cycle,
    shared[0] === shared[1],
    [...map.entries()].map(([key, value]) => [key, value.tolist()]),
    [...set],
    date.getTime(),
    [...bytes],
    String(big),
    Object.getPrototypeOf(bare) === null && bare.x,
  ],
  constants: ({ dtype, device, size, complex, format }) => [
    dtype === torch.float64,
    String(device),
    String(size),
    size instanceof torch.Size,
    String(complex),
    format === torch.channels_last,
  ],
  transform: ({ transform, x }) => transform.apply(x).tolist(),
  model: ({ model, x }) => torch.no_grad(() => [model(x).tolist(), [...model.state_dict().keys()]]),
  generator: ({ generator }) => torch.rand(2, { generator }).tolist(),
  own: ({ own }) => [own.constructor.name, own.value, own.restored],
  write: ({ x }) => (x.fill_(7), 0),
  requires_grad: ({ x, parameter }) => [x.requires_grad, parameter.requires_grad, parameter instanceof nn.Parameter],
};

export class WithPrivate {
  #secret = 1;
  get secret() {
    return this.#secret;
  }
}

export class Reducing {
  #value;
  constructor(value) {
    this.#value = value;
    this.restored = false;
  }
  get value() {
    return this.#value;
  }
  __reduce__() {
    return [Reducing, [this.#value], { restored: true }];
  }
}

export class Stateful {
  constructor(value) {
    this.value = value;
    this.restored = false;
  }
  __getstate__() {
    return this.value + 1;
  }
  __setstate__(state) {
    this.value = state;
    this.restored = 'by __setstate__';
  }
}

class Hidden {
  x = 1;
}
export const make_hidden = () => new Hidden();
export const make_closure = (k) =>
  function scaled(x) {
    return x.mul(k);
  };

/** Big tensors, for what may leak. */
export class Large extends Dataset {
  __len__() {
    return 2000;
  }

  __getitem__(index) {
    return [torch.full([64, 1024], index), index];
  }
}
