/**
 * Neural networks.
 * @see https://docs.pytorch.org/docs/stable/nn.html
 */
export * from './modules/index.ts';
export { Buffer, Parameter, UninitializedBuffer, UninitializedParameter } from './parameter.ts';
export type { BufferOptions, ParameterOptions, UninitializedBufferOptions, UninitializedOptions } from './parameter.ts';

export { factory_kwargs } from './factory_kwargs.ts';
export { DataParallel } from './parallel/index.ts';
export type { DataParallelOptions } from './parallel/index.ts';

export * as functional from './functional.ts';
export * as init from './init.ts';
export * as parallel from './parallel/index.ts';
export * as parameter from './parameter.ts';
export * as utils from './utils/index.ts';
export * as modules from './modules/index.ts';
