/**
 * The package's entry: the `torch` namespace as default export, and what is in it by name.
 *
 *     import torch, { nn, optim } from 'tstorch';
 *
 * With `require` everything is there by name: `const { torch, nn, optim } = require('tstorch')`.
 */
import * as torch from './torch.ts';

export * from './torch.ts';
export { torch };
export default torch;
