/** Checks that the site's links to itself lead somewhere: to a file that is there and, behind `#`, to an id in it. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { files_below } from '../setup/stamps.mjs';

/** The values of an attribute, or of several (`href|src`). */
function values_of(attribute, html) {
  return [...html.matchAll(new RegExp(`\\s(?:${attribute})="([^"]*)"`, 'g'))].map(([, value]) => value);
}

function decoded(text) {
  return decodeURIComponent(text.replaceAll('&amp;', '&'));
}

/** How many pages and links there are in `folder`, and the broken ones as "page: link". */
export function broken_links(folder) {
  const pages = new Map(
    files_below(folder)
      .filter((path) => path.endsWith('.html'))
      .map((path) => {
        const html = readFileSync(path, 'utf8');
        const ids = new Set(values_of('id|name', html).map((id) => id.replaceAll('&amp;', '&')));
        const links = new Set(values_of('href|src', html));
        return [path, { ids, links }];
      }),
  );
  const broken = [];
  for (const [path, { links }] of pages) {
    for (const link of links) {
      if (/^([a-z]+:|\/\/)/i.test(link)) continue;
      const [file, anchor] = link.split('#');
      let target = file ? resolve(dirname(path), decoded(file)) : path;
      if (existsSync(target) && statSync(target).isDirectory()) target = join(target, 'index.html');
      const found = existsSync(target) && (!anchor || !pages.has(target) || pages.get(target).ids.has(decoded(anchor)));
      if (!found) broken.push(`${relative(folder, path)}: ${link}`);
    }
  }
  return { count: [...pages.values()].reduce((sum, { links }) => sum + links.size, 0), pages: pages.size, broken };
}
