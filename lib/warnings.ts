/**
 * Warnings, as Python's `warnings.warn`: printed on the error stream, and each text only once, since what is worth
 * warning about usually happens in every step of a loop.
 */

const seen = new Set<string>();

/**
 * Prints a warning, unless the same one has been printed before.
 *
 * It goes through `process.emitWarning`, so `process.on('warning', ...)` sees it and `--no-warnings` hides it.
 *
 * @param message what to say
 * @param category Python's class of warning: `UserWarning`, `FutureWarning`, `DeprecationWarning`
 */
export function warn(message: string, category = 'UserWarning'): void {
  const key = `${category}: ${message}`;
  if (seen.has(key)) return;
  seen.add(key);
  process.emitWarning(message, category);
}
