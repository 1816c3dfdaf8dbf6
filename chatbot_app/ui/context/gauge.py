"""The context gauge: how full the model's window is, and with what."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QLocale, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from chatbot_app.core.prompt_plan import PartKind, PromptPlan
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.theme import colors, em, scale_font

AMBER_FROM = 0.8  # of the budget

_GROUPS = (
    ("part_system", (PartKind.SYSTEM,)),
    ("part_history", (PartKind.PINNED, PartKind.SUMMARY, PartKind.HISTORY)),
    ("part_passage", (PartKind.PASSAGE,)),
    ("part_question", (PartKind.QUESTION,)),
)


class ContextGauge(QAbstractButton):
    """A slim stacked bar of a prompt plan; a click asks for the details (`clicked`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: PromptPlan | None = None
        self.setObjectName("context_gauge")
        self.setAccessibleName(self.tr("Context window"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        scale_font(self, 0.85)
        self._describe()

    def set_plan(self, plan: PromptPlan | None) -> None:
        """Show a plan, or an empty bar while there is none."""
        self._plan = plan
        self._describe()
        self.updateGeometry()
        self.update()

    def state(self) -> str:
        """Return "ok", "full" from four fifths of the budget on, or "cut" when something was left out."""
        if self._plan is None:
            return "ok"
        if not self._plan.fits or self._left_out():
            return "cut"
        return "full" if self._share() >= AMBER_FROM else "ok"

    def segments(self) -> list[tuple[str, int]]:
        """Return (name of a colour, tokens) from left to right; what is free is not among them."""
        if self._plan is None:
            return []
        tokens = {
            ink: sum(p.tokens for p in self._plan.parts if p.included and p.kind in kinds)
            for ink, kinds in _GROUPS
        }
        tokens["part_system"] += self._plan.overhead_tokens
        drawn = [*tokens.items(), ("part_reply", self._plan.reply_reserve)]
        return [(ink, count) for ink, count in drawn if count > 0]

    def _left_out(self) -> int:
        return sum(1 for part in self._plan.parts if not part.included) if self._plan else 0

    def _share(self) -> float:
        if self._plan is None:
            return 0.0
        return self._plan.tokens / self._plan.budget if self._plan.budget > 0 else 1.0

    def _words(self) -> str:
        return self.tr("{percent} %").format(percent=round(100 * self._share())) if self._plan else "–"

    def _describe(self) -> None:
        plan = self._plan
        if plan is None:
            words = self.tr("Nothing has been planned yet.")
        else:
            number = QLocale().toString
            about = "" if plan.exact else self.tr("about ")
            lines = [
                self.tr("Prompt: {about}{tokens} of {budget} tokens ({share})").format(
                    about=about,
                    tokens=number(plan.tokens),
                    budget=number(max(0, plan.budget)),
                    share=self._words(),
                )
            ]
            names = {
                "part_system": self.tr("System prompt"),
                "part_history": self.tr("History"),
                "part_passage": self.tr("Passages"),
                "part_question": self.tr("Question"),
                "part_reply": self.tr("Reserved for the answer"),
            }
            lines += [f"{names[ink]}: {number(count)}" for ink, count in self.segments()]
            free = max(0, plan.budget - plan.tokens)
            lines.append(self.tr("Free: {tokens}").format(tokens=number(free)))
            if not plan.fits:
                lines.append(self.tr("Too long for this model."))
            elif self._left_out():
                lines.append(self.tr("Parts left out: {count}").format(count=self._left_out()))
            words = "\n".join(lines)
        self.setToolTip(words)
        self.setAccessibleDescription(words.replace("\n", ". "))

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance("100 %")
        return QSize(em(self, 4.5) + em(self, 0.5) + text + 8, em(self, 1.4))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = colors(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(shown.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), em(self, 0.3), em(self, 0.3))
        height = em(self, 0.45)
        bar = QRectF(4, (self.height() - height) / 2, em(self, 4.5), height)
        outline = QPainterPath()
        outline.addRoundedRect(bar, height / 2, height / 2)
        painter.fillPath(outline, QColor(shown.raised))
        painter.save()
        painter.setClipPath(outline)
        window = max(self._plan.window, sum(count for _, count in self.segments())) if self._plan else 1
        left = bar.left()
        for ink, count in self.segments():
            width = bar.width() * count / max(1, window)
            if ink == "part_reply":  # at the far end: it is room, not text
                left = bar.right() - width
            painter.fillRect(QRectF(left, bar.top(), width, bar.height()), QColor(getattr(shown, ink)))
            left += width
        painter.restore()
        ink = {"ok": shown.muted, "full": shown.warning, "cut": shown.danger}[self.state()]
        painter.setPen(QPen(QColor(shown.border if self.state() == "ok" else ink), 1))
        painter.drawPath(outline)
        painter.setPen(QColor(ink))
        words = self.rect().adjusted(round(bar.right()) + em(self, 0.4), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self._words())
