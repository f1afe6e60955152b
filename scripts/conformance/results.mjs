/** Adds up what became of the samples. */
import { show_call } from './show_call.mjs';

function count(into, verdict) {
  into.total++;
  if (verdict.passed) into.passed++;
  if (verdict.exact) into.exact++;
}

const counts = () => ({ total: 0, passed: 0, exact: 0 });

/** What failed, and what passed without being exact: reasons with how many samples and which. */
class Failures extends Map {
  note({ dtype }, what, { passed, missing, reason = 'other last digits' }, example) {
    const general = reason.replaceAll(/-?\d+\.\d+(e[+-]\d+)?/g, '#');
    const key = `${what}: ${general}`;
    const known = this.get(key) ?? { what, reason: general, samples: 0, dtypes: new Set(), missing, passed };
    known.samples++;
    known.dtypes.add(dtype);
    known.example ??= example();
    this.set(key, known);
  }
}

/** What became of one operator's samples. */
export class OperatorResults {
  constructor(name, skipped) {
    this.name = name;
    this.skipped = skipped;
    this.dtypes = {};
    this.gradient = counts();
    this.errors = counts();
    this.failures = new Failures();
  }

  add(sample, { result, gradient }) {
    if (sample.kind === 'error') {
      count(this.errors, result);
    } else {
      count((this.dtypes[sample.dtype] ??= counts()), result);
    }
    if (sample.gradient) count(this.gradient, gradient ?? result);
    const example = () => sample.calls.map(show_call).join('; ');
    if (!result.exact) this.failures.note(sample, sample.kind, result, example);
    if (gradient && !gradient.exact && result.passed) this.failures.note(sample, 'gradient', gradient, example);
  }

  get forward() {
    return Object.values(this.dtypes).reduce(sum, counts());
  }
}

/** What is compared of a module: as CHECKS in tests/conformance/modules.ts. */
const CHECKS = ['made', 'result', 'gradient', 'after'];

/** What became of one module's samples: of each check, and of samples as a whole by dtype and mode. */
export class ModuleResults {
  constructor(name, skipped) {
    this.name = name;
    this.skipped = skipped;
    this.whole = {};
    this.checks = Object.fromEntries(CHECKS.map((check) => [check, counts()]));
    this.errors = counts();
    this.failures = new Failures();
  }

  add(sample, outcome) {
    const example = () => show_call(sample.make);
    if (sample.error) {
      count(this.errors, outcome.result);
      if (!outcome.result.exact) this.failures.note(sample, 'error', outcome.result, example);
      return;
    }
    const verdicts = CHECKS.filter((check) => outcome[check]).map((check) => [check, outcome[check]]);
    for (const [check, verdict] of verdicts) count(this.checks[check], verdict);
    count((this.whole[`${sample.dtype}, ${sample.mode}`] ??= counts()), {
      // One that ends its process has no more than its result.
      passed: verdicts.every(([, { passed }]) => passed),
      exact: verdicts.every(([, { exact }]) => exact),
    });
    const wrong = verdicts.find(([, { passed }]) => !passed) ?? verdicts.find(([, { exact }]) => !exact);
    if (wrong) this.failures.note(sample, ...wrong, example);
  }

  get all() {
    return Object.values(this.whole).reduce(sum, counts());
  }
}

export function sum(a, b) {
  return { total: a.total + b.total, passed: a.passed + b.passed, exact: a.exact + b.exact };
}

/** All operators together. */
export function totals(results) {
  return added(results, ['forward', 'gradient', 'errors']);
}

/** All modules together. */
export function module_totals(results) {
  return { ...added(results, ['all', 'errors']), ...added(results.map(({ checks }) => checks), CHECKS) };
}

function added(results, names) {
  return Object.fromEntries(names.map((name) => [name, results.map((one) => one[name]).reduce(sum, counts())]));
}
