/**
 * The exceptions of the library, named as in Python. LibTorch's own errors arrive as these too: the addon is handed
 * the classes when it loads (see native.ts) and throws the one that matches LibTorch's C++ type.
 */

import { named } from './named_error.ts';

/** Raised by LibTorch for anything without a more special class: shapes that do not fit, unsupported dtypes, … */
export class RuntimeError extends Error {}
/** An index, a dimension or a key that is out of range. */
export class IndexError extends Error {}
/** A missing key in a dict-like object. */
export class KeyError extends Error {}
/** An attribute that an object does not have. */
export class AttributeError extends Error {}
/** An argument of the right type with a value that makes no sense. */
export class ValueError extends Error {}
/** An operation that is not there for these arguments, or a method that a subclass has to define. */
export class NotImplementedError extends RuntimeError {}
/** A wrong argument: wrong type, wrong count, unknown name. Also an instance of JavaScript's own `TypeError`. */
export class TypeError extends globalThis.TypeError {}
/** A condition that had to hold does not. */
export class AssertionError extends Error {}
/** A division by zero, where Python has no number for it. */
export class ZeroDivisionError extends Error {}
/** A file or the network let us down, as Python's `OSError`. */
export class OSError extends Error {}
/** A file or a folder that is not there. */
export class FileNotFoundError extends OSError {}
/** Memory ran out on a device. See https://docs.pytorch.org/docs/stable/generated/torch.cuda.OutOfMemoryError.html */
export class OutOfMemoryError extends RuntimeError {}
/** A linear-algebra routine could not finish, a singular matrix for instance. */
export class LinAlgError extends RuntimeError {}

named(RuntimeError, 'RuntimeError');
named(IndexError, 'IndexError');
named(KeyError, 'KeyError');
named(AttributeError, 'AttributeError');
named(ValueError, 'ValueError');
named(NotImplementedError, 'NotImplementedError');
named(TypeError, 'TypeError');
named(AssertionError, 'AssertionError');
named(ZeroDivisionError, 'ZeroDivisionError');
named(OSError, 'OSError');
named(FileNotFoundError, 'FileNotFoundError');
named(OutOfMemoryError, 'torch.OutOfMemoryError');
named(LinAlgError, 'torch.linalg.LinAlgError');
