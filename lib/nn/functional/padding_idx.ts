/** The index in a table of embeddings whose row is not trained. */
import { AssertionError } from '../../errors.ts';

/**
 * The place of an index, counted from the end if negative.
 * @throws AssertionError if there is no such place
 */
export function absolute_padding_idx(padding_idx: number, num_embeddings: number, name = 'Padding_idx'): number {
  if (padding_idx >= num_embeddings && padding_idx > 0) {
    throw new AssertionError(`${name} must be within num_embeddings`);
  }
  if (padding_idx < -num_embeddings) throw new AssertionError(`${name} must be within num_embeddings`);
  return padding_idx < 0 ? padding_idx + num_embeddings : padding_idx;
}
