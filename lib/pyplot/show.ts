/** Showing figures: in the browser where there is a screen. */
import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Figure } from './figure.ts';

let folder: string | undefined;
let count = 0;

/** Is there a screen? matplotlib's `MPLBACKEND=agg` says that none is wanted. */
function has_screen(): boolean {
  if (process.env['MPLBACKEND']?.toLowerCase() === 'agg') return false;
  if (process.platform === 'darwin' || process.platform === 'win32') return true;
  return Boolean(process.env['DISPLAY'] ?? process.env['WAYLAND_DISPLAY']);
}

function open(path: string): void {
  const [command, args] =
    process.platform === 'darwin'
      ? ['open', [path]]
      : process.platform === 'win32'
        ? ['cmd', ['/c', 'start', '', path]]
        : ['xdg-open', [path]];
  const child = spawn(command as string, args as string[], { detached: true, stdio: 'ignore' });
  child.on('error', () => console.log(`The picture is in ${path}`));
  child.unref();
}

/** Writes figures to temporary files and opens them, or says where they are. */
export function show_figures(figures: readonly Figure[]): void {
  for (const figure of figures) {
    folder ??= mkdtempSync(join(tmpdir(), 'tstorch-pyplot-'));
    const path = join(folder, `figure_${++count}.svg`);
    figure.savefig(path);
    if (has_screen()) open(path);
    else console.log(`Figure ${figure.number}: ${path}`);
  }
}
