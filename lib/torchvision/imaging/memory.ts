/** Memory for pixels. */

/** Gives bytes of any value, for what writes every one of them. */
export type Allocate = (count: number) => Uint8Array<ArrayBuffer>;

export const unset_bytes: Allocate = (count) => new Uint8Array(Buffer.allocUnsafeSlow(count).buffer as ArrayBuffer);

/** More than this is not kept. */
const LARGEST_KEPT = 1 << 26;

/**
 * Memory for pixels that are gone when the next ones are asked for. A collection of garbage is due after so many bytes
 * of images, and with several threads at work it takes a core from one of them: pixels between two steps need none.
 */
export function passing_bytes(): Allocate {
  let kept: Uint8Array<ArrayBuffer> | null = null;
  return (count) => {
    if (count > LARGEST_KEPT) return unset_bytes(count);
    if (kept === null || kept.length < count) kept = unset_bytes(count);
    return kept.subarray(0, count);
  };
}
