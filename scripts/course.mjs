/**
 * `npm run course`: runs the chapters of the course, one after the other, and compares what they print with what their
 * Python cells print: as recorded, or run here and now where TSTORCH_PYTHON names a Python that has the packages.
 * Arguments name chapters by their numbers: `npm run course -- 02 03`. Pictures and models go to examples/output/course.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { lines_of, nearly_equal } from './course/lines.mjs';
import { gives_recorded_numbers, REPRODUCIBLE } from './fixtures/reproducible.mjs';
import { build_all } from './setup/build.mjs';
import { provide_fashion_mnist } from './setup/fashion_mnist.mjs';
import { BUILD, DIST, ROOT } from './setup/paths.mjs';
import { main } from './setup/run.mjs';
import { compile_examples } from './setup/typescript.mjs';

const CHAPTERS = join(ROOT, 'examples', 'course');
const RECORDED = join(ROOT, 'tests', 'fixtures', 'course');

/**
 * The lines of a chapter's cells that hold code: no comments, nothing but brackets, none of the lines that only one side
 * has by its nature (imports, types, saving and closing of pictures).
 */
function code_lines(path) {
  const cells = readFileSync(path, 'utf8').split(/^(?:\/\/|#) %%.*$/m).slice(1);
  return cells.map(
    (cell) =>
      cell.split('\n').filter((line) => /\w/.test(line) && !/^\s*(#|\/\/|\/?\*|import |from |plt\.(savefig|close)\()/.test(line))
        .length,
  );
}

/** How many code lines a chapter has in Python, and how many of them are as many lines here, cell by cell. */
function ported(name) {
  const theirs = code_lines(join(CHAPTERS, 'python', `${name}.py`));
  const ours = code_lines(join(CHAPTERS, `${name}.ts`));
  if (theirs.length !== ours.length) throw new Error(`${name} has ${ours.length} cells here, ${theirs.length} in Python`);
  const sum = (numbers) => numbers.reduce((a, b) => a + b, 0);
  return {
    python_lines: sum(theirs),
    lines: sum(ours),
    one_to_one: sum(theirs.map((count, i) => count - Math.min(count, Math.abs(ours[i] - count)))),
  };
}

/** Runs a program and shows what it prints; gives that and the seconds that it took. */
function run(command, args, show) {
  const start = performance.now();
  const result = spawnSync(command, args, {
    cwd: ROOT,
    env: { ...process.env, ...REPRODUCIBLE },
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  if (show) process.stdout.write(result.stdout);
  if (result.status !== 0) throw new Error(`${basename(args[0])} ended with status ${result.status ?? result.signal}`);
  return { lines: lines_of(result.stdout), seconds: (performance.now() - start) / 1000 };
}

/** Does this machine's processor give the recorded numbers to the last bit? */
async function processor_as_recorded() {
  Object.assign(process.env, REPRODUCIBLE);
  const { default: torch } = await import(pathToFileURL(join(DIST, 'index.mjs')).href);
  return gives_recorded_numbers(torch);
}

/**
 * @param exact whether every digit has to be that of Python. It has, unless the recorded numbers are from a processor
 *   that rounds otherwise than this one: lines that differ in the last digits only are then counted by themselves.
 */
function parity(name, exact) {
  console.log(`\n===== ${name} =====`);
  const ours = run(process.execPath, [join(BUILD, 'examples', 'course', `${name}.js`)], true);
  const python = process.env['TSTORCH_PYTHON'];
  const theirs =
    python === undefined
      ? { lines: lines_of(readFileSync(join(RECORDED, `${name}.txt`), 'utf8')), seconds: NaN }
      : run(python, [join(ROOT, 'scripts', 'fixtures', 'course.py'), '--print', name.slice(0, 2)], false);
  const count = Math.max(ours.lines.length, theirs.lines.length);
  const different = Array.from({ length: count }, (_, i) => i).filter((i) => ours.lines[i] !== theirs.lines[i]);
  const near = exact ? [] : different.filter((i) => nearly_equal(ours.lines[i], theirs.lines[i]));
  const wrong = different.filter((i) => !near.includes(i));
  for (const i of wrong.slice(0, 5)) console.log(`line ${i + 1}\n  Python:  ${theirs.lines[i]}\n  tstorch: ${ours.lines[i]}`);
  return { name, ...ported(name), count, near: near.length, wrong: wrong.length, seconds: ours.seconds, python_seconds: theirs.seconds };
}

await main(async () => {
  await build_all(compile_examples);
  await provide_fashion_mnist();
  const wanted = process.argv.slice(2);
  const chapters = readdirSync(CHAPTERS)
    .filter((file) => /^\d\d_.*\.ts$/.test(file) && (wanted.length === 0 || wanted.includes(file.slice(0, 2))))
    .map((file) => basename(file, '.ts'))
    .sort();
  const exact = process.env['TSTORCH_PYTHON'] !== undefined || (await processor_as_recorded());
  const results = chapters.map((name) => parity(name, exact));
  console.log('\n| chapter | lines printed | equal to Python | equal but for last digits | seconds | in Python | lines of code | in Python | one to one |');
  console.log('|---------|--------------:|----------------:|--------------------------:|--------:|----------:|--------------:|----------:|-----------:|');
  for (const { name, count, near, wrong, seconds, python_seconds, lines, python_lines, one_to_one } of results) {
    const theirs = Number.isNaN(python_seconds) ? '' : python_seconds.toFixed(1);
    console.log(`| ${name} | ${count} | ${count - near - wrong} | ${near} | ${seconds.toFixed(1)} | ${theirs} | ${lines} | ${python_lines} | ${one_to_one} |`);
  }
  if (!exact) console.log('\nThis processor rounds otherwise than the one of the recorded numbers: last digits may differ, in Python as well.');
  return results.every(({ wrong }) => wrong === 0) ? 0 : 1;
});
