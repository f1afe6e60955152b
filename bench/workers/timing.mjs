/** Times a number of calls, less what other programs took. */
import { existsSync, openSync, readSync } from 'node:fs';

const LINE = '/proc/self/schedstat';

/** Where Linux tells how long this thread has stood in line for a core; null elsewhere. */
const line_file = existsSync(LINE) ? openSync(LINE) : null;
const line_buffer = Buffer.alloc(80);

/**
 * Nanoseconds that this thread has stood in line for a core because others had it. That says something about the
 * machine's other work and nothing about ours, so it is taken off.
 */
function waited() {
  if (line_file === null) return 0;
  const length = readSync(line_file, line_buffer, 0, line_buffer.length, 0);
  return Number(line_buffer.latin1Slice(0, length).split(' ')[1]);
}

/**
 * Nanoseconds that a number of calls take.
 * @param finish waits for what the calls only started
 */
export function run(step, iterations, finish = () => {}) {
  // The clock is read first and last: a wait between the two readings may be counted, but never taken off in vain.
  const start = process.hrtime.bigint();
  const waited_before = waited();
  for (let i = 0; i < iterations; i++) step();
  finish();
  const in_line = waited() - waited_before;
  return Number(process.hrtime.bigint() - start) - in_line;
}

/** Runs a case until it is warm; gives how many calls make a sample. */
export function calibrate(step, sample, warm_up, finish) {
  let iterations = 1;
  let spent = 0;
  for (;;) {
    const elapsed = Math.max(run(step, iterations, finish), 1);
    spent += elapsed;
    const fitting = Math.max(1, Math.round((iterations * sample) / elapsed));
    if (spent >= warm_up) return fitting;
    iterations = Math.min(fitting, iterations * 10);
  }
}
