"""Where messages stand: one below the other, with what stands between them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from chatbot_app.core.messages import Role
from chatbot_app.ui.chat.drawing import Drawing
from chatbot_app.ui.chat.interludes import GAP, Interludes
from chatbot_app.ui.chat.look import SIDE, TEXT_WIDTH
from chatbot_app.ui.chat.measured import put
from chatbot_app.ui.chat.message_view import MessageView

WITHIN_EXCHANGE, BETWEEN_EXCHANGES = 0.15, 1.9  # em; below a question its hidden buttons make room already
ABOVE_FIRST, BELOW_LAST = 1.6, 1.2  # em

Anchor = tuple[
    MessageView, tuple[int, int]
]  # what is at the top of what is seen: a message and a place in it


class TranscriptColumn:
    """Lays out the widgets of the messages in `column`. Heights are in its pixels."""

    def __init__(self, column: QWidget, drawing: Drawing, interludes: Interludes) -> None:
        self._column = column
        self._drawing = drawing
        self._interludes = interludes

    def lay_out(self, views: Sequence[MessageView], whole_width: int, room: int, least_height: int) -> None:
        """Place everything in a column that is `room` wide and at least so high.

        The text keeps its place in the `whole_width`, so that it does not jump to the side when the scroll bar comes.
        """
        look = self._drawing.look
        margin = look.px(SIDE)
        width = max(min(look.px(TEXT_WIDTH), whole_width - 2 * margin), look.px(8))
        left = max((whole_width - width) // 2, 0)
        y = look.px(ABOVE_FIRST)
        placed: set[QWidget] = set()
        for position, view in enumerate(views):
            if position:
                # A question stands nearer to its answer than to the exchange before it.
                y += look.px(BETWEEN_EXCHANGES if view.message.role is Role.USER else WITHIN_EXCHANGE)
            y = put(view, left, y, width)
            for extra in self._interludes.below(view.message.id):
                y = put(extra, left, y + look.px(GAP), width)
                placed.add(extra)
        for extra in self._interludes.all():
            extra.setVisible(extra in placed)
        y += look.px(BELOW_LAST)
        self._column.resize(room, max(y, least_height) if views else 1)

    def materialise(self, views: Sequence[MessageView], seen_top: int, height: int) -> bool:
        """Make widgets of what can be seen of the messages, and a little beyond; return whether heights changed."""
        top, bottom = seen_top - height // 2, seen_top + height + height // 2
        changed = False
        near = [view for view in views if view.y() + view.height() >= top and view.y() <= bottom]
        for view in set(views).difference(near):
            view.leave()
        # First what is seen, then what will be seen next.
        for first, last in ((top + height // 2, bottom - height // 2), (top, bottom)):
            for view in near:
                y = view.y()
                if y + view.height() >= first and y <= last:
                    changed |= view.materialise(first - y, last - y)
        for view in near:
            view.release(top - view.y(), bottom - view.y())
        for card in self._interludes.cards():
            if not card.isHidden() and card.y() <= bottom and card.y() + card.height() >= top:
                changed |= card.materialise(top - card.y(), bottom - card.y())
        return changed


def anchor_at(views: Sequence[MessageView], top: int) -> Anchor | None:
    """Return what stands at a height, so that it can be found again when heights have changed."""
    view = message_at(views, top)
    return None if view is None else (view, view.body.anchor_at(top - view.y() - view.body.y()))


def height_of(anchor: Anchor) -> int:
    """Return the height at which what `anchor_at` found now stands."""
    view, place = anchor
    return view.y() + view.body.y() + view.body.height_of_anchor(place)


def message_at(views: Sequence[MessageView], top: int) -> MessageView | None:
    """Return the first message that reaches below a height."""
    return next((view for view in views if view.y() + view.height() > top), None)
