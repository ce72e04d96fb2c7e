"""Values computed when first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

_Value = TypeVar("_Value")


class once(Generic[_Value]):
    """A property computed when first asked for. Unlike `functools.cached_property` before Python 3.12 it takes no
    lock, which would cost more than most of the values; facts belong to one claim and one thread.
    """

    def __init__(self, compute: Callable[[Any], _Value]) -> None:
        self.compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: Any, owner: type | None = None) -> _Value:
        value = self.compute(instance)
        instance.__dict__[self.name] = value
        return value
