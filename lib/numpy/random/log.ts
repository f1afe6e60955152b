/**
 * The natural logarithm as glibc computes it. JavaScript's own differs from it in the last digit now and then, and with
 * it would every normally distributed number that NumPy draws.
 */
import { LOG_TABLE } from './log_table.ts';

const LN2_HI = 0.6931471805598903;
const LN2_LO = 5.497923018708371e-14;
/** The polynomial away from 1. */
const A = [-0.5000000000000001, 0.33333333331825593, -0.2499999999622955, 0.20000304511814496, -0.16667054827627667] as const;
/** The polynomial near 1. */
const B = [
  -0.5, 0.3333333333333352, -0.24999999999998432, 0.19999999999320328, -0.16666666669929706, 0.14285715076560868,
  -0.12499997863982555, 0.11110712032936046, -0.10000486757818193, 0.09181994006195467, -0.08328363062289341,
] as const;

const view = new DataView(new ArrayBuffer(8));
/** Splits a double into two halves of 26 bits. */
const SPLITTER = 2 ** 27 + 1;

function high_half(x: number): number {
  const scaled = SPLITTER * x;
  return scaled - (scaled - x);
}

/** `x * y - 1`, rounded once, for a product near 1. */
function product_minus_one(x: number, y: number): number {
  const product = x * y;
  const x_high = high_half(x);
  const y_high = high_half(y);
  const x_low = x - x_high;
  const y_low = y - y_high;
  const error = x_high * y_high - product + x_high * y_low + x_low * y_high + x_low * y_low;
  return product - 1 + error;
}

function log_near_one(x: number): number {
  const r = x - 1;
  const r2 = r * r;
  const r3 = r * r2;
  const tail = B[7] + r * B[8] + r2 * B[9] + r3 * B[10];
  let y = r3 * (B[1] + r * B[2] + r2 * B[3] + r3 * (B[4] + r * B[5] + r2 * B[6] + r3 * tail));
  const w = r * 2 ** 27;
  const r_high = r + w - w;
  const r_low = r - r_high;
  const square = r_high * r_high * B[0];
  const high = r + square;
  const low = r - high + square + B[0] * r_low * (r_high + r);
  y += low;
  return y + high;
}

/** `log(x)` for a normal `x` above zero. */
export function log(x: number): number {
  if (x === 1) return 0;
  if (x >= 1 - 2 ** -4 && x < 1 + 0.064697265625) return log_near_one(x);

  // x = 2^k z, with z in [0.6875, 1.375)
  view.setFloat64(0, x);
  const top = view.getInt32(0);
  const offset = (top - 0x3fe60000) | 0;
  const piece = (offset >> 13) & 127;
  const k = offset >> 20;
  view.setInt32(0, top - (offset & 0xfff00000));
  const z = view.getFloat64(0);

  const r = product_minus_one(z, LOG_TABLE[2 * piece]!);
  const w = k * LN2_HI + LOG_TABLE[2 * piece + 1]!;
  const high = w + r;
  const low = w - high + r + k * LN2_LO;
  const r2 = r * r;
  return low + r2 * A[0] + r * r2 * (A[1] + r * A[2] + r2 * (A[3] + r * A[4])) + high;
}
