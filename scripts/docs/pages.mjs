/**
 * Prepares the guide for the site: README.md, CONTRIBUTING.md and docs/*.md, copied into one folder. Their links to one
 * another lead to the copies; links to other files of the repository become the file's path, since the site has pages
 * only.
 */
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join, posix } from 'node:path';
import { ROOT } from '../setup/paths.mjs';

/** The pages in the order in which they are read; what is not named comes after them. */
const ORDER = [
  'getting_started', 'installing', 'porting', 'memory', 'gpus', 'data_loading', 'pyplot', 'deployment',
  'troubleshooting', 'performance', 'CONTRIBUTING',
];

/** Records of how much of PyTorch is there and does the same. */
const RECORDS = ['surface', 'operators', 'modules'];

function position(name) {
  const index = ORDER.indexOf(name);
  return index < 0 ? ORDER.length : index;
}

/** The pages, by path in the repository. */
function sources() {
  const docs = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
  return ['CONTRIBUTING.md', ...docs.map((name) => `docs/${name}`)];
}

/** Rewrites the links of a page at `path`; `pages` gives the copies by their paths. */
function with_links(text, path, pages) {
  return text.replace(/(?<!!)\[([^\]]*)\]\(([^)\s]+)\)/g, (whole, label, target) => {
    if (/^([a-z]+:|#)/.test(target)) return whole;
    const [file, anchor] = target.split('#');
    const full = posix.join(posix.dirname(path), file);
    if (pages.has(full)) return `[${label}](./${pages.get(full)}${anchor ? `#${anchor}` : ''})`;
    return label.includes(full) || label.startsWith('`') ? label : `${label} (\`${full}\`)`;
  });
}

function without_heading(text) {
  return text.replace(/^# .*\n+/, '');
}

/** Writes the copies to `folder`. Gives the home page and the others, in order. */
export function prepare_pages(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const paths = sources();
  const pages = new Map([...paths, 'README.md'].map((path) => [path, basename(path)]));
  const read = (path) => with_links(readFileSync(join(ROOT, path), 'utf8'), path, pages);
  const write = (path, text) => {
    const copy = join(folder, pages.get(path));
    writeFileSync(copy, text);
    return copy;
  };
  const name_of = (path) => basename(path, '.md');
  const documents = paths
    .sort((a, b) => position(name_of(a)) - position(name_of(b)))
    .map((path) => {
      const text = read(path);
      const heading = /^# (.*)$/m.exec(text)[1].replaceAll('`', '');
      const is_record = RECORDS.includes(name_of(path));
      const [title, group] = is_record ? [`Record: ${heading}`, 'Records'] : [heading, 'Guide'];
      return write(path, `---\ntitle: ${JSON.stringify(title)}\ngroup: ${group}\n---\n${text}`);
    });
  return { home: write('README.md', without_heading(read('README.md'))), documents };
}
