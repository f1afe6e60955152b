import { ValueError } from '../../errors.ts';
import { repr } from '../../repr.ts';

/** A parameter of a function of scikit-learn that is out of its range. */
export class InvalidParameterError extends ValueError {}
Object.defineProperty(InvalidParameterError.prototype, 'name', { value: 'InvalidParameterError', configurable: true });

/** @throws InvalidParameterError unless `valid` */
export function check_parameter(owner: string, name: string, value: unknown, valid: boolean, range: string): void {
  if (valid) return;
  throw new InvalidParameterError(`The '${name}' parameter of ${owner} must be ${range}. Got ${repr(value)} instead.`);
}

/** @throws InvalidParameterError unless `value` is a whole number from `least` up */
export function check_count(owner: string, name: string, value: unknown, least = 0, or = ''): void {
  const valid = Number.isSafeInteger(value) && (value as number) >= least;
  check_parameter(owner, name, value, valid, `an int in the range [${least}, inf)${or}`);
}
