"""Writes what PyTorch's own data base of operators (op_db) calls, and what PyTorch gives for it.

    python scripts/conformance/op_db.py                     tests/conformance/fixtures/operators.*, a small selection
    python scripts/conformance/op_db.py --full FOLDER       one bundle for each operator, every sample
    python scripts/conformance/op_db.py --full FOLDER --only linalg.svd nn.functional.pad

Needs numpy. bundle.py describes the format.
"""

import argparse
import json
import os
import pathlib
import re
import sys
import types
import unittest

if os.environ.get("PYTHONHASHSEED") != "0":
    # op_db goes through sets; this makes their order the same in every run.
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "fixtures"))

import reproducible  # noqa: E402, F401  before torch

try:
    import expecttest  # noqa: F401
except ImportError:
    # op_db only wants its class to inherit from.
    sys.modules["expecttest"] = types.SimpleNamespace(TestCase=unittest.TestCase)

import torch  # noqa: E402

from bundle import Bundle  # noqa: E402
from samples import DTYPES, OpSamples, op_db, op_name  # noqa: E402
from selection import round_digits, select  # noqa: E402
from writer import Writer  # noqa: E402

COMPACT = HERE.parents[1] / "tests" / "conformance" / "fixtures" / "operators"
# Samples of an operator and dtype in the fixtures, by dtype, and elements in all of a sample's tensors.
COMPACT_SAMPLES = {torch.float32: 20, torch.float64: 6, torch.int64: 8, torch.bool: 4, torch.complex64: 8}
COMPACT_ELEMENTS = 100
COMPACT_ERRORS = 4


def describe(op, writer, choose, variants, most_errors):
    """The samples of one operator, as they stand in a bundle."""
    samples = OpSamples(op)
    records = []
    for dtype in DTYPES:
        if dtype not in op.supported_dtypes("cpu"):
            continue
        inputs, with_gradient = samples.inputs(dtype)
        chosen = choose(inputs, dtype)
        count = variants if dtype == torch.float32 or torch.float32 not in op.supported_dtypes("cpu") else variants - 1
        records.extend(samples.records(writer, chosen, with_gradient, dtype, count))
    records.extend(samples.error_records(writer, most_errors))
    return {"name": op_name(op), "samples": records, "skipped": samples.skipped}


def write_full(folder, names):
    folder.mkdir(parents=True, exist_ok=True)
    index = []
    for op in op_db:
        name = op_name(op)
        if names and name not in names and op.name not in names:
            continue
        bundle = Bundle()
        bundle.ops.append(describe(op, Writer(bundle), lambda inputs, dtype: inputs, 2, 1000))
        file = re.sub(r"[^\w.-]", "_", name)
        bundle.write(folder / file, level=1)
        index.append(file)
        print(f"{name}: {len(bundle.ops[0]['samples'])} samples", flush=True)
    if not names:
        (folder / "index.json").write_text(json.dumps({"torch": torch.__version__, "files": index}))


def write_compact():
    bundle = Bundle()
    writer = Writer(bundle, round_digits)
    for op in op_db:
        bundle.ops.append(
            describe(
                op,
                writer,
                lambda inputs, dtype: select(inputs, COMPACT_SAMPLES[dtype], COMPACT_ELEMENTS),
                1,
                COMPACT_ERRORS,
            )
        )
    COMPACT.parent.mkdir(parents=True, exist_ok=True)
    bundle.write(COMPACT)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--full", type=pathlib.Path, metavar="FOLDER")
    parser.add_argument("--only", nargs="*", default=[])
    given = parser.parse_args()
    if given.full:
        write_full(given.full, set(given.only))
    else:
        write_compact()


main()
