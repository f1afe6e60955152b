/** What models with auxiliary classifiers give in training: several tensors, in order and by name. */
import { inspect } from 'node:util';
import type { Tensor } from '../../tensor.ts';

/** Tensors in order; subclasses have names for them. */
abstract class Outputs extends Array<Tensor | null> {
  static override readonly [Symbol.species]: ArrayConstructor = Array;

  constructor(...tensors: (Tensor | null)[]) {
    super();
    this.push(...tensors);
  }

  /** The names, in order. */
  abstract get _fields(): readonly string[];

  override toString(): string {
    const fields = this._fields.map((name, i) => `${name}=${this[i] === null ? 'None' : inspect(this[i])}`);
    return `${this.constructor.name}(${fields.join(', ')})`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** What a `GoogLeNet` gives in training: `[logits, aux_logits2, aux_logits1]`. */
export class GoogLeNetOutputs extends Outputs {
  get _fields(): readonly string[] {
    return ['logits', 'aux_logits2', 'aux_logits1'];
  }

  get logits(): Tensor {
    return this[0]!;
  }

  get aux_logits2(): Tensor | null {
    return this[1]!;
  }

  get aux_logits1(): Tensor | null {
    return this[2]!;
  }
}

/** What an `Inception3` gives in training: `[logits, aux_logits]`. */
export class InceptionOutputs extends Outputs {
  get _fields(): readonly string[] {
    return ['logits', 'aux_logits'];
  }

  get logits(): Tensor {
    return this[0]!;
  }

  get aux_logits(): Tensor | null {
    return this[1]!;
  }
}
