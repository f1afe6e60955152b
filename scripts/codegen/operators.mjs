/** Which operators there are, and which of them Python has as functions of torch (or of a namespace) and as methods. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The namespaces of torch whose functions are operators named after them: `linalg_solve` is `torch.linalg.solve`. */
export const NAMESPACES = ['linalg', 'fft', 'special'];

// LibTorch does not say which of its functions Python keeps in torch.nn.functional, torch.linalg, torch.fft, … only.
const IN_OTHER_MODULES = [
  /_(backward|forward|jvp|out|overrideable)$/,
  /^(adaptive_(avg|max)_pool[23]d|avg_pool[23]d|max_pool[23]d_with_indices|fractional_max_pool[23]d|max_unpool[23]d)$/,
  /^(reflection|replication)_pad[123]d$|^pad$|^upsample_|^(im2col|col2im|linear|one_hot|gelu|glu|elu|silu|mish)_?$/,
  /^(hardtanh|hardsigmoid|hardswish|leaky_relu|relu6|log_sigmoid|softplus|thnn_conv2d|slow_conv\w*|conv_depthwise3d)_?$/,
  /^(scaled_dot_product_attention|cross_entropy_loss|multi_margin_loss|multilabel_margin_loss|nll_loss\w*|cudnn_\w*loss)$/,
  /^(huber|l1|mse|smooth_l1|soft_margin)_loss$|^binary_cross_entropy$|^softshrink$|^rrelu_with_noise_?$/,
  // Functional forms that only the compilers of LibTorch use.
  /^(cauchy|exponential|geometric|log_normal|uniform|random|copy|set|zero|resize_as|resize_as_sparse|embedding_renorm)$/,
  /^(alias|slice|lift(_fresh(_copy)?)?|copy_sparse_to_sparse_?|nonzero_numpy|unique_dim(_consecutive)?)$/,
  /^(fake_quantize_per_\w+_cachemask|nested_to_padded_tensor|sparse_sampled_addmm|index|pad_sequence|(un)?flatten_dense_tensors)$/,
  /^mkldnn_(linear|reorder)\w*$/,
  /^(resize|sparse_resize|sparse_resize_and_clear)$/,
];
// Functions by LibTorch's reckoning whose Python namesakes are written in lib/.
const WRITTEN_BY_HAND = new Set(['tensor', 'data', 'is_leaf', 'item']);
// Methods that the header declares elsewhere.
const FURTHER_METHODS = new Set(
  ['conj', 'contiguous', 'is_complex', 'is_conj', 'is_floating_point', 'is_neg', 'is_signed'],
);
// Methods of the C++ API alone.
const NO_METHODS = /^(__.*|_backward|_fw_primal|_reshape_alias|alias|hardshrink_backward|matrix_H|nonzero_numpy|numpy_T|slice)$/;

/** The names that TensorBody.h declares as methods. */
function methods_in_headers(include) {
  const header = readFileSync(join(include, 'core', 'TensorBody.h'), 'utf8');
  return new Set([...header.matchAll(/^ {2}[^\n(]*?\b(\w+)\([^\n]*\) const;/gm)].map((match) => match[1]));
}

/** Does the C++ API have the operator as a function? */
function is_function(name, include) {
  // Forms in place stand in the header of the plain ones.
  const base = name.endsWith('_') ? name.slice(0, -1) : name;
  const header = join(include, 'ops', `${base}.h`);
  return existsSync(header) && new RegExp(`^inline [^\\n]*\\b${name}\\(`, 'm').test(readFileSync(header, 'utf8'));
}

/** The members that lib/tensor.ts defines itself. */
function members_of_class(file) {
  const [text] = readFileSync(file, 'utf8').split(/^export class Tensor \{$/m)[1].split(/^\}$/m);
  return new Set([...text.matchAll(/^ {2}(?:(?:get|set|declare|readonly|static) )*\*?(\w+)[<(:]/gm)].map((match) => match[1]));
}

/**
 * The operators of aten by name, each with its overloads, and whether it is a function and a method.
 */
export function read_operators(schemas, include, tensor_file) {
  const by_name = new Map();
  for (const schema of schemas) {
    if (!schema.name.startsWith('aten::')) continue;
    const name = schema.name.slice('aten::'.length);
    if (!by_name.has(name)) by_name.set(name, []);
    by_name.get(name).push(schema);
  }
  const methods = methods_in_headers(include);
  const own = members_of_class(tensor_file);
  const operators = [];
  const prefix = new RegExp(`^(${NAMESPACES.join('|')})_`);
  for (const name of [...by_name.keys()].sort()) {
    const overloads = by_name.get(name).sort((a, b) => a.overload.localeCompare(b.overload));
    const namespace = prefix.exec(name)?.[1] ?? '';
    operators.push({
      name,
      namespace,
      python_name: name.replace(prefix, ''),
      overloads: overloads.filter((overload) => !overload.parameters.some((one) => one.is_out)),
      out: overloads.find((overload) => overload.parameters.some((one) => one.is_out)),
      is_method: (methods.has(name) || FURTHER_METHODS.has(name)) && !NO_METHODS.test(name) && !own.has(name),
      is_function:
        !name.replace(prefix, '').startsWith('_') &&
        !WRITTEN_BY_HAND.has(name) &&
        !IN_OTHER_MODULES.some((pattern) => pattern.test(name)) &&
        (is_function(name, include) || (FURTHER_METHODS.has(name) && name !== 'contiguous')),
    });
  }
  return operators.filter((operator) => operator.overloads.length > 0);
}
