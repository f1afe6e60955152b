/** Processes that load in workers: what they use, and that they end. */
import { describe, expect, test } from 'vitest';
import { HANDLE_MODES, run_script } from '../../processes.ts';

describe.each(HANDLE_MODES)('%s', (handles) => {
  const run = (what: string) => run_script('workers', { handles, args: [what] });

  test('memory is given back', () => {
    const { status, report, stderr } = run('memory');
    expect(status, stderr).toBe(0);
    const { wrong, grown, live } = report as { wrong: number; grown: number; live: number };
    expect(wrong).toBe(0);
    expect(live).toBeLessThan(20);
    // Megabytes, where 500 came through.
    expect(grown).toBeLessThan(100);
  });

  test.each([
    ['end_early', 0],
    ['forgotten', 0],
    ['persistent', 0],
    ['exit', 4],
    ['exit_async', 4],
    ['uncaught', 1],
  ])('%s', (what, code) => {
    const { status, signal, stderr } = run(what);
    expect([status, signal], stderr).toEqual([code, null]);
    if (code === 0) expect(stderr).toBe('');
  });
});

test('a dataset of the main script', () => {
  const { status, report, stderr } = run_script('workers', { args: ['main_script'] });
  expect(status, stderr).toBe(0);
  expect(report).toEqual([[0, 1, 4, 9], [16, 25, 36, 49]]);
});

test('a main script that would load in its workers too', () => {
  const { status, stderr } = run_script('workers', { args: ['unguarded'] });
  expect(status).toBe(1);
  expect(stderr).toContain('RuntimeError');
  expect(stderr).toContain('while a worker imports its modules');
  expect(stderr).toContain('if (isMainThread)');
});
