"""Which documents a conversation keeps to, by what their fields say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class DocumentFilter:
    """Any of the companies, and any of the kinds, and any of the periods; an empty one keeps to nothing.

    The texts are as people write them: a period is "Q3 2022", "2021/22" or a day.
    """

    companies: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    periods: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.companies or self.kinds or self.periods)

    @property
    def words(self) -> tuple[str, ...]:
        """All that it keeps to, in the order of the fields."""
        return (*self.companies, *self.kinds, *self.periods)

    def toggled(self, field: str, text: str) -> DocumentFilter:
        """Return the filter with a text of one of its fields put in, or taken out where it was in."""
        known: tuple[str, ...] = getattr(self, field)
        others = tuple(other for other in known if other != text)
        return replace(self, **{field: others if text in known else (*known, text)})

    def to_dict(self) -> dict[str, Any]:
        """Return a JSON-ready mapping."""
        return {name: list(texts) for name, texts in asdict(self).items() if texts}

    @classmethod
    def from_dict(cls, mapping: Mapping[str, Any]) -> DocumentFilter:
        """Rebuild a stored filter; what is damaged is left out."""
        known: dict[str, tuple[str, ...]] = {}
        for field in fields(cls):
            texts = mapping.get(field.name)
            if isinstance(texts, list | tuple):
                known[field.name] = tuple(text for text in texts if isinstance(text, str) and text)
        return cls(**known)


NO_FILTER = DocumentFilter()
