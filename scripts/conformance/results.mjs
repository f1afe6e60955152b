/** Adds up what became of the samples. */

function count(into, verdict) {
  into.total++;
  if (verdict.passed) into.passed++;
  if (verdict.exact) into.exact++;
}

const counts = () => ({ total: 0, passed: 0, exact: 0 });

/** What became of one operator's samples. */
export class OperatorResults {
  constructor(name, skipped) {
    this.name = name;
    this.skipped = skipped;
    this.dtypes = {};
    this.gradient = counts();
    this.errors = counts();
    /** What failed, and what passed without being exact: reasons with how many samples and which. */
    this.failures = new Map();
  }

  add(sample, { result, gradient }) {
    if (sample.kind === 'error') {
      count(this.errors, result);
    } else {
      count((this.dtypes[sample.dtype] ??= counts()), result);
    }
    if (sample.gradient) count(this.gradient, gradient ?? result);
    if (!result.exact) this.#note(sample, sample.kind, result);
    if (gradient && !gradient.exact && result.passed) this.#note(sample, 'gradient', gradient);
  }

  #note(sample, what, verdict) {
    const { passed, missing } = verdict;
    const reason = (verdict.reason ?? 'other last digits').replaceAll(/-?\d+\.\d+(e[+-]\d+)?/g, '#');
    const key = `${what}: ${reason}`;
    const known = this.failures.get(key) ?? { what, reason, samples: 0, dtypes: new Set(), missing, passed };
    known.samples++;
    known.dtypes.add(sample.dtype);
    known.example ??= sample.calls.map(show_call).join('; ');
    this.failures.set(key, known);
  }

  get forward() {
    return Object.values(this.dtypes).reduce(sum, counts());
  }
}

export function sum(a, b) {
  return { total: a.total + b.total, passed: a.passed + b.passed, exact: a.exact + b.exact };
}

/** A call as one would write it, with tensors as a letter. */
function show_call({ f, a, k }) {
  const show = (value) => {
    if (value === null || typeof value !== 'object') return JSON.stringify(value);
    if (Array.isArray(value)) return `[${value.map(show).join(', ')}]`;
    const [kind, content] = Object.entries(value)[0];
    if (kind === 'in') return `t${content}`;
    if (kind === 'res') return `r${content.join('.')}`;
    return kind === 'dtype' ? `torch.${content}` : `${kind}(${JSON.stringify(content)})`;
  };
  const args = a.map(show);
  if (k) args.push(`{ ${Object.entries(k).map(([key, value]) => `${key}: ${show(value)}`).join(', ')} }`);
  return `${f}(${args.join(', ')})`;
}

/** All operators together. */
export function totals(results) {
  const all = { forward: counts(), gradient: counts(), errors: counts() };
  for (const one of results) {
    for (const what of Object.keys(all)) all[what] = sum(all[what], one[what]);
  }
  return all;
}
