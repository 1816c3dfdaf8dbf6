"""How wide the columns of a table are: short ones get what they need, long ones share what is left."""

from __future__ import annotations

import re
from collections.abc import Sequence

from PySide6.QtGui import QFont, QFontMetricsF

from chatbot_app.ui.chat.look import Look, sized

CELLS_MEASURED = 1_200  # that decide the widths of a table that is complete
_MEASURED_MOST = 200  # characters of a cell
_LEAST = 7  # em, of a column that has to give way
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_TAGS = re.compile(r"</?(?!br\b)[a-z]+>", re.IGNORECASE)
_STRIPPED = re.compile(r"[*_`~]|\]\([^)]*\)|[\[\]]")


class ColumnWidths:
    """Measures rows as they are read, the header first."""

    def __init__(self, look: Look) -> None:
        self._look = look
        self._metrics = QFontMetricsF(look.font)
        self._bold_metrics = QFontMetricsF(sized(look.font, 1.0, QFont.Weight.Bold))  # of heads as well
        self._code_metrics = QFontMetricsF(look.code_font)
        self._natural: list[float] = []

    def forget(self) -> None:
        """Begin with another table."""
        self._natural = []

    def measure(self, row: Sequence[str], number: int) -> None:
        """Take a row into account, the `number`-th, from 1; later ones than decide the widths are not."""
        header = not self._natural
        if header:
            self._natural = [0.0] * len(row)
        elif number * len(row) > CELLS_MEASURED:
            return
        for column, cell in enumerate(row):
            lines = _BREAK.split(_STRIPPED.sub("", _TAGS.sub("", cell[:_MEASURED_MOST])))
            is_bold = header or "**" in cell
            metrics = self._bold_metrics if is_bold else self._metrics
            if "`" in cell and not is_bold:
                metrics = self._code_metrics
            width = max(map(metrics.horizontalAdvance, lines))
            self._natural[column] = max(self._natural[column], width)

    def fitted(self, available: int) -> list[int]:
        """Return the widths of the columns for a width of the table, in pixels."""
        gap = self._look.em * 1.5 + 2  # between the texts of two cells
        wanted = [width + gap for width in self._natural]
        least = self._look.em * _LEAST + gap
        if sum(wanted) <= available:
            return [round(width) + 1 for width in wanted]
        fitted = [0.0] * len(wanted)
        left, open_columns = float(available), sorted(range(len(wanted)), key=lambda column: wanted[column])
        while open_columns:
            share = max(left / len(open_columns), least)
            column = open_columns.pop(0)
            fitted[column] = min(wanted[column], share)
            left -= fitted[column]
        return [max(round(width), 1) for width in fitted]
