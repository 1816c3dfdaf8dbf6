"""What the figures of a table are counted in, column by column and row by row."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from chatbot_app.knowledge.tables import figures
from chatbot_app.knowledge.tables.counted import names_unit, own_measure, plain_measure
from chatbot_app.knowledge.tables.units import Unit, head_unit, in_words, unit_of

_LONGEST_CAPTION = 400  # characters
_CLAUSE = re.compile(r"[;,.\n]\s+|\s+(?:and|und|et|y)\s+")
_SUBJECT = re.compile(r"([^\W\d_]{3,})\s+(?:(?:is|are|ist|sind)\s+)?in\s+(\S.*)", re.IGNORECASE | re.DOTALL)
_OF_ALL = ("amounts", "figures", "values", "numbers", "beträge", "werte", "zahlen", "angaben", "data")
_TIME = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)|\b(?:[QH][1-4]|[1-4][QH]|FY ?\d\d)\b")
_UNIT_HEAD = re.compile(
    r"units?|uom|units? of measure(?:ment)?|(?:maß)?einheit(?:en)?|unités?|unidad(?:es)?|ед\.(?:\s?изм\.?)?|единица измерения|单位|単位",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"(?:result|(?:mess)?wert|ergebnis|befund|value|measured|résultat|valeur|resultado|valor|результат)s?|(?:messe?rgebnis)|actual|target|limit|min\.?|max\.?|minimum|maximum",
    re.IGNORECASE,
)
_PRICES = re.compile(r"pric|preis|prix|preci|cost|kosten|tari[fv]|fee|charge|gebühr|цен", re.IGNORECASE)
_FEWEST_SIGNED, _MOST_ABOVE_MONEY = 2, 3  # rows
_LONGEST_UNIT = 24  # characters of a cell that names a unit


@dataclass(frozen=True, slots=True)
class _RowUnit:
    """What the unit column of a row says: a scale, or words to put behind a figure as they are."""

    unit: Unit
    words: str = ""


class TableUnits:
    """Says the figures of one table with their units."""

    def __init__(self, head: Sequence[str], unit: Unit, caption: str = "") -> None:
        """`unit` is what the table is counted in, `caption` what says so, which may say it of each column."""
        self.unit = unit
        self.of_heads = [head_unit(cell) for cell in head]
        self._head = head
        self._by_subject = _by_subject(caption[-_LONGEST_CAPTION:])
        is_of_times = any(head[1:]) and all(_TIME.search(cell) for cell in head[1:] if cell)
        # A table of several things says in its heads what each is counted in; of one thing over the years, above them.
        self._plain = plain_measure(caption) if is_of_times and not unit.scale else ""
        self._says_prices = _PRICES.search(" ".join((caption, *head))) is not None
        self._unit_column = next((n for n, cell in enumerate(head) if n and _UNIT_HEAD.fullmatch(cell)), 0)
        self.with_decimals = False  # see `in_words`
        self.is_above_money = (
            False  # the row is above the first one with a sign of money, see `rows_above_money`
        )

    @property
    def has_scale(self) -> bool:
        """Whether a scale is said anywhere above the rows."""
        return any(one.scale for one in (self.unit, *self.of_heads))

    def of_row(self, cells: Sequence[str]) -> _RowUnit:
        """Return what the row's cell in the column of units says."""
        named = cells[self._unit_column].strip() if 0 < self._unit_column < len(cells) else ""
        if not named or len(named) > _LONGEST_UNIT or self.unit.scale:
            return _RowUnit(Unit())
        scaled = head_unit(f"({named})")
        return _RowUnit(scaled, named if scaled.scale or not figures.is_figure(named) else "")

    def value(self, cell: str, path: str, label: str, column: int, row: _RowUnit) -> str:
        """Return a cell with its unit. `path` is the label of the row below those of its sections."""
        head = self._head[column] if column < len(self._head) else ""
        own = self.of_heads[column] if column < len(self.of_heads) else Unit()
        if own.scale:
            return in_words(cell, own, path, "", with_decimals=self.with_decimals)
        of_label = unit_of(label)
        if of_label.scale:
            return in_words(cell, of_label, "", head)
        is_result, is_time = _RESULT.fullmatch(head) is not None, _TIME.search(head) is not None
        if row.words and (is_result or is_time):
            if row.unit.scale:
                return in_words(cell, row.unit, "", head)
            if is_result or (not self._says_prices and (names_unit(row.words) or row.words == "%")):
                return _with_words(cell, row.words)
        if measure := own_measure(head) or own_measure(label):
            return _with_words(cell, measure)
        unit = self._of_table(path, head)
        of_path = unit_of(path) if path != label else Unit()
        unit = of_path if of_path.scale else unit
        if not unit.scale and self._plain and figures.is_amount(cell):
            unit = Unit(self._plain, measure=self._plain)
        if self.is_above_money:
            unit = replace(unit, currency="", is_money=False)
        return in_words(cell, unit, path, head, with_decimals=self.with_decimals)

    def _of_table(self, path: str, head: str) -> Unit:
        if not self._by_subject:
            return self.unit
        about = f"{path} {head}".casefold()
        return next((unit for subject, unit in self._by_subject.items() if subject in about), Unit())


def rows_above_money(rows: Sequence[Sequence[str]]) -> int:
    """Return how many of a table's rows, given from its first one as cells, stand above its money: 0 mostly.

    Statements that set "$" only at some amounts set it at the first one: "Total memberships" above "Revenues $" are none.
    """
    signed = [n for n, row in enumerate(rows) if any(map(figures.currency_of, row[1:]))]
    if len(signed) < _FEWEST_SIGNED:
        return 0
    above = [row for row in rows[: signed[0]] if any(map(figures.is_amount, row[1:]))]
    return signed[0] if 0 < len(above) <= _MOST_ABOVE_MONEY else 0


def _with_words(cell: str, words: str) -> str:
    figure = figures.compact(cell)
    if not figures.is_amount(cell) or figures.currency_of(figure) or "%" in figure:
        return figure
    return f"{figure}{'' if words == '%' else ' '}{words}"


def _by_subject(caption: str) -> dict[str, Unit]:
    """Return the units of a caption that names one for each of several things: "Mileage in thousands of km; fuel in litres"."""
    found: dict[str, Unit] = {}
    for clause in _CLAUSE.split(caption):
        said = _SUBJECT.search(clause)
        if said is None:
            continue
        unit = unit_of(f"in {said[2]}")
        if not unit.scale and (plain := plain_measure(f"({said[2]})")):
            unit = Unit(plain, measure=plain)
        subject = said[1].casefold()
        if unit.scale and subject not in _OF_ALL:
            found[subject] = unit
    return found if len(set(found.values())) > 1 else {}
