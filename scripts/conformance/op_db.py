"""Writes what PyTorch's own data base of operators (op_db) calls, and what PyTorch gives for it.

    python scripts/conformance/op_db.py                     tests/conformance/fixtures/operators.*, a small selection
    python scripts/conformance/op_db.py --full FOLDER       one bundle for each operator, every sample
    python scripts/conformance/op_db.py --full FOLDER --only linalg.svd nn.functional.pad

Needs numpy. bundle.py describes the format.
"""

import prepare  # noqa: F401  before torch

import torch

from bundle import Bundle
from database import parse_arguments, write_full
from samples import DTYPES, OpSamples, op_db, op_name
from selection import round_digits, select
from writer import Writer

COMPACT = prepare.FIXTURES / "operators"
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


def everything(op):
    """Describes all samples of an operator in a bundle."""
    return lambda bundle: describe(op, Writer(bundle), lambda inputs, dtype: inputs, 2, 1000)


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
    given = parse_arguments()
    if given.full:
        write_full(given.full, [(op_name(op), everything(op)) for op in op_db], given.only)
    else:
        write_compact()


main()
