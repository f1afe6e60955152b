/** The form in which values go from thread to thread: only what Node's structured clone carries over as it is. */
import type { Reference } from './references.ts';

/** Stands for an object: its place in the list of all. */
export interface Link {
  readonly link: number;
}

/** A value in packed form: what is not an object stands for itself. */
export type Encoded = string | number | bigint | boolean | null | undefined | Link;

/** Properties of an object beside what is special about it, those that are not enumerable apart. */
export interface Properties {
  readonly names: readonly string[];
  readonly values: readonly Encoded[];
  /** How many of the last ones are not enumerable. */
  readonly hidden: number;
}

/** One object. */
export type Packed =
  /** What the structured clone takes over with everything in it. */
  | { readonly kind: 'raw'; readonly value: unknown }
  | { readonly kind: 'array'; readonly items: readonly Encoded[]; readonly of: Encoded }
  | { readonly kind: 'object'; readonly bare: boolean; readonly properties: Properties }
  | { readonly kind: 'map'; readonly entries: readonly (readonly [Encoded, Encoded])[]; readonly of: Encoded; readonly properties: Properties }
  | { readonly kind: 'set'; readonly items: readonly Encoded[]; readonly of: Encoded; readonly properties: Properties }
  /** A class or function: its place in the list of references. */
  | { readonly kind: 'callable'; readonly reference: number }
  | { readonly kind: 'tensor'; readonly token: number; readonly of: Encoded; readonly properties: Properties }
  /** One of the library's constants, such as a dtype. */
  | { readonly kind: 'constant'; readonly name: string }
  | { readonly kind: 'symbol'; readonly key: string }
  | { readonly kind: 'instance'; readonly of: Encoded; readonly properties: Properties }
  /** An instance with a state of its own making, for its `__setstate__`. */
  | { readonly kind: 'state'; readonly of: Encoded; readonly state: Encoded }
  /** What its `__reduce__` said: what to call with what, and a state for the result. */
  | { readonly kind: 'reduced'; readonly callee: Encoded; readonly args: readonly Encoded[]; readonly state: Encoded };

/** A value with everything that it refers to. */
export interface Parcel {
  readonly root: Encoded;
  readonly objects: readonly Packed[];
  readonly references: readonly Reference[];
}
