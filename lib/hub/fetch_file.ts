/**
 * A program, not a module: fetches one file. Arguments: address, file to write, and `quiet` to show no progress; it is
 * shown on the error stream otherwise. What goes wrong is printed on standard output, and the exit status is 1.
 */
import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { tqdm } from '../tqdm/index.ts';

/** Give up when nothing has arrived for this long. */
const patience = 30_000;

async function fetch_file(url: string, target: string, quiet: boolean): Promise<void> {
  const giving_up = new AbortController();
  const give_up = (): void => giving_up.abort(new Error(`no answer for ${patience / 1000} seconds`));
  let timer = setTimeout(give_up, patience);
  try {
    const response = await fetch(url, { signal: giving_up.signal, headers: { 'User-Agent': 'tstorch' } });
    if (!response.ok || response.body === null)
      throw new Error(`HTTP Error ${response.status}: ${response.statusText}`);
    const size = Number(response.headers.get('content-length') ?? NaN);
    const bar = tqdm({ total: Number.isFinite(size) ? size : null, unit: 'B', unit_scale: true, disable: quiet });
    const watched = async function* (source: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
      for await (const chunk of source) {
        clearTimeout(timer);
        timer = setTimeout(give_up, patience);
        bar.update(chunk.length);
        yield chunk;
      }
    };
    await pipeline(
      Readable.fromWeb(response.body as Parameters<typeof Readable.fromWeb>[0]),
      watched,
      createWriteStream(target),
    );
    bar.close();
  } finally {
    clearTimeout(timer);
  }
}

const [url, target, mode] = process.argv.slice(2);
fetch_file(url!, target!, mode === 'quiet').catch(({ message, cause }: Error) => {
  // The reason for a failed fetch is in its cause: a name that is not found, a connection refused.
  process.stdout.write(`${cause instanceof Error ? `${message}: ${cause.message}` : message}\n`);
  process.exitCode = 1;
});
