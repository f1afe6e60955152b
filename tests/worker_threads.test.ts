/** The package in worker threads: computing, stopped at any moment, and the process ending around them. */
import { describe, expect, test } from 'vitest';
import { HANDLE_MODES, run_script } from './processes.ts';

describe.each(HANDLE_MODES)('%s', (handles) => {
  const run = (...args: (string | number)[]) => run_script('worker', { handles, args });

  test('two threads compute, each with gradients of its own', () => {
    const { status, report, stderr } = run('compute');
    expect(status, stderr).toBe(0);
    const { results, codes, here } = report as { results: number[]; codes: number[]; here: number };
    expect([codes, here]).toEqual([[0, 0], 6]);
    // One generator serves the process; that both have drawn from it is all there is to say.
    for (const result of results) expect(result).toBeGreaterThan(1);
  });

  test('their garbage is theirs', () => {
    const { status, report, stderr } = run('garbage');
    expect(status, stderr).toBe(0);
    expect(report).toEqual({ results: [576_000, 576_000], codes: [0, 0], here: 6 });
  });

  test.each(['matmul', 'collecting', 'backward', 'errors'])('terminate() in the middle of %s', (what) => {
    const { status, report, stderr } = run(what);
    expect(status, stderr).toBe(0);
    expect(report).toEqual({ codes: [1, 1, 1, 1], here: 6 });
  });

  test('an uncaught error ends the thread, not the process', () => {
    const { status, report, stderr } = run('uncaught');
    expect(status, stderr).toBe(0);
    expect(report).toEqual({
      error: [
        'RuntimeError',
        'The size of tensor a (2) must match the size of tensor b (3) at non-singleton dimension 0',
      ],
      code: 1,
      here: 6,
    });
  });

  test('process.exit() in the thread', () => {
    const { status, report, stderr } = run('exit');
    expect(status, stderr).toBe(0);
    expect(report).toEqual({ code: 7, here: 6 });
  });

  test.each(['matmul', 'backward'])('the process ends while two threads are in %s', (what) => {
    const { status, signal, stderr } = run(what, 3);
    expect([status, signal], stderr).toEqual([3, null]);
    const thrown = run(what, 'throw');
    expect([thrown.status, thrown.signal], thrown.stderr).toEqual([1, null]);
    expect(thrown.stderr).toContain('on purpose');
  });
});
