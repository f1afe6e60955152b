/**
 * `npm run course`: runs the chapters of the course, one after the other, and compares what they print with what their
 * Python cells print: as recorded, or run here and now where TSTORCH_PYTHON names a Python that has the packages.
 * Arguments name chapters by their numbers: `npm run course -- 02 03`. Pictures and models go to examples/output/course.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { build_all } from './setup/build.mjs';
import { provide_fashion_mnist } from './setup/fashion_mnist.mjs';
import { BUILD, ROOT } from './setup/paths.mjs';
import { main } from './setup/run.mjs';
import { compile_examples } from './setup/typescript.mjs';

const CHAPTERS = join(ROOT, 'examples', 'course');
const RECORDED = join(ROOT, 'tests', 'fixtures', 'course');
/** One thread and the kernels that every processor runs: others differ in the last bit, and so does what is printed. */
const REPRODUCIBLE = { OMP_NUM_THREADS: '1', ATEN_CPU_CAPABILITY: 'default', MKL_CBWR: 'COMPATIBLE' };

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

function lines_of(text) {
  // Times begin with a tilde; nobody prints the same.
  return text.trimEnd().split('\n').filter((line) => !line.startsWith('~'));
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

function parity(name) {
  console.log(`\n===== ${name} =====`);
  const ours = run(process.execPath, [join(BUILD, 'examples', 'course', `${name}.js`)], true);
  const python = process.env['TSTORCH_PYTHON'];
  const theirs =
    python === undefined
      ? { lines: lines_of(readFileSync(join(RECORDED, `${name}.txt`), 'utf8')), seconds: NaN }
      : run(python, [join(ROOT, 'scripts', 'fixtures', 'course.py'), '--print', name.slice(0, 2)], false);
  const count = Math.max(ours.lines.length, theirs.lines.length);
  const different = Array.from({ length: count }, (_, i) => i).filter((i) => ours.lines[i] !== theirs.lines[i]);
  for (const i of different.slice(0, 5)) console.log(`line ${i + 1}\n  Python:  ${theirs.lines[i]}\n  tstorch: ${ours.lines[i]}`);
  return { name, ...ported(name), count, different: different.length, seconds: ours.seconds, python_seconds: theirs.seconds };
}

await main(async () => {
  await build_all(compile_examples);
  await provide_fashion_mnist();
  const wanted = process.argv.slice(2);
  const chapters = readdirSync(CHAPTERS)
    .filter((file) => /^\d\d_.*\.ts$/.test(file) && (wanted.length === 0 || wanted.includes(file.slice(0, 2))))
    .map((file) => basename(file, '.ts'))
    .sort();
  const results = chapters.map(parity);
  console.log('\n| chapter | lines printed | equal to Python | seconds | in Python | lines of code | in Python | one to one |');
  console.log('|---------|--------------:|----------------:|--------:|----------:|--------------:|----------:|-----------:|');
  for (const { name, count, different, seconds, python_seconds, lines, python_lines, one_to_one } of results) {
    const theirs = Number.isNaN(python_seconds) ? '' : python_seconds.toFixed(1);
    console.log(`| ${name} | ${count} | ${count - different} | ${seconds.toFixed(1)} | ${theirs} | ${lines} | ${python_lines} | ${one_to_one} |`);
  }
  return results.every(({ different }) => different === 0) ? 0 : 1;
});
