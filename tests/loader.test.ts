import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const LIBTORCH = (JSON.parse(readFileSync(join(ROOT, 'build', 'libtorch.json'), 'utf8')) as { root: string }).root;
const SUFFIX = { linux: '.so', darwin: '.dylib' }[process.platform as string] ?? '.dll';
const PREFIX = process.platform === 'win32' ? '' : 'lib';

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'tstorch-loader-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

interface Outcome {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** Runs a module's text in a fresh process; `undefined` takes a variable out of its environment. */
function run(code: string, { cwd = ROOT, env = {} as Record<string, string | undefined> } = {}): Outcome {
  const inherited = { ...process.env, TSTORCH_LIBTORCH: undefined, VIRTUAL_ENV: undefined, CONDA_PREFIX: undefined };
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code], {
    cwd,
    env: { ...inherited, ...env },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

/** Imports the package in a fresh process: the message of the error that it ends with, 'imported' without one. */
function import_message(options: Parameters<typeof run>[1] = {}): string {
  const outcome = run(
    `await import('tstorch').then(() => console.log('imported'), (error) => console.log(error.message));`,
    options,
  );
  expect(outcome.stderr).toBe('');
  return outcome.stdout.trim();
}

/** A folder that looks like LibTorch but has no more than a few bytes in its libraries. */
function fake_libtorch(name: string, version: string): string {
  const root = join(scratch, name);
  mkdirSync(join(root, 'lib'), { recursive: true });
  for (const library of ['torch_cpu', 'c10'])
    writeFileSync(join(root, 'lib', `${PREFIX}${library}${SUFFIX}`), 'no library');
  writeFileSync(join(root, 'build-version'), `${version}\n`);
  return root;
}

describe('a clone', () => {
  test('imports with the LibTorch that it was built with', () => {
    expect(import_message()).toBe('imported');
  });

  test('takes the LibTorch that TSTORCH_LIBTORCH names', () => {
    expect(import_message({ env: { TSTORCH_LIBTORCH: LIBTORCH } })).toBe('imported');
  });

  test('says what is wrong with a TSTORCH_LIBTORCH that holds none', () => {
    const message = import_message({ env: { TSTORCH_LIBTORCH: scratch } });
    expect(message).toContain(`TSTORCH_LIBTORCH is set to ${scratch}`);
    expect(message).toContain(`there is no ${join(scratch, 'lib', `${PREFIX}torch_cpu${SUFFIX}`)}`);
    expect(message).toMatch(/: set it to .*, or unset it\.$/);
  });

  test('names both versions when the LibTorch is another one, and what to do', () => {
    const root = fake_libtorch('old', '2.9.1+cpu');
    const message = import_message({ env: { TSTORCH_LIBTORCH: root } });
    expect(message).toContain(`${root}, which holds LibTorch 2.9.1+cpu`);
    expect(message).toMatch(/needs LibTorch \d+\.\d+: set it to .*npm run build/);
  });

  test('gives the reason when the libraries do not load', () => {
    const version = readFileSync(join(ROOT, 'build', 'libtorch.json'), 'utf8').match(/"version": "([^"]+)"/)![1]!;
    const root = fake_libtorch('damaged', version);
    const message = import_message({ env: { TSTORCH_LIBTORCH: root } });
    expect(message).toContain(
      `LibTorch in ${root} (found by TSTORCH_LIBTORCH) cannot be loaded on ${process.platform}`,
    );
    expect(message).toContain(`${PREFIX}c10${SUFFIX}`);
    expect(message).toContain('npm run build');
  });
});

describe('an installed package', () => {
  const platform = `${process.platform}-${process.arch}`;
  let app: string;
  let installed: string;

  beforeAll(() => {
    app = join(scratch, 'app');
    installed = join(app, 'node_modules', 'tstorch');
    const release = join(ROOT, 'build', 'Release');
    const prebuilds = join(installed, 'prebuilds', platform);
    cpSync(join(ROOT, 'dist'), join(installed, 'dist'), { recursive: true });
    cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
    cpSync(join(release, 'tstorch.node'), join(prebuilds, 'tstorch.node'));
    cpSync(join(release, 'loader', 'tstorch_loader.node'), join(prebuilds, 'loader', 'tstorch_loader.node'));
    const helper = join('node_modules', 'node-gyp-build');
    cpSync(join(ROOT, helper), join(app, helper), { recursive: true });
  });

  /** Nothing of this machine to find LibTorch by: no cache, no Python. */
  const bare = (): Record<string, string | undefined> => ({
    TSTORCH_CACHE: join(scratch, 'empty'),
    PATH: join(scratch, 'empty'),
  });

  test('runs from its prebuilt binaries', () => {
    expect(import_message({ cwd: app, env: { ...bare(), TSTORCH_LIBTORCH: LIBTORCH } })).toBe('imported');
  });

  test('without any LibTorch names the remedies', () => {
    const message = import_message({ cwd: app, env: bare() });
    expect(message).toMatch(
      /^tstorch needs LibTorch \d+\.\d+ and found none: .*`pip install torch==[\d.]+`, or set TSTORCH_LIBTORCH .*\.$/,
    );
  });

  test('mentions the other versions that it found', () => {
    const cache = join(scratch, 'cache');
    const root = fake_libtorch(join('cache', 'libtorch-2.9.1-cpu'), '2.9.1+cpu');
    const message = import_message({ cwd: app, env: { ...bare(), TSTORCH_CACHE: cache } });
    expect(message).toContain(`found none (there is 2.9.1+cpu in ${root}): `);
  });

  test('finds LibTorch as a platform package beside it', () => {
    const root = fake_libtorch(join('app', 'node_modules', '@tstorch', `libtorch-${platform}`), '2.9.1');
    try {
      expect(import_message({ cwd: app, env: bare() })).toContain(`(there is 2.9.1 in ${root})`);
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  test.skipIf(process.platform === 'win32')('finds the torch package of an active Python', () => {
    const environment = join(scratch, 'venv');
    const root = fake_libtorch(join('venv', 'lib', 'python3.11', 'site-packages', 'torch'), '2.9.1');
    expect(import_message({ cwd: app, env: { ...bare(), VIRTUAL_ENV: environment } })).toContain(`2.9.1 in ${root}`);
  });

  test('on a platform without a binary says so', () => {
    const other = join(scratch, 'other');
    cpSync(app, other, { recursive: true });
    rmSync(join(other, 'node_modules', 'tstorch', 'prebuilds'), { recursive: true });
    expect(import_message({ cwd: other, env: bare() })).toMatch(
      new RegExp(`has no binary for ${platform}: .*npm run build`),
    );
  });
});

describe('worker threads', () => {
  const worker = `
    const { parentPort } = require('node:worker_threads');
    import('tstorch').then(({ default: torch }) => parentPort.postMessage(torch.ones([2, 3]).sum().item()));
  `;

  test('load the package too, before and after the main thread', () => {
    const outcome = run(`
      import { Worker } from 'node:worker_threads';
      const start = () => new Promise((resolve, reject) => {
        let value;
        new Worker(${JSON.stringify(worker)}, { eval: true, execArgv: [] })
          .on('message', (message) => (value = message))
          .on('error', reject)
          .on('exit', (code) => resolve([value, code]));
      });
      const first = await start();
      const { default: torch } = await import('tstorch');
      const second = await start();
      console.log(JSON.stringify([first, torch.ones([4]).sum().item(), second]));
    `);
    expect(outcome).toEqual({ status: 0, stdout: '[[6,0],4,[6,0]]\n', stderr: '' });
  });

  test('can be terminated while they compute', () => {
    const busy = `
      const { parentPort } = require('node:worker_threads');
      import('tstorch').then(({ default: torch }) => {
        let x = torch.ones([64, 64]);
        for (let i = 0; ; i++) {
          x = x.matmul(x).div(64);
          if (i === 100) parentPort.postMessage('running');
        }
      });
    `;
    const outcome = run(`
      import { Worker } from 'node:worker_threads';
      import torch from 'tstorch';
      const worker = new Worker(${JSON.stringify(busy)}, { eval: true, execArgv: [] });
      await new Promise((resolve, reject) => worker.on('message', resolve).on('error', reject));
      await worker.terminate();
      console.log(torch.ones([4]).sum().item());
    `);
    expect(outcome).toEqual({ status: 0, stdout: '4\n', stderr: '' });
  });
});
