/** Arguments that have to be of a class, where nothing would fail that says which one is wrong. */
import { is_instance } from '../arguments.ts';
import { TypeError } from '../errors.ts';
import { type_name } from '../repr.ts';
import { Tensor } from '../tensor.ts';
import { Distribution } from './distribution.ts';

/** Fails for anything but a distribution. */
export function check_distribution(called: string, name: string, value: unknown): void {
  if (!is_instance(value, Distribution)) refuse(called, name, 'a Distribution', value);
}

/** Fails for anything but a whole number. */
export function check_whole(called: string, name: string, value: unknown): void {
  if (!Number.isInteger(value)) refuse(called, name, 'a whole number', value);
}

/** Fails for anything but a tensor or a number. */
export function check_number(called: string, name: string, value: unknown): void {
  if (typeof value === 'number' || typeof value === 'boolean' || is_instance(value, Tensor)) return;
  refuse(called, name, 'a Tensor or a number', value);
}

function refuse(called: string, name: string, expected: string, value: unknown): never {
  throw new TypeError(`${called}(): argument '${name}' must be ${expected}, not ${type_name(value)}`);
}
