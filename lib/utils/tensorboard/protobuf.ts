/**
 * Protocol buffers, as far as event files need them: fields one after the other, each a number, a kind and a value.
 *
 * Values that are a field's default are left out, as the format asks for. Where it matters that a field is there at
 * all, one of several of which only one may be, the functions are told so.
 *
 * @see https://protobuf.dev/programming-guides/encoding/
 */

/** How a value is laid out. */
const VARINT = 0;
const EIGHT_BYTES = 1;
const LENGTH = 2;
const FOUR_BYTES = 5;

/** A field, ready to be written; empty where it is left out. */
export type Field = Uint8Array;

const NONE: Field = new Uint8Array(0);
const encoder = new TextEncoder();

function varint_bytes(value: bigint): number[] {
  // Negative numbers are written as 64 bits.
  let rest = BigInt.asUintN(64, value);
  const bytes: number[] = [];
  while (rest > 0x7fn) {
    bytes.push(Number(rest & 0x7fn) | 0x80);
    rest >>= 7n;
  }
  bytes.push(Number(rest));
  return bytes;
}

function key(field: number, kind: number): number[] {
  return varint_bytes(BigInt((field << 3) | kind));
}

/** Fields one after the other: a message. */
export function message(...fields: readonly (Field | readonly Field[])[]): Uint8Array {
  return Buffer.concat(fields.flat() as Uint8Array[]);
}

/** Bytes, or a message within a message; `always` writes it even if it is empty. */
export function bytes(field: number, value: Uint8Array, always = false): Field {
  if (value.length === 0 && !always) return NONE;
  return Buffer.concat([Uint8Array.from([...key(field, LENGTH), ...varint_bytes(BigInt(value.length))]), value]);
}

/** A message within a message, which is there even if all of it is default. */
export function nested(field: number, ...fields: readonly (Field | readonly Field[])[]): Field {
  return bytes(field, message(...fields), true);
}

/** A text; `always` writes it even if it is empty. */
export function text(field: number, value: string, always = false): Field {
  return bytes(field, encoder.encode(value), always);
}

/** A whole number, a boolean or the number of a choice. */
export function whole(field: number, value: number | bigint | boolean, always = false): Field {
  const number = BigInt(value);
  return number === 0n && !always ? NONE : Uint8Array.from([...key(field, VARINT), ...varint_bytes(number)]);
}

/** A number in double precision. */
export function double(field: number, value: number, always = false): Field {
  if (Object.is(value, 0) && !always) return NONE;
  const result = Buffer.alloc(8);
  result.writeDoubleLE(value);
  return Buffer.concat([Uint8Array.from(key(field, EIGHT_BYTES)), result]);
}

/** A number in single precision. */
export function float(field: number, value: number, always = false): Field {
  if (Object.is(value, 0) && !always) return NONE;
  const result = Buffer.alloc(4);
  result.writeFloatLE(value);
  return Buffer.concat([Uint8Array.from(key(field, FOUR_BYTES)), result]);
}

/** Several numbers in double precision. */
export function doubles(field: number, values: ArrayLike<number>): Field {
  const result = Buffer.alloc(values.length * 8);
  for (let i = 0; i < values.length; i++) result.writeDoubleLE(values[i]!, 8 * i);
  return bytes(field, result);
}

/** Several numbers in single precision. */
export function floats(field: number, values: ArrayLike<number>): Field {
  const result = Buffer.alloc(values.length * 4);
  for (let i = 0; i < values.length; i++) result.writeFloatLE(values[i]!, 4 * i);
  return bytes(field, result);
}

/** Several whole numbers. */
export function wholes(field: number, values: readonly (number | bigint | boolean)[]): Field {
  return bytes(field, Uint8Array.from(values.flatMap((value) => varint_bytes(BigInt(value)))));
}
