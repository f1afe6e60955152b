/** `npm run build`: brings the clone up to date. With `native` or `ts` as an argument only that half of it. */
import { build_addon, build_all, build_package } from './setup/build.mjs';
import { main } from './setup/run.mjs';

const PARTS = { native: build_addon, ts: build_package };

await main(() => (PARTS[process.argv[2]] ?? build_all)());
