/**
 * Lists of tensors that stay in C++ from one step to the next. A step over a hundred parameters is then a handful of
 * calls, where a loop would make a thousand.
 */
import { data_changes } from '../data_changes.ts';
import { type dtype as DType, dtype_of_code, float32, float64 } from '../dtype.ts';
import { type Handle, native } from '../native.ts';
import { aten } from '../ops.ts';
import { Tensor } from '../tensor.ts';

/** A list of tensors, as operators take it. */
export type Tensors = readonly Tensor[];

/** A list by its handle in C++. Operators take it like the array that it says it is, since they look for `_h` first. */
function list_argument(handle: Handle): Tensors {
  return { _h: handle } as unknown as Tensors;
}

function handle_of_list(list: Tensors): Handle {
  return (list as unknown as { _h: Handle })._h;
}

function same_items(a: readonly unknown[], b: readonly unknown[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) {
    if (a[i] !== b[i]) return false;
  }
  return true;
}

/** Tensors and the list of them in C++, made when it is first asked for and made anew when there are other tensors. */
class CachedList {
  #tensors: Tensors = [];
  #list: Tensors | null = null;

  get(tensors: Tensors): Tensors {
    if (this.#list === null || !same_items(tensors, this.#tensors)) {
      this.clear();
      this.#tensors = tensors;
      this.#list = list_argument(native.tensor_list(tensors.map((tensor) => tensor._h)));
    }
    return this.#list!;
  }

  clear(): void {
    if (this.#list !== null) native.dispose(handle_of_list(this.#list));
    this.#list = null;
    this.#tensors = [];
  }
}

type Numbers = Float32Array | Float64Array;

/** The typed arrays of the dtypes that a number can be rounded to in JavaScript. */
const number_arrays = new Map<DType, typeof Float32Array | typeof Float64Array>([
  [float32, Float32Array],
  [float64, Float64Array],
]);

/** The memory of 0-dim tensors, where it can be worked on from JavaScript. */
function memory_of(tensors: Tensors): Numbers[] | null {
  const memory: Numbers[] = [];
  for (const tensor of tensors) {
    const array = number_arrays.get(tensor.dtype);
    if (array === undefined || !tensor.is_cpu || tensor.numel() !== 1) return null;
    memory.push(new array(native.buffer_over(tensor._h), 0, 1));
  }
  return memory;
}

/**
 * A number for each parameter, each in a tensor of its own, where Python has it: in the optimizer's state. Reading and
 * writing is done in JavaScript, on the tensors' memory, wherever that can be reached.
 */
class NumberColumn {
  #tensors: Tensors = [];
  #memory: Numbers[] | null = null;

  /** The column of `tensors`, whatever it was of before. */
  of(tensors: Tensors): this {
    if (!same_items(tensors, this.#tensors)) {
      this.#tensors = tensors;
      this.#memory = memory_of(tensors);
    }
    return this;
  }

  read(): readonly number[] {
    if (this.#memory !== null) return this.#memory.map((values) => values[0]!);
    return this.#tensors.map((tensor) => tensor.item());
  }

  /** Adds one to each number, and says what the numbers are now. */
  count(): readonly number[] {
    if (this.#memory === null) {
      aten._foreach_add_(this.#tensors, 1);
      return this.read();
    }
    return this.#memory.map((values) => (values[0]! += 1));
  }

  /** Multiplies each number by `factor`, which is rounded to the tensors' precision first. */
  multiply(factor: number): void {
    if (this.#memory === null) return aten._foreach_mul_(this.#tensors, factor);
    for (const values of this.#memory) {
      values[0]! *= values instanceof Float32Array ? Math.fround(factor) : factor;
    }
  }

  /** Puts the same number everywhere. */
  fill(value: number): void {
    if (this.#memory === null) for (const tensor of this.#tensors) tensor.fill_(value);
    else for (const values of this.#memory) values[0] = value;
  }
}

/** For each dtype a 0-dim tensor over memory of JavaScript. */
const shared_numbers = new Map<DType, { values: Numbers; tensor: Tensor }>();

/** The parameters of a group that have gradients, and the gradients, during a step. */
export class Gradients {
  /** The parameters. */
  readonly tensors: Tensors;
  /** Where they stand in the chunk. */
  readonly positions: readonly number[];
  /** The same as a list in C++. */
  readonly params: Tensors;
  /** Their gradients, as a list in C++. */
  readonly grads: Tensors;
  readonly any_sparse: boolean;

  constructor(tensors: Tensors, positions: readonly number[], params: Handle, grads: Handle, any_sparse: boolean) {
    this.tensors = tensors;
    this.positions = positions;
    this.params = list_argument(params);
    this.grads = list_argument(grads);
    this.any_sparse = any_sparse;
  }

  dispose(): void {
    native.dispose(handle_of_list(this.params));
    native.dispose(handle_of_list(this.grads));
  }
}

/** Parameters on one device and of one dtype, few enough to be worked on together. */
export class Chunk {
  readonly #tensors: Tensors;
  readonly #params: Handle;
  /** How often data had been changed when dtypes and devices were last looked at. */
  #looked = data_changes();
  readonly #code: number;
  readonly #dtype: DType;
  readonly #device: string;
  /** Lists of the tensors that belong to the parameters, by name. */
  readonly #columns = new Map<string, CachedList>();
  readonly #numbers = new Map<string, NumberColumn>();
  /** Memory for results that a step needs for itself, kept from step to step. */
  readonly #scratch: Tensors[] = [];
  /** Results for which there is no such memory. */
  readonly #made: Tensors[] = [];
  /** By position, chunks of a single parameter. */
  #singles: Chunk[] | null = null;
  /** Have all parameters a gradient in the present step? */
  #complete = false;

  constructor(tensors: Tensors) {
    this.#tensors = tensors;
    this.#params = native.tensor_list(tensors.map((tensor) => tensor._h));
    this.#code = native.dtype(tensors[0]!._h);
    this.#dtype = dtype_of_code(this.#code);
    this.#device = native.device(tensors[0]!._h);
  }

  /** Has no parameter been moved or got another dtype since the chunk was made? */
  is_current(): boolean {
    const changes = data_changes();
    if (changes === this.#looked) return true;
    this.#looked = changes;
    if (native.device(this.#tensors[0]!._h) !== this.#device) return false;
    for (const tensor of this.#tensors) {
      if (native.dtype(tensor._h) !== this.#code) return false;
    }
    return true;
  }

  clear_grads(set_to_none: boolean): void {
    native.clear_grads(this.#params, set_to_none);
    if (!set_to_none) return;
    // What `param.grad` gave last would keep its memory until somebody asks again.
    for (const tensor of this.#tensors) {
      if (tensor._grad !== undefined) tensor._grad = undefined;
    }
  }

  /** What there is to do in a step; null if no parameter has a gradient. */
  collect(): Gradients | null {
    const [positions, params, grads, any_sparse] = native.collect_grads(this.#params);
    this.#complete = positions.length === this.#tensors.length;
    const tensors = this.#complete ? this.#tensors : positions.map((position) => this.#tensors[position]!);
    const gradients = new Gradients(tensors, positions, params, grads, any_sparse);
    if (positions.length > 0) return gradients;
    gradients.dispose();
    return null;
  }

  /** The list of `tensors`, which belong to the parameters of a step; that of the last step if they are the same. */
  column(name: string, tensors: Tensors): Tensors {
    let column = this.#columns.get(name);
    if (column === undefined) {
      column = new CachedList();
      this.#columns.set(name, column);
    }
    return column.get(tensors);
  }

  /** The numbers in `tensors`, of which each parameter of a step has one. */
  numbers(name: string, tensors: Tensors): NumberColumn {
    let column = this.#numbers.get(name);
    if (column === undefined) {
      column = new NumberColumn();
      this.#numbers.set(name, column);
    }
    return column.of(tensors);
  }

  /** Adds one to the number in each of `steps`, and says what the numbers are now. */
  count(steps: Tensors): readonly number[] {
    return this.numbers('step', steps).count();
  }

  /** A chunk of the parameter at `position` alone, for those that have to be updated one by one. */
  single(position: number): Chunk {
    this.#singles ??= this.#tensors.map((tensor) => new Chunk([tensor]));
    return this.#singles[position]!;
  }

  /**
   * `value` in the form that operators on this chunk take fastest: on the CPU they make a tensor of a number for each
   * of theirs, unless they are given one. Good for the next call only.
   */
  scalar(value: number): Tensor | number {
    if (this.#device !== 'cpu' || !this.#dtype.is_floating_point) return value;
    // Given a number, operators on 16-bit types would round it to such a type first, where Python's loop does not.
    const kind = number_arrays.has(this.#dtype) ? this.#dtype : float64;
    let shared = shared_numbers.get(kind);
    if (shared === undefined) {
      const values = new (number_arrays.get(kind)!)(1);
      shared = { values, tensor: new Tensor(native.from_buffer(values, kind._h, [], true)) };
      shared_numbers.set(kind, shared);
    }
    shared.values[0] = value;
    return shared.tensor;
  }

  /**
   * What operators make of `source`, in memory that is kept from step to step where this is worth it: making a hundred
   * small tensors takes longer than filling them. Good until the next result with the same `slot`, or the step's end.
   *
   * @param fresh makes the result
   * @param in_place makes it out of a copy
   */
  derive(
    slot: number,
    source: Tensors,
    fresh: (source: Tensors) => Tensors,
    in_place: (copy: Tensors) => void,
  ): Tensors {
    if (!this.#complete || this.#tensors.length === 1 || this.#device !== 'cpu') {
      const result = fresh(source);
      this.#made.push(result);
      return result;
    }
    const copy = (this.#scratch[slot] ??= list_argument(
      native.tensor_list(this.#tensors.map((tensor) => aten.empty_like(tensor)._h)),
    ));
    if (copy !== source) aten._foreach_copy_(copy, source);
    in_place(copy);
    return copy;
  }

  /** `source + other * alpha`, item by item. */
  sum(source: Tensors, other: Tensors, alpha: number, slot = 0): Tensors {
    return this.derive(
      slot,
      source,
      (items) => aten._foreach_add(items, other, { alpha }),
      (copy) => aten._foreach_add_(copy, other, { alpha }),
    );
  }

  /** `source - other`, item by item. */
  difference(source: Tensors, other: Tensors, slot = 0): Tensors {
    return this.derive(
      slot,
      source,
      (items) => aten._foreach_sub(items, other),
      (copy) => aten._foreach_sub_(copy, other),
    );
  }

  /** `source + value`, item by item. */
  plus(source: Tensors, value: number, slot = 0): Tensors {
    const scalar = this.scalar(value) as number;
    return this.derive(
      slot,
      source,
      (items) => aten._foreach_add(items, scalar),
      (copy) => aten._foreach_add_(copy, scalar),
    );
  }

  /** `source * factor`, item by item. */
  times(source: Tensors, factor: number, slot = 0): Tensors {
    const scalar = this.scalar(factor) as number;
    return this.derive(
      slot,
      source,
      (items) => aten._foreach_mul(items, scalar),
      (copy) => aten._foreach_mul_(copy, scalar),
    );
  }

  /** `source / divisor`, item by item. */
  quotient(source: Tensors, divisor: number, slot = 0): Tensors {
    const scalar = this.scalar(divisor) as number;
    return this.derive(
      slot,
      source,
      (items) => aten._foreach_div(items, scalar),
      (copy) => aten._foreach_div_(copy, scalar),
    );
  }

  /** `-source`, item by item. */
  negative(source: Tensors, slot = 0): Tensors {
    return this.derive(slot, source, aten._foreach_neg, aten._foreach_neg_);
  }

  /** The absolute value of each item. */
  absolute(source: Tensors, slot = 0): Tensors {
    return this.derive(slot, source, aten._foreach_abs, aten._foreach_abs_);
  }

  /** The square root of each item. */
  square_root(source: Tensors, slot = 0): Tensors {
    return this.derive(slot, source, aten._foreach_sqrt, aten._foreach_sqrt_);
  }

  /** Frees what a step has made. */
  release(): void {
    for (const list of this.#made) for (const tensor of list) native.dispose(tensor._h);
    this.#made.length = 0;
    if (this.#singles !== null) for (const single of this.#singles) single.release();
  }
}

/** A tensor of this size fills a good part of a core's cache, and costs more to compute on than to call. */
const CHUNK_BYTES = 64 * 1024;

/**
 * Divides parameters into chunks. On the CPU a chunk is small enough to stay in the cache while one operator after the
 * other goes over it; on a GPU it is as large as can be.
 */
function make_chunks(params: Tensors): Chunk[] {
  // One that is there twice has to be updated twice, one time after the other.
  if (new Set(params).size < params.length) return params.map((param) => new Chunk([param]));
  const chunks: Tensor[][] = [];
  const open = new Map<string, { tensors: Tensor[]; bytes: number }>();
  for (const param of params) {
    const key = `${native.device(param._h)} ${native.dtype(param._h)}`;
    const bytes = key.startsWith('cpu') ? param.nbytes : 0;
    const last = open.get(key);
    if (last !== undefined && last.bytes + bytes <= CHUNK_BYTES) {
      last.tensors.push(param);
      last.bytes += bytes;
    } else {
      const tensors = [param];
      chunks.push(tensors);
      open.set(key, { tensors, bytes });
    }
  }
  return chunks.map((tensors) => new Chunk(tensors));
}

/** The chunks of the parameters of one group, kept from step to step. */
export class GroupChunks {
  #params: Tensors = [];
  #chunks: Chunk[] = [];

  /** The chunks of `params`, whatever has become of the parameters since they were made. */
  of(params: Tensors): readonly Chunk[] {
    if (!same_items(params, this.#params)) this.#make(params);
    return this.#chunks;
  }

  /** The chunks of `params`, made anew if a parameter has moved or got another dtype. */
  current(params: Tensors): readonly Chunk[] {
    if (!same_items(params, this.#params) || !this.#chunks.every((chunk) => chunk.is_current())) this.#make(params);
    return this.#chunks;
  }

  #make(params: Tensors): void {
    this.#params = [...params];
    this.#chunks = make_chunks(this.#params);
  }
}
