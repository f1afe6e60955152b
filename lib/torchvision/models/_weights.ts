/**
 * Trained weights by name, as torchvision's `WeightsEnum`: where a file of parameters is, what is known about it, and
 * what has to be done to an image before such a model sees it.
 *
 * @see https://docs.pytorch.org/vision/stable/models.html
 */
import { inspect } from 'node:util';
import { is_instance } from '../../arguments.ts';
import { KeyError, TypeError } from '../../errors.ts';
import { type LoadStateDictFromUrlOptions, load_state_dict_from_url } from '../../hub/index.ts';
import type { StateDict } from '../../nn/index.ts';
import { OrderedDict } from '../../ordered_dict.ts';
import { type_name } from '../../repr.ts';
import type { Tensor } from '../../tensor.ts';
import { ImageClassification, type ImageClassificationOptions } from '../transforms/_presets.ts';
import { imagenet_categories } from './_meta.ts';

/** What is known about a file of weights. */
export interface WeightsMeta {
  /** The names of the classes that the model tells apart; null where it has no last layer. */
  readonly categories: readonly string[] | null;
  /** How many numbers there are to train. */
  readonly num_params: number;
  /** The height and width of the smallest images that the model takes. */
  readonly min_size?: readonly [height: number, width: number];
  /** Where it is written how they were trained. */
  readonly recipe?: string;
  /** The licence of the weights, where it is not torchvision's. */
  readonly license?: string;
  /** Accuracies in percent, by data set. */
  readonly _metrics?: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Billions of operations for one image. */
  readonly _ops?: number;
  /** Megabytes. */
  readonly _file_size?: number;
}

/** What makes the transform of a model's images; arguments stand in for those that the weights were measured with. */
export type TransformsFactory = (options?: Partial<ImageClassificationOptions>) => ImageClassification;

/** What a member of a `WeightsEnum` holds. */
export interface WeightsValue {
  readonly url: string;
  readonly transforms: TransformsFactory;
  readonly meta: WeightsMeta;
}

/** Arguments of `get_state_dict`. */
export type GetStateDictOptions = Omit<LoadStateDictFromUrlOptions, 'url'>;

/** One set of trained weights: a member of a {@link WeightsEnum}. */
export class Weights {
  /** Its name in the enum. */
  readonly name: string;
  /** The enum's name. */
  readonly enum_name: string;
  readonly value: WeightsValue;

  constructor(enum_name: string, name: string, value: WeightsValue) {
    this.enum_name = enum_name;
    this.name = name;
    this.value = value;
  }

  /** Where the file is. */
  get url(): string {
    return this.value.url;
  }

  /** `weights.transforms()` makes what turns an image into the model's input. */
  get transforms(): TransformsFactory {
    return this.value.transforms;
  }

  /** What is known about the weights. */
  get meta(): WeightsMeta {
    return this.value.meta;
  }

  /**
   * The parameters, from the cache or, if they are not there yet, from the network.
   * @param options what `torch.hub.load_state_dict_from_url` takes beside the address
   */
  get_state_dict(options: GetStateDictOptions = {}): StateDict {
    const loaded = load_state_dict_from_url(this.url, options);
    // A plain dict is an object here.
    if (loaded instanceof Map) return loaded as StateDict;
    return new OrderedDict(Object.entries(loaded as Record<string, Tensor>));
  }

  __repr__(): string {
    return `${this.enum_name}.${this.name}`;
  }

  toString(): string {
    return this.__repr__();
  }

  [inspect.custom](): string {
    return this.__repr__();
  }
}

/** The sets of weights that there are for a model. Iterating gives them; each is also a property of its name. */
export class WeightsEnum {
  readonly __name__: string;
  /** All names, `DEFAULT` too, which is another name of one of them. */
  readonly __members__: ReadonlyMap<string, Weights>;

  constructor(name: string, members: ReadonlyMap<string, Weights>) {
    this.__name__ = name;
    this.__members__ = members;
    for (const [key, weights] of members) Object.defineProperty(this, key, { value: weights, enumerable: true });
  }

  /**
   * The member that is meant: itself, or that of a name, with or without the enum's name before it.
   * @throws KeyError for a name that there is not
   * @throws TypeError for the weights of another model and anything else
   */
  verify(obj: unknown): Weights | null {
    if (obj === null || obj === undefined) return null;
    if (typeof obj === 'string') {
      const name = obj.replaceAll(`${this.__name__}.`, '');
      const member = this.__members__.get(name);
      if (member === undefined) throw new KeyError(`'${name}'`);
      return member;
    }
    if (is_instance(obj, Weights) && obj.enum_name === this.__name__) return obj;
    const received = is_instance(obj, Weights) ? obj.enum_name : type_name(obj);
    throw new TypeError(`Invalid Weight class provided; expected ${this.__name__} but received ${received}.`);
  }

  /** How many there are. */
  get length(): number {
    return new Set(this.__members__.values()).size;
  }

  *[Symbol.iterator](): Generator<Weights, void> {
    yield* new Set(this.__members__.values());
  }

  toString(): string {
    return `<enum '${this.__name__}'>`;
  }

  [inspect.custom](): string {
    return this.toString();
  }
}

/** A {@link WeightsEnum} of which the names are known. */
export type WeightsEnumOf<K extends string> = WeightsEnum & { readonly [name in K | 'DEFAULT']: Weights };

/**
 * The sets of weights of a model.
 * @param name the enum's name
 * @param values what there is
 * @param best which one `DEFAULT` is
 */
export function weights_enum<K extends string>(
  name: string,
  values: Readonly<Record<K, WeightsValue>>,
  best: NoInfer<K>,
): WeightsEnumOf<K> {
  const members = new Map<string, Weights>();
  for (const [key, value] of Object.entries<WeightsValue>(values)) members.set(key, new Weights(name, key, value));
  members.set('DEFAULT', members.get(best)!);
  return new WeightsEnum(name, members) as WeightsEnumOf<K>;
}

/** Weights that were trained with ImageNet's images and, unless `meta` says otherwise, its 1000 classes. */
export function imagenet(
  url: string,
  preset: ImageClassificationOptions,
  meta: Omit<WeightsMeta, 'categories'> & Partial<Pick<WeightsMeta, 'categories'>>,
): WeightsValue {
  return {
    url,
    transforms: (options = {}) => new ImageClassification({ ...preset, ...options }),
    meta: { categories: imagenet_categories, ...meta },
  };
}
