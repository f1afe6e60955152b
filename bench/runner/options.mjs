/** The command line of `npm run bench`. */
import { parseArgs } from 'node:util';
import { GROUPS } from '../groups.mjs';

const NAMES = Object.keys(GROUPS);
/** With fewer, the medians are for a quick look and not for keeping. */
const USUAL_ROUNDS = 15;

export const HELP = `npm run bench -- [group ...] [options]

Measures tstorch beside Python's PyTorch. Groups: ${NAMES.join(', ')}; all of them without a name.

  --rounds N     samples of each case on each side (${USUAL_ROUNDS})
  --threads N    threads that each operator may use, on both sides (1)
  --only TEXT    only the cases whose name contains TEXT
  --json FILE    writes the figures to FILE
  --page FILE    measures nothing: writes the page and the charts in bench/results again, from the figures in FILE
  --no-build     measures what was built last
  --help         this text

All groups with at least ${USUAL_ROUNDS} rounds and one thread are also kept in bench/results.
TSTORCH_PYTHON names the Python to compare with; it has to have the PyTorch of tstorch's LibTorch.
`;

function positive(text, option) {
  const number = Number(text);
  if (Number.isInteger(number) && number > 0) return number;
  throw new Error(`${option} takes a whole number above 0, not '${text}'`);
}

export function read_options(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: String(USUAL_ROUNDS) },
      threads: { type: 'string', default: '1' },
      only: { type: 'string', default: '' },
      json: { type: 'string' },
      page: { type: 'string' },
      'no-build': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  for (const name of positionals) {
    if (!NAMES.includes(name)) throw new Error(`there is no group '${name}'; there are ${NAMES.join(', ')}`);
  }
  const groups = positionals.length > 0 ? NAMES.filter((name) => positionals.includes(name)) : NAMES;
  const rounds = positive(values.rounds, '--rounds');
  const threads = positive(values.threads, '--threads');
  return {
    groups,
    rounds,
    threads,
    only: values.only,
    json: values.json ?? null,
    page: values.page ?? null,
    build: !values['no-build'],
    help: values.help,
    complete: groups.length === NAMES.length && rounds >= USUAL_ROUNDS && threads === 1 && values.only === '',
  };
}
