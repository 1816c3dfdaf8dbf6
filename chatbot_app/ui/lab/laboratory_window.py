"""The window of the laboratory: its pages at the left, the open one in the middle, its lesson at the right."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QModelIndex, QObject, QStringListModel, Qt, Slot
from PySide6.QtGui import QCloseEvent, QKeyEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMainWindow,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.lab.lesson_view import LessonView
from chatbot_app.ui.lab.page_area import PageArea
from chatbot_app.ui.lab.pages import PAGES, LabPage
from chatbot_app.ui.shared_keys import SharedKeys
from chatbot_app.ui.side_list import side_list
from chatbot_app.ui.theme import em, scale_font, set_look
from chatbot_app.workers.lab_services import LabServices

_WIDTH, _HEIGHT = 76, 46  # lines of text, where there is room
_LESSON = (12, 22, 0.26)  # lines of text wide at least and at most, and the share of the window that it takes
_LEAST_PAGE = 14  # lines of text wide; a page that needs more is scrolled
_READABLE_PAGE = 34  # lines of text wide; where less is left, the lesson makes way until it is asked for


class LaboratoryWindow(QWidget):
    """A top-level window that belongs to the main window and goes with it. A page is made when it is first shown."""

    def __init__(
        self,
        make_services: Callable[[QObject], LabServices],
        parent: QMainWindow,
        pages: tuple[LabPage, ...] = PAGES,
    ) -> None:
        """`make_services(owner)` is called once for each page."""
        super().__init__(parent, Qt.WindowType.Window)
        self.setObjectName("laboratory_window")
        self.setWindowTitle(self.tr("Laboratory"))
        self.setAccessibleName(self.tr("Laboratory"))
        self._make_services = make_services
        self._pages = pages
        self._made: dict[str, tuple[QWidget, LabServices]] = {}
        self._areas: dict[str, PageArea] = {}  # a page that needs more than the window has is scrolled in it
        self._build()
        self._connect()
        self._list.setCurrentIndex(self._titles.index(0))

    def _build(self) -> None:
        self._titles = QStringListModel([page.words() for page in self._pages], self)
        self._list = side_list(self, "laboratory_pages", self.tr("Pages of the laboratory"))
        self._list.setModel(self._titles)
        self._list.setUniformItemSizes(False)  # a few rows, whose height the text size changes
        set_look(self._list, "boxed")
        self._list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._title = QLabel(self)
        self._title.setObjectName("laboratory_title")
        scale_font(self._title, 1.3, bold=True)
        self._fold = IconButton("panel-right", self.tr("Lesson"), "lesson_button", self)
        self._fold.setCheckable(True)
        self._fold.setChecked(True)
        self._stack = QStackedWidget(self)
        self._stack.setObjectName("laboratory_stack")
        self._lesson = LessonView(self)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(self._fold)
        middle = QWidget(self)
        column = QVBoxLayout(middle)
        column.setContentsMargins(em(self, 0.9), em(self, 0.7), em(self, 0.9), em(self, 0.9))
        column.setSpacing(em(self, 0.6))
        column.addLayout(head)
        column.addWidget(self._stack, 1)
        self._splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self._splitter.setObjectName("laboratory_splitter")
        self._splitter.setHandleWidth(1)
        for place, part in enumerate((self._list, middle, self._lesson)):
            self._splitter.addWidget(part)
            self._splitter.setCollapsible(place, False)
            self._splitter.setStretchFactor(place, 1 if part is middle else 0)
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._splitter)
        room = self.screen().availableGeometry().size()
        self.resize(min(em(self, _WIDTH), room.width()), min(em(self, _HEIGHT), room.height()))
        self.fit_to_font()

    def fit_to_font(self) -> None:
        """Share the width out anew where the text size changes."""
        widest = max(self._list.fontMetrics().horizontalAdvance(page.words()) for page in self._pages)
        self._list.setMinimumWidth(widest + em(self, 2.2))
        self._lesson.setMinimumWidth(em(self, _LESSON[0]))
        self._stack.setMinimumSize(em(self, _LEAST_PAGE), em(self, _LEAST_PAGE))
        least, most, share = _LESSON
        lesson = max(em(self, least), min(em(self, most), round(self.width() * share)))
        names = self._list.minimumWidth()
        self._fold.setChecked(self.width() - names - lesson >= em(self, _READABLE_PAGE))
        self._lesson.setVisible(self._fold.isChecked())
        self._splitter.setSizes([names, max(0, self.width() - names - lesson), lesson])
        self._list.doItemsLayout()

    def _connect(self) -> None:
        parent = self.parentWidget()
        assert isinstance(parent, QMainWindow)
        SharedKeys(parent, self)
        self._list.selectionModel().currentChanged.connect(self._turn)
        self._fold.toggled.connect(self._lesson.setVisible)

    @property
    def page(self) -> QWidget | None:
        """The page that is open; None before the window was first shown."""
        area = self._stack.currentWidget()
        return area.page if isinstance(area, PageArea) else None

    def come_forward(self) -> None:
        """Show the window in front of the others, at the page that was open last."""
        self._show_page(self._pages[max(0, self._list.currentIndex().row())])
        self.show()
        self.raise_()
        self.activateWindow()

    def open_at(self, name: str, **what: Any) -> None:
        """Show a page, and in it what was pointed at elsewhere. Raises KeyError for a page that there is not."""
        rows = {page.name: row for row, page in enumerate(self._pages)}
        self._list.setCurrentIndex(self._titles.index(rows[name]))
        self.come_forward()
        show = getattr(self.page, "open_at", None)
        if what and callable(show):
            show(**what)

    def shutdown(self) -> None:
        """End what the pages are doing, and their threads."""
        self.hide()
        for page, services in self._made.values():
            end = getattr(page, "shutdown", None)
            if callable(end):  # a page with a child process of its own
                end()
            services.shutdown()

    @Slot(QModelIndex, QModelIndex)
    def _turn(self, current: QModelIndex, _: QModelIndex) -> None:
        if self.isVisible() and current.isValid():
            self._show_page(self._pages[current.row()])

    @Slot(str, object)
    def _open_wanted(self, name: str, what: dict[str, Any]) -> None:
        self.open_at(name, **what)

    def _show_page(self, page: LabPage) -> None:
        if page.name not in self._made:
            services = self._make_services(self)
            made = page.create(services, self._stack)
            wanted = getattr(made, "page_wanted", None)
            if wanted is not None:  # a page from which another one is opened
                wanted.connect(self._open_wanted)
            area = PageArea(f"{page.name}_area", made, self._stack)
            self._made[page.name] = made, services
            self._areas[page.name] = area
            self._stack.addWidget(area)
        self._stack.setCurrentWidget(self._areas[page.name])
        self._title.setText(page.words())
        self._lesson.show_lesson(page.lesson)

    # --- Qt ------------------------------------------------------------------------------------------

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._list.doItemsLayout()  # the style sheet gives rows their height when the window is shown

    def closeEvent(self, event: QCloseEvent) -> None:
        for _, services in self._made.values():
            services.give_up()
        super().closeEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Close) or event.key() == Qt.Key.Key_Escape:
            self.close()
            return
        super().keyPressEvent(event)
