"""Selecting with the mouse across the blocks of one message."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPoint
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QWidget

from chatbot_app.ui.chat.text_view import TextView


@dataclass(frozen=True, slots=True)
class Place:
    """A place in a message: the view and the character in it."""

    view: TextView
    position: int


class TextSelection:
    """What is selected in the text views of an area, from an anchor to a place."""

    def __init__(self, area: QWidget) -> None:
        self._area = area
        self._views: list[TextView] = []
        self._anchor: Place | None = None
        self.is_all = False  # also what is not drawn now

    def begin(self, views: list[TextView], point: QPoint) -> None:
        """Drop the old selection and put the anchor under a point of the area."""
        self.clear()
        self._views = self._seen(views)
        self._anchor = self.place_at(point)

    def extend(self, point: QPoint) -> None:
        """Select from the anchor to a point of the area."""
        self.is_all = False
        target = self.place_at(point)
        if self._anchor is None or target is None or self._anchor.view not in self._views:
            return
        first, last = self._views.index(self._anchor.view), self._views.index(target.view)
        for index, view in enumerate(self._views):
            if index == first == last:
                view.select(self._anchor.position, target.position)
            elif index == first:
                view.select(self._anchor.position, view.last_position() if last > first else 0)
            elif index == last:
                view.select(0 if last > first else view.last_position(), target.position)
            elif min(first, last) < index < max(first, last):
                view.select(0, view.last_position())
            else:
                view.select(0, 0)

    def select_unit(self, views: list[TextView], point: QPoint, unit: QTextCursor.SelectionType) -> None:
        """Select the word or paragraph under a point of the area."""
        self.begin(views, point)
        if self._anchor is not None:
            self._anchor.view.select(*self._anchor.view.select_unit(self._anchor.position, unit))

    def select_all(self, views: list[TextView]) -> None:
        """Select everything, of which this is drawn."""
        self.is_all = True
        self._views = self._seen(views)
        for view in self._views:
            view.select(0, view.last_position())

    def clear(self) -> None:
        """Select nothing."""
        for view in self._views:
            view.select(0, 0)
        self.is_all = False
        self._views = []
        self._anchor = None

    def text(self) -> str:
        """Return what is selected, blocks on lines of their own."""
        return "\n".join(text for view in self._views if (text := view.selected_text()))

    def _seen(self, views: list[TextView]) -> list[TextView]:
        """Leave out what stands in a closed fold of its block."""
        return [view for view in views if view.isVisibleTo(self._area)]

    def forget(self, gone: set[TextView]) -> None:
        """Leave out views that are about to be deleted."""
        self._views = [view for view in self._views if view not in gone]
        if self._anchor is not None and self._anchor.view in gone:
            self._anchor = None

    def view_at(self, views: list[TextView], point: QPoint) -> TextView | None:
        """Return the view under a point of the area."""
        for view in views:
            if view.isVisibleTo(self._area) and view.rect().contains(view.mapFrom(self._area, point)):
                return view
        return None

    def place_at(self, point: QPoint) -> Place | None:
        """Return the place nearest to a point of the area."""
        nearest: TextView | None = None
        distance = 1 << 30
        for view in self._views:
            local = view.mapFrom(self._area, point)
            away = max(-local.y(), local.y() - view.height(), 0)
            if away < distance:
                nearest, distance = view, away
        if nearest is None:
            return None
        local = nearest.mapFrom(self._area, point)
        if local.y() < 0:
            return Place(nearest, 0)
        if local.y() > nearest.height():
            return Place(nearest, nearest.last_position())
        return Place(nearest, nearest.position_at(local))
