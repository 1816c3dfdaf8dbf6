"""The underlines of an answer's sentences on the views that are drawn now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, Qt

from chatbot_app.core.trust import Check
from chatbot_app.ui.chat.block_stack import BlockItem
from chatbot_app.ui.chat.look import Look
from chatbot_app.ui.chat.statement_marks import StatementMarks, Underline, underline_of
from chatbot_app.ui.chat.text_view import TextView


class StatementLayer:
    """Keeps the views of one message underlined; `refresh` after any of them was drawn anew."""

    def __init__(self) -> None:
        self.marks: StatementMarks | None = None
        self._shown: dict[TextView, tuple[object, list[Underline]]] = {}

    def set_marks(self, marks: StatementMarks | None) -> None:
        """Underline by other checks from the next `refresh` on."""
        self.marks = marks
        if marks is None:
            for view in self._shown:
                view.set_underlines([])
        self._shown = {}

    def refresh(self, items: Sequence[BlockItem], look: Look, *, force: bool = False) -> None:
        """Underline what was drawn since the last time; with `force` everything."""
        marks = self.marks
        if marks is None:
            return
        kept: dict[TextView, tuple[object, list[Underline]]] = {}
        blocks = None
        for position, item in enumerate(items):
            if item.view is None:
                continue
            views = item.view.text_views()
            known = [self._shown.get(view) for view in views]
            if not force and all(
                one is not None and one[0] is view.document for one, view in zip(known, views, strict=True)
            ):
                kept.update((view, one) for view, one in zip(views, known, strict=True) if one is not None)
                continue
            if blocks is None:
                blocks = [one.block for one in items]
            texts = [view.document.toPlainText() for view in views]
            for view, lines in zip(views, marks.underlines(position, blocks, texts), strict=True):
                kept[view] = (view.document, lines)
                view.set_underlines(
                    [
                        (line.start, line.end, shape)
                        for line in lines
                        if (
                            shape := underline_of(
                                marks.checks[line.check],
                                look,
                                is_current=line.check == marks.current,
                                is_doubted=marks.is_doubted(line.check),
                            )
                        )
                        is not None
                    ]
                )
        self._shown = kept

    def words_at(self, view: TextView, point: QPoint) -> str:
        """Return what is known of the sentence under a point of a view; "" where there is nothing to say."""
        at = view.document.documentLayout().hitTest(QPointF(point), Qt.HitTestAccuracy.ExactHit)
        found = [line.check for line in self._lines(view) if line.start <= at < line.end]
        return self.marks.said_of(found[0]) if self.marks is not None and found else ""

    def check_before(self, view: TextView, point: QPoint) -> Check | None:
        """Return the check of the sentence that a marker under a point belongs to."""
        at = view.position_at(point)
        return self._check(view, at) or self._check_ending_before(view, at)

    def top_of(self, item: BlockItem, check: int) -> int:
        """Return how far below the top of a block a sentence begins, in pixels; 0 where that is not known."""
        if item.view is None:
            return 0
        for view in item.view.text_views():
            for line in self._lines(view):
                if line.check == check:
                    return view.mapTo(item.view, QPoint(0, view.top_of(line.start))).y()
        return 0

    def _lines(self, view: TextView) -> list[Underline]:
        return self._shown.get(view, (None, []))[1]

    def _check(self, view: TextView, at: int) -> Check | None:
        if self.marks is None:
            return None
        found = [line.check for line in self._lines(view) if line.start <= at < line.end]
        return self.marks.checks[found[0]] if found else None

    def _check_ending_before(self, view: TextView, at: int) -> Check | None:
        before = [line for line in self._lines(view) if line.end <= at]
        if self.marks is None or not before:
            return None
        return self.marks.checks[max(before, key=lambda line: line.end).check]
