/**
 * The code on the pages that tell how to use the package: README.md and docs/. Each page is one program, in which every
 * `ts` block goes on where the one before ended; a `text` block is what it prints. Files on a page, `js` blocks that
 * begin with their name, are written, and the one called train.mjs is run.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'build', 'tests', 'guide');

/** What pages that show fragments take for granted. */
const BEFORE: Record<string, string> = {
  pyplot: 'const [epochs, train_losses, test_losses] = [[1, 2, 3], [0.9, 0.5, 0.4], [1, 0.6, 0.5]];\n',
  porting: `
import torch, { nn, type Tensor } from 'tstorch';
const [X_test, y_test] = [torch.rand(8, 2), torch.rand(8, 1)];
const [model, loss_fn] = [new nn.Linear(2, 1), new nn.MSELoss()];
`,
};

/** What pages print that have no block to say so. */
const PRINTS: Record<string, RegExp> = {
  README: /^tensor\(\[\[0\.7790\]\], grad_fn=<AddmmBackward0>\)\n$/,
  data_loading: /^torch\.Size\(\[32, 100\]\) torch\.Size\(\[32\]\)\n$/,
  troubleshooting: /^2\.\d+\.\d+\S* v\d+\.\d+\.\d+ \w+-\w+\n(.*\n)+$/,
};

function blocks(page: string, language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map((match) => match[1]!);
}

const docs = readdirSync(join(ROOT, 'docs')).map((name) => join('docs', name));
const pages = new Map(
  ['README.md', ...docs]
    .filter((path) => path.endsWith('.md'))
    .map((path) => [/(\w+)\.md$/.exec(path)![1]!, readFileSync(join(ROOT, path), 'utf8')]),
);
const programs = [...pages].filter(([, page]) => blocks(page, 'ts').length > 0).map(([name]) => name);

function printed(file: string): string {
  const { stdout, stderr } = spawnSync(process.execPath, [file], { cwd: FOLDER, encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout;
}

function check(name: string, output: string): void {
  const said = blocks(pages.get(name)!, 'text').join('');
  if (name in PRINTS) expect(output).toMatch(PRINTS[name]!);
  else expect(output).toBe(said);
}

describe('programs in TypeScript', () => {
  beforeAll(() => {
    rmSync(FOLDER, { recursive: true, force: true });
    mkdirSync(FOLDER, { recursive: true });
    for (const name of programs) {
      writeFileSync(join(FOLDER, `${name}.mts`), (BEFORE[name] ?? '') + blocks(pages.get(name)!, 'ts').join('\n'));
    }
    const options = { rootDir: '.', declaration: false, noUnusedLocals: false, noImplicitOverride: false };
    const compilerOptions = { ...options, outDir: '.' };
    const settings = { extends: '../../../tsconfig.json', compilerOptions, include: ['*.mts'], exclude: [] };
    writeFileSync(join(FOLDER, 'tsconfig.json'), JSON.stringify(settings));
  });

  test('have the right types', () => {
    const tsc = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '-p', FOLDER], { encoding: 'utf8' });
    expect(stdout).toBe('');
  });

  test.each(programs)('%s prints what it says', (name) => {
    check(name, printed(join(FOLDER, `${name}.mjs`)));
  });
});

test('the files of docs/data_loading.md', () => {
  const folder = join(FOLDER, 'files');
  mkdirSync(folder, { recursive: true });
  for (const block of blocks(pages.get('data_loading')!, 'js')) {
    const name = /^\/\/ (\w+\.mjs)\n/.exec(block)?.[1];
    if (name) writeFileSync(join(folder, name), block);
  }
  check('data_loading', printed(join(folder, 'train.mjs')));
});
