"""Regular expressions that are compiled when they are first used: a table of many costs a launch nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator


class LatePattern:
    """A regular expression for texts. For any thread.

    Python compiles one of our longer ones in 2 to 5 ms; a launch that asks no documents needs none of them.
    """

    __slots__ = ("_compiled", "_flags", "_pattern")

    def __init__(self, pattern: str, flags: re.RegexFlag = re.NOFLAG) -> None:
        self._pattern = pattern
        self._flags = flags
        self._compiled: re.Pattern[str] | None = None

    @classmethod
    def any_of(cls, *patterns: str) -> LatePattern:
        """Return what matches where any of some expressions does, in small letters and capitals."""
        return cls("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)

    @property
    def compiled(self) -> re.Pattern[str]:
        """The expression itself. Raises re.error at the first use of one that is wrong."""
        if self._compiled is None:
            self._compiled = re.compile(self._pattern, self._flags)
        return self._compiled

    def search(self, text: str) -> re.Match[str] | None:
        """Return the first place where it matches."""
        return self.compiled.search(text)

    def finditer(self, text: str) -> Iterator[re.Match[str]]:
        """Yield all places where it matches."""
        return self.compiled.finditer(text)

    def sub(self, replacement: str, text: str) -> str:
        """Return the text with `replacement` wherever it matches."""
        return self.compiled.sub(replacement, text)
