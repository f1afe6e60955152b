/** Compiles the addon alone, against the LibTorch that TSTORCH_LIBTORCH names; the TypeScript is compiled already. */
import { obtain_libtorch } from '../setup/libtorch.mjs';
import { build_native } from '../setup/native.mjs';
import { main } from '../setup/run.mjs';

await main(async () => build_native(await obtain_libtorch()));
