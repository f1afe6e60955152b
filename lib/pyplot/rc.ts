/**
 * Defaults that a program may change: `plt.rcParams['figure.figsize'] = [10, 4]`.
 *
 * @see https://matplotlib.org/stable/users/explain/customizing.html
 */
import { KeyError } from '../errors.ts';
import { repr } from '../repr.ts';
import type { ColormapLike } from './colormaps.ts';

/** The defaults there are. */
export interface RcParams {
  /** Width and height of a figure in inches. */
  'figure.figsize': readonly [width: number, height: number];
  /** Pixels in an inch. */
  'figure.dpi': number;
  'savefig.dpi': number | 'figure';
  'savefig.bbox': 'tight' | null;
  /** The colour map of numbers for which none is named. */
  'image.cmap': ColormapLike;
  /** Have new axes lines through their ticks? */
  'axes.grid': boolean;
}

const usual: Readonly<RcParams> = {
  'figure.figsize': [6.4, 4.8],
  'figure.dpi': 100,
  'savefig.dpi': 'figure',
  'savefig.bbox': null,
  'image.cmap': 'viridis',
  'axes.grid': false,
};

/** The defaults. Setting one that is not there is a KeyError. */
export const rcParams: RcParams = new Proxy(
  { ...usual },
  {
    set(target, name, value) {
      if (typeof name !== 'string' || !Object.hasOwn(usual, name)) {
        throw new KeyError(
          `${repr(String(name))} is not a valid rc parameter; valid ones are ${Object.keys(usual).join(', ')}`,
        );
      }
      return Reflect.set(target, name, value);
    },
  },
);

/** Puts all defaults back. */
export function rcdefaults(): void {
  Object.assign(rcParams, usual);
}
