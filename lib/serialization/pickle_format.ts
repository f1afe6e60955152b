/**
 * The part of Python's pickle format (protocol 2) that PyTorch's files use, and the Python values that JavaScript has
 * no own word for.
 *
 * @see https://docs.python.org/3/library/pickletools.html
 */

/** Opcodes, by Python's names. */
export const op = {
  MARK: 0x28, // (
  EMPTY_TUPLE: 0x29, // )
  STOP: 0x2e, // .
  BINFLOAT: 0x47, // G
  BININT: 0x4a, // J
  BININT1: 0x4b, // K
  BININT2: 0x4d, // M
  NONE: 0x4e, // N
  BINPERSID: 0x51, // Q
  REDUCE: 0x52, // R
  SHORT_BINSTRING: 0x55, // U
  BINSTRING: 0x54, // T
  BINUNICODE: 0x58, // X
  EMPTY_LIST: 0x5d, // ]
  APPEND: 0x61, // a
  BUILD: 0x62, // b
  GLOBAL: 0x63, // c
  APPENDS: 0x65, // e
  BINGET: 0x68, // h
  LONG_BINGET: 0x6a, // j
  BINPUT: 0x71, // q
  LONG_BINPUT: 0x72, // r
  SETITEM: 0x73, // s
  TUPLE: 0x74, // t
  SETITEMS: 0x75, // u
  EMPTY_DICT: 0x7d, // }
  PROTO: 0x80,
  NEWOBJ: 0x81,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  LONG1: 0x8a,
  EMPTY_SET: 0x8f,
} as const;

/** How deep lists and dicts may lie in each other: as deep as Python's own recursion limit allows, about. */
export const deepest = 1000;

/** A Python tuple. */
export class Tuple {
  readonly items: readonly unknown[];

  constructor(items: readonly unknown[]) {
    this.items = items;
  }
}

/** A string that is an object of its own: Python refers to it only where the very same one comes again. */
export class OwnString {
  readonly value: string;

  constructor(value: string) {
    this.value = value;
  }
}

/** A Python `float`, also where the value is whole. */
export class Float {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

/** Something that Python finds by module and name. */
export class Global {
  readonly module: string;
  readonly name: string;

  constructor(module: string, name: string) {
    this.module = module;
    this.name = name;
  }
}

/** What a Python function or class returns for some arguments. */
export class Call {
  readonly callee: Global;
  readonly args: Tuple;

  constructor(callee: Global, ...args: readonly unknown[]) {
    this.callee = callee;
    this.args = new Tuple(args);
  }
}

/** Something kept outside of the pickle, found by this id. */
export class PersistentId {
  readonly id: Tuple;

  constructor(...id: readonly unknown[]) {
    this.id = new Tuple(id);
  }
}
