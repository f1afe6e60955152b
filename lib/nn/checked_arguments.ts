/**
 * `signature` for the functions and modules of `nn`, which look at their arguments before LibTorch sees them: whatever
 * is no tensor, number or size where one should be is refused with an error that names the argument.
 *
 * An argument of a name means the same everywhere in `nn`, so the names say what is checked; what is in no list here is
 * left to the function.
 */
import { is_instance, signature as unchecked_signature } from '../arguments.ts';
import type { ParameterSpec } from '../arguments.ts';
import { TypeError } from '../errors.ts';
import { type_name } from '../repr.ts';
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

type Kind = 'Tensor' | 'float' | 'tuple of ints' | 'str';

const KINDS = new Map<string, Kind>();
for (const name of TENSORS.split(' ')) KINDS.set(name, 'Tensor');
for (const name of NUMBERS.split(' ')) KINDS.set(name, 'float');
for (const name of SIZES.split(' ')) KINDS.set(name, 'tuple of ints');
for (const name of TEXTS.split(' ')) KINDS.set(name, 'str');

/** Arguments that have to be given, but may be null. */
const NULLABLE = new Set(
  'running_mean running_var in_proj_weight in_proj_bias bias_k bias_v out_proj_bias momentum'.split(' '),
);

/** A number, or several of which some may be left open. */
function is_size(value: unknown): boolean {
  if (typeof value === 'number') return true;
  if (!Array.isArray(value)) return false;
  // A loop and not every(), since the first hole of billions ends it.
  for (const item of value as readonly unknown[]) if (item !== null && typeof item !== 'number') return false;
  return true;
}

function is_of_kind(value: unknown, kind: Kind, key: string): boolean {
  switch (kind) {
    case 'Tensor':
      return is_instance(value, Tensor);
    case 'float':
      // Python takes truth values for numbers.
      return typeof value === 'number' || typeof value === 'boolean';
    case 'str':
      return typeof value === 'string';
    default:
      // Convolutions have names for ways of padding.
      return is_size(value) || (key === 'padding' && typeof value === 'string');
  }
}

/** An error that says what an argument should have been. */
export function wrong_type(name: string, argument: string, kind: string, value: unknown): TypeError {
  let type = 'object';
  try {
    type = type_name(value);
  } catch {
    // a proxy that does not let itself be asked
  }
  return new TypeError(`${name}(): argument '${argument}' must be ${kind}, not ${type}`);
}

/** @throws TypeError unless an argument is a tensor */
export function check_tensor(name: string, argument: string, value: unknown): asserts value is Tensor {
  if (!is_instance(value, Tensor)) throw wrong_type(name, argument, 'Tensor', value);
}

/** @throws TypeError unless an argument is null, a number or several of them */
export function check_size(name: string, argument: string, value: unknown): void {
  let fits = value === null;
  try {
    fits ||= is_size(value);
  } catch {
    // a proxy that does not let itself be asked
  }
  if (!fits) throw wrong_type(name, argument, 'tuple of ints', value);
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
  const parse = unchecked_signature<P>(name, positional, keyword_only);
  const checks: [key: string, kind: Kind, nullable: boolean][] = [];
  for (const spec of [...positional, ...keyword_only]) {
    const key = typeof spec === 'string' ? spec : spec[0];
    // A switch has the name of a tensor in places.
    const is_switch = typeof spec !== 'string' && typeof spec[1] === 'boolean';
    const kind = KINDS.get(key);
    if (kind === undefined || is_switch || leave.includes(key)) continue;
    checks.push([key, kind, NULLABLE.has(key) || (typeof spec !== 'string' && spec[1] === null)]);
  }
  return (args) => {
    const parsed = parse(args);
    for (let i = 0; i < checks.length; i++) {
      const [key, kind, nullable] = checks[i]!;
      const value = (parsed as Record<string, unknown>)[key];
      if (is_of_kind(value, kind, key) || (value === null && nullable)) continue;
      throw wrong_type(name, key, kind, value);
    }
    return parsed;
  };
}
