/** `npm run docs`: builds the site of the guide and the whole API into build/site, and checks its links. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { broken_links } from './docs/links.mjs';
import { prepare_pages } from './docs/pages.mjs';
import { build_all } from './setup/build.mjs';
import { BUILD, ROOT } from './setup/paths.mjs';
import { announce, main, run, run_node, SetupError } from './setup/run.mjs';

const TOOLS = join(ROOT, 'scripts', 'docs');
const SITE = join(BUILD, 'site');

/** TypeDoc and the TypeScript that it works with, apart from the package's own. */
function install_tools() {
  const wanted = readFileSync(join(TOOLS, 'package-lock.json'), 'utf8');
  const version = (name) => JSON.parse(wanted).packages[`node_modules/${name}`].version;
  const installed = (name) => {
    const path = join(TOOLS, 'node_modules', name, 'package.json');
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : null;
  };
  if (['typedoc', 'typescript'].every((name) => installed(name) === version(name))) return;
  announce('Installing TypeDoc');
  const command = ['ci', '--no-audit', '--no-fund', '--prefix', TOOLS];
  run('npm', command, "TypeDoc could not be installed: see npm's message above.");
}

await main(async () => {
  await build_all();
  install_tools();
  const { home, documents } = prepare_pages(join(BUILD, 'site_pages'));
  announce('Building the site (about a minute)');
  rmSync(SITE, { recursive: true, force: true });
  const options = ['--options', join(TOOLS, 'typedoc.json'), '--out', SITE, '--readme', home];
  for (const path of documents) options.push('--projectDocuments', path);
  run_node(join(TOOLS, 'node_modules', 'typedoc', 'bin', 'typedoc'), options, 'The site could not be built: see above.');
  const { pages, count, broken } = broken_links(SITE);
  if (broken.length > 0) {
    const shown = broken.slice(0, 30).join('\n  ');
    throw new SetupError(`${broken.length} of the site's links lead nowhere:\n  ${shown}`);
  }
  announce(`${pages} pages with ${count} links, all of which lead somewhere: ${join(SITE, 'index.html')}`);
});
