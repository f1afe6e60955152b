/** Where things are in a clone. */
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname, '../..');
/** Everything that is made here and not published: addon, notes of the set-up, compiled examples. */
export const BUILD = join(ROOT, 'build');
export const ADDON = join(BUILD, 'Release', 'tstorch.node');
export const LOADER = join(BUILD, 'Release', 'loader', 'tstorch_loader.node');
/** Where lib/torchvision/imaging/jpeg_library.ts looks for it; not there on every platform. */
export const LIBJPEG = join(BUILD, 'Release', 'libturbojpeg.so.0');
/** What the set-up itself needs of lib/, compiled before all else. */
export const BOOTSTRAP = join(BUILD, 'setup');
/** The compiled package. */
export const DIST = join(ROOT, 'dist');
