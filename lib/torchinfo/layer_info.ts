import { IndexError, TypeError } from '../errors.ts';
import type { Module } from '../nn/modules/module.ts';
import { is_lazy } from '../nn/parameter.ts';
import { format, repr } from '../python/index.ts';
import { Tensor } from '../tensor.ts';
import { type_name } from '../repr.ts';
import type { ColumnName } from './settings.ts';
import { calculate_size, product, type SizeList } from './sizes.ts';

/** A whole number with commas. */
function grouped(value: number): string {
  return format(value, ',');
}

/** Would Python take the module for true? Containers are false while they are empty. */
function is_truthy(module: Module): boolean {
  const { __len__ } = module as { __len__?: () => number };
  return typeof __len__ !== 'function' || __len__.call(module) > 0;
}

/** The tensor under a dotted name. */
function tensor_at(module: Module, path: string): Tensor | null {
  let value: unknown = module;
  for (const name of path.split('.')) value = (value as Record<string, unknown> | null | undefined)?.[name];
  return value instanceof Tensor ? value : null;
}

/** How many parameters there are in `param`, and its name; a pruned one counts what its mask leaves of it. */
function count_parameters(module: Module, name: string, param: Tensor): [count: number, name: string] {
  if (name.endsWith('_orig')) {
    const plain_name = name.slice(0, -'_orig'.length);
    const mask = tensor_at(module, `${plain_name}_mask`);
    if (mask !== null) return [Math.trunc(Number(mask.sum().item())), plain_name];
  }
  return [param.numel(), name];
}

function kernel_size_of(module: Module): number | number[] | null {
  const { kernel_size } = module as unknown as { kernel_size?: unknown };
  if (kernel_size === undefined) return null;
  if (typeof kernel_size === 'number') return kernel_size;
  if (Array.isArray(kernel_size)) return Array.from(kernel_size as number[]);
  throw new TypeError(`kernel_size has an unexpected type: <class '${type_name(kernel_size)}'>`);
}

/** What is known about one use of a module. */
export class LayerInfo {
  readonly module: Module;
  class_name: string;
  readonly var_name: string;
  readonly depth: number;
  readonly parent_info: LayerInfo | null;
  readonly is_leaf_layer: boolean;
  readonly kernel_size: number | number[] | null;
  /** The parameters of the module, each with what its row shows. */
  inner_layers = new Map<string, Partial<Record<ColumnName, string>>>();
  /** The how-many-th of its depth it is; known when all are. */
  depth_index: number | null = null;
  children: LayerInfo[] = [];
  executed = false;
  contains_lazy_param = false;
  /** Has the module been met before? */
  is_recursive = false;
  input_size: SizeList = [];
  output_size: SizeList = [];
  trainable_params = 0;
  num_params = 0;
  param_bytes = 0;
  output_bytes = 0;
  /** How many multiplications and additions the module needs. */
  macs = 0;

  constructor(var_name: string, module: Module, depth: number, parent_info: LayerInfo | null = null) {
    this.module = module;
    this.class_name = module._get_name();
    this.var_name = var_name;
    this.depth = depth;
    this.parent_info = parent_info;
    this.is_leaf_layer = ![...module.children()].some(is_truthy);
    this.kernel_size = kernel_size_of(module);
  }

  toString(): string {
    return `${this.class_name}: ${this.depth}`;
  }

  /** `True` if all parameters are trained, `False` if none is, `Partial` for some, `--` where there is none. */
  get trainable(): string {
    if (this.num_params === 0) return '--';
    if (this.trainable_params === 0) return 'False';
    return this.num_params === this.trainable_params ? 'True' : 'Partial';
  }

  layer_name(show_var_name: boolean, show_depth: boolean): string {
    let name = this.class_name;
    if (show_var_name && this.var_name !== '') name += ` (${this.var_name})`;
    if (show_depth && this.depth > 0) {
      name += `: ${this.depth}`;
      if (this.depth_index !== null) name += `-${this.depth_index}`;
    }
    return name;
  }

  /** Counts the parameters. */
  calculate_num_params(): void {
    this.num_params = 0;
    this.param_bytes = 0;
    this.trainable_params = 0;
    this.inner_layers = new Map();
    let last: Partial<Record<ColumnName, string>> | undefined;
    for (const [full_name, param] of this.module.named_parameters()) {
      if (is_lazy(param)) {
        this.contains_lazy_param = true;
        continue;
      }
      const [count, name] = count_parameters(this.module, full_name, param);
      this.param_bytes += param.element_size() * count;
      this.num_params += count;
      if (param.requires_grad) this.trainable_params += count;

      const size: number[] = [...param.shape];
      if (name === 'weight' && size.length > 1) [size[0], size[1]] = [size[1]!, size[0]!];
      // Those of what is inside the model are shown there.
      if (this.parent_info !== null || !name.includes('.')) {
        last = { kernel_size: repr(size), num_params: `├─${grouped(count)}` };
        this.inner_layers.set(name, last);
      }
    }
    if (last !== undefined) last.num_params = `└─${last.num_params!.slice(2)}`;
  }

  /** Notes what went in and what came out. */
  calculate_sizes(inputs: unknown, outputs: unknown, batch_dim: number | null): void {
    if (this.contains_lazy_param) {
      this.calculate_num_params();
      this.class_name = this.module._get_name();
    }
    [this.input_size] = calculate_size(inputs, batch_dim);
    const [output_size, bytes] = calculate_size(outputs, batch_dim);
    this.output_size = output_size;
    this.output_bytes = bytes * product(output_size);
    this.executed = true;
    this.#calculate_macs();
  }

  #calculate_macs(): void {
    const size = this.output_size;
    for (const [full_name, param] of this.module.named_parameters()) {
      const [count, name] = count_parameters(this.module, full_name, param);
      if (name === 'weight' || name === 'bias') {
        if (this.class_name.includes('Conv')) {
          this.macs += Math.trunc(count * product([...size.slice(0, 1), ...size.slice(2)]));
        } else {
          if (size.length === 0) throw new IndexError('list index out of range');
          this.macs += (size[0] as number) * count;
        }
      } else if (name.includes('weight') || name.includes('bias')) {
        this.macs += product(size.slice(0, 2)) * count;
      }
    }
  }

  macs_to_str(reached_max_depth: boolean): string {
    if (this.macs <= 0) return '--';
    if (this.is_leaf_layer) return grouped(this.macs);
    if (!reached_max_depth) return '--';
    return grouped(this.children.reduce((sum, child) => sum + (child.is_leaf_layer ? child.macs : 0), 0));
  }

  num_params_to_str(reached_max_depth: boolean): string {
    if (this.num_params === 0) return '--';
    if (this.is_recursive) return '(recursive)';
    if (reached_max_depth || this.is_leaf_layer) {
      const count = grouped(this.num_params);
      return this.trainable_params > 0 ? count : `(${count})`;
    }
    const left = this.leftover_params();
    return left > 0 ? grouped(left) : '--';
  }

  params_percent(total_params: number, reached_max_depth: boolean): string {
    const none = '     --';
    if (total_params === 0) return none;
    if (this.is_recursive) return '(recursive)';
    const params = reached_max_depth || this.is_leaf_layer ? this.num_params : this.leftover_params();
    return params === 0 ? none : format(params / total_params, '>7.2%');
  }

  /** How many parameters belong to the module itself. */
  leftover_params(): number {
    return this.#leftover('num_params');
  }

  leftover_trainable_params(): number {
    return this.#leftover('trainable_params');
  }

  #leftover(kind: 'num_params' | 'trainable_params'): number {
    let rest = this[kind];
    for (const child of this.children) {
      if (!child.is_recursive) rest -= child.is_leaf_layer ? child[kind] : child.#leftover(kind);
    }
    return rest;
  }
}
