/**
 * The package's entry: the `torch` namespace as default export, and what is in it by name.
 *
 *     import torch, { nn, optim } from 'tstorch';
 */
import * as torch from './torch.ts';

export * from './torch.ts';
export default torch;
