"""What a case is on the Python side."""

from typing import Any, Callable, NamedTuple


class Case(NamedTuple):
    """``setup`` gives the variables that ``statement``, an expression, uses; only the statement is measured."""

    setup: Callable[[], dict[str, Any]]
    statement: str
