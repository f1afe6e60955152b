/** Elements of SVG as text. */
import { type Rgba, to_hex } from './colors.ts';

/** What an attribute may be; one that is undefined is left out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

/** A number with as many digits as a picture needs. */
export function short(value: number): string {
  return String(Math.round(value * 1000) / 1000);
}

export function escape_text(text: string): string {
  return (
    text
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll('"', '&quot;')
      // Characters that no XML file may hold.
      .replaceAll(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, '\ufffd')
  );
}

/** One element; `content` is SVG already. */
export function element(name: string, attributes: Attributes, content = ''): string {
  let result = `<${name}`;
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined) continue;
    result += ` ${key}="${typeof value === 'number' ? short(value) : escape_text(value)}"`;
  }
  return content === '' ? `${result}/>` : `${result}>${content}</${name}>`;
}

/** Elements under one another, with what they share. */
export function group(attributes: Attributes, parts: readonly string[]): string {
  return element('g', attributes, `\n${parts.join('\n')}\n`);
}

/** The attributes that fill with a colour. */
export function fill(color: Rgba | undefined): Attributes {
  if (color === undefined || color[3] === 0) return { fill: 'none' };
  return { 'fill': to_hex(color), 'fill-opacity': color[3] === 1 ? undefined : color[3] };
}

/** The attributes that draw an outline `width` wide. */
export function stroke(color: Rgba | undefined, width: number): Attributes {
  if (color === undefined || color[3] === 0 || width === 0) return {};
  return {
    'stroke': to_hex(color),
    'stroke-opacity': color[3] === 1 ? undefined : color[3],
    'stroke-width': width,
  };
}

/** Points as a path; it begins anew behind one that is not finite. */
export function polyline(xs: ArrayLike<number>, ys: ArrayLike<number>, closed = false): string {
  const parts: string[] = [];
  let pen = false;
  for (let i = 0; i < xs.length; i++) {
    const [x, y] = [xs[i]!, ys[i]!];
    if (!Number.isFinite(x) || !Number.isFinite(y)) {
      pen = false;
      continue;
    }
    parts.push(`${pen ? 'L' : 'M'}${short(x)},${short(y)}`);
    pen = true;
  }
  return parts.length === 0 ? '' : parts.join('') + (closed ? 'Z' : '');
}
