import { py_complex_repr } from './python_format.ts';

/**
 * A complex number: what `item()` and `tolist()` give for complex tensors, and a scalar or an element wherever
 * PyTorch takes Python's `complex`. Prints as Python prints it, `(1+2j)`.
 */
export class Complex {
  readonly real: number;
  readonly imag: number;

  constructor(real: number = 0, imag: number = 0) {
    this.real = real;
    this.imag = imag;
  }

  /** The number mirrored at the real axis. */
  conjugate(): Complex {
    return new Complex(this.real, -this.imag);
  }

  /** The distance from zero. */
  abs(): number {
    return Math.hypot(this.real, this.imag);
  }

  /** Whether both parts are equal to those of `other`; as in Python, NaN equals nothing. */
  equals(other: Complex): boolean {
    return this.real === other.real && this.imag === other.imag;
  }

  toString(): string {
    return py_complex_repr(this.real, this.imag);
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.toString();
  }
}
