/**
 * `matplotlib.pyplot`: pictures of data, drawn as matplotlib draws them and written as SVG or PNG.
 *
 *     import * as plt from 'tstorch/pyplot';
 *
 *     plt.plot(epochs, losses, { label: 'train' });
 *     plt.legend();
 *     plt.savefig('losses.svg');
 *
 * As in matplotlib there is a current figure and current axes in it, into which these functions draw.
 *
 * @see https://matplotlib.org/stable/api/pyplot_summary.html
 */
import * as pyplot from './pyplot.ts';

export * from './pyplot.ts';
export { pyplot };
export default pyplot;
