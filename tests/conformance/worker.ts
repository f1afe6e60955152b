/**
 * Replays bundles of operators or modules in a process of its own, since a sample may end it:
 * `node worker.js FOLDER FILE[:FIRST]...`. Writes a line of JSON for each sample, [file, number, outcome].
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { type Bundle, type ModuleSample, read_bundle, type Sample } from './bundle.ts';
import { replay_module } from './modules.ts';
import { replay } from './replay.ts';

const [folder, ...files] = process.argv.slice(2) as [string, ...string[]];

function say(line: unknown): void {
  let text = Buffer.from(`${JSON.stringify(line)}\n`);
  while (text.length > 0) {
    try {
      text = text.subarray(writeSync(1, text));
    } catch (error) {
      // The pipe is full until its reader has caught up.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
}

type AnySample = Sample | ModuleSample;

function replay_any(bundle: Bundle<AnySample>, sample: AnySample): unknown {
  return 'make' in sample
    ? replay_module(bundle as Bundle<ModuleSample>, sample)
    : replay(bundle as Bundle<Sample>, sample);
}

for (const argument of files) {
  const [file, first = '0'] = argument.split(':') as [string, string?];
  const bundle = read_bundle<AnySample>(join(folder, file));
  const { samples } = bundle.ops[0]!;
  for (let i = Number(first); i < samples.length; i++) say([file, i, replay_any(bundle, samples[i]!)]);
  say([file, -1]);
}
