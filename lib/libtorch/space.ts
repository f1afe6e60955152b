/** Looks whether a disk has room before gigabytes are written to it. */
import { statfsSync } from 'node:fs';

/** What has to be left over. */
const RESERVE = 200e6;

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

/** There is no room: trying again is of no use. */
export class DiskFull extends Error {}

/** @throws DiskFull when the disk of `folder`, which exists, has no room for `bytes` more */
export function require_space(folder: string, bytes: number): void {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  if (free >= bytes + RESERVE) return;
  throw new DiskFull(
    `${folder} needs ${gigabytes(bytes + RESERVE)} of disk space and has ${gigabytes(free)}: make room there, or set ` +
      'TSTORCH_CACHE to a folder on another disk',
  );
}
