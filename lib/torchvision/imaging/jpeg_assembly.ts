/** libjpeg-turbo compiled to WebAssembly, of the package `@cwasm/jpeg-turbo`: the same on all platforms. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { OSError } from '../../errors.ts';
import type { JpegDecoder, JpegHeader } from './jpeg_decoder.ts';

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

/** A file in the module's memory. */
interface Input {
  readonly turbo: Assembled;
  readonly handle: number;
  readonly input: number;
  /** @throws OSError where it has none of that size */
  allocate(bytes: number): number;
  /** Null for a file that is damaged. */
  readonly header: JpegHeader | null;
}

/** The decoder, which starts at its first file. */
export function assembled_decoder(): JpegDecoder {
  let started: Assembled | null = null;

  function read<T>(bytes: Uint8Array, use: (input: Input) => T | null): T | null {
    const turbo = (started ??= instantiate());
    let handle = 0;
    const pointers: number[] = [];
    const release = (): void => {
      pointers.forEach((pointer) => turbo.free(pointer));
      if (handle !== 0) turbo.tjDestroy(handle);
    };
    const allocate = (size: number): number => {
      const pointer = turbo.malloc(size);
      if (pointer === 0) throw new OSError('not enough memory to decode an image');
      pointers.push(pointer);
      return pointer;
    };
    try {
      handle = turbo.tjInitDecompress();
      if (handle === 0) throw new OSError('not enough memory to decode an image');
      const input = allocate(bytes.length);
      const numbers = allocate(16);
      new Uint8Array(turbo.memory.buffer, input, bytes.length).set(bytes);
      new Int32Array(turbo.memory.buffer, numbers, 4).fill(0);
      // What this and tjDecompress2 return says as little of an error as of a warning, with which they come to an end all
      // the same: an error is left by the jump.
      turbo.tjDecompressHeader3(handle, input, bytes.length, numbers, numbers + 4, numbers + 8, numbers + 12);
      const [width, height, , space] = new Int32Array(turbo.memory.buffer, numbers, 4) as unknown as [
        number,
        number,
        number,
        number,
      ];
      const header = width < 1 || height < 1 ? null : { width, height, space };
      const result = use({ turbo, handle, input, allocate, header });
      release();
      return result;
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
  }

  return {
    header: (bytes) => read(bytes, ({ header }) => header),
    pixels: (bytes, { width, height }, { format, channels }, to) =>
      read(bytes, ({ turbo, handle, input, allocate, header }) => {
        // The bytes may have another header by now.
        if (header?.width !== width || header.height !== height) return null;
        const size = width * height * channels;
        const output = allocate(size);
        turbo.tjDecompress2(handle, input, bytes.length, output, width, width * channels, height, format, 0);
        const data = to(size);
        data.set(new Uint8Array(turbo.memory.buffer, output, size));
        return data;
      }),
  };
}
