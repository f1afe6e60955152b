/** What the chapters of the course print, here and in Python, held against each other. */

/**
 * The lines that a chapter printed, without the times, which begin with a tilde.
 * @param {string} text
 */
export function lines_of(text) {
  return text.trimEnd().split('\n').filter((line) => !line.startsWith('~'));
}

const NUMBER = /\d+\.\d{3,}/g;
/** How far a number that training gave may be off where the processor rounds otherwise. */
const FURTHEST = 2e-3;

/**
 * Is a line the same but for the last digits of its numbers?
 * @param {string | undefined} actual
 * @param {string | undefined} expected
 */
export function nearly_equal(actual, expected) {
  if (actual === undefined || expected === undefined) return actual === expected;
  if (actual.replace(NUMBER, '#') !== expected.replace(NUMBER, '#')) return false;
  const numbers = actual.match(NUMBER) ?? [];
  return (expected.match(NUMBER) ?? []).every((wanted, i) => Math.abs(Number(numbers[i]) - Number(wanted)) < FURTHEST);
}
