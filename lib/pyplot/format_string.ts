/** Format strings of `plot`: a colour, a marker and a style of line in one text, `'r--'`, `'go'`, `'C2:'`. */
import { ValueError } from '../errors.ts';
import { repr } from '../repr.ts';
import { is_color_letter, is_color_like } from './colors.ts';
import { is_line_style, type LineStyle } from './line_styles.ts';
import { is_marker, type Marker } from './markers.ts';

/** What a format string says. */
export interface PlotFormat {
  linestyle: LineStyle;
  marker: Marker;
  /** Undefined where the next colour of the cycle is to be taken. */
  color: string | undefined;
}

/** Sets what may be said only once. */
function once<T>(before: T | undefined, value: T, format: string, what: string): T {
  if (before !== undefined) throw new ValueError(`${repr(format)} is not a valid format string (two ${what} symbols)`);
  return value;
}

/**
 * Reads a format string. A marker without a style of line draws no line; neither draws a solid line.
 * @throws ValueError if it says something twice, or what is not known
 */
export function parse_format(format: string): PlotFormat {
  // A whole text that is a colour is one; '0' and '1' are greys elsewhere, here '1' is a marker.
  if (format !== '0' && format !== '1' && is_color_like(format))
    return { linestyle: '-', marker: 'None', color: format };
  let linestyle: LineStyle | undefined;
  let marker: Marker | undefined;
  let color: string | undefined;
  for (let i = 0; i < format.length;) {
    const [one, two] = [format[i]!, format.slice(i, i + 2)];
    if (two.length === 2 && is_line_style(two)) {
      linestyle = once(linestyle, two, format, 'linestyle');
      i += 2;
    } else if (is_line_style(one)) {
      linestyle = once(linestyle, one, format, 'linestyle');
      i++;
    } else if (is_marker(one)) {
      marker = once(marker, one, format, 'marker');
      i++;
    } else if (is_color_letter(one)) {
      color = once(color, one, format, 'color');
      i++;
    } else if (one === 'C') {
      const cycle = /^C\d+/.exec(format.slice(i));
      if (cycle === null) {
        throw new ValueError(`${repr(format)} is not a valid format string ('C' must be followed by a number)`);
      }
      color = cycle[0];
      i += color.length;
    } else {
      throw new ValueError(`${repr(format)} is not a valid format string (unrecognized character ${repr(one)})`);
    }
  }
  if (linestyle === undefined && marker === undefined) linestyle = '-';
  return { linestyle: linestyle ?? 'None', marker: marker ?? 'None', color };
}
