/** What the libraries in peers/ do too, under the same names. */
import { cases as modules } from './modules.mjs';
import { cases as tinyvgg } from './tinyvgg.mjs';

export const cases = {
  'MLP, training step, Adam': modules['MLP, training step, Adam'],
  'TinyVGG, training step, batch of 32': tinyvgg['training step, batch of 32'],
};
