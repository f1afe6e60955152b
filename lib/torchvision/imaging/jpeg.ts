/**
 * Reading JPEG files.
 *
 * The decoder is libjpeg-turbo, compiled to WebAssembly, of the package `@cwasm/jpeg-turbo`: it gives Pillow's pixels, to
 * the last bit, for every quality and every subsampling of colours, grey and inks, progressive or not; it is synchronous,
 * the same on all platforms, and needs nothing at installation. What else there is gives other pixels
 * (`@julusian/jpeg-turbo`, natively and 2.5 times as fast, has the imprecise transform built in and is off by up to 14;
 * `@napi-rs/image` is off by up to 5) or no way to wait for it (`sharp`, which gives the same pixels in the same time).
 * Of the package only the decoder itself is used: it can give three bytes for a pixel, and the inks of printed colours.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { OSError } from '../../errors.ts';
import type { ImageMode, Pixels } from './modes.ts';

/** What the decoder can be asked for: libjpeg-turbo's numbers of pixel formats. */
const FORMAT = { RGB: 0, GRAY: 6, CMYK: 11 } as const;

/** What is used of WebAssembly, which Node has and its types of version 20 do not. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}
const { WebAssembly: assembly } = globalThis as unknown as { WebAssembly: Assembly };

interface Decoder {
  readonly memory: { readonly buffer: ArrayBuffer };
  malloc(size: number): number;
  free(pointer: number): void;
  tjInitDecompress(): number;
  tjDestroy(handle: number): number;
  tjDecompressHeader3(handle: number, data: number, size: number, w: number, h: number, sub: number, space: number): number;
  tjDecompress2(
    handle: number,
    data: number,
    size: number,
    to: number,
    width: number,
    pitch: number,
    height: number,
    format: number,
    flags: number,
  ): number;
}

let compiled: object | null = null;
let decoder: Decoder | null = null;

/** What libjpeg jumps out with where a file is damaged; there is no way to jump back. */
class Damaged extends Error {}

function make_decoder(): Decoder {
  if (compiled === null) {
    const path = createRequire(import.meta.url).resolve('@cwasm/jpeg-turbo/jpeg-turbo.wasm');
    compiled = new assembly.Module(readFileSync(path));
  }
  const nothing = (): number => 0;
  const leave = (): never => {
    throw new Damaged();
  };
  const { exports } = new assembly.Instance(compiled, {
    env: { setjmp: nothing, longjmp: leave },
    wasi_snapshot_preview1: {
      environ_sizes_get: nothing,
      environ_get: nothing,
      proc_exit: leave,
      fd_close: nothing,
      fd_seek: nothing,
      fd_write: nothing,
    },
  });
  return exports as unknown as Decoder;
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

/**
 * The pixels of a JPEG file: grey, colours or inks, as they are in it.
 *
 * @throws OSError for a file that is damaged or ends too early
 */
export function decode_jpeg(bytes: Uint8Array): Pixels {
  const turbo = (decoder ??= make_decoder());
  let handle = 0;
  let input = 0;
  let output = 0;
  let header = 0;
  const release = (): void => {
    for (const pointer of [input, output, header]) if (pointer !== 0) turbo.free(pointer);
    if (handle !== 0) turbo.tjDestroy(handle);
  };
  try {
    handle = turbo.tjInitDecompress();
    input = turbo.malloc(bytes.length);
    header = turbo.malloc(16);
    if (handle === 0 || input === 0 || header === 0) throw new OSError('not enough memory to decode an image');
    new Uint8Array(turbo.memory.buffer, input, bytes.length).set(bytes);
    if (turbo.tjDecompressHeader3(handle, input, bytes.length, header, header + 4, header + 8, header + 12) !== 0) {
      throw new OSError('broken data stream when reading image file');
    }
    const [width, height, , space] = new Int32Array(turbo.memory.buffer, header, 4) as unknown as [
      number,
      number,
      number,
      number,
    ];
    // libjpeg-turbo's numbers of colour spaces: RGB, YCbCr, grey, CMYK, YCCK.
    const [mode, format, channels]: readonly [ImageMode, number, number] =
      space === 2 ? ['L', FORMAT.GRAY, 1] : space >= 3 ? ['CMYK', FORMAT.CMYK, 4] : ['RGB', FORMAT.RGB, 3];
    const size = width * height * channels;
    output = turbo.malloc(size);
    if (output === 0) throw new OSError(`not enough memory to decode an image of ${width} x ${height}`);
    if (turbo.tjDecompress2(handle, input, bytes.length, output, width, width * channels, height, format, 0) !== 0) {
      throw new OSError('broken data stream when reading image file');
    }
    const data = new Uint8Array(turbo.memory.buffer, output, size).slice();
    if (mode === 'CMYK' && adobe_transform(bytes) !== null) {
      for (let i = 0; i < size; i++) data[i] = 255 - data[i]!;
    }
    release();
    return { mode, width, height, data };
  } catch (error) {
    // After a jump the decoder's memory is in no state to be used again.
    if (error instanceof OSError) release();
    else decoder = null;
    if (error instanceof OSError) throw error;
    throw new OSError('broken data stream when reading image file', { cause: error });
  }
}
