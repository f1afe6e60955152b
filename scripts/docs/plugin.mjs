/**
 * Teaches TypeDoc how this package is written:
 *
 * - a call in Python's convention, `(...args: Arguments<P, N>)` or an operator's overloads, is shown once, with the
 *   parameters that it stands for;
 * - what a class inherits from another documented class is shown there alone, and names that begin with an underscore,
 *   which are private by Python's convention, nowhere;
 * - the `@param` tags of a class are about its constructor.
 */
import {
  Comment,
  CommentTag,
  Converter,
  ParameterReflection,
  ReflectionFlag,
  ReflectionKind,
  TypeScript as ts,
} from 'typedoc';

/** Parameters that cannot be given by position. */
const by_name_only = new WeakSet();
/** What has been replaced. */
let superfluous = [];

/** Private by Python's convention, unlike its special methods (`__len__`), or no name to write, as `[custom]`. */
function is_private(name) {
  return /^(_(?!_)|\[)/.test(name);
}

/**
 * Puts `shown` in the place of the signature's last parameter. What is no longer needed is taken out when all
 * signatures are done: each removal after something was added makes TypeDoc go through the whole project.
 */
function replace_last(project, signature, shown) {
  superfluous.push(signature.parameters.pop());
  for (const { name, optional, type, comment, named } of shown) {
    const parameter = new ParameterReflection(name, ReflectionKind.Parameter, signature);
    parameter.setFlag(ReflectionFlag.Optional, optional);
    parameter.type = type;
    parameter.comment = comment;
    project.registerReflection(parameter, undefined, undefined);
    signature.parameters.push(parameter);
    if (named) by_name_only.add(parameter);
  }
}

// --- Calls that TypeScript describes by the tuples of their arguments ---

/** The ways to call a function, as tuples; null where `type` is not made of them. */
function tuples_of(type, checker) {
  const members = type.isUnion() ? type.types : [type];
  return members.every((member) => checker.isTupleType(member)) ? members : null;
}

function labels_of(tuple) {
  return tuple.target.labeledElementDeclarations?.map((label) => label?.name.getText()) ?? [];
}

/**
 * The parameters behind `Arguments<P, N>`. Of its tuples that end with an object of keyword arguments, the one with n
 * members before has no longer the first n parameters in that object, and so tells their order.
 */
function parameters_by_name(tuples, checker) {
  const [with_names, by_position] = [true, false].map((named) =>
    tuples
      .filter((tuple) => (labels_of(tuple).at(-1) === 'kwargs') === named)
      .map((tuple) => checker.getTypeArguments(tuple)),
  );
  const objects = with_names.sort((a, b) => a.length - b.length).map((members) => members.at(-1).getProperties());
  if (objects.length === 0) return null;
  const left = new Map(objects[0].map((property) => [property.name, property]));
  const ordered = [];
  for (const object of objects.slice(1)) {
    const names = new Set(object.map((property) => property.name));
    for (const [name, property] of left) if (!names.has(name)) ordered.push(property), left.delete(name);
  }
  const most = Math.max(0, ...by_position.map((members) => members.length));
  return [...ordered, ...left.values()].map((property, i) => ({ property, named: i >= most }));
}

function expand_tuples(context, signature, declaration, ts_signature) {
  const rest = signature.parameters?.at(-1);
  const symbol = ts_signature?.parameters.at(-1);
  if (!rest?.flags.isRest || !symbol) return;
  const { checker, project } = context;
  const tuples = tuples_of(checker.getTypeOfSymbol(symbol), checker);
  if (!tuples) return;
  const inside = context.withScope(signature);
  const convert = (type, optional) =>
    context.converter.convertType(inside, optional ? without_undefined(type, checker) : type);
  const parameters = parameters_by_name(tuples, checker);
  if (parameters) {
    const shown = parameters.map(({ property, named }) => {
      const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
      const type = checker.getTypeOfSymbol(property);
      const comment = context.getComment(property, ReflectionKind.Property);
      return { name: property.name, optional, type: convert(type, optional), comment, named };
    });
    replace_last(project, signature, shown);
  } else if (tuples.length === 1) {
    // The arguments of a module's call, which are those of its forward().
    const { elementFlags: flags } = tuples[0].target;
    const labels = labels_of(tuples[0]);
    const by_position = ts.ElementFlags.Required | ts.ElementFlags.Optional;
    if (labels.length !== flags.length || labels.includes(undefined)) return;
    if (flags.some((flag) => !(flag & by_position))) return;
    const shown = checker.getTypeArguments(tuples[0]).map((type, i) => {
      const optional = (flags[i] & ts.ElementFlags.Optional) !== 0;
      return { name: labels[i], optional, type: convert(type, optional) };
    });
    replace_last(project, signature, shown);
  }
}

/** The type without what `?` adds to it. */
function without_undefined(type, checker) {
  if (!type.isUnion()) return type;
  const others = type.types.filter((member) => !(member.flags & ts.TypeFlags.Undefined));
  // TypeScript has no public way to make a union; that of a type with `null` is left as it is.
  return others.some((member) => member.flags & ts.TypeFlags.Null) ? type : checker.getNonNullableType(type);
}

// --- Operators, which have an overload for each number of arguments by position ---

/** The properties of `(kwargs: { … })`, the first of an operator's overloads. */
function keywords_of(signature) {
  const [parameter, ...others] = signature.parameters ?? [];
  if (parameter?.name !== 'kwargs' || others.length > 0 || parameter.type?.type !== 'reflection') return null;
  return parameter.type.declaration.children ?? null;
}

/** Is this overload the call that `keywords` describe, with some of them by position? */
function is_same_call(signature, keywords) {
  const parameters = signature.parameters ?? [];
  return parameters.every(({ name, flags }, i) => {
    if (flags.isRest) return false;
    return name === 'kwargs' ? i === parameters.length - 1 : name === keywords[i]?.name;
  });
}

function join_overloads(project, signatures) {
  const kept = [];
  let first = null;
  let keywords = null;
  let most = 0;
  const close = () => {
    if (first === null) return;
    const shown = keywords.map(({ name, type, comment, flags }, i) => {
      return { name, type, comment, optional: flags.isOptional, named: i >= most };
    });
    replace_last(project, first, shown);
    first = null;
  };
  for (const signature of signatures) {
    const own = keywords_of(signature);
    if (own) {
      close();
      [first, keywords, most] = [signature, own, 0];
      kept.push(signature);
    } else if (first && is_same_call(signature, keywords)) {
      most = Math.max(most, signature.parameters?.filter(({ name }) => name !== 'kwargs').length ?? 0);
      superfluous.push(signature);
    } else {
      kept.push(signature);
    }
  }
  close();
  return kept;
}

/** A constant with call signatures becomes the function that it is. */
function make_function(variable) {
  const { declaration } = variable.type;
  const { signatures } = declaration;
  variable.type = undefined;
  variable.defaultValue = undefined;
  variable.setFlag(ReflectionFlag.Const, false);
  variable.kind = ReflectionKind.Function;
  variable.signatures = signatures;
  for (const signature of signatures) {
    signature.parent = variable;
    signature.name = variable.name;
    signature.comment ??= variable.comment?.clone();
  }
  variable.comment = undefined;
}

// --- Classes ---

/** Moves what the class's comment says about parameters to its constructor. */
function describe_constructor(reflection) {
  const tags = reflection.comment?.getTags('@param') ?? [];
  const signature = reflection.children?.find((child) => child.kindOf(ReflectionKind.Constructor))?.signatures?.[0];
  if (tags.length === 0 || !signature) return;
  signature.comment ??= new Comment();
  signature.comment.blockTags.push(...tags);
  reflection.comment.removeTags('@param');
}

/** What is a member of an object of options, and so no parameter for TypeScript, comes under a heading of its own. */
function describe_others(signature) {
  const { comment } = signature;
  const names = new Set(signature.parameters?.map(({ name }) => name));
  const others = comment?.getTags('@param').filter(({ name }) => name && !name.includes('.') && !names.has(name)) ?? [];
  if (others.length === 0 || names.has('__namedParameters')) return;
  const list = others.flatMap(({ name, content }) => [{ kind: 'text', text: `\n- \`${name}\`: ` }, ...content]);
  comment.blockTags = comment.blockTags.filter((tag) => !others.includes(tag));
  comment.blockTags.unshift(new CommentTag('@furtherParameters', list));
}

export function load(app) {
  app.converter.on(Converter.EVENT_CREATE_SIGNATURE, expand_tuples);

  app.converter.on(
    Converter.EVENT_RESOLVE_BEGIN,
    ({ project }) => {
      for (const module of project.getReflectionsByKind(ReflectionKind.Module)) {
        if (module.name === 'index') module.name = 'torch';
      }
      const is_hidden = ({ name }) => is_private(name) || name === 'default';
      const nameable = ReflectionKind.All & ~(ReflectionKind.Parameter | ReflectionKind.Class);
      const hidden = project.getReflectionsByKind(nameable).filter(is_hidden);
      for (const reflection of project.getReflectionsByKind(ReflectionKind.Class)) describe_constructor(reflection);
      for (const variable of project.getReflectionsByKind(ReflectionKind.Variable)) {
        if (variable.type?.type === 'reflection' && variable.type.declaration.signatures) make_function(variable);
      }
      for (const callable of project.getReflectionsByKind(ReflectionKind.FunctionOrMethod)) {
        if (callable.signatures?.length > 1) callable.signatures = join_overloads(project, callable.signatures);
      }
      for (const reflection of [...hidden, ...superfluous]) {
        if (reflection.id in project.reflections) project.removeReflection(reflection);
      }
      superfluous = [];
      for (const signature of project.getReflectionsByKind(ReflectionKind.SomeSignature)) describe_others(signature);
    },
    1000,
  );

  // Who inherits from whom is known at priority 0, and the groups on a page are made at -100.
  app.converter.on(
    Converter.EVENT_RESOLVE_END,
    ({ project }) => {
      const inherited = project
        .getReflectionsByKind(ReflectionKind.ClassMember)
        .filter((member) => member.inheritedFrom?.reflection && !member.kindOf(ReflectionKind.Constructor));
      for (const member of inherited) project.removeReflection(member);
      for (const parameter of project.getReflectionsByKind(ReflectionKind.Parameter)) {
        if (!by_name_only.has(parameter)) continue;
        parameter.comment ??= new Comment();
        parameter.comment.summary.unshift({ kind: 'text', text: 'By name only. ' });
      }
    },
    -50,
  );
}
