"""Recurrent layers and attention, as in sequences.mjs."""

import torch
from torch import nn

from case import Case


def training(make, shape, times=1):
    def setup():
        module = make()
        x = torch.rand(shape, requires_grad=True)
        inputs = [x] * times

        def step():
            module.zero_grad()
            result = module(*inputs)
            loss = (result[0] if isinstance(result, tuple) else result).sum()
            loss.backward()
            return loss

        return {'step': step}

    return Case(setup, 'step()')


def inference(make, shape, times=1):
    def setup():
        module = make().eval()
        x = torch.rand(shape)
        inputs = [x] * times

        def step():
            with torch.no_grad():
                result = module(*inputs)
                return result[0] if isinstance(result, tuple) else result

        return {'step': step}

    return Case(setup, 'step()')


def lstm(input_size, hidden_size):
    return lambda: nn.LSTM(input_size, hidden_size, batch_first=True)


def attention(size, heads):
    return lambda: nn.MultiheadAttention(size, heads, batch_first=True)


def layer(size, heads):
    return lambda: nn.TransformerEncoderLayer(size, heads, 4 * size, dropout=0, batch_first=True)


cases = {
    'LSTM(8, 16), 4 x 6, forward + backward': training(lstm(8, 16), [4, 6, 8]),
    'LSTM(64, 64), 16 x 32, forward + backward': training(lstm(64, 64), [16, 32, 64]),
    'LSTM(64, 64), 16 x 32, without gradients': inference(lstm(64, 64), [16, 32, 64]),
    'MultiheadAttention(16, 2), 4 x 6, forward + backward': training(attention(16, 2), [4, 6, 16], 3),
    'MultiheadAttention(64, 4), 16 x 32, forward + backward': training(attention(64, 4), [16, 32, 64], 3),
    'MultiheadAttention(64, 4), 16 x 32, without gradients': inference(attention(64, 4), [16, 32, 64], 3),
    'TransformerEncoderLayer(16, 2), 4 x 6, forward + backward': training(layer(16, 2), [4, 6, 16]),
    'TransformerEncoderLayer(64, 4), 16 x 32, forward + backward': training(layer(64, 4), [16, 32, 64]),
    'TransformerEncoderLayer(64, 4), 16 x 32, without gradients': inference(layer(64, 4), [16, 32, 64]),
}
