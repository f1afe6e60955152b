/** Whole numbers below a limit, the same in every run: `random(limit)`, `random.seed(number)`. */
export function make_random(seed = 0) {
  let state = seed >>> 0;
  function random(limit) {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    state = Math.imul(state ^ (state >>> 13), 0x297a2d39) >>> 0;
    return ((state ^ (state >>> 16)) >>> 0) % limit;
  }
  random.seed = (number) => {
    state = number >>> 0;
    random(2);
    random(2);
  };
  return random;
}
