/**
 * Helpers for networks.
 * @see https://docs.pytorch.org/docs/stable/nn.html#utilities
 */
export * as rnn from './rnn.ts';
