/** `npm run quickstart`: brings the clone up to date, then trains. Arguments go to the example: `-- --epochs 2`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build_all } from './setup/build.mjs';
import { provide_fashion_mnist } from './setup/fashion_mnist.mjs';
import { BUILD, ROOT } from './setup/paths.mjs';
import { main } from './setup/run.mjs';
import { compile_examples } from './setup/typescript.mjs';

await main(async () => {
  const args = process.argv.slice(2);
  await build_all(compile_examples);
  if (!args.includes('--help')) await provide_fashion_mnist();
  const script = join(BUILD, 'examples', 'quickstart.js');
  const result = spawnSync(process.execPath, [script, ...args], { cwd: ROOT, stdio: 'inherit' });
  return result.status ?? 1;
});
