/** Figures out of samples. */

/** The value below which a share of the samples lies, between two of them in proportion. */
export function quantile(samples, share) {
  const sorted = [...samples].sort((a, b) => a - b);
  const position = (sorted.length - 1) * share;
  const below = Math.floor(position);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below] + (sorted[above] - sorted[below]) * (position - below);
}

export function median(samples) {
  return quantile(samples, 0.5);
}

function summary(samples) {
  return { median: median(samples), least: Math.min(...samples), samples: samples.map((x) => Math.round(x)) };
}

/**
 * Two sides' samples in nanoseconds, taken in pairs.
 * @returns what each took, the ratio of the medians, that of the shortest samples, which is what a machine without any
 *   other work would show, and between what the middle half of the pairs' own ratios lies
 */
export function compare(tstorch, python) {
  const pairs = tstorch.map((time, i) => time / python[i]);
  return {
    tstorch: summary(tstorch),
    python: summary(python),
    ratio: median(tstorch) / median(python),
    least_ratio: Math.min(...tstorch) / Math.min(...python),
    spread: [quantile(pairs, 0.25), quantile(pairs, 0.75)],
  };
}
