/** The npm packages of package-lock.json. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.mjs';
import { announce, run } from './run.mjs';

function packages_in(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return null;
  }
}

/** Is what npm notes as installed what the lock file asks for? */
function up_to_date() {
  const wanted = packages_in(join(ROOT, 'package-lock.json'));
  const installed = packages_in(join(ROOT, 'node_modules', '.package-lock.json'));
  if (wanted === null || installed === null) return false;
  for (const [path, entry] of Object.entries(wanted)) {
    if (path === '') continue;
    const there = installed[path];
    // What is optional may be for another platform.
    if (there === undefined ? !entry.optional : there.version !== entry.version) return false;
  }
  return true;
}

/** Installs them, unless they are there. */
export function install_packages() {
  if (up_to_date()) return;
  announce('Installing npm packages');
  run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], "The npm packages could not be installed: see npm's message above.");
}
