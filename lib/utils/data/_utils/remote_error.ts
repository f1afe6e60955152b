/** Errors that happen in a worker and are thrown in the thread that waits for it. */
import * as errors from '../../../errors.ts';
import type { RemoteError } from './messages.ts';
import type { KnownCallables } from './travel/callables.ts';
import { pack } from './travel/pack.ts';
import type { Callable } from './travel/references.ts';

type ErrorClass = new (message: string) => Error;

const library = new Map<string, ErrorClass>(
  Object.values(errors).map((cls) => [(cls.prototype as Error).name, cls as ErrorClass]),
);
const builtin = new Map<string, ErrorClass>(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, URIError].map((cls) => [cls.name, cls as ErrorClass]),
);

/** Describes an error for another thread. */
export function describe_error(error: unknown, starting: boolean): RemoteError {
  if (!(error instanceof Error)) {
    const text = String(error);
    return { name: 'Error', message: text, stack: `Error: ${text}`, parcel: null, starting };
  }
  const cls = error.constructor as Callable;
  const known = library.get(error.name) === cls || builtin.get(error.name) === cls || cls === globalThis.TypeError;
  let parcel: RemoteError['parcel'] = null;
  if (!known) {
    try {
      parcel = pack(cls, error.name);
    } catch {
      // A class that nobody else knows; what it says is still told.
    }
  }
  const { name, message } = error;
  // The stack has the message as it was when the error was made.
  const lines = error.stack?.split('\n').filter((line) => /^\s+at /.test(line)) ?? [];
  const stack = [`${name}: ${message}`, ...lines].join('\n');
  return { name, message, stack, parcel, starting };
}

function class_of(remote: RemoteError, known: KnownCallables): ErrorClass {
  if (remote.parcel !== null) {
    try {
      return known.find(remote.parcel)[0] as unknown as ErrorClass;
    } catch {
      return errors.RuntimeError;
    }
  }
  return library.get(remote.name) ?? builtin.get(remote.name) ?? errors.RuntimeError;
}

/** The error to throw for one of worker `id`: of the same class, with the worker's stack in its message. */
export function error_of_worker(remote: RemoteError, id: number, known: KnownCallables): Error {
  const cls = class_of(remote, known);
  const message = remote.starting
    ? remote.message
    : `Caught ${remote.name} in DataLoader worker process ${id}.\nOriginal ${remote.stack}`;
  try {
    return new cls(message);
  } catch {
    // A class whose constructor wants something else than a message.
    return new errors.RuntimeError(message);
  }
}
