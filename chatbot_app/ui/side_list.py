"""A list at the side of the window, and what stands in its place while it is empty."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListView, QVBoxLayout, QWidget

from chatbot_app.ui.theme import em, set_look


def side_list(parent: QWidget, name: str, words: str) -> QListView:
    """Return an empty list; `words` are announced."""
    view = QListView(parent)
    view.setObjectName(name)
    view.setAccessibleName(words)
    view.setUniformItemSizes(True)  # ten thousand rows are not measured one by one
    view.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
    view.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    view.setMouseTracking(True)
    set_look(view, "sidebar")
    return view


def side_line(wide: QWidget, *narrow: QWidget) -> QHBoxLayout:
    """Return a line in which the first part takes all the room that the others leave."""
    line = QHBoxLayout()
    line.setSpacing(em(wide, 0.2))
    line.addWidget(wide, 1)
    for part in narrow:
        line.addWidget(part)
    return line


def let_rows_be_dragged(view: QListView) -> None:
    """Let several rows be marked, and dragged onto others of the same list."""
    view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
    view.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
    view.setDefaultDropAction(Qt.DropAction.MoveAction)
    view.setDragDropOverwriteMode(True)  # onto rows, not between them


def side_words(parent: QWidget, words: QLabel) -> QWidget:
    """Return a page with words at its top: a style sheet takes a label's own margins away."""
    page = QWidget(parent)
    layout = QVBoxLayout(page)
    layout.setContentsMargins(em(parent, 0.5), em(parent, 1.2), em(parent, 0.8), 0)
    layout.addWidget(words, 0, Qt.AlignmentFlag.AlignTop)
    return page
