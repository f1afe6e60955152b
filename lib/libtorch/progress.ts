/** Progress of one long step: a bar that redraws itself on a terminal, now and then a line elsewhere. */

const WIDTH = 30;
/** Between two pictures of the bar, and between two lines where the end is not known. */
const REDRAW_MS = 100;
const LINE_MS = 10_000;

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(0)} MB`;
}

export class Progress {
  readonly #label: string;
  readonly #total: number | null;
  readonly #out: NodeJS.WriteStream;
  #last: number;
  #quarters = 0;

  /**
   * @param label what is going on
   * @param total how many bytes there are in all, null when nobody knows
   */
  constructor(label: string, total: number | null, out: NodeJS.WriteStream = process.stderr) {
    this.#label = label;
    this.#total = total;
    this.#out = out;
    this.#last = performance.now();
    if (!out.isTTY) out.write(total === null ? `${label}\n` : `${label} (${megabytes(total)})\n`);
  }

  /** `bytes` are done by now. */
  update(bytes: number): void {
    if (this.#out.isTTY) this.#draw(bytes);
    else this.#tell(bytes);
  }

  /** Ends the bar's line. */
  done(): void {
    if (this.#out.isTTY) this.#out.write('\n');
  }

  #draw(bytes: number): void {
    const now = performance.now();
    if (now - this.#last < REDRAW_MS && bytes !== this.#total) return;
    this.#last = now;
    let text = `${this.#label}  ${megabytes(bytes)}`;
    if (this.#total !== null) {
      const share = Math.min(1, bytes / this.#total);
      const filled = Math.round(share * WIDTH);
      const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled);
      text = `${this.#label}  ${bar}  ${(share * 100).toFixed(0)} %  ${megabytes(bytes)} of ${megabytes(this.#total)}`;
    }
    this.#out.write(`\r\x1b[K${text}`);
  }

  #tell(bytes: number): void {
    if (this.#total === null) {
      const now = performance.now();
      if (now - this.#last < LINE_MS) return;
      this.#last = now;
      this.#out.write(`  ${megabytes(bytes)}\n`);
      return;
    }
    const quarters = Math.floor((bytes / this.#total) * 4);
    if (quarters <= this.#quarters) return;
    this.#quarters = quarters;
    this.#out.write(`  ${quarters * 25} %\n`);
  }
}
