/** Arguments of which one is wrong. */

function is_plain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

/** The arguments with one of them, by place or by name, replaced by each of `oddities()`. */
export function* replaced(args: readonly unknown[], oddities: () => readonly unknown[]): Generator<unknown[]> {
  for (let i = 0; i < args.length; i++) {
    const given = args[i];
    for (const odd of oddities()) {
      yield args.map((arg, place) => (place === i ? odd : arg));
      if (!is_plain(given)) continue;
      for (const key of Object.keys(given)) {
        yield args.map((arg, place) => (place === i ? { ...given, [key]: odd } : arg));
      }
    }
  }
}
