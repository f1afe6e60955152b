/**
 * `torch.hub`: getting the parameters of trained models. Files are kept where Python's PyTorch keeps them, so both use
 * what either has downloaded. Running code from repositories, as `torch.hub.load` does, is not supported.
 *
 * @see https://docs.pytorch.org/docs/stable/hub.html
 */
import { createHash, randomUUID } from 'node:crypto';
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { type Arguments, signature } from '../arguments.ts';
import { RuntimeError, TypeError } from '../errors.ts';
import { expand_user } from '../expand_user.ts';
import { type_name } from '../repr.ts';
import { type LoadOptions, load as load_file } from '../serialization/index.ts';
import { fetch_file } from './fetch.ts';

/** The folder that `set_dir` has set. */
let hub_dir: string | null = null;

/**
 * The folder that downloaded files are kept below: what `set_dir` was given, or else `$TORCH_HOME/hub`, where
 * `TORCH_HOME` is `$XDG_CACHE_HOME/torch` or `~/.cache/torch` if it is not set.
 * @see https://docs.pytorch.org/docs/stable/hub.html#torch.hub.get_dir
 */
export function get_dir(): string {
  if (hub_dir !== null) return hub_dir;
  const { TORCH_HOME, XDG_CACHE_HOME } = process.env;
  return join(expand_user(TORCH_HOME ?? join(XDG_CACHE_HOME ?? '~/.cache', 'torch')), 'hub');
}

/**
 * Sets the folder that downloaded files are kept below.
 * @see https://docs.pytorch.org/docs/stable/hub.html#torch.hub.set_dir
 */
export function set_dir(d: string): void {
  if (typeof d !== 'string') throw new TypeError(`set_dir(): argument 'd' must be str, not ${type_name(d)}`);
  hub_dir = expand_user(d);
}

/** A file's SHA-256 sum in hexadecimal digits. */
function sha256_of(path: string): string {
  const hash = createHash('sha256');
  const chunk = Buffer.allocUnsafe(1 << 20);
  const fd = openSync(path, 'r');
  try {
    for (let count; (count = readSync(fd, chunk)) > 0; ) hash.update(chunk.subarray(0, count));
  } finally {
    closeSync(fd);
  }
  return hash.digest('hex');
}

/** Arguments of {@link download_url_to_file}. */
export interface DownloadOptions {
  /** Where the file is. */
  url: string;
  /** The path that it is kept at. */
  dst: string;
  /** What its SHA-256 sum begins with; not looked at if null (default: null). */
  hash_prefix?: string | null;
  /** Show how far it has come, on the error stream (default: true)? */
  progress?: boolean;
}
const download_arguments = signature<DownloadOptions>('download_url_to_file', [
  'url',
  'dst',
  ['hash_prefix', null],
  ['progress', true],
]);

/**
 * Downloads a file. Nothing half done is left behind.
 * @throws RuntimeError if it cannot be had, or is not what its sum says
 * @see https://docs.pytorch.org/docs/stable/hub.html#torch.hub.download_url_to_file
 */
export function download_url_to_file(
  ...args: Arguments<DownloadOptions, ['url', 'dst', 'hash_prefix', 'progress']>
): void {
  const { url, dst, hash_prefix, progress } = download_arguments(args);
  if (typeof url !== 'string') throw new TypeError(`download_url_to_file(): argument 'url' must be str, not ${type_name(url)}`);
  if (typeof dst !== 'string') throw new TypeError(`download_url_to_file(): argument 'dst' must be str, not ${type_name(dst)}`);
  const target = resolve(expand_user(dst));
  const part = `${target}.${randomUUID().replaceAll('-', '')}.partial`;
  try {
    fetch_file(url, part, progress);
    if (hash_prefix !== null) {
      const digest = sha256_of(part);
      if (!digest.startsWith(hash_prefix)) {
        throw new RuntimeError(`invalid hash value (expected "${hash_prefix}", got "${digest}")`);
      }
    }
    renameSync(part, target);
  } finally {
    rmSync(part, { force: true });
  }
}

/** Arguments of {@link load_state_dict_from_url}. */
export interface LoadStateDictFromUrlOptions extends Pick<LoadOptions, 'map_location' | 'weights_only'> {
  /** Where the file is. */
  url: string;
  /** The folder that it is kept in; `checkpoints` below `get_dir()` if null (default: null). */
  model_dir?: string | null;
  /** Show how far a download has come (default: true)? */
  progress?: boolean;
  /** Must the file's sum begin with the digits in its name, as in `name-f37072fd.pth` (default: false)? */
  check_hash?: boolean;
  /** The name that it is kept under; that of the address if null (default: null). */
  file_name?: string | null;
}
type LoadNames = ['url', 'model_dir', 'map_location', 'progress', 'check_hash', 'file_name', 'weights_only'];
const load_arguments = signature<LoadStateDictFromUrlOptions>('load_state_dict_from_url', [
  'url',
  ['model_dir', null],
  ['map_location', null],
  ['progress', true],
  ['check_hash', false],
  ['file_name', null],
  ['weights_only', null],
]);

/**
 * Loads the object that a file holds, which is downloaded unless it is there already.
 * @throws RuntimeError if it cannot be had, or is not what its sum says
 * @see https://docs.pytorch.org/docs/stable/hub.html#torch.hub.load_state_dict_from_url
 */
export function load_state_dict_from_url(...args: Arguments<LoadStateDictFromUrlOptions, LoadNames>): unknown {
  const { url, model_dir, map_location, progress, check_hash, file_name } = load_arguments(args);
  if (typeof url !== 'string') throw new TypeError(`load_state_dict_from_url(): argument 'url' must be str, not ${type_name(url)}`);
  const folder = expand_user(model_dir ?? join(get_dir(), 'checkpoints'));
  mkdirSync(folder, { recursive: true });
  const name = file_name ?? basename(new URL(url).pathname);
  const cached = join(folder, name);
  if (!existsSync(cached)) {
    process.stderr.write(`Downloading: "${url}" to ${cached}\n`);
    const digits = check_hash ? /-([a-f0-9]*)\./.exec(name)?.[1] : undefined;
    download_url_to_file(url, cached, digits ?? null, progress);
  }
  return load_file(cached, { map_location });
}
