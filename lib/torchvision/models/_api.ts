/**
 * Models and their weights by name.
 *
 * @see https://docs.pytorch.org/vision/stable/models.html#listing-and-retrieving-available-models
 */
import { type Arguments, is_array, signature } from '../../arguments.ts';
import { KeyError, TypeError, ValueError } from '../../errors.ts';
import type { Module } from '../../nn/index.ts';
import { repr, str, type_name } from '../../repr.ts';
import { type AnyBuilder, builders } from './_builder.ts';
import type { Weights, WeightsEnum } from './_weights.ts';

/**
 * The function that makes the models of a name.
 * @throws ValueError for a name that there is not
 */
export function get_model_builder(name: string): AnyBuilder {
  if (typeof name !== 'string') throw new TypeError(`a model's name should be a string. Got ${type_name(name)}`);
  const build = builders.get(name.toLowerCase());
  if (build === undefined) throw new ValueError(`Unknown model ${name.toLowerCase()}`);
  return build;
}

/**
 * A new model of a name: `get_model('resnet18', { weights: 'DEFAULT' })`.
 * @param config what the function of that name takes
 * @throws ValueError for a name that there is not
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.models.get_model.html
 */
export function get_model(name: string, config: Record<string, unknown> = {}): Module {
  return get_model_builder(name)(config);
}

/**
 * The weights that there are for a model.
 * @param name a model's name, or the function that makes it
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.models.get_model_weights.html
 */
export function get_model_weights(name: string | { readonly weights: WeightsEnum }): WeightsEnum {
  const build = typeof name === 'string' ? get_model_builder(name) : name;
  if (build === null || build === undefined || typeof build.weights !== 'object') {
    throw new ValueError("The method is missing the 'weights' argument.");
  }
  return build.weights;
}

/**
 * Weights by their full name, such as `'ResNet50_Weights.IMAGENET1K_V2'`.
 * @throws ValueError for a model that there is not
 * @throws KeyError for weights that there are not
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.models.get_weight.html
 */
export function get_weight(name: string): Weights {
  const parts = str(name).split('.');
  if (parts.length !== 2) throw new ValueError(`Invalid weight name provided: '${str(name)}'.`);
  const [enum_name, value_name] = parts as [string, string];
  for (const { weights } of builders.values()) {
    if (weights.__name__ !== enum_name) continue;
    const member = weights.__members__.get(value_name);
    if (member === undefined) throw new KeyError(repr(value_name));
    return member;
  }
  throw new ValueError(`The weight enum '${enum_name}' for the specific method couldn't be retrieved.`);
}

/** A shell's pattern (`*`, `?`, `[abc]`, `[!abc]`) as a regular expression, as Python's `fnmatch` reads it. */
function from_pattern(pattern: string): RegExp {
  const source = pattern.replace(/\*+|\?|\[(!?\]?[^\]]*)\]|[^]/gu, (piece: string, set: string | undefined) => {
    if (piece.startsWith('*')) return '.*';
    if (piece === '?') return '.';
    if (set === undefined || set === '' || set === '!') return piece.replace(/[\\^$.*+?()[\]{}|/-]/gu, '\\$&');
    const negated = set.startsWith('!');
    const members = (negated ? set.slice(1) : set).replace(/[\\\]^[]/gu, '\\$&');
    return `[${negated ? '^' : ''}${members}]`;
  });
  return new RegExp(`^(?:${source})$`, 'su');
}

/** Arguments of `list_models`. */
export interface ListModelsOptions {
  /** The module whose models are meant, such as `torchvision.models`; all if null (default: null). */
  module?: object | null;
  /** Patterns of names, such as `'resnet*'`: only models that one of them fits. */
  include?: string | readonly string[] | null;
  /** Patterns of names: no models that one of them fits. */
  exclude?: string | readonly string[] | null;
}
const list_models_arguments = signature<ListModelsOptions>('list_models', [
  ['module', null],
  ['include', null],
  ['exclude', null],
]);

/** Patterns as regular expressions; null for none. */
function patterns_of(given: ListModelsOptions['include']): RegExp[] | null {
  if (given === null || given === undefined || given.length === 0) return null;
  const patterns = is_array(given) ? given : [given];
  return patterns.map((pattern) => {
    if (typeof pattern !== 'string') throw new TypeError(`a pattern should be a string. Got ${type_name(pattern)}`);
    return from_pattern(pattern);
  });
}

/**
 * The names of the models that there are, in alphabetical order.
 * @see https://docs.pytorch.org/vision/stable/generated/torchvision.models.list_models.html
 */
export function list_models(...args: Arguments<ListModelsOptions, ['module', 'include', 'exclude']>): string[] {
  const { module, include, exclude } = list_models_arguments(args);
  const within = module === null ? null : new Set<unknown>(Object.values(module));
  const wanted = patterns_of(include);
  const unwanted = patterns_of(exclude);
  const names: string[] = [];
  for (const [name, build] of builders) {
    if (within !== null && !within.has(build)) continue;
    if (wanted !== null && !wanted.some((pattern) => pattern.test(name))) continue;
    if (unwanted !== null && unwanted.some((pattern) => pattern.test(name))) continue;
    names.push(name);
  }
  return names.sort();
}
