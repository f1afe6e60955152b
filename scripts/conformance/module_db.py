"""Writes what PyTorch's own data base of modules (module_db) makes and calls, and what PyTorch gives for it.

    python scripts/conformance/module_db.py                     tests/conformance/fixtures/modules.*, a small selection
    python scripts/conformance/module_db.py --full FOLDER       one bundle for each module, every sample
    python scripts/conformance/module_db.py --full FOLDER --only nn.LSTM

Needs numpy. bundle.py describes the format.
"""

import prepare  # noqa: F401  before torch

import torch
from torch.testing._internal.common_modules import module_db

import made
from bundle import Bundle
from database import parse_arguments, write_full
from module_samples import ModuleSamples
from module_writer import ModuleWriter
from selection import round_digits

COMPACT = prepare.FIXTURES / "modules"
# Samples of a module, dtype and mode in the fixtures, and elements in all of a sample's tensors.
COMPACT_SAMPLES = {torch.float32: 16, torch.float64: 4}
COMPACT_OTHERS = 2
COMPACT_ELEMENTS = 200


def describe(info, bundle, compact):
    samples = ModuleSamples(info)
    writer = ModuleWriter(bundle, round_digits if compact else None)
    records = []
    for dtype in info.supported_dtypes("cpu"):
        most = COMPACT_SAMPLES.get(dtype, COMPACT_OTHERS) if compact else None
        for training in (True, False):
            # Both modes are the same code for most, and then one sample shows it.
            few = compact and not training and not info.train_and_eval_differ
            records.extend(samples.records(writer, dtype, training, 1 if few else most, COMPACT_ELEMENTS))
    records.extend(samples.error_records(writer))
    return {"name": info.name, "samples": records, "skipped": samples.skipped}


def everything(info):
    return lambda bundle: describe(info, bundle, False)


def main():
    given = parse_arguments()
    made.watch()
    if given.full:
        write_full(given.full, [(info.name, everything(info)) for info in module_db], given.only)
        return
    bundle = Bundle()
    bundle.ops.extend(describe(info, bundle, True) for info in module_db)
    bundle.write(COMPACT)


main()
