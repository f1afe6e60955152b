/** Downloads one big file, going on where an earlier attempt stopped. */
import { createWriteStream, existsSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable, Transform, type TransformCallback } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Progress } from './progress.ts';
import { DiskFull, require_space } from './space.ts';

const ATTEMPTS = 3;

function size_of(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

/** What a failed `fetch` is really about: the error itself only says "fetch failed". */
export function network_reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const cause = error.cause as { code?: string; message?: string } | undefined;
  return cause?.message || cause?.code || error.message;
}

/** An answer of the server that a second question would not change. */
class Refused extends Error {}

async function attempt(url: string, part: string, label: string): Promise<void> {
  const have = size_of(part);
  const response = await fetch(url, {
    headers: { 'accept-encoding': 'identity', ...(have > 0 ? { range: `bytes=${have}-` } : {}) },
    redirect: 'follow',
  });
  if (response.status === 416) {
    // What is there is not the beginning of what the server has; begin again.
    rmSync(part, { force: true });
    throw new Error('the partial download did not fit');
  }
  if (!response.ok || response.body === null) throw new Refused(`HTTP ${response.status}`);
  const resumed = response.status === 206;
  const length = Number(response.headers.get('content-length') ?? Number.NaN);
  const begin = resumed ? have : 0;
  const total = Number.isFinite(length) ? begin + length : null;
  if (total !== null) require_space(dirname(part), length);

  const progress = new Progress(label, total);
  let done = begin;
  const count = new Transform({
    transform(chunk: Buffer, _encoding: BufferEncoding, next: TransformCallback) {
      done += chunk.length;
      progress.update(done);
      next(null, chunk);
    },
  });
  try {
    await pipeline(
      Readable.fromWeb(response.body as never),
      count,
      createWriteStream(part, { flags: resumed ? 'a' : 'w' }),
    );
  } finally {
    progress.done();
  }
  if (total !== null && done !== total) throw new Error(`the connection ended after ${done} of ${total} bytes`);
}

/**
 * Downloads `url` to the file `target`; until it is complete it is `target.part`.
 * @throws Error with the reason when it cannot be had
 */
export async function download(url: string, target: string, label: string): Promise<void> {
  const part = `${target}.part`;
  for (let i = 1; ; i++) {
    try {
      await attempt(url, part, label);
      break;
    } catch (error) {
      if (error instanceof Refused || error instanceof DiskFull || i === ATTEMPTS) throw new Error(network_reason(error));
      await new Promise((resolve) => setTimeout(resolve, 1000 * i));
    }
  }
  renameSync(part, target);
}
