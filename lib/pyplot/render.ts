/** SVG to pixels, through resvg, which is fetched with the package where its platform has it. */
import { createRequire } from 'node:module';
import { RuntimeError } from '../errors.ts';
import { font_files } from './fonts.ts';

/** Pixels of a picture: red, green, blue and opacity as bytes, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

interface Rendered {
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
  asPng(): Buffer;
}

interface Resvg {
  Resvg: new (svg: string, options: object) => { render(): Rendered };
}

let loaded: Resvg | undefined;

function resvg(): Resvg {
  if (loaded === undefined) {
    try {
      loaded = createRequire(import.meta.url)('@resvg/resvg-js') as Resvg;
    } catch (cause) {
      throw new RuntimeError(
        "Pictures as PNG need the package '@resvg/resvg-js', which is not installed: npm install @resvg/resvg-js. " +
          'SVG needs nothing.',
        { cause },
      );
    }
  }
  return loaded;
}

/** What browsers need to draw pixels with sharp edges; resvg does not know it, and would forget its own word for it. */
const FOR_BROWSERS = ' style="image-rendering: pixelated"';

function render(svg: string): Rendered {
  const { Resvg: Renderer } = resvg();
  // The same font on every machine, installed there or not.
  const font = { fontFiles: font_files(), loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans' };
  return new Renderer(svg.replaceAll(FOR_BROWSERS, ''), { font }).render();
}

/**
 * A picture as a PNG file.
 * @throws RuntimeError if what draws it is not installed
 */
export function render_png(svg: string): Buffer {
  return render(svg).asPng();
}

/**
 * The pixels of a picture.
 * @throws RuntimeError if what draws it is not installed
 */
export function render_pixels(svg: string): Pixels {
  const { width, height, pixels } = render(svg);
  return { width, height, data: pixels };
}
