/**
 * `signature` for the functions and modules of `nn`, which look at their arguments before LibTorch sees them: whatever
 * is no tensor, number or size where one should be is refused with an error that names the argument.
 *
 * An argument of a name means the same everywhere in `nn`, so the names say what is checked; what is in no list here is
 * left to the function.
 */
import { is_instance, signature as unchecked_signature, wrong_type } from '../arguments.ts';
import type { ParameterSpec, Requirement } from '../arguments.ts';
import { Tensor } from '../tensor.ts';

const TENSORS =
  'input target weight bias input1 input2 indices running_mean running_var anchor positive negative log_probs targets ' +
  'grid theta query key logits linear_weight linear_bias pos_weight offsets per_sample_weights _random_samples mat_a ' +
  'mat_b offs in_proj_weight in_proj_bias bias_k bias_v out_proj_weight out_proj_bias q_proj_weight k_proj_weight ' +
  'v_proj_weight static_k static_v attn_mask key_padding_mask src tgt memory src_mask tgt_mask memory_mask mask ' +
  'src_key_padding_mask tgt_key_padding_mask memory_key_padding_mask _weight embeddings padded_sequences out';
const NUMBERS =
  'p eps momentum margin alpha beta delta tau norm_type min_val max_val lower upper threshold negative_slope ' +
  'label_smoothing embed_dim_to_check dropout_p dropout k lambd max_norm padding_value embed_dim num_heads num_layers ' +
  'nhead d_model in_channels out_channels groups in_features out_features in1_features in2_features num_features ' +
  'num_classes n_classes num_embeddings embedding_dim padding_idx num_groups num_channels input_size hidden_size ' +
  'proj_size dim_feedforward layer_norm_eps kdim vdim upscale_factor downscale_factor ignore_index blank total_length ' +
  'div_value num_parameters init start_dim end_dim divisor_override sz';
const SIZES =
  'kernel_size stride padding dilation output_size output_ratio normalized_shape size scale_factor output_padding ' +
  'cutoffs';
const TEXTS = 'reduction mode padding_mode approximate padding_side nonlinearity';

const TENSOR: Requirement = { expected: 'Tensor', fits: (value) => is_instance(value, Tensor) };
// Python takes truth values for numbers.
const NUMBER: Requirement = {
  expected: 'float',
  fits: (value) => typeof value === 'number' || typeof value === 'boolean',
};
const SIZE: Requirement = { expected: 'tuple of ints', fits: is_size };
// Convolutions have names for ways of padding.
const PADDING: Requirement = {
  expected: 'tuple of ints',
  fits: (value) => typeof value === 'string' || is_size(value),
};
const TEXT: Requirement = { expected: 'str', fits: (value) => typeof value === 'string' };

const REQUIREMENTS = new Map<string, Requirement>();
for (const name of TENSORS.split(' ')) REQUIREMENTS.set(name, TENSOR);
for (const name of NUMBERS.split(' ')) REQUIREMENTS.set(name, NUMBER);
for (const name of SIZES.split(' ')) REQUIREMENTS.set(name, SIZE);
for (const name of TEXTS.split(' ')) REQUIREMENTS.set(name, TEXT);
REQUIREMENTS.set('padding', PADDING);

/** Arguments that have to be given, but may be null. */
const NULLABLE = 'running_mean running_var in_proj_weight in_proj_bias bias_k bias_v out_proj_bias momentum'.split(' ');
for (const name of NULLABLE) REQUIREMENTS.set(name, or_null(REQUIREMENTS.get(name)!));

function or_null({ expected, fits }: Requirement): Requirement {
  return { expected, fits: (value) => value === null || fits(value) };
}

/** A number, or several of which some may be left open. */
function is_size(value: unknown): boolean {
  if (typeof value === 'number') return true;
  try {
    if (!Array.isArray(value)) return false;
    // A loop and not every(), since the first hole of billions ends it.
    for (const item of value as readonly unknown[]) if (item !== null && typeof item !== 'number') return false;
    return true;
  } catch {
    return false; // a proxy that does not let itself be asked
  }
}

/** @throws TypeError unless an argument is a tensor */
export function check_tensor(name: string, argument: string, value: unknown): asserts value is Tensor {
  if (!is_instance(value, Tensor)) throw wrong_type(name, argument, 'Tensor', value);
}

/** @throws TypeError unless an argument is null, a number or several of them */
export function check_size(name: string, argument: string, value: unknown): void {
  if (value !== null && !is_size(value)) throw wrong_type(name, argument, SIZE.expected, value);
}

/**
 * Makes the argument reader of one function, as `signature` of lib/arguments.ts does.
 * @param leave names of arguments that are something else here than elsewhere
 * @throws TypeError (from the reader) for an argument that is missing, unknown or of a wrong type
 */
export function signature<P extends object>(
  name: string,
  positional: readonly ParameterSpec[],
  keyword_only: readonly ParameterSpec[] = [],
  leave: readonly string[] = [],
): (args: readonly unknown[]) => Required<P> {
  return unchecked_signature<P>(name, positional, keyword_only, (spec) => {
    const argument = typeof spec === 'string' ? spec : spec[0];
    // A switch has the name of a tensor in places.
    const is_switch = typeof spec !== 'string' && typeof spec[1] === 'boolean';
    return is_switch || leave.includes(argument) ? undefined : REQUIREMENTS.get(argument);
  });
}
