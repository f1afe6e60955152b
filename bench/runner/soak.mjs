/** Runs the soak program and holds its figures against what is allowed. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../scripts/setup/paths.mjs';
import { progress } from './progress.mjs';

/** How much resident memory may rise above the start, in either loop. */
const ALLOWED_PEAK_MB = 600;
/**
 * How much higher it may be in the last quarter than in the first. Memory swings by some of the loop's own tensors, and
 * by a few megabytes of V8's heap; a leak of one tensor in a hundred steps, or of 100 bytes a step, would be more.
 */
const ALLOWED_GROWTH_MB = { large: 32, small: 5 };

export function measure_soak({ name: group_name, options }) {
  const rows = [];
  for (const [loop, allowed_growth_mb] of Object.entries(ALLOWED_GROWTH_MB)) {
    progress(`${group_name}: ${loop}`);
    const program = join(ROOT, 'bench', 'programs', 'soak.mjs');
    const args = [program, loop, String(options.threads)];
    const result = spawnSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' });
    if (result.status !== 0) {
      rows.push({ name: loop, error: `ended with ${result.signal ?? result.status}: ${result.stderr.trim()}` });
      continue;
    }
    const figures = JSON.parse(result.stdout);
    const { peak_mb, growth_mb, tensors_left } = figures;
    const passed = peak_mb <= ALLOWED_PEAK_MB && growth_mb <= allowed_growth_mb && tensors_left === 0;
    rows.push({ ...figures, allowed_peak_mb: ALLOWED_PEAK_MB, allowed_growth_mb, passed });
  }
  progress('');
  return { rows, note: null };
}
