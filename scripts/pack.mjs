/** `npm run pack`: brings the clone up to date and makes the packages that are published, as files in build/packages. */
import { build_all } from './setup/build.mjs';
import { main } from './setup/run.mjs';
import { make_packages } from './package/packages.mjs';

await main(async () => {
  await build_all();
  for (const { file, size, unpacked } of await make_packages()) {
    console.log(`${file}  ${(size / 1e6).toFixed(1)} MB, ${(unpacked / 1e6).toFixed(1)} MB unpacked`);
  }
});
