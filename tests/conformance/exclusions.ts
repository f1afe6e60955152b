/**
 * What cannot give what Python gives, and why. A test fails when something listed here passes, so that the list
 * does not go stale.
 */
import type { ModuleSample, Sample } from './bundle.ts';
import type { Check } from './modules.ts';

export interface Exclusion {
  /** Why not. */
  reason: string;
  /** What of the operator's samples is meant; everything where it is not said. */
  what?: 'result' | 'gradient' | 'error';
  kind?: Sample['kind'];
  dtype?: string;
  /** Some of those samples pass. */
  some?: boolean;
}

const REFLECTED = [{ reason: 'the right-hand side of an operator of Python; JavaScript has none to overload' }];

/** By the operator's name in op_db, behind a point its variant. */
export const EXCLUSIONS: Readonly<Record<string, readonly Exclusion[]>> = {
  __radd__: REFLECTED,
  __rand__: REFLECTED,
  __rdiv__: REFLECTED,
  __rmatmul__: REFLECTED,
  __rmod__: REFLECTED,
  __rmul__: REFLECTED,
  __ror__: REFLECTED,
  __rpow__: REFLECTED,
  __rsub__: REFLECTED,
  __rxor__: REFLECTED,
};

/** The exclusion that a sample of an operator falls under. */
export function exclusion_of(name: string, sample: Sample, what: 'result' | 'gradient'): Exclusion | undefined {
  const asked = sample.kind === 'error' ? 'error' : what;
  return EXCLUSIONS[name]?.find(
    (one) =>
      (one.what === undefined || one.what === asked) &&
      (one.kind === undefined || one.kind === sample.kind) &&
      (one.dtype === undefined || one.dtype === sample.dtype),
  );
}

export interface ModuleExclusion {
  /** Why not. */
  reason: string;
  /** What of the module's samples is meant; everything where it is not said. */
  check?: Check;
  kind?: ModuleSample['kind'];
  dtype?: string;
}

/** By the module's name in module_db. */
export const MODULE_EXCLUSIONS: Readonly<Record<string, readonly ModuleExclusion[]>> = {};

/** The exclusion that a sample of a module falls under. */
export function module_exclusion_of(name: string, sample: ModuleSample, check: Check): ModuleExclusion | undefined {
  return MODULE_EXCLUSIONS[name]?.find(
    (one) =>
      (one.check === undefined || one.check === check) &&
      (one.kind === undefined || one.kind === sample.kind) &&
      (one.dtype === undefined || one.dtype === sample.dtype),
  );
}
