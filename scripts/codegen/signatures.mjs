/**
 * TypeScript's view of an operator: the types of its parameters and results, and the ways to call it.
 *
 * Overloads that differ in the type of one parameter become one whose parameter has either type: there is less to
 * declare, errors name all that is allowed, and an argument that may be of either type is accepted.
 */
import { string_type } from './literals.mjs';

// As native/operators.cc: where the schema says Tensor, these take a number as well.
const TAKE_NUMBERS =
  /^(add|sub|subtract|mul|multiply|div|divide|true_divide|floor_divide|remainder|fmod|bitwise_(and|or|xor|left_shift|right_shift)|eq|ne|lt|le|gt|ge|not_equal|less|less_equal|greater|greater_equal)_?$/;

const RESERVED = new Set(['in', 'function', 'default', 'delete', 'new', 'var', 'with', 'this', 'class', 'for', 'if']);

const PLAIN = {
  Tensor: 'Tensor',
  Scalar: 'Scalar',
  number: 'Scalar',
  float: 'number',
  SymFloat: 'number',
  int: 'number',
  SymInt: 'number',
  QScheme: 'number',
  bool: 'boolean',
  SymBool: 'boolean',
  str: 'string',
  ScalarType: 'dtype',
  Layout: 'layout',
  MemoryFormat: 'memory_format',
  Device: 'DeviceLike',
  Generator: 'Generator',
};

/** The type that a suffix (`?` for optional, `[]` for a list) was put on, or null. */
function unwrap(type, suffix) {
  return type.endsWith(suffix) ? type.slice(0, -suffix.length) : null;
}

/** The types that a parameter takes, without the null of optional ones; null where JavaScript cannot give it. */
function parameter_types(parameter, operator) {
  const type = unwrap(parameter.type, '?') ?? parameter.type;
  const element = unwrap(type, '[]');
  if (element !== null) {
    const optional = unwrap(element, '?');
    const inner = PLAIN[optional ?? element];
    if (inner === undefined) return null;
    const list = `readonly ${optional !== null ? `(${inner} | null)` : inner}[]`;
    return parameter.fixed_size > 0 && inner !== 'Tensor' ? [inner, list] : [list];
  }
  if (PLAIN[type] === undefined) return null;
  if (type === 'str') return [string_type(parameter.name, operator)];
  return type === 'Tensor' && TAKE_NUMBERS.test(operator) ? ['Tensor', 'Scalar'] : [PLAIN[type]];
}

function return_type(type) {
  const element = unwrap(type, '[]');
  if (element !== null) return `${return_type(element)}[]`;
  const optional = unwrap(type, '?');
  if (optional !== null) return `${return_type(optional)} | null`;
  return type === 'Scalar' || type === 'number' ? 'number' : (PLAIN[type] ?? 'unknown');
}

/**
 * The type of several values that all have names: a tuple with further names; null for other results. Where a name is
 * that of a method of arrays, such as `values`, the field has its place.
 */
function named_tuple(overload) {
  const { returns } = overload;
  if (returns.length < 2 || returns.some((result) => result.name === '')) return null;
  const types = returns.map((result) => return_type(result.type));
  const elements = returns.map((result, i) => `${result.name}: ${types[i]}`);
  const fields = elements.map((element) => `readonly ${element}`);
  const tuple = `[${elements.join(', ')}]`;
  const hidden = returns.filter((result) => result.name in Array.prototype).map((result) => `'${result.name}'`);
  const elements_alone = hidden.length > 0 ? `Omit<${tuple}, ${hidden.join(' | ')}>` : tuple;
  return `${elements_alone} & { ${fields.join('; ')} }`;
}

/** The type of an operator's named results; null where it has none, or its overloads' differ. Python names it so too. */
export function results_of(operator) {
  const tuples = new Set(operator.overloads.map(named_tuple).filter((one) => one !== null));
  return tuples.size === 1 ? { name: operator.name, type: [...tuples][0] } : null;
}

/** The type of what an overload returns. */
function result_type(operator, overload, is_method) {
  const { returns } = overload;
  if (returns.length === 0) return 'void';
  const [first] = overload.parameters;
  if (is_method && returns.length === 1 && first?.written && returns[0].alias) return 'this';
  const named = named_tuple(overload);
  if (named !== null) return named === results_of(operator)?.type ? `results.${operator.name}` : named;
  const types = returns.map((result) => return_type(result.type));
  return types.length === 1 ? types[0] : `[${types.join(', ')}]`;
}

/**
 * Which parameter a method's `this` stands for: `self`, which is the first of nearly all operators, but not of
 * `where(condition, self, other)`. Null where an overload has none: it is no method.
 */
export function place_of_self(overload) {
  const place = overload.parameters.findIndex((one) => one.name === 'self');
  return place < 0 ? null : place;
}

/** An overload as TypeScript sees it; null where a parameter that must be given has a type JavaScript cannot give. */
function shape_of(operator, overload, is_method) {
  // Python calls the first parameter of a function input.
  const taken = overload.parameters.some((one) => one.name === 'input');
  const parameters = [];
  const own = is_method ? place_of_self(overload) : null;
  if (is_method && own === null) return null;
  for (const [place, parameter] of overload.parameters.entries()) {
    if (place === own) continue;
    const nullable = parameter.type.endsWith('?');
    const optional = parameter.default !== undefined || nullable;
    const types = parameter_types(parameter, operator.name);
    if (types !== null) {
      const name = parameter.name === 'self' && !taken ? 'input' : parameter.name;
      if (nullable) types.push('null');
      parameters.push({ name, optional, types, keyword_only: parameter.keyword_only });
    } else if (!optional) {
      return null;
    }
  }
  const positional = parameters.filter((one) => !one.keyword_only);
  const only_list = positional.length === 1 && positional[0].types.includes('readonly number[]');
  return {
    positional,
    keyword_only: parameters.filter((one) => one.keyword_only),
    makes_tensors: parameters.some((one) => one.keyword_only && one.name === 'pin_memory'),
    spread: only_list ? positional[0].name : null,
    result: result_type(operator, overload, is_method),
  };
}

/** `a` without what `b` has too. */
function without(a, b) {
  return a.filter((one) => !b.includes(one));
}

/** Are all calls that fit `a` among those that fit `b`? */
function is_covered(a, b) {
  const takes = (one, other) =>
    other !== undefined &&
    one.name === other.name &&
    (other.optional || !one.optional) &&
    without(one.types, other.types).length === 0;
  return (
    a.result === b.result &&
    (a.spread === null || a.spread === b.spread) &&
    a.positional.every((one, i) => takes(one, b.positional[i])) &&
    b.positional.slice(a.positional.length).every((one) => one.optional) &&
    a.keyword_only.every((one) => takes(one, b.keyword_only.find((other) => other.name === one.name))) &&
    b.keyword_only.every((one) => one.optional || a.keyword_only.some((other) => other.name === one.name))
  );
}

/** One shape for two that differ in one parameter alone, or null. */
function merged(a, b) {
  if (a.result !== b.result || a.spread !== b.spread) return null;
  if (a.positional.length !== b.positional.length || a.keyword_only.length !== b.keyword_only.length) return null;
  let differences = 0;
  const merge = (one, i, list) => {
    const other = list[i];
    if (one.name !== other.name) differences = Infinity;
    const further = without(other.types, one.types);
    if (further.length > 0 || without(one.types, other.types).length > 0 || one.optional !== other.optional) differences++;
    return { ...one, optional: one.optional || other.optional, types: [...one.types, ...further] };
  };
  const positional = a.positional.map((one, i) => merge(one, i, b.positional));
  const keyword_only = a.keyword_only.map((one, i) => merge(one, i, b.keyword_only));
  return differences <= 1 ? { ...a, positional, keyword_only } : null;
}

/** The shapes of all overloads, as few as say the same. */
function shapes_of(operator, is_method) {
  const shapes = operator.overloads.map((overload) => shape_of(operator, overload, is_method)).filter(Boolean);
  // Every shape with every other, those made on the way too: one may merge with two that do not merge with each other.
  for (let i = 1; i < shapes.length; i++) {
    for (let k = 0; k < i; k++) {
      const both = merged(shapes[k], shapes[i]);
      if (both !== null && !shapes.some((one) => is_covered(both, one))) shapes.push(both);
    }
  }
  // Of two that cover each other the first stays.
  const gives_way = (one, i, other, k) => k !== i && is_covered(one, other) && !(i < k && is_covered(other, one));
  return shapes.filter((one, i) => !shapes.some((other, k) => gives_way(one, i, other, k)));
}

/** `null` comes last, and once. */
function union_of(types) {
  return types.includes('null') ? [...types.filter((one) => one !== 'null'), 'null'].join(' | ') : types.join(' | ');
}

function as_member(parameter) {
  return `${parameter.name}${parameter.optional ? '?' : ''}: ${union_of(parameter.types)}`;
}

function as_argument(parameter) {
  const name = RESERVED.has(parameter.name) ? `${parameter.name}_` : parameter.name;
  return `${name}: ${union_of(parameter.types)}`;
}

/** The ways to call one shape: the first so many parameters by position, the rest by name in a trailing object. */
function forms_of(shape, extra, shortest) {
  const { positional, keyword_only, result } = shape;
  const forms = [];
  for (let count = 0; count <= positional.length; count++) {
    if (shortest && count > 0 && count < positional.length && !positional[count].optional) continue;
    const by_position = positional.slice(0, count).map(as_argument);
    const by_name = [...positional.slice(count), ...keyword_only];
    const members = [...by_name.map(as_member), ...extra];
    if (members.length > 0) {
      const optional = by_name.every((one) => one.optional) ? '?' : '';
      by_position.push(`kwargs${optional}: { ${members.join('; ')} }`);
    }
    forms.push(`(${by_position.join(', ')}): ${result}`);
  }
  // x.view(2, 3) for x.view([2, 3])
  if (shape.spread !== null) {
    forms.push(`(...${shape.spread}: number[]): ${result}`);
    const members = [...keyword_only.map(as_member), ...extra];
    if (members.length > 0) {
      forms.push(`(...args: [...${shape.spread}: number[], kwargs: { ${members.join('; ')} }]): ${result}`);
    }
  }
  return forms;
}

/**
 * The call signatures of an operator.
 * @param is_method without the first parameter
 * @param shortest leaves out forms where a required parameter is given by name after others by position
 */
export function call_signatures(operator, is_method, shortest = false) {
  const forms = shapes_of(operator, is_method).flatMap((shape) => {
    const extra = [];
    if (!is_method && operator.out !== undefined) {
      const count = operator.out.parameters.filter((one) => one.is_out).length;
      extra.push(count === 1 ? 'out?: Tensor | null' : 'out?: readonly Tensor[] | null');
    }
    if (shape.makes_tensors) extra.push('requires_grad?: boolean');
    return forms_of(shape, extra, shortest);
  });
  return [...new Set(forms)];
}
