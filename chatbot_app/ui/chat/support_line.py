"""How much of an answer its sources say: one line, the list of what they do not say, and the way to each."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.core.trust import Check, Verdict, statements_found
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.fold_header import FoldHeader
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.painted_button import PaintedButton
from chatbot_app.ui.chat.statement_marks import StatementMarks

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
_WRAPPED = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
_MOST_LINES = 4  # of a reason
_MOST_ROWS = 100  # findings that are listed; the others are underlined all the same


class FindingRow(PaintedButton):
    """A sentence that no source supports, and why not; goes there."""

    def __init__(self, look: Look, check: int, sentence: str, reason: str, parent: QWidget) -> None:
        super().__init__(look, "finding_row", parent)
        self.check = check
        self._sentence, self._reason = sentence, reason
        self.setAccessibleName(f"{reason}: {sentence[:300]}")
        # Rich text, so that what a document says is shown as it is.
        self.setToolTip(f"<p>{html.escape(reason)}</p><p>{self.tr('Show the sentence in the answer')}</p>")

    def height_for(self, width: int) -> int:
        """Return the height at a width, in pixels: the reason on as many lines as it needs, the sentence on one."""
        metrics = QFontMetricsF(self._look.small_font())
        wanted = metrics.boundingRect(self._reason_area(width, 1e6), _WRAPPED, self._reason).height()
        line = metrics.lineSpacing()
        reason = min(max(wanted, metrics.height()), _MOST_LINES * line)
        return math.ceil(reason + line + self._look.em * 0.55)

    def _reason_area(self, width: int, height: float) -> QRectF:
        return QRectF(self._look.em * 0.5, self._look.em * 0.2, width - self._look.em, height)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = self.smooth_painter()
        self.draw_ground(painter)
        self.draw_focus(painter)
        small = look.small_font()
        painter.setFont(small)
        metrics = QFontMetricsF(small)
        line = metrics.lineSpacing()
        area = self._reason_area(self.width(), self.height() - line - look.em * 0.5)
        painter.setPen(QColor(shown.text))
        painter.drawText(area, _WRAPPED, self._reason)
        below = QRectF(area.left(), area.bottom(), area.width(), line)
        painter.setPen(QColor(shown.muted))
        shortened = metrics.elidedText(self._sentence, Qt.TextElideMode.ElideRight, below.width())
        painter.drawText(below, _LEFT, shortened)


class SupportLine(QWidget):
    """Says what the checks found; the summary and every finding lead into the answer."""

    statement_requested = Signal(int)  # number of a check
    height_changed = Signal()

    def __init__(self, look: Look, marks: StatementMarks, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self._checks: Sequence[Check] = marks.checks
        self._findings = marks.findings()
        self._at = -1  # the finding that was gone to last
        self.setObjectName("support_line")
        words = self._summary_words()
        self.summary = ChatButton(look, "", words, "support_summary_button", self, caption=words)
        self.summary.set_icon("check" if not self._findings else "warning")
        self.summary.set_caption(words)
        self.summary.clicked.connect(self._go_first)
        self.previous = ChatButton(
            look,
            "chevron-up",
            self.tr("Previous sentence that was not found"),
            "previous_finding_button",
            self,
        )
        self.next = ChatButton(
            look, "chevron-down", self.tr("Next sentence that was not found"), "next_finding_button", self
        )
        self.previous.clicked.connect(self._go_previous)
        self.next.clicked.connect(self._go_next)
        self._fold = FoldHeader(look, "findings_fold_button", self)
        self._fold.say(self.tr("What your sources do not say"))
        self._fold.toggled.connect(self._open)
        self.rows = [
            FindingRow(look, check, marks.words_of(check), marks.reason(check), self)
            for check in self._findings[:_MOST_ROWS]
        ]
        for row in self.rows:
            row.clicked.connect(self._go_to_row)
            row.hide()
        for part in (self.previous, self.next):
            part.setVisible(len(self._findings) > 1)
        self._fold.setVisible(bool(self._findings))
        self.setAccessibleName(words)
        self.setAccessibleDescription(self.reasons())

    @staticmethod
    def has_anything(checks: Sequence[Check]) -> bool:
        """Whether there is anything to say about checks."""
        return any(check.verdict is not Verdict.NOT_CHECKED or check.reason for check in checks)

    def words(self) -> str:
        """Return the summary."""
        return self.summary.accessibleName()

    def reasons(self) -> str:
        """Return in words what was found, for those who do not see the lines under the sentences."""
        return " ".join(row.accessibleName() for row in self.rows)[:4_000]

    def take_over(self, other: SupportLine) -> None:
        """Be as open, and go on at the same finding, as another line of the same checks."""
        self._at = other._at
        self._fold.setChecked(other._fold.isChecked())

    def height_for(self, width: int) -> int:
        """Place everything for a width and return the height, in pixels."""
        look = self._look
        x = y = 0
        row = look.px(1.75)
        gap = look.px(0.3)
        for part in (self.summary, self.previous, self.next):
            if part.isHidden():
                continue
            wide = min(part.sizeHint().width(), width)
            if x and x + wide > width:
                x, y = 0, y + row
            part.setGeometry(x, y, wide, row)
            x += wide + gap
        if self._fold.isHidden():
            return y + row
        wide = min(self._fold.wanted_width(), width)
        if x + wide > width:
            x, y = 0, y + row
        self._fold.setGeometry(x, y, wide, row)
        y += row
        if self._fold.isChecked():
            for finding in self.rows:
                y = put(finding, 0, y, width)
        return y

    def _summary_words(self) -> str:
        found, checked = statements_found(self._checks)
        if not checked:
            reasons = [check.reason for check in self._checks if check.reason]
            return self.tr("Not checked against your sources: {reason}").format(
                reason=visible_text(reasons[0]) if reasons else self.tr("nothing in it can be checked")
            )
        if checked == 1:
            return (
                self.tr("The statement was found in your sources")
                if found
                else self.tr("The statement was not found in your sources")
            )
        words = (
            self.tr("All {checked} statements found in your sources")
            if found == checked
            else self.tr("{found} of {checked} statements found in your sources")
        )
        return words.format(found=found, checked=checked)

    def _go(self, place: int) -> None:
        if self._findings:
            self._at = place % len(self._findings)
            self.statement_requested.emit(self._findings[self._at])

    @Slot()
    def _go_first(self) -> None:
        self._go(0)

    @Slot()
    def _go_previous(self) -> None:
        self._go(self._at - 1 if self._at >= 0 else len(self._findings) - 1)

    @Slot()
    def _go_next(self) -> None:
        self._go(self._at + 1)

    @Slot()
    def _go_to_row(self) -> None:
        row = self.sender()
        if isinstance(row, FindingRow):
            self._go(self._findings.index(row.check))

    @Slot(bool)
    def _open(self, is_open: bool) -> None:
        for row in self.rows:
            row.setVisible(is_open)
        self.height_changed.emit()
