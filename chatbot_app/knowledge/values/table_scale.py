"""What a table says that its plain numbers are counted in."""

from __future__ import annotations

import re

from chatbot_app.knowledge.tables.units import unit_of
from chatbot_app.knowledge.values.values import unit_named

_TABLE_UNIT = re.compile(r"\((?:in )?([^\W\d_]{1,12}[²³]?|%)\)")
_LONGEST_HEAD = 2000  # characters
_LONGEST_PASSAGE = 20_000


def table_scale(text: str) -> float:
    """Return what a table says its plain numbers are counted in ("in millions", "Mio. EUR", "(GWh)"); 1 where nothing."""
    factor = unit_of(text[:_LONGEST_PASSAGE]).factor
    if factor != 1.0:
        return factor
    units = (unit_named(match[1]) for match in _TABLE_UNIT.finditer(text[:_LONGEST_HEAD]))
    return next((unit.factor for unit in units if unit is not None and not unit.offset), 1.0)
