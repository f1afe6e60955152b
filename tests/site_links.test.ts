/** What `npm run docs` checks before it is content with the site: scripts/docs/links.mjs. */
import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

const script = pathToFileURL(resolve(import.meta.dirname, '../scripts/docs/links.mjs')).href;
const { broken_links } = (await import(script)) as {
  broken_links: (folder: string) => { pages: number; count: number; broken: string[] };
};

test('links that lead nowhere are found', () => {
  const folder = mkdtempSync(join(tmpdir(), 'tstorch-site-'));
  try {
    mkdirSync(join(folder, 'a b'));
    writeFileSync(
      join(folder, 'index.html'),
      '<a href="a%20b/page.html#there">1</a><a href="a%20b/page.html#gone">2</a><a href="gone.html">3</a>' +
        '<a href="https://example.org/gone">4</a><a href="#here">5</a><p id="here"></p><img src="gone.png">',
    );
    writeFileSync(join(folder, 'a b', 'page.html'), '<p id="there"></p><a href="..">up</a><a href="../index.html#here">');
    expect(broken_links(folder)).toEqual({
      pages: 2,
      count: 8,
      broken: ['index.html: a%20b/page.html#gone', 'index.html: gone.html', 'index.html: gone.png'],
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
