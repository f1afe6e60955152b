/** How classes of errors get their names. */

/** Sets the name that a stack trace shows; a class field would make it an own property of every instance. */
export function named<T extends abstract new (...args: never[]) => Error>(cls: T, name: string): T {
  Object.defineProperty(cls.prototype, 'name', { value: name, configurable: true, writable: true });
  return cls;
}
