/**
 * The Mersenne Twister MT19937: the generator of Python's `random` and of NumPy's `RandomState`, which differ in how
 * they seed it and in what they make of its numbers.
 */
const SIZE = 624;
const MIDDLE = 397;

export class MersenneTwister {
  readonly #state = new Uint32Array(SIZE);
  #position = SIZE;

  /** Starts from one number of 32 bits, as NumPy does. */
  seed(seed: number): void {
    let value = seed >>> 0;
    for (let i = 0; i < SIZE; i++) {
      this.#state[i] = value;
      value = (Math.imul(1812433253, value ^ (value >>> 30)) + i + 1) >>> 0;
    }
    this.#position = SIZE;
  }

  /** Starts from any number of words of 32 bits, as Python does. */
  seed_by_words(words: ArrayLike<number>): void {
    const state = this.#state;
    this.seed(19650218);
    let i = 1;
    const advance = (): void => {
      if (++i < SIZE) return;
      state[0] = state[SIZE - 1]!;
      i = 1;
    };
    const mixed = (factor: number): number => state[i]! ^ Math.imul(state[i - 1]! ^ (state[i - 1]! >>> 30), factor);
    for (let count = Math.max(SIZE, words.length), j = 0; count > 0; count--) {
      state[i] = mixed(1664525) + words[j]! + j;
      advance();
      if (++j >= words.length) j = 0;
    }
    for (let count = SIZE - 1; count > 0; count--) {
      state[i] = mixed(1566083941) - i;
      advance();
    }
    state[0] = 0x80000000;
    this.#position = SIZE;
  }

  /** The 624 words of the state and, last, the position in them. */
  get state(): number[] {
    return [...this.#state, this.#position];
  }

  set state(state: readonly number[]) {
    this.#state.set(state.slice(0, SIZE));
    this.#position = state[SIZE]!;
  }

  #twist(): void {
    const state = this.#state;
    for (let i = 0; i < SIZE; i++) {
      const next = i + 1 < SIZE ? i + 1 : 0;
      const other = i + MIDDLE < SIZE ? i + MIDDLE : i + MIDDLE - SIZE;
      const bits = (state[i]! & 0x80000000) | (state[next]! & 0x7fffffff);
      state[i] = state[other]! ^ (bits >>> 1) ^ (bits & 1 ? 0x9908b0df : 0);
    }
    this.#position = 0;
  }

  /** The next 32 bits. */
  next_uint32(): number {
    if (this.#position >= SIZE) this.#twist();
    let bits = this.#state[this.#position++]!;
    bits ^= bits >>> 11;
    bits ^= (bits << 7) & 0x9d2c5680;
    bits ^= (bits << 15) & 0xefc60000;
    return (bits ^ (bits >>> 18)) >>> 0;
  }

  /** The next 64 bits, the high half first. */
  next_uint64(): bigint {
    const high = BigInt(this.next_uint32());
    return (high << 32n) | BigInt(this.next_uint32());
  }

  /** The next number in [0, 1), of 53 random bits. */
  next_double(): number {
    const high = this.next_uint32() >>> 5;
    const low = this.next_uint32() >>> 6;
    return (high * 67108864 + low) / 9007199254740992;
  }
}
