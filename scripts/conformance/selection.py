"""Which samples the committed fixtures hold: few of each operator, small, and as different as they come."""

import torch

from calls import tensors_in

# Fewer digits in the inputs make the fixtures smaller; what they are stays the same.
KEPT_BITS = {torch.float32: 10, torch.float64: 10, torch.complex64: 10, torch.complex128: 10}


def elements(sample):
    return sum(one.numel() for one in tensors_in((sample.input, list(sample.args), dict(sample.kwargs))))


def shape_of_call(sample):
    """What makes a call another one: the types of its arguments and the values of its options."""

    def of(value):
        if isinstance(value, torch.Tensor):
            return ("tensor", value.dim(), value.numel() == 0)
        if isinstance(value, (list, tuple)):
            return ("list", *map(of, value))
        return (type(value).__name__, value) if isinstance(value, (bool, str, type(None))) else type(value).__name__

    options = ((key, of(value)) for key, value in sorted(sample.kwargs.items()))
    return (of(sample.input), *map(of, sample.args), *options)


def select(samples, most, most_elements):
    """At most `most` of the samples, first those whose call looks like none before, the smaller the better."""
    small = [one for one in samples if elements(one) <= most_elements]
    small.sort(key=lambda one: (elements(one) == 0, elements(one)))
    if not small:
        small = sorted(samples, key=elements)[:1]
        if small and elements(small[0]) > 100 * most_elements:
            return []
    seen, first, rest = set(), [], []
    for one in small:
        key = repr(shape_of_call(one))
        (rest if key in seen else first).append(one)
        seen.add(key)
    if len(first) > most:
        # Spread over the different ones.
        first = [first[i * len(first) // most] for i in range(most)]
    return (first + rest)[:most]


def round_digits(memory):
    """Drops the last bits of the elements."""
    bits = KEPT_BITS.get(memory.dtype)
    if bits is None or memory.numel() == 0:
        return memory
    real = torch.view_as_real(memory) if memory.dtype.is_complex else memory
    whole, mantissa = (torch.int32, 23) if real.dtype == torch.float32 else (torch.int64, 52)
    dropped = mantissa - bits
    cut = (real.contiguous().view(whole) >> dropped << dropped).view(real.dtype)
    # NaN stays NaN, and what can only be told apart by its last bits keeps them.
    cut = torch.where(real.isfinite(), cut, real)
    return torch.view_as_complex(cut.contiguous()) if memory.dtype.is_complex else cut
