/**
 * Help for tests of one's own.
 * @see https://docs.pytorch.org/docs/stable/testing.html
 */
export { assert_allclose, assert_close, type AssertCloseOptions } from './comparison.ts';
export { make_tensor, type MakeTensorOptions } from './creation.ts';
