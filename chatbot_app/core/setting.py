"""What is declared of a setting, and how its value is checked, stored and read."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any, Protocol, TypeGuard, runtime_checkable


class Refused(Enum):
    """The answer to a stored value that a setting cannot take."""

    REFUSED = "refused"


REFUSED = Refused.REFUSED


@runtime_checkable
class StoredAsMapping(Protocol):
    """A type whose values are stored as a JSON object."""

    def to_dict(self) -> dict[str, Any]:
        """Return the JSON-ready mapping."""
        ...

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> StoredAsMapping:
        """Return the value of a mapping, whatever stands in it."""
        ...


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the values that a setting can have: its name and the sentence that explains it."""

    value: Any
    title: str
    explanation: str


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key, type, default, range and the sentence that explains it.

    A `default` of None means "the server's default": what is not set is not sent. Where there are
    `choices`, no other value is taken. A setting without a title is chosen at a place of its own: it is stored
    like the others, and in neither the panel nor the options.
    """

    key: str
    type: type
    default: Any
    title: str
    explanation: str
    minimum: float | None = None
    maximum: float | None = None
    step: float | None = None
    suggested: float | None = None  # where the slider stands before it is set
    choices: tuple[Choice, ...] = ()
    is_sent: bool = False  # a parameter of the request, under its own name
    in_presets: bool = False  # belongs to what a preset sets and unsets
    is_folded: bool = False  # in the panel below "More parameters"
    option: str = ""  # of the command `ask`, where it is not the name
    lines: int = 1  # that a text shows in the panel
    placeholder: str = ""  # where a text is empty

    @property
    def name(self) -> str:
        """The last part of the key: the field's name."""
        return self.key.rsplit(".", 1)[-1]

    def accepts(self, value: Any) -> bool:
        """Whether `value` has the type and lies in the range."""
        if value is None:
            return self.default is None
        if self.choices:
            return any(choice.value == value for choice in self.choices)
        if self.type is float and _is_number(value):
            value = float(value)
        if not isinstance(value, self.type) or (self.type is int and isinstance(value, bool)):
            return False
        if _is_number(value):
            return (self.minimum is None or value >= self.minimum) and (
                self.maximum is None or value <= self.maximum
            )
        return True

    def read(self, stored: Any) -> Any:
        """Return the value that a piece of stored JSON stands for, REFUSED where its type is another.

        A number out of range is read as it stands: the range is what is offered, and a server may take more.
        """
        if stored is None:
            return None if self.default is None else REFUSED
        if self.type is tuple:
            are_texts = isinstance(stored, list | tuple) and all(isinstance(item, str) for item in stored)
            return tuple(stored) if are_texts else REFUSED
        if self.type is float:
            return _finite(stored) if _is_number(stored) else REFUSED
        if self.type is int:
            return stored if isinstance(stored, int) and _is_number(stored) else REFUSED
        if issubclass(self.type, StrEnum):
            return self.type(stored) if stored in tuple(self.type) else REFUSED
        if issubclass(self.type, StoredAsMapping):
            return self.type.from_dict(stored) if isinstance(stored, dict) else REFUSED
        return stored if isinstance(stored, self.type) else REFUSED

    def stored(self, value: Any) -> Any:
        """Return the JSON-ready form of a value, from which `read` makes the value again."""
        if isinstance(value, tuple):
            return list(value)
        return value.to_dict() if isinstance(value, StoredAsMapping) else value


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _finite(number: float) -> Any:
    try:
        value = float(number)
    except OverflowError:  # a whole number of some hundred digits
        return REFUSED
    return value if math.isfinite(value) else REFUSED
