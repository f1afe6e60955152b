/**
 * Whether operators have to be deterministic, how precise matrix products are, and how LibTorch warns.
 * @see https://docs.pytorch.org/docs/stable/notes/randomness.html
 */
import { type Arguments, signature } from './arguments.ts';
import { RuntimeError, TypeError } from './errors.ts';
import { native } from './native.ts';
import { type_name } from './repr.ts';

/** Whether operators that are not deterministic are left alone, warned of or refused. */
export type DeterministicMode = 'default' | 'warn' | 'error';

const MODES: readonly DeterministicMode[] = ['default', 'warn', 'error'];

interface UseDeterministicParameters {
  mode: boolean;
  warn_only?: boolean;
}

const use_deterministic_arguments = signature<UseDeterministicParameters>(
  'use_deterministic_algorithms',
  ['mode'],
  [['warn_only', false]],
);

/**
 * Makes operators give the same result each time, and those that cannot throw a RuntimeError.
 * @param warn_only warn of those instead
 * @see https://docs.pytorch.org/docs/stable/generated/torch.use_deterministic_algorithms.html
 */
export function use_deterministic_algorithms(...args: Arguments<UseDeterministicParameters, ['mode']>): void {
  const { mode, warn_only } = use_deterministic_arguments(args);
  for (const [name, value] of Object.entries({ mode, warn_only })) {
    if (typeof value === 'boolean') continue;
    throw new TypeError(`use_deterministic_algorithms(): argument '${name}' must be bool, not ${type_name(value)}`);
  }
  native.set_deterministic(mode ? (warn_only ? 1 : 2) : 0);
}

/**
 * Do operators have to be deterministic?
 * @see https://docs.pytorch.org/docs/stable/generated/torch.are_deterministic_algorithms_enabled.html
 */
export function are_deterministic_algorithms_enabled(): boolean {
  return native.deterministic() > 0;
}

/**
 * Are operators that cannot be deterministic only warned of?
 * @see https://docs.pytorch.org/docs/stable/generated/torch.is_deterministic_algorithms_warn_only_enabled.html
 */
export function is_deterministic_algorithms_warn_only_enabled(): boolean {
  return native.deterministic() === 1;
}

/**
 * `use_deterministic_algorithms` in one argument.
 * @param debug_mode `'default'` or 0, `'warn'` or 1, `'error'` or 2
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_deterministic_debug_mode.html
 */
export function set_deterministic_debug_mode(debug_mode: DeterministicMode | 0 | 1 | 2): void {
  if (typeof debug_mode !== 'string' && typeof debug_mode !== 'number') {
    throw new TypeError(`debug_mode must be str or int, but got ${type_name(debug_mode)}`);
  }
  if (typeof debug_mode === 'string' && !MODES.includes(debug_mode)) {
    throw new RuntimeError(
      `invalid value of debug_mode, expected one of \`default\`, \`warn\`, \`error\`, but got ${String(debug_mode)}`,
    );
  }
  const level = typeof debug_mode === 'string' ? MODES.indexOf(debug_mode) : debug_mode;
  if (!(level in MODES)) throw new RuntimeError(`invalid value of debug_mode, expected 0, 1, or 2, but got ${level}`);
  native.set_deterministic(level);
}

/**
 * The mode as a number: 0 for `'default'`, 1 for `'warn'`, 2 for `'error'`.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_deterministic_debug_mode.html
 */
export function get_deterministic_debug_mode(): number {
  return native.deterministic();
}

/** How precise products of float32 matrices are: `'high'` and `'medium'` may round their elements, and are faster. */
export type MatmulPrecision = 'highest' | 'high' | 'medium';

/**
 * Sets how precise products of float32 matrices are. LibTorch warns of a word that it does not know.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_float32_matmul_precision.html
 */
export function set_float32_matmul_precision(precision: MatmulPrecision): void {
  if (typeof precision !== 'string') {
    throw new RuntimeError(`set_float32_matmul_precision expects a str, but got ${type_name(precision)}`);
  }
  native.matmul_precision(precision);
}

/**
 * How precise products of float32 matrices are.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.get_float32_matmul_precision.html
 */
export function get_float32_matmul_precision(): MatmulPrecision {
  return native.matmul_precision() as MatmulPrecision;
}

/**
 * Lets the processor take numbers near zero that have less than full precision for zero, which is faster.
 * @returns false where the processor cannot do that
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_flush_denormal.html
 */
export function set_flush_denormal(mode: boolean): boolean {
  if (typeof mode !== 'boolean') throw new RuntimeError(`flush_denormal expects a bool, but got ${type_name(mode)}`);
  return native.set_flush_denormal(mode);
}

/**
 * Lets LibTorch print a warning each time and not only once.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.set_warn_always.html
 */
export function set_warn_always(b: boolean): void {
  if (typeof b !== 'boolean') throw new RuntimeError(`setWarnOnlyOnce expects a bool, but got ${type_name(b)}`);
  native.warn_always(b);
}

/**
 * Does LibTorch print a warning each time?
 * @see https://docs.pytorch.org/docs/stable/generated/torch.is_warn_always_enabled.html
 */
export function is_warn_always_enabled(): boolean {
  return native.warn_always();
}
