/** The chapters of the course print what their Python cells print (scripts/fixtures/course.py), to every digit. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { lines_of, nearly_equal } from '../scripts/course/lines.mjs';
import { AS_RECORDED } from './processor.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const fixtures = join(root, 'tests', 'fixtures', 'course');
const output = mkdtempSync(join(tmpdir(), 'tstorch-course-'));
afterAll(() => rmSync(output, { recursive: true }));

/** Checks all lines, to every digit; where the processor is another, what training gives to the third decimal. */
function expect_lines(actual: string[], expected: string[]): void {
  if (AS_RECORDED) return expect(actual).toEqual(expected);
  expect(actual.map((line, i) => (nearly_equal(line, expected[i]) ? expected[i] : line))).toEqual(expected);
}

const chapters = readdirSync(fixtures).map((file) => file.slice(0, -'.txt'.length));

describe.each(chapters)('%s', (chapter) => {
  test('prints what it prints in Python', { timeout: 600_000 }, () => {
    const program = join(root, 'build', 'examples', 'course', `${chapter}.js`);
    const { stdout, stderr, status } = spawnSync(process.execPath, [program], {
      cwd: root,
      env: { ...process.env, TSTORCH_COURSE_OUTPUT: output, TSTORCH_COURSE_DATA: join(output, 'drawn_food') },
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    });
    expect(status, stderr).toBe(0);
    expect_lines(lines_of(stdout), lines_of(readFileSync(join(fixtures, `${chapter}.txt`), 'utf8')));
  });

  test('draws its pictures', () => {
    const pictures = readdirSync(output).filter((file) => file.startsWith(chapter.slice(0, 2)) && file.endsWith('.svg'));
    // The first chapter has none.
    if (!chapter.startsWith('00')) expect(pictures.length).toBeGreaterThan(2);
    for (const picture of pictures) {
      const svg = readFileSync(join(output, picture), 'utf8');
      expect(svg).toMatch(/^<\?xml|^<svg/);
      expect(svg.trimEnd()).toMatch(/<\/svg>$/);
    }
  });
});
