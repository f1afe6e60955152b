/** The process ends cleanly at any point: with the code that was asked for, and no crash on the way out. */
import { describe, expect, test } from 'vitest';
import { HANDLE_MODES, run_script } from './processes.ts';

describe.each(HANDLE_MODES)('%s', (handles) => {
  test.each<[string, number]>([
    ['end', 0],
    ['exit', 5],
    ['callback', 5],
    ['inference_mode', 5],
    ['tidy', 5],
    ['getter', 5],
    ['keyword', 5],
    ['element', 5],
    ['modes_left_open', 0],
    ['before_exit', 5],
    ['computing_at_exit', 0],
    ['backward', 5],
    ['threads', 5],
    ['timers', 0],
    ['uncaught', 1],
    ['rejected', 1],
    ['really', 5],
  ])('%s', (moment, code) => {
    const { status, signal, stderr } = run_script('exit', { handles, args: [moment] });
    expect([status, signal], stderr).toEqual([code, null]);
    if (code !== 1) expect(stderr).toBe('');
  });
});
