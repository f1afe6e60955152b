/**
 * Event files: what TensorBoard reads. Records one after the other, each with its length and checksums.
 *
 * Records are written at once, in the call that makes them: nothing is lost where a program ends, and a file can be
 * watched while it grows. Python collects some of them first.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { OSError } from '../../errors.ts';
import { masked_crc32c } from './crc32c.ts';
import { bytes, double, type Field, message, nested, text, whole } from './protobuf.ts';

/** Files that this process has written, so that each has a name of its own. */
let files = 0;

/** Seconds since 1970. */
export function now(): number {
  return (performance.timeOrigin + performance.now()) / 1000;
}

/** A record: its length, the length's checksum, its bytes, their checksum. */
export function record(content: Uint8Array): Buffer {
  const result = Buffer.alloc(content.length + 16);
  result.writeBigUInt64LE(BigInt(content.length), 0);
  result.writeUInt32LE(masked_crc32c(result.subarray(0, 8)), 8);
  result.set(content, 12);
  result.writeUInt32LE(masked_crc32c(content), content.length + 12);
  return result;
}

/** What an event holds beside its time and step. */
export const event = {
  file_version: (version: string): Field => text(3, version),
  graph: (graph: Uint8Array): Field => bytes(4, graph, true),
  summary: (summary: Uint8Array): Field => bytes(5, summary, true),
  /** The beginning of a session: what was logged before from this step on is forgotten. */
  session_start: (): Field => nested(7, whole(1, 1)),
  run_metadata: (tag: string, metadata: Uint8Array): Field => nested(8, text(1, tag), bytes(2, metadata)),
  writer: (name: string): Field => nested(10, text(1, name)),
};

/** An event file that is being written. */
export class FileWriter {
  readonly #folder: string;
  #file: number | null;
  /** The path of the file. */
  readonly path: string;

  /** @throws OSError if the file cannot be made */
  constructor(folder: string, suffix: string) {
    this.#folder = folder;
    const seconds = String(Math.trunc(now())).padStart(10, '0');
    const name = `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.${files++}${suffix}`;
    this.path = join(folder, name);
    try {
      mkdirSync(folder, { recursive: true });
      this.#file = openSync(this.path, 'w');
    } catch (cause) {
      throw new OSError(`the event file cannot be written: ${(cause as Error).message}`, { cause });
    }
    this.add_event(
      [event.file_version('brain.Event:2'), event.writer('tensorboard.summary.writer.event_file_writer')],
      null,
      null,
    );
  }

  get_logdir(): string {
    return this.#folder;
  }

  /**
   * Writes an event.
   * @param fields what it holds, in the order of their numbers
   * @param step whole, or none
   * @param walltime seconds since 1970; now, where nothing is said
   * @throws OSError if the writer is closed, or the disk is full
   */
  add_event(fields: readonly Field[], step: number | null, walltime: number | null): void {
    if (this.#file === null) throw new OSError('Writer is closed');
    const head = [double(1, walltime ?? now()), step === null ? new Uint8Array(0) : whole(2, Math.trunc(step))];
    const content = record(message(head, fields));
    try {
      for (let written = 0; written < content.length;) written += writeSync(this.#file, content, written);
    } catch (cause) {
      throw new OSError(`the event file cannot be written: ${(cause as Error).message}`, { cause });
    }
  }

  /** Brings to the disk what the system still holds. */
  flush(): void {
    if (this.#file === null) throw new OSError('Writer is closed');
    fsyncSync(this.#file);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }
}
