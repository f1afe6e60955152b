/**
 * `npm run test:package`: what a new user does, on this machine. Publishes the packages to a registry of their own,
 * installs them in an empty folder, without an environment and with nothing on the path but Node, npm and a shell, and
 * runs a first script in every way and with every Node that is supported. Prints times and sizes.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { build_all } from '../setup/build.mjs';
import { ROOT } from '../setup/paths.mjs';
import { announce, main } from '../setup/run.mjs';
import { provide_node } from './nodes.mjs';
import { make_packages } from './packages.mjs';
import { EXPECTED, PROGRAMS } from './programs.mjs';
import { start_registry } from './registry.mjs';

const NODES = [20, 22, 24];
const TSC = join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc');

function which(command) {
  for (const folder of process.env['PATH'].split(delimiter)) {
    try {
      return realpathSync(join(folder, command));
    } catch {
      // Not there.
    }
  }
  throw new Error(`${command} is not on the path`);
}

/** A folder of a user who has just got a computer, and Node. */
class User {
  constructor(scratch, node, registry) {
    this.app = join(scratch, 'app');
    this.path = join(scratch, 'bin');
    this.home = join(scratch, 'home');
    for (const folder of [this.app, this.path, this.home]) mkdirSync(folder, { recursive: true });
    for (const command of ['npm', 'npx', 'sh']) symlinkSync(which(command), join(this.path, command));
    this.use(node);
    writeFileSync(join(this.app, '.npmrc'), `registry=${registry}\naudit=false\nfund=false\nupdate-notifier=false\n`);
    writeFileSync(join(this.app, 'package.json'), '{ "private": true }\n');
    for (const [name, text] of Object.entries(PROGRAMS)) writeFileSync(join(this.app, name), text);
  }

  /** Makes `node` the Node on the path. */
  use(node) {
    rmSync(join(this.path, 'node'), { force: true });
    symlinkSync(node, join(this.path, 'node'));
  }

  /** Runs a command; gives its status, output, errors and the seconds that it took. */
  run(command, ...args) {
    const start = performance.now();
    const { status, stdout, stderr } = spawnSync(join(this.path, command), args, {
      cwd: this.app,
      env: { PATH: this.path, HOME: this.home },
      encoding: 'utf8',
    });
    return { status, stdout, stderr, seconds: (performance.now() - start) / 1000 };
  }

  /** The same, for what has to succeed. */
  succeed(command, ...args) {
    const result = this.run(command, ...args);
    assert.equal(result.status, 0, `${command} ${args.join(' ')}: ${result.stdout}${result.stderr}`);
    return result;
  }
}

const report = (what, { seconds }) => console.log(`${what.padEnd(64)} ${seconds.toFixed(1).padStart(6)} s`);

/** What the loader says when a script imports tstorch and cannot have it. */
function complaint(user) {
  const { status, stderr } = user.run('node', 'esm.mjs');
  assert.notEqual(status, 0);
  return /^Error: (.*)$/m.exec(stderr)?.[1] ?? stderr;
}

function runs_everywhere(user) {
  for (const major of NODES) {
    user.use(provide_node(major));
    const version = user.succeed('node', '--version').stdout.trim();
    for (const name of Object.keys(PROGRAMS)) {
      const typescript = name.endsWith('ts');
      const args = typescript ? [join('node_modules', 'tsx', 'dist', 'cli.mjs'), name] : [name];
      const result = user.succeed('node', ...args);
      assert.equal(result.stdout.trim(), EXPECTED, `${name} with Node ${version}`);
      report(`${name}${typescript ? ' through tsx' : ''}, Node ${version}`, result);
    }
  }
}

/** TypeScript finds the types of both kinds of module, and every check passes. */
function compiles(user) {
  const options = ['--noEmit', '--strict', '--target', 'es2022', '--module', 'nodenext'];
  user.succeed('node', TSC, ...options, 'typescript.ts', 'module.mts');
}

function mismatch(user, libtorch) {
  const file = join(user.app, 'node_modules', libtorch.name, 'build-version');
  const version = readFileSync(file, 'utf8');
  writeFileSync(file, '2.9.1+cpu\n');
  assert.match(complaint(user), /^tstorch needs LibTorch [\d.]+ and found none \(there is 2\.9\.1\+cpu in /);
  writeFileSync(file, version);
}

async function journey(scratch) {
  const packages = await make_packages();
  const [tstorch, libtorch] = packages;
  for (const { name, version, size, unpacked } of packages) {
    const sizes = `${(size / 1e6).toFixed(1)} MB, unpacked ${(unpacked / 1e6).toFixed(1)} MB`;
    console.log(`${`${name} ${version}`.padEnd(64)} ${sizes}`);
  }
  const registry = await start_registry(join(scratch, 'registry'));
  try {
    for (const { name, file } of packages) {
      announce(`Publishing ${name}`);
      registry.publish(file);
    }
    const user = new User(scratch, provide_node(NODES[0]), registry.url);
    report('npm install tstorch', user.succeed('npm', 'install', '--ignore-scripts', tstorch.name));
    assert.ok(complaint(user).includes(`npm install ${libtorch.name}@${libtorch.version}`));
    report(`npm install ${libtorch.name}`, user.succeed('npm', 'install', `${libtorch.name}@${libtorch.version}`));
    report('the first script', user.succeed('node', 'esm.mjs'));
    report('npm install tsx', user.succeed('npm', 'install', 'tsx'));
    mismatch(user, libtorch);
    const doctor = user.succeed('npx', 'tstorch', 'doctor');
    assert.match(doctor.stdout, new RegExp(`package ${libtorch.name}`));
    report('npx tstorch doctor', doctor);
    compiles(user);
    runs_everywhere(user);
  } finally {
    registry.stop();
  }
}

/** Tests the packages as they are published. */
export async function test_packages() {
  const scratch = mkdtempSync(join(tmpdir(), 'tstorch-journey-'));
  const start = performance.now();
  try {
    await journey(scratch);
    report('all of it', { seconds: (performance.now() - start) / 1000 });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

if (process.argv[1] === import.meta.filename) {
  await main(async () => {
    await build_all();
    await test_packages();
  });
}
