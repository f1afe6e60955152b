/**
 * Memory layouts and formats.
 * @see https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch.layout
 */
import { TypeError } from './errors.ts';
import { type Handle, native } from './native.ts';

const inspect_custom = Symbol.for('nodejs.util.inspect.custom');

const layouts: layout[] = [];

/** Only this file makes layouts and formats: there is one object for each. */
let complete = false;

function check_making(name: string): void {
  if (complete) throw new TypeError(`cannot create 'torch.${name}' instances`);
}

/** How a tensor's elements are laid out: dense (`torch.strided`) or one of the sparse forms. */
export class layout {
  /** @internal */
  readonly _h: Handle;
  readonly name: string;

  /** @internal */
  constructor(code: number, name: string) {
    check_making('layout');
    this._h = native.layout_constant(code);
    this.name = name;
    layouts[code] = this;
  }

  toString(): string {
    return `torch.${this.name}`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

// The numbers are c10::Layout's.
export const strided: layout = new layout(0, 'strided');
export const sparse_coo: layout = new layout(1, 'sparse_coo');
export const sparse_csr: layout = new layout(2, 'sparse_csr');
export const _mkldnn: layout = new layout(3, '_mkldnn');
export const sparse_csc: layout = new layout(4, 'sparse_csc');
export const sparse_bsr: layout = new layout(5, 'sparse_bsr');
export const sparse_bsc: layout = new layout(6, 'sparse_bsc');
export const jagged: layout = new layout(7, 'jagged');

/** @internal */
export function layout_of_code(code: number): layout {
  return layouts[code]!;
}

/**
 * In which order a dense tensor's dimensions lie in memory.
 * @see https://docs.pytorch.org/docs/stable/tensor_attributes.html#torch.memory_format
 */
export class memory_format {
  /** @internal */
  readonly _h: Handle;
  readonly name: string;

  /** @internal */
  constructor(code: number, name: string) {
    check_making('memory_format');
    this._h = native.memory_format_constant(code);
    this.name = name;
  }

  toString(): string {
    return `torch.${this.name}`;
  }

  [inspect_custom](): string {
    return this.toString();
  }
}

// The numbers are c10::MemoryFormat's.
export const contiguous_format: memory_format = new memory_format(0, 'contiguous_format');
export const preserve_format: memory_format = new memory_format(1, 'preserve_format');
export const legacy_contiguous_format: memory_format = contiguous_format;
export const channels_last: memory_format = new memory_format(2, 'channels_last');
export const channels_last_3d: memory_format = new memory_format(3, 'channels_last_3d');

complete = true;
