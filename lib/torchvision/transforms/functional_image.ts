/** The transforms of images in memory, with Pillow's numbers. */
import { OSError, TypeError, ValueError } from '../../errors.ts';
import { type_name } from '../../repr.ts';
import { Image } from '../image.ts';
import { autocontrast_table, blend_with_colour, equalize_table, histogram, mean } from '../imaging/colour.ts';
import { allocate, is_bytes } from '../imaging/modes.ts';
import { check_hue, check_padding, type Fill, padding_sides, type PaddingMode } from './functional_tensor.ts';
import { type InterpolationMode, pillow_filters } from './interpolation.ts';

/** @throws TypeError for anything but an image */
export function check_image(img: unknown): asserts img is Image {
  if (!(img instanceof Image)) throw new TypeError(`img should be PIL Image. Got ${type_name(img)}`);
}

/** Channels, height and width. */
export function get_dimensions(img: unknown): [channels: number, height: number, width: number] {
  if (!(img instanceof Image)) throw new TypeError(`Unexpected type ${type_name(img)}`);
  return [img.channels, img.height, img.width];
}

export function adjust_brightness(img: Image, factor: number): Image {
  return Image._of(blend_with_colour(0, img, factor));
}

export function adjust_contrast(img: Image, factor: number): Image {
  const grey = img.mode === 'L' ? img : img.convert('L');
  return Image._of(blend_with_colour(Math.trunc(mean(grey) + 0.5), img, factor));
}

export function adjust_saturation(img: Image, factor: number): Image {
  const between = img.getbands().includes('A') ? 'LA' : 'L';
  const grey = img.mode === between ? img : img.convert(between).convert(img.mode);
  return Image.blend(grey, img, factor);
}

export function adjust_sharpness(img: Image, factor: number): Image {
  const soft = img._smooth();
  return Image.blend(img.getbands().includes('A') ? soft.putalpha(img.getchannel('A')) : soft, img, factor);
}

export function adjust_hue(img: Image, hue_factor: number): Image {
  check_hue(hue_factor);
  if (['L', '1', 'I', 'F'].includes(img.mode)) return img;
  const hsv = img.convert('HSV');
  const turn = Math.trunc(hue_factor * 255);
  // Bytes begin again at 0, and so does hue.
  for (let i = 0; i < hsv.data.length; i += 3) hsv.data[i]! += turn;
  return hsv.convert(img.mode);
}

export function adjust_gamma(img: Image, gamma: number, gain: number): Image {
  if (gamma < 0) throw new ValueError('Gamma should be a non-negative real number');
  const table = Array.from({ length: 256 }, (_, value) =>
    Math.min(Math.max(Math.trunc((255 + 1 - 1e-3) * gain * (value / 255) ** gamma), 0), 255),
  );
  return img.convert('RGB').point(table).convert(img.mode);
}

/** A value for each channel, as pixels can hold it. */
function fill_values(fill: Fill, img: Image): number[] {
  const count = img.channels;
  let values = typeof fill === 'number' ? [fill] : fill === null ? [0] : [...fill];
  if (values.length === 1) values = new Array<number>(count).fill(values[0]!);
  if (values.length !== count) {
    throw new ValueError(
      "The number of elements in 'fill' does not match the number of channels of the image " +
        `(${values.length} != ${count})`,
    );
  }
  return img.mode === 'F' ? values : values.map(Math.trunc);
}

/** Where each pixel of a padded line comes from. */
function line_places(before: number, size: number, after: number, mode: PaddingMode): Int32Array {
  const places = new Int32Array(before + size + after);
  for (let i = 0; i < places.length; i++) {
    const at = i - before;
    if (mode === 'edge' || size === 1) places[i] = Math.min(Math.max(at, 0), size - 1);
    else {
      // Mirrored again and again: a period has each pixel twice, the outermost once where they are not repeated.
      const period = mode === 'symmetric' ? 2 * size : 2 * size - 2;
      const phase = ((at % period) + period) % period;
      places[i] = phase < size ? phase : (mode === 'symmetric' ? 2 * size - 1 : 2 * size - 2) - phase;
    }
  }
  return places;
}

export function pad(img: Image, padding: number | readonly number[], fill: Fill, padding_mode: PaddingMode): Image {
  if (fill !== null && typeof fill !== 'number' && !Array.isArray(fill)) throw new TypeError('Got inappropriate fill arg');
  check_padding(padding, padding_mode);
  const [left, right, top, bottom] = padding_sides(padding);
  if (padding_mode === 'constant') {
    const out = Image.new(img.mode, [left + img.width + right, top + img.height + bottom], fill_values(fill, img));
    out.palette = img.palette;
    out.paste(img, [left, top]);
    return out;
  }
  let image = img;
  if (left < 0 || right < 0 || top < 0 || bottom < 0) {
    const cut = [left, right, top, bottom].map((side) => -Math.min(side, 0)) as [number, number, number, number];
    image = img.crop([cut[0], cut[2], img.width - cut[1], img.height - cut[3]]);
  }
  const columns = line_places(Math.max(left, 0), image.width, Math.max(right, 0), padding_mode);
  const rows = line_places(Math.max(top, 0), image.height, Math.max(bottom, 0), padding_mode);
  const step = image.channels;
  const data = allocate(image.mode, columns.length * rows.length);
  for (let y = 0, o = 0; y < rows.length; y++) {
    const row = rows[y]! * image.width;
    for (let x = 0; x < columns.length; x++) {
      for (let c = 0, i = (row + columns[x]!) * step; c < step; c++) data[o++] = image.data[i++]!;
    }
  }
  return Image._of({ ...image, data, width: columns.length, height: rows.length });
}

export function resize(img: Image, [height, width]: readonly number[], mode: InterpolationMode): Image {
  return img.resize([width!, height!], pillow_filters[mode]);
}

export function affine(img: Image, matrix: readonly number[], mode: InterpolationMode, fill: Fill): Image {
  return img.transform(img.size, Image.AFFINE, matrix, pillow_filters[mode], fill_values(fill, img));
}

export function rotate(
  img: Image,
  angle: number,
  mode: InterpolationMode,
  expand: boolean,
  center: readonly number[] | null,
  fill: Fill,
): Image {
  return img.rotate(angle, pillow_filters[mode], expand, center, null, fill_values(fill, img));
}

export function perspective(img: Image, coefficients: readonly number[], mode: InterpolationMode, fill: Fill): Image {
  return img.transform(img.size, Image.PERSPECTIVE, coefficients, pillow_filters[mode], fill_values(fill, img));
}

export function to_grayscale(img: Image, num_output_channels: number): Image {
  if (num_output_channels === 1) return img.convert('L');
  if (num_output_channels !== 3) throw new ValueError('num_output_channels should be either 1 or 3');
  return img.convert('L').convert('RGB');
}

/** @throws OSError for modes that tables are not for, as Pillow */
function look_up(img: Image, table: ArrayLike<number>): Image {
  if (img.mode === 'P' && img.palette !== null) {
    const result = img.copy();
    result.palette = img.palette.map((value) => table[value]!);
    return result;
  }
  if (img.mode !== 'L' && img.mode !== 'RGB') throw new OSError(`not supported for mode ${img.mode}`);
  return img.point(table);
}

const upside_down = Uint8Array.from({ length: 256 }, (_, value) => 255 - value);

export function invert(img: Image): Image {
  return img.mode === '1' ? img.point(upside_down) : look_up(img, upside_down);
}

export function posterize(img: Image, bits: number): Image {
  if (!(bits >= 1 && bits <= 8)) throw new ValueError('bits must be between or equal to 1 and 8');
  const mask = ~(2 ** (8 - bits) - 1);
  return look_up(img, Array.from({ length: 256 }, (_, value) => value & mask));
}

export function solarize(img: Image, threshold: number): Image {
  return look_up(img, Array.from({ length: 256 }, (_, value) => (value < threshold ? value : 255 - value)));
}

/** Bytes of the image as they are needed for counting. */
function counts(img: Image): Uint32Array {
  if (!is_bytes(img.mode)) throw new OSError(`not supported for mode ${img.mode}`);
  return histogram(img);
}

export function autocontrast(img: Image): Image {
  return look_up(img, autocontrast_table(counts(img)));
}

export function equalize(img: Image): Image {
  const image = img.mode === 'P' ? img.convert('RGB') : img;
  return look_up(image, equalize_table(counts(image)));
}
