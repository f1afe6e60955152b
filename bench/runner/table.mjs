/** The figures as text: aligned columns that are a Markdown table too. */

/** A time in the unit that gives it one to three digits before the point. */
export function format_time(nanoseconds) {
  const units = [['s', 1e9], ['ms', 1e6], ['µs', 1e3], ['ns', 1]];
  const [unit, size] = units.find(([, size]) => nanoseconds >= size) ?? units.at(-1);
  return `${(nanoseconds / size).toPrecision(3)} ${unit}`;
}

function format_rows(header, rows) {
  const all = [header, ...rows];
  const widths = header.map((_, column) => Math.max(...all.map((row) => row[column].length), 3));
  // Names to the left, figures to the right.
  const line = (row) => `| ${row.map((x, i) => (i === 0 ? x.padEnd(widths[i]) : x.padStart(widths[i]))).join(' | ')} |`;
  const rule = `|${widths.map((width, i) => '-'.repeat(width + 1) + (i === 0 ? '-' : ':')).join('|')}|`;
  return [line(header), rule, ...rows.map(line)].join('\n');
}

function verdict(passed) {
  return passed ? 'yes' : 'NO';
}

/** A ratio; what is far below 1 keeps two digits. */
export function decimals(ratio) {
  return ratio < 0.1 ? ratio.toPrecision(2) : ratio.toFixed(2);
}

function timed_row(row) {
  if (row.error !== undefined) return [row.name, 'failed', '', '', '', '', '', ''];
  const { name, tstorch, python, ratio, least_ratio, spread, target } = row;
  return [
    name,
    format_time(tstorch.median),
    format_time(python.median),
    decimals(ratio),
    decimals(least_ratio),
    spread.map(decimals).join('–'),
    target === null ? '' : target.toFixed(2),
    target === null ? '' : verdict(ratio <= target),
  ];
}

function soak_row(row) {
  if (row.error !== undefined) return [row.name, 'failed', '', '', '', '', ''];
  const megabytes = (x) => `${x.toFixed(1)} MB`;
  return [
    row.name,
    megabytes(row.start_mb),
    megabytes(row.peak_mb),
    megabytes(row.growth_mb),
    String(row.tensors_left),
    format_time(row.nanoseconds),
    verdict(row.passed),
  ];
}

/** A group's table, what is to be said about it and the reasons of what failed below it. */
export function format_group({ title, rows, note, other = 'Python' }) {
  const soak = rows.some((row) => row.peak_mb !== undefined);
  const table = soak
    ? format_rows(
        ['loop', 'at start', 'peak above it', 'last quarter above first', 'tensors left over', 'a step', 'met'],
        rows.map(soak_row),
      )
    : format_rows(['case', 'tstorch', other, 'ratio', 'of the least', 'middle half', 'at most', 'met'], rows.map(timed_row));
  const failures = rows.filter((row) => row.error !== undefined).map((row) => `${row.name}: ${row.error}`);
  const remarks = note === null ? failures : [note, ...failures];
  if (rows.length === 0) return [`### ${title}`, '', ...remarks].join('\n');
  return [`### ${title}`, '', table, ...(remarks.length > 0 ? ['', ...remarks] : [])].join('\n');
}
