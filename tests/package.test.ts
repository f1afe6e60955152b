/**
 * The package: what tools that judge packages say of it, what is in it, and how a new user gets on with it. In one file,
 * since its tests pack the same folder.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const DIST = join(ROOT, 'dist');

/** The paths that can be imported, below the package's name: '.', './nn', … */
const ENTRIES = readdirSync(DIST, { recursive: true, encoding: 'utf8' })
  .filter((file) => /(^|\/)index\.mjs$/.test(file))
  .map((file) => (file === 'index.mjs' ? '.' : `./${dirname(file)}`))
  .sort();

const specifier = (entry: string): string => `tstorch${entry.slice(1)}`;

function tool(script: string, args: readonly string[]): { status: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(ROOT, 'node_modules', script), ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { status, output: stdout + stderr };
}

test('publint finds nothing', () => {
  const { status, output } = tool('publint/src/cli.js', ['--strict']);
  expect(status, output).toBe(0);
  expect(output).toContain('All good!');
});

test('the types of every path resolve as its code does, for import and for require', () => {
  const entries = ENTRIES.map((entry) => entry.replace('./', ''));
  // Resolution as before Node 12 knows no `exports`, so sub-paths are out of its reach.
  const args = ['--pack', '.', '--profile', 'node16', '--format', 'ascii', '--entrypoints', ...entries];
  const { status, output } = tool('@arethetypeswrong/cli/dist/index.js', args);
  expect(status, output).toBe(0);
});

test('every path gives the same objects to import and to require', async () => {
  expect(ENTRIES.length).toBeGreaterThan(40);
  const require = createRequire(import.meta.url);
  for (const entry of ENTRIES) {
    const required = require(specifier(entry)) as Record<string, unknown>;
    const imported = (await import(specifier(entry))) as Record<string, unknown>;
    expect(Object.keys(imported).sort(), entry).toEqual(Object.keys(required).sort());
    for (const [name, value] of Object.entries(imported)) expect(Object.is(value, required[name]), `${entry} ${name}`).toBe(true);
  }
});

test('only what is needed to run is packed', () => {
  const { stdout } = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: ROOT, encoding: 'utf8' });
  const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
  const paths = files.map(({ path }) => path);
  const others = paths.filter((path) => !/^dist\/.*\.(m?js|d\.m?ts)$/.test(path) && !path.startsWith('prebuilds/'));
  expect(others.sort()).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'dist/LICENSES.txt', 'dist/package.json', 'package.json']);
  // npm would run it.
  expect(paths).not.toContain('binding.gyp');
});

test('nothing runs when the package is installed', () => {
  const { scripts } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
  expect(Object.keys(scripts).filter((name) => /^(pre|post)?install$|^prepare$/.test(name))).toEqual([]);
  expect(existsSync(join(ROOT, 'binding.gyp'))).toBe(false);
});

// See scripts/package/journey.mjs.
test.skipIf(process.platform !== 'linux')(
  'a new user installs the packages and trains, whatever the Node and the kind of module',
  async () => {
    const script = join(ROOT, 'scripts', 'package', 'journey.mjs');
    const child = spawn(process.execPath, [script], { stdio: ['ignore', 'inherit', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => (errors += text));
    const [status] = (await once(child, 'close')) as [number | null];
    expect(status, errors).toBe(0);
  },
  0,
);
