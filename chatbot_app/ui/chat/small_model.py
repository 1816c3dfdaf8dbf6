"""A small model is named as small: above its words, below them, and in the header of the conversation."""

from __future__ import annotations

import math
import re

from PySide6.QtCore import QCoreApplication, QRectF, Qt, Slot
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from chatbot_app.core.errors import Action
from chatbot_app.core.text import shortened
from chatbot_app.core.visible_text import visible_text
from chatbot_app.ui.chat.chat_button import ChatButton
from chatbot_app.ui.chat.look import Look, sized
from chatbot_app.ui.chat.transcript_actions import TranscriptActions
from chatbot_app.ui.icons import icon

_LEFT = int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextSingleLine)
# What only says how a file was made: "SmolLM2-135M-Instruct-Q4_1.gguf" is SmolLM2-135M.
_MAKING = re.compile(r"(?:[-_.](?:instruct|chat|it|i?q\d\w*|f16|bf16|f32|gguf))+$", re.IGNORECASE)
_LONGEST_NAME = 40


def short_name(model: str | None) -> str:
    """Return a model's name without folder, ending and quantisation; "" for none."""
    name = " ".join(visible_text((model or "").replace("\\", "/").rsplit("/", 1)[-1]).split())
    return shortened(_MAKING.sub("", name) or name, _LONGEST_NAME)


def warning_of(model: str | None) -> str:
    """Return what is said of a small model."""
    name = short_name(model)
    if not name:
        return QCoreApplication.translate("SmallModel", "A very small model: check what it says")
    words = QCoreApplication.translate("SmallModel", "{model}, very small: check what it says")
    return words.format(model=name)


class UncheckedLabel(QWidget):
    """Stands above words that nobody tested."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._look = look
        self.setObjectName("unchecked_label")
        self._words = self.tr("Unchecked words of a very small model")
        self.setAccessibleName(self._words)

    def words(self) -> str:
        """Return what the label says."""
        return self._words

    def height_for(self, width: int) -> int:
        """Return the height at a width, in pixels."""
        return self._look.px(1.8)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        font = sized(look.font, 0.88, QFont.Weight.DemiBold)
        metrics = QFontMetricsF(font)
        side = look.px(1.05)
        left = look.em * 0.55 + side + look.em * 0.35
        wide = min(left + metrics.horizontalAdvance(self._words) + look.em * 0.7, self.width())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(shown.warning_background))
        radius = look.em * 0.45
        painter.drawRoundedRect(QRectF(0, 0, wide, self.height()), radius, radius)
        icon("warning", shown.warning).paint(
            painter, round(look.em * 0.55), (self.height() - side) // 2, side, side
        )
        painter.setFont(font)
        painter.setPen(QColor(shown.warning))
        words = metrics.elidedText(self._words, Qt.TextElideMode.ElideRight, wide - left)
        painter.drawText(QRectF(left, 0, wide - left, self.height()), _LEFT, words)


class SmallModelLine(QWidget):
    """Names the model, and leads to a better one."""

    def __init__(self, look: Look, actions: TranscriptActions, model: str | None, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions = actions
        self._look = look
        self.setObjectName("small_model_line")
        self._words = warning_of(model)
        self.setAccessibleName(self._words)
        words = self.tr("Use a better model…")
        self._better = ChatButton(look, "", words, "better_model_button", self, caption=words)
        self._better.clicked.connect(self._ask_for_better)

    def words(self) -> str:
        """Return what the line says."""
        return self._words

    def height_for(self, width: int) -> int:
        """Place the button for a width and return the height, in pixels."""
        look = self._look
        row = look.px(1.75)
        text = math.ceil(QFontMetricsF(look.small_font()).horizontalAdvance(self._words)) + look.px(1.9)
        wide = min(self._better.sizeHint().width(), width)
        beside = text + wide <= width
        self._better.setGeometry(text if beside else 0, 0 if beside else row, wide, row)
        return row if beside else 2 * row

    @Slot()
    def _ask_for_better(self) -> None:
        self._actions.remedy_requested.emit(Action.USE_BETTER_MODEL.value)

    def paintEvent(self, event: QPaintEvent) -> None:
        look, shown = self._look, self._look.colors
        painter = QPainter(self)
        small = look.small_font()
        painter.setFont(small)
        painter.setPen(QColor(shown.muted))
        side = look.px(1.05)
        row = look.px(1.75)
        icon("warning", shown.warning).paint(painter, 0, (row - side) // 2, side, side)
        area = QRectF(look.em * 1.4, 0, self.width() - look.em * 1.4, row)
        words = QFontMetricsF(small).elidedText(self._words, Qt.TextElideMode.ElideRight, area.width())
        painter.drawText(area, _LEFT, words)
