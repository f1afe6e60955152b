"""To be imported before anything else: the same order, kernels and samples in every run of these scripts."""

import os
import pathlib
import sys
import types
import unittest

if os.environ.get("PYTHONHASHSEED") != "0":
    # PyTorch's data bases go through sets; this makes their order the same in every run.
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, "PYTHONHASHSEED": "0"})

HERE = pathlib.Path(__file__).resolve().parent
FIXTURES = HERE.parents[1] / "tests" / "conformance" / "fixtures"
sys.path.insert(0, str(HERE.parent / "fixtures"))

import reproducible  # noqa: E402, F401  before torch

try:
    import expecttest  # noqa: F401
except ImportError:
    # The data bases only want its class to inherit from.
    sys.modules["expecttest"] = types.SimpleNamespace(TestCase=unittest.TestCase)
