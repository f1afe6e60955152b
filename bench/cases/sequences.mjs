/** Recurrent layers and attention: modules that do much in TypeScript before a few kernels run. */
import torch, { nn } from 'tstorch';

/** A forward and a backward pass of a module that is given its input once, or as query, key and value. */
function training(make, shape, times = 1) {
  return () => {
    const module = make();
    const x = torch.rand(shape, { requires_grad: true });
    const inputs = Array(times).fill(x);
    return () => {
      module.zero_grad();
      const result = module(...inputs);
      const loss = (Array.isArray(result) ? result[0] : result).sum();
      loss.backward();
      return loss;
    };
  };
}

function inference(make, shape, times = 1) {
  return () => {
    const module = make().eval();
    const x = torch.rand(shape);
    const inputs = Array(times).fill(x);
    return () =>
      torch.no_grad(() => {
        const result = module(...inputs);
        return Array.isArray(result) ? result[0] : result;
      });
  };
}

const lstm = (input_size, hidden_size) => () => new nn.LSTM(input_size, hidden_size, { batch_first: true });
const attention = (size, heads) => () => new nn.MultiheadAttention(size, heads, { batch_first: true });
const layer = (size, heads) => () =>
  new nn.TransformerEncoderLayer(size, heads, 4 * size, { dropout: 0, batch_first: true });

export const cases = {
  'LSTM(8, 16), 4 x 6, forward + backward': training(lstm(8, 16), [4, 6, 8]),
  'LSTM(64, 64), 16 x 32, forward + backward': training(lstm(64, 64), [16, 32, 64]),
  'LSTM(64, 64), 16 x 32, without gradients': inference(lstm(64, 64), [16, 32, 64]),
  'MultiheadAttention(16, 2), 4 x 6, forward + backward': training(attention(16, 2), [4, 6, 16], 3),
  'MultiheadAttention(64, 4), 16 x 32, forward + backward': training(attention(64, 4), [16, 32, 64], 3),
  'MultiheadAttention(64, 4), 16 x 32, without gradients': inference(attention(64, 4), [16, 32, 64], 3),
  'TransformerEncoderLayer(16, 2), 4 x 6, forward + backward': training(layer(16, 2), [4, 6, 16]),
  'TransformerEncoderLayer(64, 4), 16 x 32, forward + backward': training(layer(64, 4), [16, 32, 64]),
  'TransformerEncoderLayer(64, 4), 16 x 32, without gradients': inference(layer(64, 4), [16, 32, 64]),
};
