"""Samples of one module of module_db: how it is made and called, and what PyTorch gives for it."""

import types
import warnings

import torch

from calls import NotPublic
from made import how
from module_writer import Construction
from selection import select
from writer import reseed

warnings.filterwarnings("ignore")


def as_call(construction):
    """What `select` looks at: all arguments, and the options that are objects of their own."""
    (args, kwargs), (more_args, more_kwargs) = construction.arguments
    options = dict(kwargs)
    for name, value in kwargs.items():
        if how(value) is not None:
            options.update({f"{name}.{key}": one for key, one in how(value)[2].items()})
    return types.SimpleNamespace(
        input=None, args=(*args, *more_args), kwargs={**options, **more_kwargs}, construction=construction
    )


class ModuleSamples:
    def __init__(self, info):
        self.info = info
        self.skipped = {}

    def _skip(self, reason):
        self.skipped[reason] = self.skipped.get(reason, 0) + 1

    def _constructions(self, dtype, training):
        info = self.info
        reseed()
        inputs = info.module_inputs_func(info, device="cpu", dtype=dtype, requires_grad=True, training=training)
        return [
            Construction(info.module_cls, one.constructor_input, one.forward_input, dtype, training) for one in inputs
        ]

    def records(self, writer, dtype, training, most, most_elements):
        constructions = self._constructions(dtype, training)
        if most is not None:
            chosen = select([as_call(one) for one in constructions], most, most_elements)
            constructions = [one.construction for one in chosen]
        for construction in constructions:
            try:
                yield writer.record(construction)
            except NotPublic as reason:
                self._skip(str(reason))
            except Exception as error:
                self._skip(f"PyTorch refuses the sample: {type(error).__name__}")

    def error_records(self, writer):
        """What PyTorch refuses, with the class of the error and its message."""
        info = self.info
        if info.module_error_inputs_func is None:
            return
        reseed()
        errors = info.module_error_inputs_func(
            info, device="cpu", dtype=torch.float32, requires_grad=False, training=True
        )
        for error in errors:
            sample = error.module_error_input
            construction = Construction(
                info.module_cls, sample.constructor_input, sample.forward_input, torch.float32, True
            )
            try:
                yield writer.error(construction)
            except NotPublic as reason:
                self._skip(str(reason))
