/**
 * `torch.utils`.
 *
 * @see https://docs.pytorch.org/docs/stable/data.html
 */
export * as checkpoint from './checkpoint/index.ts';
export * as data from './data/index.ts';
export * as hooks from './hooks.ts';
