/** `torch.hub`: files of parameters are downloaded once, checked, and loaded; models take them. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import torch, { hub } from 'tstorch';
import { models } from 'tstorch/torchvision';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';

const root = mkdtempSync(join(tmpdir(), 'tstorch-hub-'));
const served = join(root, 'served');
mkdirSync(served);
let made = 0;
const folder = (): string => join(root, String(made++));

/** Puts an object where the server finds it, under a name with the digits of its sum. */
function serve(value: unknown, name = 'weights', digits?: string): string {
  const bytes = torch.save(value);
  const sum = createHash('sha256').update(bytes).digest('hex').slice(0, 8);
  const file = `${name}-${digits ?? sum}.pth`;
  writeFileSync(join(served, file), bytes);
  return file;
}

// The call waits for the download, so the server needs a process of its own.
let server: ChildProcess;
let address = '';
beforeAll(async () => {
  const program = `
    const { existsSync, readFileSync } = require('node:fs'), { join } = require('node:path');
    const server = require('node:http').createServer((request, response) => {
      const path = join(process.argv[1], request.url);
      if (existsSync(path)) response.end(readFileSync(path));
      else response.writeHead(404).end();
    }).listen(0, '127.0.0.1', () => console.log(server.address().port));`;
  server = spawn(process.execPath, ['-e', program, served], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve) =>
    server.stdout!.once('data', (data) => resolve(String(data).trim())),
  );
  address = `http://127.0.0.1:${port}`;
});
const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
afterEach(() => {
  for (const [key, value] of Object.entries({ TORCH_HOME, XDG_CACHE_HOME })) {
    if (value === undefined) Reflect.deleteProperty(process.env, key);
    else process.env[key] = value;
  }
});
afterAll(() => {
  server.kill();
  rmSync(root, { recursive: true, force: true });
});

test('the folder is where Python has it', () => {
  Reflect.deleteProperty(process.env, 'TORCH_HOME');
  Reflect.deleteProperty(process.env, 'XDG_CACHE_HOME');
  expect(hub.get_dir()).toBe(join(homedir(), '.cache/torch/hub'));
  process.env['XDG_CACHE_HOME'] = '/cache';
  expect(hub.get_dir()).toBe('/cache/torch/hub');
  process.env['TORCH_HOME'] = '/home/of/torch';
  expect(hub.get_dir()).toBe('/home/of/torch/hub');
});

test('a file is downloaded once and loaded', () => {
  process.env['TORCH_HOME'] = folder();
  const file = serve({ weight: torch.arange(3) });
  const url = `${address}/${file}`;
  const loaded = hub.load_state_dict_from_url(url, { progress: false, check_hash: true }) as { weight: torch.Tensor };
  expect(loaded.weight.tolist()).toEqual([0, 1, 2]);
  const kept = join(hub.get_dir(), 'checkpoints', file);
  expect(readFileSync(kept).length).toBeGreaterThan(0);
  rmSync(join(served, file));
  expect(Object.keys(hub.load_state_dict_from_url(url) as object)).toEqual(['weight']);
});

test('another folder, another name', () => {
  const model_dir = folder();
  const url = `${address}/${serve({ a: 1 }, 'other')}`;
  expect(hub.load_state_dict_from_url(url, { model_dir, file_name: 'mine.pth', progress: false })).toEqual({ a: 1 });
  expect(readdirSync(model_dir)).toEqual(['mine.pth']);
});

test('what is not what its name says is not kept', () => {
  const model_dir = folder();
  const url = `${address}/${serve({ a: 1 }, 'bad', '0123abcd')}`;
  const load = (): unknown => hub.load_state_dict_from_url(url, { model_dir, progress: false, check_hash: true });
  expect(load).toThrow(/^invalid hash value \(expected "0123abcd", got "[0-9a-f]{64}"\)$/);
  expect(readdirSync(model_dir)).toEqual([]);
  expect(() => hub.load_state_dict_from_url(`${address}/missing.pth`, { model_dir })).toThrow('HTTP Error 404');
  expect(readdirSync(model_dir)).toEqual([]);
});

test('a model takes its weights', () => {
  process.env['TORCH_HOME'] = folder();
  const checkpoints = join(hub.get_dir(), 'checkpoints');
  mkdirSync(checkpoints, { recursive: true });
  torch.manual_seed(1);
  const trained = models.squeezenet1_1();
  const weights = models.SqueezeNet1_1_Weights.IMAGENET1K_V1;
  // As if it had been downloaded.
  torch.save(trained.state_dict(), join(checkpoints, new URL(weights.url).pathname.split('/').at(-1)!));
  const image = torch.randn(1, 3, 64, 64);
  for (const given of [weights, 'DEFAULT', 'SqueezeNet1_1_Weights.IMAGENET1K_V1']) {
    const model = models.squeezenet1_1({ weights: given });
    expect(torch.equal(model.eval()(image), trained.eval()(image))).toBe(true);
  }
  expect([...weights.get_state_dict().keys()]).toEqual([...trained.state_dict().keys()]);
});

test('old names within DenseNet files, auxiliary heads of GoogLeNet', () => {
  process.env['TORCH_HOME'] = folder();
  const checkpoints = join(hub.get_dir(), 'checkpoints');
  mkdirSync(checkpoints, { recursive: true });
  const keep = (url: string, state: unknown): void => {
    torch.save(state, join(checkpoints, new URL(url).pathname.split('/').at(-1)!));
  };
  const dense = models.densenet121();
  // Such files are also from before batches were counted.
  const old = Object.fromEntries(
    [...dense.state_dict()]
      .filter(([key]) => !key.endsWith('num_batches_tracked'))
      .map(([key, value]) => [key.replace(/(denselayer\d+\.(?:norm|conv))([12])/, '$1.$2'), value]),
  );
  keep(models.DenseNet121_Weights.DEFAULT.url, old);
  const loaded = models.densenet121({ weights: 'DEFAULT' });
  const name = 'features.denseblock1.denselayer2.conv1.weight';
  expect(torch.equal(loaded.get_parameter(name), dense.get_parameter(name))).toBe(true);

  const google = models.googlenet({ init_weights: false });
  keep(models.GoogLeNet_Weights.DEFAULT.url, google.state_dict());
  const without = models.googlenet({ weights: 'DEFAULT' });
  expect([without.aux1, without.aux_logits, without.transform_input]).toEqual([null, false, true]);
  expect(String(without)).toContain('(aux1): None');
  expect(models.googlenet({ weights: 'DEFAULT', aux_logits: true }).aux1).not.toBeNull();
});
