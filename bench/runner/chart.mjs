/** The figures as pictures: horizontal bars on a logarithmic axis, as SVG that follows the reader's light or dark mode. */
import { GROUPS } from '../groups.mjs';
import { decimals } from './table.mjs';

const WIDTH = 760;
const LABELS = 216;
const RIGHT = 64;
const TOP = 78;
const ROW = 42;
const BOTTOM = 44;
const BAR = 16;

// The two colours differ in lightness too, so that they can be told apart in grey.
const STYLE = `
  text { font-family: system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif; font-size: 13px; fill: #1f2328 }
  .title { font-size: 17px; font-weight: 600 }
  .small { font-size: 11.5px; fill: #59636e }
  .number { font-weight: 600 }
  .card { fill: #ffffff; stroke: #d1d9e0 }
  .grid { stroke: #e4e8ec }
  .one { stroke: #1f2328; stroke-width: 1.5 }
  .faster { fill: #0b7285 }
  .slower { fill: #e8883a }
  @media (prefers-color-scheme: dark) {
    text { fill: #f0f6fc }
    .small { fill: #9198a1 }
    .card { fill: #0d1117; stroke: #3d444d }
    .grid { stroke: #262c36 }
    .one { stroke: #f0f6fc }
    .faster { fill: #2fb3c6 }
    .slower { fill: #f0a05a }
  }`;

const escape = (text) => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
const px = (x) => String(Math.round(x * 10) / 10);

function text(x, y, content, { cls = '', anchor = 'start' } = {}) {
  const attributes = `${cls === '' ? '' : ` class="${cls}"`}${anchor === 'start' ? '' : ` text-anchor="${anchor}"`}`;
  return `<text x="${px(x)}" y="${px(y)}"${attributes}>${escape(content)}</text>`;
}

/** Round numbers between two values: 1, 2 and 5 of each power of ten, only the powers where there are many. */
function ticks_between(low, high) {
  const factors = Math.log10(high / low) > 2.5 ? [1] : [1, 2, 5];
  const ticks = [];
  for (let power = Math.floor(Math.log10(low)); power <= Math.ceil(Math.log10(high)); power++) {
    // Division keeps 0.1 and 0.05 exact.
    for (const factor of factors) ticks.push(power < 0 ? factor / 10 ** -power : factor * 10 ** power);
  }
  return ticks.filter((tick) => tick >= low && tick <= high);
}

/**
 * @param rows one bar each: its `label` and what stands below it (`detail`), the `value` that it reaches from 1, the
 *   `number` written at its end, its class `cls`, and `dots` for single values
 * @param scale how a tick of the axis is written
 */
function bars({ title, subtitle, description, rows, scale, ends }) {
  const values = rows.flatMap(({ value, dots }) => [value, ...dots]);
  // Some room beyond the outermost.
  const low = Math.min(...values, ...(ends.low ?? [])) / 1.12;
  const high = Math.max(...values, ...(ends.high ?? [])) * 1.12;
  // A number may stand to the left of the leftmost bar.
  const left = LABELS + (low < 0.95 ? 40 : 8);
  const x = (value) => left + ((WIDTH - RIGHT - left) * Math.log(value / low)) / Math.log(high / low);
  const bottom = TOP + rows.length * ROW;
  const height = bottom + BOTTOM;

  const parts = [
    `<rect class="card" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>`,
    text(20, 32, title, { cls: 'title' }),
    text(20, 53, subtitle, { cls: 'small' }),
  ];
  for (const tick of ticks_between(low, high)) {
    const cls = tick === 1 ? 'one' : 'grid';
    parts.push(`<path class="${cls}" d="M${px(x(tick))} ${TOP - 4}V${bottom + 4}"/>`);
    parts.push(text(x(tick), bottom + 21, scale(tick), { cls: tick === 1 ? 'number' : 'small', anchor: 'middle' }));
  }
  rows.forEach(({ label, detail, value, number, cls, dots }, i) => {
    const y = TOP + i * ROW + 6;
    const [from, to] = [x(Math.min(value, 1)), x(Math.max(value, 1))];
    parts.push(text(20, y + 12.5, label), text(20, y + 27, detail, { cls: 'small' }));
    // A value near 1 is seen as well.
    parts.push(
      `<rect class="${cls}" x="${px(from)}" y="${px(y)}" width="${px(Math.max(to - from, 2))}" height="${BAR}" rx="2"/>`,
    );
    parts.push(text(value < 1 ? from - 6 : to + 6, y + 12.5, number, { cls: 'number', anchor: value < 1 ? 'end' : 'start' }));
    for (const dot of dots) {
      const kind = dot < 1 ? 'faster' : 'slower';
      parts.push(`<circle class="${kind}" cx="${px(x(dot))}" cy="${px(y + BAR + 8)}" r="3" fill-opacity="0.65"/>`);
    }
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img">
<title>${escape(title)}</title>
<desc>${escape(description)}</desc>
<style>${STYLE}
</style>
${parts.join('\n')}
</svg>
`;
}

const geometric_mean = (values) => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);

const is_timed = (row) => row.ratio !== undefined;

/** Each group's time over Python's; null where nothing was compared with Python. */
export function python_chart({ groups }) {
  const rows = Object.entries(groups)
    .filter(([name, { rows }]) => GROUPS[name]?.python !== false && rows.some(is_timed))
    .map(([name, { title, rows }]) => {
      const dots = rows.filter(is_timed).map(({ ratio }) => ratio);
      const value = geometric_mean(dots);
      const detail = `${dots.length} case${dots.length === 1 ? '' : 's'}`;
      const cls = value < 1 ? 'faster' : 'slower';
      const label = GROUPS[name]?.label ?? title;
      return { label, detail, value, number: decimals(value), cls, dots: dots.length > 1 ? dots : [] };
    })
    .sort((a, b) => a.value - b.value);
  if (rows.length === 0) return null;
  return bars({
    title: "tstorch's time, where Python's PyTorch takes 1",
    subtitle: 'Bars: geometric mean of a group. Dots: its cases. To the left of the line tstorch is faster.',
    description: rows.map(({ label, number }) => `${label}: ${number}`).join('; '),
    rows,
    scale: (tick) => (tick === 1 ? 'Python = 1' : String(tick)),
    ends: { low: [0.2], high: [2] },
  });
}

/** How often as long other libraries of TypeScript take; null where none was measured. */
export function peers_chart({ groups }) {
  const timed = (groups.peers?.rows ?? []).filter(is_timed);
  if (timed.length === 0) return null;
  const rows = timed.map(({ name, ratio }) => {
    const [label, peer] = name.split(', beside ');
    const value = 1 / ratio;
    const number = `${value < 10 ? value.toPrecision(2) : Math.round(value).toLocaleString('en-US')} ×`;
    return { label: peer.replace(/^@tensorflow\//, ''), detail: label, value, number, cls: value > 1 ? 'slower' : 'faster', dots: [] };
  });
  return bars({
    title: "Other libraries' time, where tstorch takes 1",
    subtitle: 'The same training step in the form of each that installs everywhere and computes in JavaScript.',
    description: rows.map(({ label, detail, number }) => `${detail}, ${label}: ${number}`).join('; '),
    rows,
    scale: (tick) => (tick === 1 ? 'tstorch = 1' : `${tick.toLocaleString('en-US')} ×`),
    ends: { high: [10] },
  });
}
