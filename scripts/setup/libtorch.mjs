/** LibTorch for this clone: found on the machine, or downloaded into the user's cache. */
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BOOTSTRAP, ROOT } from './paths.mjs';
import { announce, SetupError } from './run.mjs';

async function library(name) {
  return import(pathToFileURL(join(BOOTSTRAP, 'libtorch', `${name}.js`)).href);
}

/** What tells one LibTorch from another, for the steps that depend on it. */
export function identity_of(libtorch, { library_path }) {
  const { size, mtimeMs } = statSync(library_path(libtorch.root, 'torch_cpu'));
  return `${libtorch.root} ${libtorch.version} ${size} ${mtimeMs}`;
}

/** A LibTorch to compile with: the pinned version, or whatever new enough one TSTORCH_LIBTORCH names. */
export async function obtain_libtorch() {
  const search = await library('search');
  const { recorded_libtorch } = await library('record');
  const { PINNED_VERSION, OLDEST_VERSION, FROM_ENVIRONMENT } = search;
  const found = (libtorch) => ({ ...libtorch, identity: identity_of(libtorch, search) });
  const has_headers = (libtorch) => existsSync(join(libtorch.root, 'include', 'ATen', 'ATen.h'));

  const chosen = search.libtorch_from_environment();
  if (chosen) {
    if (!has_headers(chosen))
      throw new SetupError(`TSTORCH_LIBTORCH (${chosen.root}) has no include/ATen/ATen.h to compile with.`);
    if (chosen.version !== null && !search.at_least(chosen.version, OLDEST_VERSION)) {
      throw new SetupError(
        `TSTORCH_LIBTORCH (${chosen.root}) holds LibTorch ${chosen.version}, but tstorch needs ` +
          `${OLDEST_VERSION} or newer.`,
      );
    }
    return found(chosen);
  }

  const fits = (libtorch) =>
    libtorch.version !== null && search.same_version(libtorch.version, PINNED_VERSION) && has_headers(libtorch);
  const recorded = recorded_libtorch(ROOT);
  if (recorded && recorded.source !== FROM_ENVIRONMENT && fits(recorded)) return found(recorded);
  for (const candidate of search.installed_libtorchs(ROOT)) {
    if (!fits(candidate)) continue;
    announce(`Using LibTorch ${candidate.version} in ${candidate.root} (${candidate.source})`);
    return found(candidate);
  }
  announce(`Obtaining LibTorch ${PINNED_VERSION} for ${search.cache_dir()}`);
  const { install_libtorch } = await library('install');
  return found(await install_libtorch(PINNED_VERSION));
}

/** Notes for the loader what the addon was built with. */
export async function record(libtorch) {
  (await library('record')).record_libtorch(ROOT, libtorch);
}
