#!/usr/bin/env node
/** A program: `npx tstorch`. */
import { MANIFEST } from '../libtorch/search.ts';
import { doctor } from './doctor.ts';
import { describe_environment } from './environment.ts';
import { install } from './install.ts';

const HELP = `tstorch ${MANIFEST.version}

  npx tstorch doctor     what was found, what is wrong, and the command that mends it
  npx tstorch env        what a report of a bug needs
  npx tstorch install    downloads LibTorch into the cache
      --cpu              the build for the CPU (default)
      --cuda cu130       the build for a version of CUDA
      --from WHERE       a file or address of an archive or wheel (#sha256=… behind it is checked), or pip
`;

/** Runs a command; gives the exit status. */
async function run([command, ...args]: string[]): Promise<number> {
  switch (command) {
    case 'doctor':
      return doctor();
    case 'env':
      process.stdout.write(describe_environment());
      return 0;
    case 'install':
      return install(args);
    case '--version':
      process.stdout.write(`${MANIFEST.version}\n`);
      return 0;
    case undefined:
    case 'help':
    case '--help':
      process.stdout.write(HELP);
      return 0;
    default:
      throw new Error(`There is no command ${command}: see npx tstorch --help.`);
  }
}

run(process.argv.slice(2)).then(
  (status) => {
    process.exitCode = status;
  },
  (error: Error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  },
);
