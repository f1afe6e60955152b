/** `npm test`: brings the clone up to date, then runs the tests. Arguments go to vitest: `npm test -- tests/loader`. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build_all } from './setup/build.mjs';
import { provide_fashion_mnist } from './setup/fashion_mnist.mjs';
import { ROOT } from './setup/paths.mjs';
import { main } from './setup/run.mjs';
import { check_tests, compile_examples } from './setup/typescript.mjs';

await main(async () => {
  await build_all(check_tests, compile_examples);
  await provide_fashion_mnist();
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const result = spawnSync(process.execPath, [vitest, 'run', ...process.argv.slice(2)], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  return result.status ?? 1;
});
