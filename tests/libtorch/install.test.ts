// The download of LibTorch is not part of the package's interface; the set-up uses it, and these tests as the set-up.
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { install_libtorch } from '../../dist/libtorch/install.js';

const LIBRARY =
  { linux: 'libtorch_cpu.so', darwin: 'libtorch_cpu.dylib' }[process.platform as string] ?? 'torch_cpu.dll';

/** A zip file of `files`, every other one compressed. */
function zip(files: Record<string, Buffer | string>): Buffer {
  const bodies: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  Object.entries(files).forEach(([name, content], i) => {
    const data = Buffer.from(content);
    const packed = i % 2 === 0 ? data : deflateRawSync(data);
    const header = Buffer.alloc(46);
    header.writeUInt32LE(0x02014b50, 0);
    header.writeUInt16LE(i % 2 === 0 ? 0 : 8, 10);
    header.writeUInt32LE(crc32(data), 16);
    header.writeUInt32LE(packed.length, 20);
    header.writeUInt32LE(data.length, 24);
    header.writeUInt16LE(Buffer.byteLength(name), 28);
    header.writeUInt32LE(offset, 42);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    header.copy(local, 4, 6, 32);
    const body = Buffer.concat([local, Buffer.from(name), packed]);
    directory.push(header, Buffer.from(name));
    bodies.push(body);
    offset += body.length;
  });
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(files).length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...bodies, listing, end]);
}

/** Large enough to be unpacked as a stream, and nothing that compresses to nothing. */
const CONTENT = Buffer.alloc(17_000_000);
for (let i = 0; i < CONTENT.length; i += 4) CONTENT.writeUInt32LE((i * 2654435761) >>> 0, i);

/** What an official archive looks like. */
function archive(version = '9.9.1+cpu', further: Record<string, Buffer | string> = {}): Buffer {
  return zip({
    'libtorch/build-version': `${version}\n`,
    [`libtorch/lib/${LIBRARY}`]: CONTENT,
    'libtorch/lib/libtorch_python.so': 'for Python alone',
    'libtorch/lib/libdnnl.a': 'for static linking',
    'libtorch/include/ATen/ATen.h': '#pragma once\n',
    'libtorch/bin/tool': 'not needed',
    ...further,
  });
}

let scratch: string;
let servers: Server[] = [];

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'tstorch-install-'));
  vi.stubEnv('TSTORCH_CACHE', join(scratch, 'cache'));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  for (const server of servers) server.close();
  servers = [];
  rmSync(scratch, { recursive: true, force: true });
});

/** Serves what `answer` says. Gives the address. */
async function listen(answer: RequestListener): Promise<string> {
  const server = createServer(answer);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/libtorch.zip`;
}

/** Serves `content`, its first answer cut off after `cut` bytes. Gives its address and the ranges asked for. */
async function serve(content: Buffer | number, cut?: number): Promise<{ url: string; ranges: (string | undefined)[] }> {
  const ranges: (string | undefined)[] = [];
  const url = await listen((request, response) => {
    ranges.push(request.headers.range);
    if (typeof content === 'number') {
      response.writeHead(content).end();
      return;
    }
    const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
    if (cut !== undefined && ranges.length === 1) response.write(content.subarray(0, cut), () => response.destroy());
    else response.end(content.subarray(from));
  });
  return { url, ranges };
}

describe('an archive at TSTORCH_LIBTORCH_URL', () => {
  test('is downloaded and what is needed of it unpacked into the cache', async () => {
    const { url } = await serve(archive());
    vi.stubEnv('TSTORCH_LIBTORCH_URL', url);
    const libtorch = await install_libtorch('9.9.1');
    expect(libtorch).toMatchObject({ root: join(scratch, 'cache', 'libtorch-9.9.1-cpu'), version: '9.9.1+cpu' });
    expect(readdirSync(libtorch.root).sort()).toEqual(['build-version', 'include', 'lib']);
    expect(readdirSync(join(libtorch.root, 'lib'))).toEqual([LIBRARY]);
    expect(readFileSync(join(libtorch.root, 'lib', LIBRARY)).equals(CONTENT)).toBe(true);
    expect(readFileSync(join(libtorch.root, 'include', 'ATen', 'ATen.h'), 'utf8')).toBe('#pragma once\n');
    expect(readdirSync(join(scratch, 'cache'))).toEqual(['libtorch-9.9.1-cpu']);
  });

  test('goes on where the connection was cut', async () => {
    const { url, ranges } = await serve(archive(), 5_000_000);
    vi.stubEnv('TSTORCH_LIBTORCH_URL', url);
    await expect(install_libtorch('9.9.1')).resolves.toMatchObject({ version: '9.9.1+cpu' });
    expect(ranges).toHaveLength(2);
    expect(ranges[0]).toBeUndefined();
    expect(ranges[1]).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test('may be a file', async () => {
    const path = join(scratch, 'libtorch.zip');
    writeFileSync(path, archive());
    vi.stubEnv('TSTORCH_LIBTORCH_URL', path);
    await expect(install_libtorch('9.9.1')).resolves.toMatchObject({ version: '9.9.1+cpu' });
  });

  test('may be a wheel', async () => {
    const path = join(scratch, 'torch-9.9.1.whl');
    const wheel = zip({
      'torch/version.py': "__version__ = '9.9.1+cpu'\n",
      [`torch/lib/${LIBRARY}`]: 'library',
      'torch/nn/__init__.py': 'for Python alone',
      'torch-9.9.1+cpu.dist-info/licenses/LICENSE': 'terms',
    });
    writeFileSync(path, wheel);
    vi.stubEnv('TSTORCH_LIBTORCH_URL', path);
    const { root } = await install_libtorch('9.9.1');
    expect(readdirSync(root).sort()).toEqual(['lib', 'licenses', 'version.py']);
  });

  async function failure_of(content: Buffer | number): Promise<string> {
    const { url } = await serve(content);
    vi.stubEnv('TSTORCH_LIBTORCH_URL', url);
    const error = await install_libtorch('9.9.1').then(
      () => null,
      (reason: Error) => reason,
    );
    // Nothing half done stays behind.
    mkdirSync(join(scratch, 'cache'), { recursive: true });
    expect(readdirSync(join(scratch, 'cache'))).toEqual([]);
    return error!.message;
  }

  test('of another version is refused', async () => {
    expect(await failure_of(archive('9.8.0+cpu'))).toContain('holds LibTorch 9.8.0+cpu, not 9.9.1');
  });

  test('with a changed byte is refused', async () => {
    const content = archive();
    const at = content.indexOf('#pragma once');
    expect(at).toBeGreaterThan(0);
    content[at] = 64;
    expect(await failure_of(content)).toContain('libtorch/include/ATen/ATen.h in ');
  });

  test('that is no archive is refused', async () => {
    expect(await failure_of(Buffer.from('<html>sign in</html>'))).toContain('is not a complete zip file');
  });

  test('that leads out of its folder is refused', async () => {
    expect(await failure_of(archive('9.9.1', { 'libtorch/include/../../../escaped': 'x' }))).toContain(
      'leads out of its folder',
    );
  });

  test('for a GPU is refused', async () => {
    const cuda = LIBRARY.replace('torch_cpu', 'torch_cuda');
    expect(await failure_of(archive('9.9.1+cu999', { [`libtorch/lib/${cuda}`]: 'x' }))).toContain(
      'holds a build for a GPU',
    );
  });

  test('for which the disk has no room is refused before it is downloaded', async () => {
    let asked = 0;
    const url = await listen((_request, response) => {
      asked++;
      response.writeHead(200, { 'content-length': 5e15 }).write('the beginning');
    });
    vi.stubEnv('TSTORCH_LIBTORCH_URL', url);
    await expect(install_libtorch('9.9.1')).rejects.toThrow(
      /needs 5000000\.2 GB of disk space and has \d+\.\d GB: make room there, or set TSTORCH_CACHE to a folder on another disk/,
    );
    expect(asked).toBe(1);
    expect(readdirSync(join(scratch, 'cache')).filter((name) => name.startsWith('libtorch'))).toEqual([]);
  });

  test('that is not there is one sentence with the remedies', async () => {
    const message = await failure_of(404);
    expect(message).toMatch(
      /^LibTorch 9\.9\.1 could not be obtained \(TSTORCH_LIBTORCH_URL: HTTP 404\): set TSTORCH_LIBTORCH to .*\.$/,
    );
  });
});

describe('npx tstorch install', () => {
  const CUDA = LIBRARY.replace('torch_cpu', 'torch_cuda');

  test('takes a build for CUDA where one is asked for, with the libraries beside it', async () => {
    const path = join(scratch, 'torch-9.9.1.whl');
    const wheel = zip({
      'torch/version.py': "__version__ = '9.9.1+cu999'\n",
      [`torch/lib/${LIBRARY}`]: 'library',
      [`torch/lib/${CUDA}`]: 'library',
      'nvidia/cu99/lib/libcublas.so.99': 'library',
      'nvidia/cu99/include/cublas.h': 'not needed',
    });
    writeFileSync(path, wheel);
    const { root } = await install_libtorch('9.9.1', { variant: 'cu999', from: path });
    expect(root).toBe(join(scratch, 'cache', 'libtorch-9.9.1-cu999'));
    expect(readdirSync(join(root, 'lib')).sort()).toEqual(['libcublas.so.99', LIBRARY, CUDA].sort());
  });

  test.each([
    ['cu999', archive(), 'holds a build for the CPU'],
    ['cu998', archive('9.9.1+cu999', { [`libtorch/lib/${CUDA}`]: 'x' }), 'holds a build for cu999, not cu998'],
  ])('refuses another build than %s', async (variant, content, reason) => {
    const { url } = await serve(content);
    await expect(install_libtorch('9.9.1', { variant, from: url })).rejects.toThrow(reason);
  });

  test('checks the sum that an address ends with', async () => {
    const { url } = await serve(archive());
    const sum = createHash('sha256').update(archive()).digest('hex');
    const wrong = sum.replace(/^./, (digit) => (digit === '0' ? '1' : '0'));
    await expect(install_libtorch('9.9.1', { from: `${url}#sha256=${wrong}` })).rejects.toThrow(
      `its SHA-256 is ${sum}, not ${wrong}`,
    );
    await expect(install_libtorch('9.9.1', { from: `${url}#sha256=${sum}` })).resolves.toMatchObject({
      version: '9.9.1+cpu',
    });
  });
});
