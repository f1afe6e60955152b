/** Functions and methods of nn with their arguments by name, and members that few programs need. Values are Python's. */
import torch, { nn, type Tensor } from 'tstorch';
import { describe, expect, test } from 'vitest';
import { error_of } from '../../expected.ts';

const { convert_conv2d_weight_memory_format, parametrize, prune, rnn } = nn.utils;

describe('arguments by name', () => {
  test('of functions on vectors and weights', () => {
    const layer = new nn.Linear(2, 2);
    const vector = nn.utils.parameters_to_vector({ parameters: layer.parameters() });
    nn.utils.vector_to_parameters({ vec: vector.mul(2), parameters: layer.parameters() });
    expect(torch.equal(nn.utils.parameters_to_vector(layer.parameters()), vector.mul(2))).toBe(true);
    const conv = convert_conv2d_weight_memory_format({
      module: new nn.Conv2d(2, 2, 2),
      memory_format: torch.channels_last,
    });
    expect([...conv.weight.stride()]).toEqual([8, 1, 4, 2]);
  });

  test('of norms, parametrizations and pruning', () => {
    const layer = nn.utils.weight_norm(new nn.Linear(2, 2));
    expect(nn.utils.remove_weight_norm({ module: layer }).weight).toBeInstanceOf(nn.Parameter);
    expect(error_of(() => nn.utils.remove_spectral_norm({ module: layer, name: 'bias' }))[0]).toBe('ValueError');
    expect(parametrize.is_parametrized({ module: layer, tensor_name: 'weight' })).toBe(false);
    expect(parametrize.type_before_parametrizations({ module: layer })).toBe(nn.Linear);
    expect(
      parametrize.transfer_parametrizations_and_params({ from_module: layer, to_module: new nn.Linear(2, 2) }),
    ).toBeInstanceOf(nn.Linear);
    prune.identity({ module: layer, name: 'weight' });
    expect(prune.is_pruned({ module: layer })).toBe(true);
    prune.remove({ name: 'weight', module: layer });
    expect(prune.is_pruned(layer)).toBe(false);
  });

  test('of functions on sequences', () => {
    const permutation = torch.tensor([2, 0, 1]);
    expect(rnn.invert_permutation({ permutation }).tolist()).toEqual([1, 2, 0]);
    expect(rnn.invert_permutation(null)).toBe(null);
    const packed_sequences = rnn.pack_sequence([torch.tensor([1, 2]), torch.tensor([3])]);
    expect(rnn.unpack_sequence({ packed_sequences }).map((x: Tensor) => x.tolist())).toEqual([[1, 2], [3]]);
  });

  test('of activations', () => {
    const input = torch.tensor([-1.0, 3.0], { dtype: torch.float64 });
    expect(nn.functional.softsign({ input }).tolist()).toEqual([-0.5, 0.75]);
    expect(torch.equal(nn.functional.tanhshrink({ input }), nn.functional.tanhshrink(input))).toBe(true);
  });

  test('of the methods of a module', () => {
    const module = new nn.Module();
    module.add_module({ name: 'first', module: new nn.Linear(1, 1) });
    module.register_module({ name: 'second', module: null });
    module.register_parameter({ name: 'scale', param: new nn.Parameter(torch.ones(1)) });
    module.set_submodule({ target: 'first', module: new nn.ReLU(), strict: true });
    expect(module.get_submodule({ target: 'first' })).toBeInstanceOf(nn.ReLU);
    expect(module.get_parameter({ target: 'scale' }).tolist()).toEqual([1]);
    expect(error_of(() => module.get_buffer({ target: 'scale' }))).toEqual(['AttributeError', '`scale` is not a buffer']);
  });

  test('of hooks', () => {
    const layer = new nn.Linear(2, 2);
    const ran: string[] = [];
    layer.register_forward_pre_hook({ hook: () => void ran.push('second') });
    layer.register_forward_pre_hook({ hook: () => void ran.push('first'), prepend: true });
    layer.register_forward_hook({ hook: (_, __, kwargs) => void ran.push(...Object.keys(kwargs)), with_kwargs: true });
    layer.register_full_backward_hook({ hook: () => void ran.push('backward') });
    layer({ input: torch.ones(1, 2, { requires_grad: true }) })
      .sum()
      .backward();
    expect(ran).toEqual(['first', 'second', 'input', 'backward']);
  });

  test('of hooks on state dicts and steps', () => {
    const layer = new nn.Linear(2, 2);
    const ran: string[] = [];
    layer.register_state_dict_pre_hook({ hook: () => void ran.push('save') });
    layer.register_state_dict_post_hook({ hook: () => void ran.push('saved') });
    layer.register_load_state_dict_pre_hook({ hook: () => void ran.push('load') });
    layer.register_load_state_dict_post_hook({ hook: () => void ran.push('loaded') });
    layer.load_state_dict({ state_dict: layer.state_dict(), strict: true });
    const optimizer = new torch.optim.SGD(layer.parameters());
    optimizer.register_step_pre_hook({ hook: () => void ran.push('step') });
    optimizer.register_state_dict_pre_hook({ hook: () => void ran.push('second') });
    optimizer.register_state_dict_pre_hook({ hook: () => void ran.push('first'), prepend: true });
    optimizer.step();
    optimizer.state_dict();
    expect(ran).toEqual(['save', 'saved', 'load', 'loaded', 'step', 'first', 'second']);
  });

  test('of containers', () => {
    const chain = new nn.Sequential(new nn.ReLU());
    chain.insert({ index: 0, module: new nn.Tanh() });
    const list = new nn.ModuleList<nn.Module>([new nn.ReLU()]);
    list.insert({ module: new nn.Tanh(), index: 0 });
    const names: string[] = [];
    for (const module of [chain, list]) module.apply({ fn: (one) => void names.push(one._get_name()) });
    expect(names).toEqual(['Tanh', 'ReLU', 'Sequential', 'Tanh', 'ReLU', 'ModuleList']);
  });
});

describe('members', () => {
  test('factory_kwargs', () => {
    expect(nn.factory_kwargs(null)).toEqual({});
    expect(nn.factory_kwargs({ device: 'cpu', factory_kwargs: { dtype: torch.float64 } })).toEqual({
      device: 'cpu',
      dtype: torch.float64,
    });
    expect(error_of(() => nn.factory_kwargs({ device: 'cpu', x: 1 }))).toEqual([
      'TypeError',
      "unexpected kwargs {'x'}",
    ]);
    expect(error_of(() => nn.factory_kwargs({ device: 'cpu', factory_kwargs: { device: 'cpu' } }))).toEqual([
      'TypeError',
      'device specified twice, in **kwargs and in factory_kwargs',
    ]);
  });

  test('of recurrent layers', () => {
    const lstm = new nn.LSTM(2, 3, { proj_size: 1 });
    const input = torch.ones(4, 1, 2);
    expect(lstm.get_expected_cell_size(input, null)).toEqual([1, 1, 3]);
    expect(lstm.get_expected_hidden_size(input, null)).toEqual([1, 1, 1]);
    expect(lstm.get_expected_hidden_size(torch.ones(4, 2), torch.tensor([2, 1]))).toEqual([1, 2, 1]);
    const layer = new nn.RNN(2, 3);
    expect(error_of(() => layer.check_forward_args(input, torch.ones(1, 2, 3), null))).toEqual([
      'RuntimeError',
      'Expected hidden size (1, 1, 3), got [1, 2, 3]',
    ]);
    const order = torch.tensor([1, 0]);
    const state = torch.tensor([[[1], [2]]]);
    expect(layer.permute_hidden(state, order).tolist()).toEqual([[[2], [1]]]);
    expect(lstm.permute_hidden([state, state], order).map((x: Tensor) => x.tolist())).toEqual([
      [[[2], [1]]],
      [[[2], [1]]],
    ]);
    expect(layer.permute_hidden(state, null)).toBe(state);
  });

  test('fromkeys', () => {
    const made = new nn.ParameterDict().fromkeys(['x', 'y'], torch.ones(2));
    expect([...made.keys()]).toEqual(['x', 'y']);
    expect(String(made)).toBe(
      'ParameterDict(\n' +
        '    (x): Parameter containing: [torch.FloatTensor of size 2]\n' +
        '    (y): Parameter containing: [torch.FloatTensor of size 2]\n)',
    );
  });

  test('fusion is a namespace, too', () => {
    expect(nn.utils.fusion.fuse_conv_bn_eval).toBe(nn.utils.fuse_conv_bn_eval);
  });
});
