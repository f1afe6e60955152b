/** Signal processing. See https://docs.pytorch.org/docs/stable/signal.html */
export * as windows from './windows/index.ts';
