/** A registry of npm packages on this machine alone: what it does not hold it takes from the configured one. */
import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { ROOT } from '../setup/paths.mjs';
import { SetupError } from '../setup/run.mjs';

const VERDACCIO = join(ROOT, 'node_modules', 'verdaccio', 'bin', 'verdaccio');

function free_port() {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

function configured_registry() {
  return spawnSync('npm', ['config', 'get', 'registry'], { cwd: ROOT, encoding: 'utf8' }).stdout.trim();
}

/** Verdaccio reads YAML, of which JSON is a part. */
const settings = (folder) => ({
  storage: join(folder, 'storage'),
  web: { enable: false },
  // An archive of LibTorch in Base64.
  max_body_size: '500mb',
  uplinks: { configured: { url: configured_registry(), timeout: '60s', maxage: '1h' } },
  packages: {
    tstorch: { access: '$all', publish: '$all' },
    '@tstorch/*': { access: '$all', publish: '$all' },
    '**': { access: '$all', proxy: 'configured' },
  },
  log: { type: 'stdout', format: 'pretty', level: 'error' },
});

async function answers(url) {
  try {
    return (await fetch(`${url}-/ping`)).ok;
  } catch {
    return false;
  }
}

/** Starts a registry that keeps what it gets below `folder`. Gives its address and `publish` and `stop`. */
export async function start_registry(folder) {
  mkdirSync(folder, { recursive: true });
  const config = join(folder, 'config.yaml');
  writeFileSync(config, JSON.stringify(settings(folder)));
  const port = await free_port();
  const url = `http://127.0.0.1:${port}/`;
  const server = spawn(process.execPath, [VERDACCIO, '--config', config, '--listen', `127.0.0.1:${port}`], {
    cwd: folder,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  for (const began = Date.now(); !(await answers(url)); ) {
    if (server.exitCode !== null || Date.now() - began > 60_000) {
      server.kill();
      throw new SetupError('The registry for the test did not start.');
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return {
    url,
    publish(tarball) {
      // npm wants to know who publishes; the registry does not care.
      const args = ['publish', tarball, '--registry', url, `--${url.slice('http:'.length)}:_authToken=anybody`];
      const { status, stderr } = spawnSync('npm', [...args, '--access', 'public', '--provenance=false'], {
        cwd: folder,
        encoding: 'utf8',
      });
      if (status !== 0) throw new SetupError(`npm could not publish ${tarball}: ${stderr}`);
    },
    stop: () => server.kill(),
  };
}
