/**
 * Puts the package's JavaScript together: one file for each path that can be imported, and shared ones in
 * dist/chunks. Node opens a few dozen files several times as fast as hundreds, which is a good part of the time that
 * an import takes.
 *
 * All of it is CommonJS, which both `require` and `import` can load on every Node: beside each index.js an index.mjs
 * gives `import` the same objects by name, so that a process has one library however its modules ask for it.
 */
import { existsSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { DIST, ROOT } from './paths.mjs';
import { files_below } from './stamps.mjs';

const LIB = join(ROOT, 'lib');

/** What has to run without LibTorch, in a process or thread of its own for instance. */
const PROGRAMS = [
  'cli/main.ts',
  'loader.ts',
  'libtorch/install.ts',
  'hub/fetch_file.ts',
  'utils/data/_utils/worker_main.ts',
];

/** Besides these and every index.ts: what the set-up's tests look into. */
const OTHER_ENTRIES = ['ops.ts'];

/** Packages that can only be imported, so that they have to become part of the bundle, by their names' beginnings. */
const BUNDLED = /^(d3-|internmap)/;

/** The inputs of the bundle by the name of what comes out. */
function entries() {
  const indexes = files_below(LIB)
    .map((file) => relative(LIB, file))
    .filter((file) => /(^|\/)index\.ts$/.test(file));
  return Object.fromEntries([...indexes, ...PROGRAMS, ...OTHER_ENTRIES].map((file) => [file.slice(0, -'.ts'.length), join(LIB, file)]));
}

/** Writes what `import` loads in the place of an index.js, and its types: the same, as a module. */
function write_module({ fileName, facadeModuleId, exports }) {
  const file = basename(fileName, '.js');
  const target = join(DIST, dirname(fileName), file);
  const names = exports.filter((name) => name !== 'default');
  const code = [
    // Node takes a good deal longer to import CommonJS than to require it.
    "import { createRequire } from 'node:module';",
    `const library = createRequire(import.meta.url)('./${file}.js');`,
    // Numbered, since not every name that can be exported can be declared.
    `const { ${names.map((name, i) => `${name}: $${i}`).join(', ')} } = library;`,
    `export { ${names.map((name, i) => `$${i} as ${name}`).join(', ')} };`,
  ];
  const types = [`export * from './${file}.js';`];
  if (exports.includes('default')) {
    // To TypeScript the default of a CommonJS module is all of it; so what is exported by name too is taken by that.
    const name = /^export default (\w+);$/m.exec(readFileSync(facadeModuleId, 'utf8'))?.[1];
    if (!names.includes(name)) throw new Error(`${facadeModuleId} exports its default by no name`);
    code.push(`export default $${names.indexOf(name)};`);
    types.push(`import { ${name} } from './${file}.js';`, `export default ${name};`);
  }
  writeFileSync(`${target}.mjs`, `${code.join('\n')}\n`);
  writeFileSync(`${target}.d.mts`, `${types.join('\n')}\n`);
}

/** The folder of the package that a bundled file comes from. */
function package_of(file) {
  let folder = dirname(file);
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder);
  return folder;
}

/** Writes the licences of what is bundled to dist/LICENSES.txt. */
function write_licences(modules) {
  const folders = new Set(modules.filter((file) => file.includes('node_modules')).map(package_of));
  const texts = [...folders].sort().map((folder) => {
    const { name, version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
    const licence = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file));
    return `${name} ${version}\n\n${readFileSync(join(folder, licence), 'utf8').trim()}\n`;
  });
  writeFileSync(join(DIST, 'LICENSES.txt'), `Packages of which parts are in these files.\n\n${texts.join('\n\n')}`);
}

/** A plugin that notes which modules the programs import, and which the package's main entry. */
function note_modules({ programs, main }) {
  return {
    name: 'note-modules',
    buildEnd() {
      const visit = (id, seen) => {
        for (const imported of this.getModuleInfo(id)?.importedIds ?? []) {
          if (seen.has(imported)) continue;
          seen.add(imported);
          visit(imported, seen);
        }
      };
      for (const file of PROGRAMS) visit(join(LIB, file), programs);
      visit(join(LIB, 'index.ts'), main);
    },
  };
}

export async function bundle_package() {
  const { rolldown } = await import('rolldown');
  for (const file of files_below(DIST)) if (/\.(m?js(\.map)?|d\.mts)$/.test(file)) rmSync(file);
  const needed = { programs: new Set(), main: new Set() };
  const bundle = await rolldown({
    input: entries(),
    plugins: [note_modules(needed)],
    platform: 'node',
    // What is not part of the package is looked up where it is installed.
    external: (name) => !/^[./]/.test(name) && !BUNDLED.test(name),
    // Modules that add methods to a class are imported for that alone.
    treeshake: { moduleSideEffects: (file) => !file.includes('node_modules') },
    preserveEntrySignatures: 'exports-only',
    tsconfig: false,
  });
  const { output } = await bundle.write({
    dir: DIST,
    format: 'cjs',
    exports: 'named',
    // Errors and reprs show the names of classes and functions.
    keepNames: true,
    chunkFileNames: 'chunks/[name]-[hash].js',
    // What the main entry needs is one file: what is in one file is called without asking another one's exports.
    codeSplitting: {
      groups: [
        { name: 'programs', test: (id) => needed.programs.has(id), priority: 1 },
        { name: 'torch', test: (id) => needed.main.has(id) },
      ],
    },
  });
  await bundle.close();
  const chunks = output.filter(({ type }) => type === 'chunk');
  for (const chunk of chunks) if (chunk.isEntry && chunk.exports.length > 0) write_module(chunk);
  write_licences(chunks.flatMap(({ moduleIds }) => moduleIds));
  writeFileSync(join(DIST, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
}
