/**
 * Matrix products in groups, and of matrices that are held in few bits with scales beside them.
 * @see https://docs.pytorch.org/docs/stable/nn.functional.html
 */
import type { Arguments, ParameterSpec } from '../../arguments.ts';
import { bfloat16 } from '../../dtype.ts';
import type { dtype as DType } from '../../dtype.ts';
import { aten } from '../../ops.ts';
import type { Tensor } from '../../tensor.ts';
import { signature } from '../checked_arguments.ts';

/**
 * Which elements of a matrix share a scale.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.ScalingType.html
 */
export const ScalingType = {
  TensorWise: 0,
  RowWise: 1,
  BlockWise1x16: 2,
  BlockWise1x32: 3,
  BlockWise1x128: 4,
  BlockWise128x128: 5,
} as const;
export type ScalingType = (typeof ScalingType)[keyof typeof ScalingType];

/**
 * In what order scales lie in memory.
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.SwizzleType.html
 */
export const SwizzleType = { NO_SWIZZLE: 0, SWIZZLE_32_4_4: 1 } as const;
export type SwizzleType = (typeof SwizzleType)[keyof typeof SwizzleType];

export interface GroupedMmOptions {
  mat_a: Tensor;
  mat_b: Tensor;
  /** Where the groups end. */
  offs?: Tensor | null;
  bias?: Tensor | null;
  out_dtype?: DType | null;
}
const grouped_mm_arguments = signature<GroupedMmOptions>(
  'grouped_mm',
  ['mat_a', 'mat_b'],
  [['offs', null], ['bias', null], ['out_dtype', null]],
);

/**
 * One matrix product for each group: where an operand has two dimensions its groups lie one behind the other and end
 * at `offs`; one of three dimensions has a matrix for each.
 * @throws RuntimeError for dtypes, shapes or strides that the kernel does not take
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.grouped_mm.html
 */
export function grouped_mm(...args: Arguments<GroupedMmOptions, ['mat_a', 'mat_b']>): Tensor {
  const { mat_a, mat_b, offs, bias, out_dtype } = grouped_mm_arguments(args);
  return aten._grouped_mm(mat_a, mat_b, offs, bias, out_dtype);
}

/** One value, or several of them. */
type OneOrMore<T> = T | readonly T[];

/** The operands of a scaled product. */
export interface ScaledOptions {
  mat_a: Tensor;
  mat_b: Tensor;
  scale_a: OneOrMore<Tensor>;
  scale_recipe_a: OneOrMore<ScalingType>;
  scale_b: OneOrMore<Tensor>;
  scale_recipe_b: OneOrMore<ScalingType>;
  swizzle_a?: OneOrMore<SwizzleType> | null;
  swizzle_b?: OneOrMore<SwizzleType> | null;
  bias?: Tensor | null;
  /** The type of the result (default: `bfloat16`). */
  output_dtype?: DType | null;
  contraction_dim?: readonly number[];
  use_fast_accum?: boolean;
}
const operands: ParameterSpec[] = [
  'mat_a',
  'mat_b',
  'scale_a',
  'scale_recipe_a',
  'scale_b',
  'scale_recipe_b',
  ['swizzle_a', null],
  ['swizzle_b', null],
  ['bias', null],
];
const results: ParameterSpec[] = [
  ['output_dtype', bfloat16],
  ['contraction_dim', []],
  ['use_fast_accum', false],
];
type OperandNames = [
  'mat_a',
  'mat_b',
  'scale_a',
  'scale_recipe_a',
  'scale_b',
  'scale_recipe_b',
  'swizzle_a',
  'swizzle_b',
  'bias',
];
type ResultNames = ['output_dtype', 'contraction_dim', 'use_fast_accum'];
const scaled_mm_arguments = signature<ScaledOptions>('scaled_mm', [...operands, ...results]);

/** A list, where one value stands for a list of it, and null for none. */
function list_of<T>(values: OneOrMore<T> | null): readonly T[] {
  if (values === null) return [];
  return Array.isArray(values) ? (values as readonly T[]) : [values as T];
}

/** The two matrices with their scales, as the operators take them. */
function operands_of(options: Required<ScaledOptions>) {
  return [
    options.mat_a,
    options.mat_b,
    list_of(options.scale_a),
    list_of(options.scale_recipe_a),
    list_of(options.swizzle_a),
    list_of(options.scale_b),
    list_of(options.scale_recipe_b),
    list_of(options.swizzle_b),
  ] as const;
}

/** What the operators take about the result. */
function results_of(options: Required<ScaledOptions>) {
  return [options.bias, options.output_dtype, options.contraction_dim, options.use_fast_accum] as const;
}

/**
 * The product of two matrices that are held in few bits, each times its scales.
 * @throws RuntimeError for what the kernel does not take
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_mm.html
 */
export function scaled_mm(...args: Arguments<ScaledOptions, [...OperandNames, ...ResultNames]>): Tensor {
  const options = scaled_mm_arguments(args);
  return aten._scaled_mm_v2(...operands_of(options), ...results_of(options));
}

export interface ScaledGroupedOptions extends ScaledOptions {
  /** Where the groups end. */
  offs?: Tensor | null;
}
const scaled_grouped_mm_arguments = signature<ScaledGroupedOptions>('scaled_grouped_mm', [
  ...operands,
  ['offs', null],
  ...results,
]);

/**
 * As {@link grouped_mm}, of matrices that are held in few bits, each times its scales.
 * @throws RuntimeError for what the kernel does not take
 * @see https://docs.pytorch.org/docs/stable/generated/torch.nn.functional.scaled_grouped_mm.html
 */
export function scaled_grouped_mm(
  ...args: Arguments<ScaledGroupedOptions, [...OperandNames, 'offs', ...ResultNames]>
): Tensor {
  const options = scaled_grouped_mm_arguments(args);
  return aten._scaled_grouped_mm_v2(...operands_of(options), options.offs, ...results_of(options));
}
