/** The strings that operators take where their schemas say only `str`. */

const literals = (text) =>
  text
    .split(' ')
    .map((one) => `'${one}'`)
    .join(' | ');

const DRIVER = { linalg_lstsq: 'gels gelsy gelsd gelss', '': 'gesvd gesvdj gesvda' };
const REDUCE = {
  scatter: 'add multiply',
  scatter_: 'add multiply',
  scatter_reduce: 'sum prod mean amax amin',
  scatter_reduce_: 'sum prod mean amax amin',
  segment_reduce: 'sum mean max min prod',
  '': 'prod mean amax amin',
};

/** By parameter: the strings, or an object of them by operator, `''` for all others that are known. */
const BY_PARAMETER = {
  UPLO: 'L U',
  approximate: 'none tanh',
  driver: DRIVER,
  indexing: 'ij xy',
  interpolation: 'linear lower higher midpoint nearest',
  mode: { linalg_qr: 'reduced complete r' },
  norm: 'forward backward ortho',
  ord: 'fro nuc',
  p: 'fro nuc',
  pad_mode: 'constant reflect replicate circular',
  padding: 'valid same',
  padding_side: 'left right',
  reduce: REDUCE,
  rounding_mode: 'trunc floor',
  side: 'left right',
};

/** The type of the string parameter `parameter` of `operator`. */
export function string_type(parameter, operator) {
  const known = BY_PARAMETER[parameter];
  const strings = typeof known === 'object' ? (known[operator] ?? known['']) : known;
  return strings === undefined ? 'string' : literals(strings);
}
