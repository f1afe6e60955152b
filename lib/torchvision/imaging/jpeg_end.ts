/** Where a JPEG file ends. */

/**
 * Walks over the segments of a file, as libjpeg does: what is not part of one is skipped.
 *
 * @returns `end` for a file that goes on to its end marker; otherwise where it breaks off: in the `data` of pixels,
 *   inside a segment between such data (`middle`), inside a `segment` of the header, or between two, in the `header`
 */
export function end_of_jpeg(bytes: Uint8Array): 'end' | 'data' | 'middle' | 'segment' | 'header' {
  let in_data = false;
  let at = 2;
  while (true) {
    at = bytes.indexOf(0xff, at);
    while (at !== -1 && bytes[at] === 0xff) at++;
    if (at === -1 || at >= bytes.length) return in_data ? 'data' : 'header';
    const marker = bytes[at++]!;
    if (marker === 0xd9) return 'end';
    // A byte of the data that looks like a marker, or a marker without a segment.
    if (marker <= 1 || (marker >= 0xd0 && marker <= 0xd8)) continue;
    const size = at + 1 < bytes.length ? (bytes[at]! << 8) | bytes[at + 1]! : 2;
    if (at + size > bytes.length) return in_data ? 'middle' : at + 2 > bytes.length ? 'header' : 'segment';
    at += Math.max(size, 2);
    if (marker === 0xda) in_data = true;
  }
}
