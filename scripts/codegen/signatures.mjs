/** TypeScript's view of a schema: its types, and the ways to call it. */

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

function is_nullable(parameter) {
  return parameter.type.endsWith('?');
}

/** The type of a parameter, without the null of optional ones; null where JavaScript cannot give it. */
function parameter_type(parameter, operator) {
  const type = unwrap(parameter.type, '?') ?? parameter.type;
  const element = unwrap(type, '[]');
  if (element !== null) {
    const optional = unwrap(element, '?');
    const inner = PLAIN[optional ?? element];
    if (inner === undefined) return null;
    const list = `readonly ${optional !== null ? `(${inner} | null)` : inner}[]`;
    return parameter.fixed_size > 0 && inner !== 'Tensor' ? `${inner} | ${list}` : list;
  }
  const plain = PLAIN[type];
  if (plain === 'Tensor' && TAKE_NUMBERS.test(operator)) return 'Tensor | Scalar';
  return plain ?? null;
}

function is_optional(parameter) {
  return parameter.default !== undefined || is_nullable(parameter);
}

function return_type(type) {
  const element = unwrap(type, '[]');
  if (element !== null) return `${return_type(element)}[]`;
  const optional = unwrap(type, '?');
  if (optional !== null) return `${return_type(optional)} | null`;
  return type === 'Scalar' || type === 'number' ? 'number' : (PLAIN[type] ?? 'unknown');
}

/** The type of what an overload returns. */
function result_type(overload, is_method) {
  const { returns } = overload;
  if (returns.length === 0) return 'void';
  const first = overload.parameters[0];
  if (is_method && returns.length === 1 && first?.written && returns[0].alias) return 'this';
  const types = returns.map((result) => return_type(result.type));
  if (types.length === 1) return types[0];
  const tuple = `[${types.join(', ')}]`;
  if (returns.some((result) => result.name === '')) return tuple;
  return `${tuple} & { ${returns.map((result, i) => `readonly ${result.name}: ${types[i]}`).join('; ')} }`;
}

function as_member(parameter, operator) {
  const nullable = is_nullable(parameter) ? ' | null' : '';
  return `${parameter.name}${is_optional(parameter) ? '?' : ''}: ${parameter_type(parameter, operator)}${nullable}`;
}

function as_argument(parameter, operator) {
  const nullable = is_nullable(parameter) ? ' | null' : '';
  const name = RESERVED.has(parameter.name) ? `${parameter.name}_` : parameter.name;
  return `${name}: ${parameter_type(parameter, operator)}${nullable}`;
}

/**
 * The call signatures of an overload: the first so many parameters by position, the rest by name in a trailing object.
 * Empty where a parameter that must be given has a type JavaScript cannot give.
 */
export function call_signatures(operator, overload, is_method) {
  // Python calls the first parameter of a function input.
  const taken = overload.parameters.some((one) => one.name === 'input');
  let parameters = overload.parameters.map((one) => (one.name === 'self' && !taken ? { ...one, name: 'input' } : one));
  if (parameters.some((one) => parameter_type(one, operator.name) === null && !is_optional(one))) return [];
  parameters = parameters.filter((one) => parameter_type(one, operator.name) !== null);
  if (is_method) parameters = parameters.slice(1);
  const positional = parameters.filter((one) => !one.keyword_only);
  const keyword_only = parameters.filter((one) => one.keyword_only);

  const extra = [];
  if (!is_method && operator.out !== undefined) {
    const count = operator.out.parameters.filter((one) => one.is_out).length;
    extra.push(count === 1 ? 'out?: Tensor' : 'out?: readonly Tensor[]');
  }
  if (keyword_only.some((one) => one.name === 'pin_memory')) extra.push('requires_grad?: boolean');

  const result = result_type(overload, is_method);
  const forms = [];
  for (let count = 0; count <= positional.length; count++) {
    const by_position = positional.slice(0, count).map((one) => as_argument(one, operator.name));
    const by_name = [...positional.slice(count), ...keyword_only];
    const members = [...by_name.map((one) => as_member(one, operator.name)), ...extra];
    if (members.length > 0) {
      const optional = by_name.every(is_optional) ? '?' : '';
      by_position.push(`kwargs${optional}: { ${members.join('; ')} }`);
    }
    forms.push(`(${by_position.join(', ')}): ${result}`);
  }
  // x.view(2, 3) for x.view([2, 3])
  const spread = positional[0];
  if (positional.length === 1 && unwrap(spread.type, '[]') !== null && parameter_type(spread, '').includes('number')) {
    forms.push(`(...${spread.name}: number[]): ${result}`);
    const members = [...keyword_only.map((one) => as_member(one, operator.name)), ...extra];
    if (members.length > 0) {
      forms.push(`(...args: [...${spread.name}: number[], kwargs: { ${members.join('; ')} }]): ${result}`);
    }
  }
  return forms;
}
