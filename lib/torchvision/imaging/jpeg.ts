/**
 * Reading JPEG files.
 *
 * libjpeg-turbo decodes them, as in Pillow, and gives its pixels to the last bit, for every quality and every subsampling
 * of colours, grey and inks, progressive or not. There are two builds of it: a library of the package
 * `@julusian/jpeg-turbo` that the build puts beside the addon, on the platforms that it has one for, and one compiled to
 * WebAssembly, of `@cwasm/jpeg-turbo`, which runs everywhere and takes 2.5 times as long. Both are synchronous and need
 * nothing at installation; both are called directly, since the first package's own functions always take the imprecise
 * transform (off by up to 14) and the second's always give four bytes for a pixel and no inks. Among what else there is,
 * `@napi-rs/image` is off by up to 5, and `sharp` cannot be waited for.
 */
import { OSError } from '../../errors.ts';
import { assembled_decoder } from './jpeg_assembly.ts';
import { FORMAT, type JpegDecoder, type JpegHeader, type PixelLayout } from './jpeg_decoder.ts';
import { end_of_jpeg } from './jpeg_end.ts';
import { open_library } from './jpeg_library.ts';
import { type Allocate, unset_bytes } from './memory.ts';
import type { ImageMode, Pixels } from './modes.ts';

let decoder: JpegDecoder | null = null;

/** `TSTORCH_JPEG=wasm` chooses the slower build where both are there. */
function choose_decoder(): JpegDecoder {
  return (process.env['TSTORCH_JPEG'] === 'wasm' ? null : open_library()) ?? assembled_decoder();
}

/** Adobe's programs write inks upside down, and say so in a marker of theirs. */
function adobe_transform(bytes: Uint8Array): number | null {
  for (let at = 2; at + 4 <= bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1]!;
    if (marker === 0xda) return null;
    if (marker === 0xff) {
      at++;
      continue;
    }
    const size = (bytes[at + 2]! << 8) | bytes[at + 3]!;
    if (marker === 0xee && size >= 14 && String.fromCharCode(...bytes.subarray(at + 4, at + 9)) === 'Adobe') {
      return bytes[at + 15]!;
    }
    at += 2 + size;
  }
  return null;
}

export function is_jpeg(bytes: Uint8Array): boolean {
  return bytes.length > 3 && bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff;
}

interface Layout extends PixelLayout {
  readonly mode: ImageMode;
}
const colours: Layout = { mode: 'RGB', format: FORMAT.RGB, channels: 3 };
const grey: Layout = { mode: 'L', format: FORMAT.GRAY, channels: 1 };
const inks: Layout = { mode: 'CMYK', format: FORMAT.CMYK, channels: 4 };

function layout_of({ space }: JpegHeader): Layout {
  return space === 2 ? grey : space >= 3 ? inks : colours;
}

/** What Pillow says of a file that ends too early, by where it does. */
const endings = {
  segment: 'Truncated File Read',
  header: 'cannot load this image',
  middle: 'image file is truncated',
  data: 'image file is truncated',
} as const;

/** Does an error's message say that a file ends too early? */
export function says_truncated(message: string): boolean {
  return (Object.values(endings) as string[]).includes(message);
}

/** A file of which all but the pixels has been read. */
export interface JpegFile {
  readonly bytes: Uint8Array;
  readonly header: JpegHeader;
  readonly mode: ImageMode;
}

/**
 * Looks at a file without decoding it. As in Pillow, stray bytes and wrong codes in it do no harm, and a file that breaks
 * off is an error even if all pixels are there.
 *
 * @throws OSError for a file that is damaged or ends too early
 */
export function open_jpeg(bytes: Uint8Array): JpegFile {
  decoder ??= choose_decoder();
  const header = decoder.header(bytes);
  const end = end_of_jpeg(bytes);
  // Inside a segment what is missing is an error of libjpeg's, too.
  if (end !== 'end' && end !== 'data') throw new OSError(endings[end]);
  if (header === null) throw new OSError('broken data stream when reading image file');
  const file = { bytes, header, mode: layout_of(header).mode };
  if (end === 'data') {
    decode_jpeg(file);
    throw new OSError(endings.data);
  }
  return file;
}

/**
 * The pixels of a JPEG file: grey, colours or inks, as they are in it.
 *
 * @param allocate gives the memory for them
 * @throws OSError for a file that is damaged
 */
export function decode_jpeg({ bytes, header, mode }: JpegFile, allocate: Allocate = unset_bytes): Pixels {
  decoder ??= choose_decoder();
  const data = decoder.pixels(bytes, header, layout_of(header), allocate);
  if (data === null) throw new OSError('broken data stream when reading image file');
  if (mode === 'CMYK' && adobe_transform(bytes) !== null) {
    for (let i = 0; i < data.length; i++) data[i] = 255 - data[i]!;
  }
  return { mode, width: header.width, height: header.height, data };
}
