/** libjpeg-turbo compiled to WebAssembly, of the package `@cwasm/jpeg-turbo`: the same on all platforms. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { OSError } from '../../errors.ts';
import type { JpegDecoder } from './jpeg_decoder.ts';

/** What is used of WebAssembly, which Node has and its types of version 20 do not. */
interface Assembly {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}
const { WebAssembly: assembly } = globalThis as unknown as { WebAssembly: Assembly };

interface Assembled {
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

/** What libjpeg jumps out with where a file is damaged; there is no way to jump back. */
class Damaged extends Error {}

function instantiate(): Assembled {
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
  return exports as unknown as Assembled;
}

/** The decoder, which starts at its first file. */
export function assembled_decoder(): JpegDecoder {
  let started: Assembled | null = null;
  return {
    decode(bytes, choose) {
      const turbo = (started ??= instantiate());
      let handle = 0;
      let input = 0;
      let output = 0;
      let numbers = 0;
      const release = (): void => {
        for (const pointer of [input, output, numbers]) if (pointer !== 0) turbo.free(pointer);
        if (handle !== 0) turbo.tjDestroy(handle);
      };
      try {
        handle = turbo.tjInitDecompress();
        input = turbo.malloc(bytes.length);
        numbers = turbo.malloc(16);
        if (handle === 0 || input === 0 || numbers === 0) throw new OSError('not enough memory to decode an image');
        new Uint8Array(turbo.memory.buffer, input, bytes.length).set(bytes);
        new Int32Array(turbo.memory.buffer, numbers, 4).fill(0);
        const [w, h, sub, colours] = [numbers, numbers + 4, numbers + 8, numbers + 12];
        // What these two return says as little of an error as of a warning, with which they come to an end all the same:
        // an error is left by the jump.
        turbo.tjDecompressHeader3(handle, input, bytes.length, w, h, sub, colours);
        const [width, height, , space] = new Int32Array(turbo.memory.buffer, numbers, 4) as unknown as [
          number,
          number,
          number,
          number,
        ];
        if (width < 1 || height < 1) {
          release();
          return null;
        }
        const header = { width, height, space };
        const { format, channels } = choose(header);
        const size = width * height * channels;
        output = turbo.malloc(size);
        if (output === 0) throw new OSError(`not enough memory to decode an image of ${width} x ${height}`);
        const pitch = width * channels;
        turbo.tjDecompress2(handle, input, bytes.length, output, width, pitch, height, format, 0);
        const data = new Uint8Array(turbo.memory.buffer, output, size).slice();
        release();
        return { header, data };
      } catch (error) {
        if (error instanceof OSError) {
          release();
          throw error;
        }
        // After a jump the decoder's memory is in no state to be used again.
        started = null;
        if (error instanceof Damaged) return null;
        throw new OSError('broken data stream when reading image file', { cause: error });
      }
    },
  };
}
