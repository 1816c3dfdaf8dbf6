"""The context gauge: how full the model's window is, and with what."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFocusEvent, QHideEvent, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from chatbot_app.core.prompt_plan import PromptPlan
from chatbot_app.ui.context.gauge_popover import GaugePopover
from chatbot_app.ui.context.parts import (
    FREE,
    REPLY,
    Share,
    left_out,
    percent,
    shares_of,
    tokens_in_words,
)
from chatbot_app.ui.icons import RETINT_EVENTS
from chatbot_app.ui.theme import colors, em, scale_font

AMBER_FROM = 0.8  # of the budget
_BAR = 8.0  # lines of text that the bar is wide
_HAIR = 1  # pixels between two parts: neighbours are told apart also without colours


class ContextGauge(QAbstractButton):
    """A slim stacked bar of the next prompt; a click asks for the details (`clicked`)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._plan: PromptPlan | None = None
        self._shares: list[Share] = []
        self._popover: GaugePopover | None = None
        self.setObjectName("context_gauge")
        self.setAccessibleName(self.tr("Context window"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        scale_font(self, 0.85)
        self._describe()

    def set_plan(self, plan: PromptPlan | None) -> None:
        """Show a plan, or an empty bar while none is known."""
        if plan is self._plan:
            return
        self._plan = plan
        self._shares = shares_of(plan) if plan is not None else []
        self._describe()
        self.update()

    @property
    def has_plan(self) -> bool:
        """Whether a plan is shown."""
        return self._plan is not None

    def state(self) -> str:
        """Return "ok", "full" from four fifths of the budget on, or "cut" when something must be left out."""
        if self._plan is None:
            return "ok"
        if not self._plan.fits or left_out(self._plan):
            return "cut"
        return "full" if self._used() >= AMBER_FROM else "ok"

    def segments(self) -> list[tuple[str, int]]:
        """Return (name of a colour, tokens) from left to right; what is free is not among them."""
        return [(share.ink, share.tokens) for share in self._shares if share.ink != FREE]

    def describe(self) -> tuple[str, ...]:
        """Return what the plan comes to, a sentence each: the prompt, and what must be left out."""
        plan = self._plan
        if plan is None:
            return (self.tr("What the next prompt takes is not known yet."),)
        sentences = [
            self.tr("Prompt: {tokens} of {budget} tokens ({share})").format(
                tokens=tokens_in_words(plan.tokens, exact=plan.exact),
                budget=tokens_in_words(max(0, plan.budget)),
                share=percent(self._used()),
            )
        ]
        if not plan.fits:
            over = tokens_in_words(plan.over_budget_tokens)
            sentences.append(self.tr("Too long for this model, by {tokens} tokens.").format(tokens=over))
        elif count := left_out(plan):
            tokens = tokens_in_words(plan.left_out_tokens)
            words = self.tr("Left out for want of room: {tokens} tokens in {count} messages or passages.")
            sentences.append(words.format(tokens=tokens, count=count))
        return tuple(sentences)

    def _used(self) -> float:
        if self._plan is None:
            return 0.0
        return self._plan.tokens / self._plan.budget if self._plan.budget > 0 else 1.0

    def words(self) -> str:
        """Return what stands beside the bar."""
        if self._plan is None:
            return "–"
        used = percent(self._used())
        return used if self._plan.exact else self.tr("≈ {share}").format(share=used)  # an estimate

    def _describe(self) -> None:
        sentences = self.describe()
        rows = (
            self.tr("{name}: {tokens} ({share})").format(
                name=share.name, tokens=tokens_in_words(share.tokens), share=percent(share.share)
            )
            for share in self._shares
        )
        self.setAccessibleDescription(". ".join([*(one.rstrip(".") for one in sentences), *rows]))
        if self._popover is not None and self._popover.isVisible():
            self._open()

    def _open(self) -> None:
        if self._popover is None:
            self._popover = GaugePopover(self)
        popover = self._popover
        popover.show_shares(self.describe(), self._shares, self.state())
        popover.adjustSize()
        corner = self.mapToGlobal(QPoint(0, -popover.height() - em(self, 0.4)))
        if (screen := self.screen()) is not None:
            area = screen.availableGeometry()
            corner.setX(max(area.left(), min(corner.x(), area.right() - popover.width())))
            corner.setY(max(area.top(), corner.y()))
        popover.move(corner)
        popover.show()

    def _close(self) -> None:
        if self._popover is not None:
            self._popover.hide()

    # --- Qt ------------------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance("≈ 100 %")
        return QSize(em(self, _BAR) + em(self, 0.5) + text + 8, em(self, 1.4))

    def event(self, event: QEvent) -> bool:
        kind = event.type()
        if kind == QEvent.Type.ToolTip:
            self._open()
            return True
        if kind in (QEvent.Type.Leave, QEvent.Type.MouseButtonPress, QEvent.Type.WindowDeactivate):
            self._close()
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason):
            self._open()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._close()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._close()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS:
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        shown = colors(self)
        state = self.state()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(shown.accent), 2))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(1, 1, -1, -1), em(self, 0.3), em(self, 0.3))
        height = em(self, 0.6)
        bar = QRectF(4, (self.height() - height) // 2, em(self, _BAR), height)
        outline = QPainterPath()
        outline.addRoundedRect(bar, height / 2, height / 2)
        painter.fillPath(outline, QColor(shown.raised))
        painter.save()
        painter.setClipPath(outline)
        self._draw_parts(painter, bar)
        painter.restore()
        ink = {"ok": shown.muted, "full": shown.warning, "cut": shown.danger}[state]
        painter.setPen(QPen(QColor(shown.outline if state == "ok" else ink), 1 if state == "ok" else 1.6))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPath(outline)
        painter.setPen(QColor(ink))
        words = self.rect().adjusted(round(bar.right()) + em(self, 0.4), 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, self.words())

    def _draw_parts(self, painter: QPainter, bar: QRectF) -> None:
        shown = colors(self)
        left = bar.left()
        for share in self._shares:
            if share.ink == FREE:
                continue
            width = max(bar.width() * share.share, 1.0)
            if share.ink == REPLY:  # at the far end: it is room, not text
                left = max(bar.right() - width, left)
            place = QRectF(left, bar.top(), max(width - _HAIR, 1.0), bar.height())
            painter.fillRect(place, QColor(getattr(shown, share.ink)))
            left += width
