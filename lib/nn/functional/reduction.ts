import { ValueError } from '../../errors.ts';
import { warn } from '../../warnings.ts';

/** What a loss does with the losses of the single elements: nothing, their mean, or their sum. */
export type Reduction = 'none' | 'mean' | 'sum';

/** The two arguments that `reduction` has replaced. */
export interface LegacyReduction {
  /** @deprecated use `reduction` */
  size_average?: boolean | null;
  /** @deprecated use `reduction` */
  reduce?: boolean | null;
}

/**
 * The number that LibTorch knows a reduction by.
 * @throws ValueError if there is no such reduction
 */
export function reduction_code(reduction: string): number {
  switch (reduction) {
    case 'mean':
      return 1;
    case 'none':
      return 0;
    case 'sum':
      return 2;
    case 'elementwise_mean':
      warn("reduction='elementwise_mean' is deprecated. Please use reduction='mean' instead.");
      return 1;
    default:
      throw new ValueError(`${reduction} is not a valid value for reduction`);
  }
}

/** The reduction that is meant where one of the old arguments may be given. */
export function effective_reduction<R extends string>(
  reduction: R,
  size_average: boolean | null,
  reduce: boolean | null,
): R | Reduction {
  if (size_average === null && reduce === null) return reduction;
  const meant: Reduction = !(reduce ?? true) ? 'none' : (size_average ?? true) ? 'mean' : 'sum';
  warn(`size_average and reduce args will be deprecated, please use reduction='${meant}' instead.`);
  return meant;
}
