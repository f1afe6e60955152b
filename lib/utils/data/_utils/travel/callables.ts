/** Finds the classes and functions that a parcel refers to. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Complex } from '../../../../complex.ts';
import { TypeError } from '../../../../errors.ts';
import { Buffer, Parameter } from '../../../../nn/parameter.ts';
import { OrderedDict } from '../../../../ordered_dict.ts';
import { Generator } from '../../../../random.ts';
import { Size } from '../../../../size.ts';
import { device } from '../../../../device.ts';
import type { Parcel } from './packed.ts';
import { type Callable, find_export, find_global, type Reference, references_to } from './references.ts';

function key_of({ url, name, source }: Reference): string {
  return `${url ?? ''}\n${name}\n${source}`;
}

/** Finds what a parcel from the main thread refers to, by importing the modules. */
export async function import_callables(parcel: Parcel): Promise<Callable[]> {
  const found: Callable[] = [];
  for (const reference of parcel.references) {
    if (reference.url === null) {
      found.push(find_global(reference));
      continue;
    }
    let namespace: Record<string, unknown>;
    try {
      namespace = (await import(reference.url)) as Record<string, unknown>;
    } catch (error) {
      if (error instanceof Error) {
        error.message = `${reference.path}: a worker could not import ${reference.url}: ${error.message}`;
      }
      throw error;
    }
    found.push(find_export(namespace, reference));
  }
  return found;
}

/**
 * What the main thread knows by name: everything that it has sent to its workers, and what the library gives beside
 * tensors. It cannot wait for an import in the middle of a loop when a worker sends something else.
 */
export class KnownCallables {
  readonly #known = new Map<string, Callable>();
  #has_library = false;

  /** Notes what a parcel refers to: `values` in the parcel's order. */
  note(references: readonly Reference[], values: readonly Callable[]): void {
    references.forEach((reference, i) => this.#known.set(key_of(reference), values[i]!));
  }

  /**
   * What a parcel from a worker refers to.
   *
   * @throws TypeError for what cannot be found without waiting
   */
  find(parcel: Parcel): Callable[] {
    return parcel.references.map((reference) => this.#find(reference));
  }

  #find(reference: Reference): Callable {
    if (reference.url === null) return find_global(reference);
    const key = key_of(reference);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    if (!this.#has_library) {
      this.#has_library = true;
      const values: Callable[] = [Size, Complex, OrderedDict, Parameter, Buffer, Generator, device];
      this.note(references_to(values.map((value) => ({ value, path: value.name }))), values);
      return this.#find(reference);
    }
    const value = find_export(require_module(reference), reference);
    this.#known.set(key, value);
    return value;
  }
}

/** A module that this thread may not have loaded. */
function require_module({ url, name, path }: Reference): Record<string, unknown> {
  if ((process.features as { require_module?: boolean }).require_module === true && url!.startsWith('file:')) {
    return createRequire(import.meta.url)(fileURLToPath(url!)) as Record<string, unknown>;
  }
  throw new TypeError(
    `${path}: a worker has sent ${name} of ${url}, which the main thread cannot look up while it waits: make tensors, ` +
      'numbers, strings, arrays or plain objects of it in the dataset or in collate_fn, or keep the class in a property ' +
      'of the dataset',
  );
}
