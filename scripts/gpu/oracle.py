"""Writes what Python's PyTorch computes on this machine's GPU, for tests/cuda: python scripts/gpu/oracle.py FILE

Without a GPU it computes on the CPU, to try the tests.
"""
import json
import sys
import warnings
from pathlib import Path

import torch
from torch import nn, optim
from torch.nn import functional as F

warnings.simplefilter("ignore")
device = "cuda" if torch.cuda.is_available() else "cpu"
torch.backends.cudnn.deterministic = True


def listed(tensor):
    return tensor.detach().double().flatten().tolist()


def seeded(draw):
    torch.manual_seed(42)
    return listed(draw())


def error_of(action):
    try:
        action()
    except Exception as error:
        return [type(error).__name__, str(error)]
    return None


def losses(model, x, y, make_optimizer, steps=8, autocast=None, scaler=None):
    model.to(device)
    x, y = x.to(device), y.to(device)
    optimizer = make_optimizer(model.parameters())
    values = []
    for _ in range(steps):
        optimizer.zero_grad()
        if autocast is None:
            loss = F.cross_entropy(model(x), y)
        else:
            with torch.autocast(device, dtype=autocast):
                loss = F.cross_entropy(model(x), y)
        if scaler is None:
            loss.backward()
            optimizer.step()
        else:
            scaler.scale(loss).backward()
            scaler.step(optimizer)
            scaler.update()
        values.append(loss.item())
    return values


def mlp():
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(16, 32), nn.ReLU(), nn.Dropout(0.2), nn.Linear(32, 4)), torch.rand(8, 16), \
        torch.randint(0, 4, [8])


def convolutional():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Conv2d(3, 8, 3, padding=1), nn.BatchNorm2d(8), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(),
                          nn.Linear(8 * 8 * 8, 4))
    return model, torch.rand(8, 3, 16, 16), torch.randint(0, 4, [8])


def recurrent():
    torch.manual_seed(0)
    lstm = nn.LSTM(8, 16, num_layers=2, batch_first=True).to(device)
    x = torch.rand(4, 6, 8).to(device).requires_grad_()
    y, (h, c) = lstm(x)
    y.sum().backward()
    return listed(y.sum()) + listed(h.sum()) + listed(c.sum()) + listed(x.grad.sum())


def transformer():
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(16, 2, 32, dropout=0.0, batch_first=True).to(device)
    x = torch.rand(4, 6, 16).to(device).requires_grad_()
    y = layer(x)
    y.pow(3).sum().backward()
    return listed(y.sum()) + listed(x.grad.abs().sum())


def memory():
    if device == "cpu":
        return []
    before = torch.cuda.memory_allocated()
    x = torch.zeros(1000, 1000, device=device)
    y = torch.zeros(10, device=device)
    held = torch.cuda.memory_allocated() - before
    del x, y
    return [held, torch.cuda.memory_allocated() - before]


def linear_algebra():
    torch.manual_seed(0)
    a = torch.rand(6, 6).to(device)
    symmetric = a @ a.mT + torch.eye(6, device=device)
    return listed(torch.linalg.inv(symmetric)) + listed(torch.linalg.eigvalsh(symmetric)) + \
        listed(torch.linalg.cholesky(symmetric)) + listed(torch.linalg.det(symmetric))


CASES = {
    "rand": lambda: seeded(lambda: torch.rand(7, device=device)),
    "randn": lambda: seeded(lambda: torch.randn(7, device=device)),
    "randint": lambda: seeded(lambda: torch.randint(0, 1000, [7], device=device)),
    "randperm": lambda: seeded(lambda: torch.randperm(11, device=device)),
    "bernoulli": lambda: seeded(lambda: torch.bernoulli(torch.full([11], 0.5, device=device))),
    "multinomial": lambda: seeded(lambda: torch.multinomial(torch.ones(9, device=device), 5)),
    "exponential_": lambda: seeded(lambda: torch.empty(5, device=device).exponential_()),
    "dropout": lambda: seeded(lambda: F.dropout(torch.ones(20, device=device), 0.3)),
    "generator": lambda: listed(torch.rand(5, device=device, generator=torch.Generator(device).manual_seed(7))),
    "MLP, SGD": lambda: losses(*mlp(), lambda p: optim.SGD(p, lr=0.1, momentum=0.9)),
    "MLP, Adam": lambda: losses(*mlp(), lambda p: optim.Adam(p, lr=0.01)),
    "MLP, AdamW fused": lambda: losses(*mlp(), lambda p: optim.AdamW(p, lr=0.01, fused=True)),
    "MLP, bfloat16": lambda: losses(*mlp(), lambda p: optim.SGD(p, lr=0.1), autocast=torch.bfloat16),
    "MLP, float16, scaled": lambda: losses(*mlp(), lambda p: optim.SGD(p, lr=0.1), autocast=torch.float16,
                                           scaler=torch.amp.GradScaler(device, init_scale=1024.0)),
    "convolutional, SGD": lambda: losses(*convolutional(), lambda p: optim.SGD(p, lr=0.1)),
    "LSTM": recurrent,
    "transformer": transformer,
    "linear algebra": linear_algebra,
    "memory": memory,
    "two devices": lambda: error_of(lambda: torch.ones(2, device=device) + torch.ones(3)),
    "repr": lambda: [str(torch.arange(4, device=device)), str(torch.ones(2, device=device, requires_grad=True))],
}


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    values = {name: case() for name, case in CASES.items()}
    oracle = {"device": device, "torch": torch.__version__, "values": values}
    if device == "cuda":
        properties = torch.cuda.get_device_properties(0)
        oracle["properties"] = {
            "name": properties.name,
            "capability": list(torch.cuda.get_device_capability()),
            "total_memory": properties.total_memory,
            "multi_processor_count": properties.multi_processor_count,
            "cuda": torch.version.cuda,
            "cudnn": torch.backends.cudnn.version(),
        }
    Path(sys.argv[1]).write_text(json.dumps(oracle, indent=1) + "\n")
    print(f"{len(values)} cases on {device}")


if __name__ == "__main__":
    main()
