/**
 * How often a tensor has been given other data, which alone can move it or change its dtype. Whoever has looked at many
 * tensors can tell by this one number that it need not look again.
 */
let changes = 0;

/** Notes that a tensor has been given other data. */
export function note_data_change(): void {
  changes += 1;
}

export function data_changes(): number {
  return changes;
}
