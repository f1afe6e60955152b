/** The program `npx tstorch`. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const ROOT = resolve(import.meta.dirname, '..');
const PROGRAM = join(ROOT, 'dist', 'cli', 'main.js');
const { version, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  version: string;
  peerDependencies: Record<string, string>;
};
const libtorch = JSON.parse(readFileSync(join(ROOT, 'build', 'libtorch.json'), 'utf8')) as {
  root: string;
  version: string;
};

let scratch: string;
beforeAll(() => {
  scratch = mkdtempSync(join(tmpdir(), 'tstorch-cli-'));
});
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

function tstorch(args: string[], env: Record<string, string> = {}): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [PROGRAM, ...args], { env: { ...process.env, ...env }, encoding: 'utf8' });
}

test('doctor says what there is when all is well', () => {
  const { status, stdout, stderr } = tstorch(['doctor'], { TSTORCH_LIBTORCH: libtorch.root });
  expect(status, stdout + stderr).toBe(0);
  expect(stdout).toContain(`tstorch    ${version} in ${ROOT}\n`);
  expect(stdout).toContain(`Node       ${process.versions.node} on ${process.platform}-${process.arch}\n`);
  expect(stdout).toContain(`loaded     LibTorch ${libtorch.version} from ${libtorch.root}\n`);
  expect(stdout).toMatch(/^CPU {8}works, \d+ threads$/m);
  expect(stdout).not.toMatch(/^wrong/m);
});

test('doctor says what is wrong and the one command that mends it', () => {
  const { status, stdout } = tstorch(['doctor'], { TSTORCH_LIBTORCH: scratch });
  expect(status).toBe(1);
  expect(stdout).toMatch(/^wrong {6}TSTORCH_LIBTORCH is set to .*\nmend {7}unset TSTORCH_LIBTORCH\n$/m);
});

test('env names versions, system and variables', () => {
  const { status, stdout } = tstorch(['env'], { TSTORCH_LIBTORCH: libtorch.root, OMP_NUM_THREADS: '1' });
  expect(status).toBe(0);
  expect(stdout).toContain(`tstorch: ${version}\nLibTorch: ${libtorch.version} in ${libtorch.root} (TSTORCH_LIBTORCH)\n`);
  expect(stdout).toContain(`\nNode: ${process.versions.node}\n`);
  expect(stdout).toMatch(/^variables: .*\bOMP_NUM_THREADS=1\b/m);
});

describe('install', () => {
  test.each([
    [['install', '--cuda', '13'], /^error: --cuda takes a version of CUDA .* cu130 for CUDA 13\.0, not 13\.\n$/],
    [['install', '--cpu', '--cuda', 'cu130'], /^error: Of --cpu and --cuda only one/],
    [['install', '--speed'], /^error: Unknown option '--speed'/],
    [['instal'], /^error: There is no command instal: see npx tstorch --help\.\n$/],
  ])('%j is an error of one sentence', (args, message) => {
    const { status, stderr } = tstorch(args);
    expect(status).toBe(1);
    expect(stderr).toMatch(message);
  });

  test('is done when the cache has it', () => {
    const pinned = Object.values(peerDependencies)[0]!;
    const root = join(scratch, `libtorch-${pinned}-cpu`);
    mkdirSync(join(root, 'lib'), { recursive: true });
    for (const name of ['libtorch_cpu.so', 'libtorch_cpu.dylib', 'torch_cpu.dll']) writeFileSync(join(root, 'lib', name), '');
    writeFileSync(join(root, 'build-version'), `${pinned}+cpu\n`);
    const { status, stdout } = tstorch(['install'], { TSTORCH_CACHE: scratch });
    expect(status).toBe(0);
    expect(stdout).toBe(`LibTorch ${pinned}+cpu is already in ${root}.\n`);
  });
});
