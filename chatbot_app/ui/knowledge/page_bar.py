"""Buttons above a page: the pages before and after, and its size."""

from __future__ import annotations

from PySide6.QtCore import QPoint, Signal, Slot
from PySide6.QtGui import QAction, QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QLabel, QLineEdit, QMenu, QPushButton, QWidget

from chatbot_app.ui.icons import IconButton
from chatbot_app.ui.knowledge.page_view import PageView
from chatbot_app.ui.knowledge.page_zoom import Zoom
from chatbot_app.ui.menus import fresh_menu
from chatbot_app.ui.theme import em, set_look

_PERCENTS = (50, 75, 100, 125, 150, 200, 300, 400)


class PageBar(QWidget):
    """Shows and changes what a PageView shows."""

    page_requested = Signal(int)  # a page's number

    def __init__(self, view: PageView, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("page_bar")
        self._view = view
        self._number, self._count = 1, 1
        self.previous_button = IconButton(
            "chevron-left", self.tr("Previous page"), "previous_page_button", self
        )
        self.next_button = IconButton("chevron-right", self.tr("Next page"), "next_page_button", self)
        self.number_edit = QLineEdit(self)
        self.number_edit.setObjectName("page_number_edit")
        self.number_edit.setAccessibleName(self.tr("Page number"))
        self.number_edit.setToolTip(self.tr("Go to a page"))
        self._of = QLabel(self)
        set_look(self._of, "muted")
        self.out_button = IconButton("minus", self.tr("Smaller (Ctrl+−)"), "zoom_out_button", self)
        self.percent_button = QPushButton(self)
        self.percent_button.setObjectName("zoom_button")
        self.percent_button.setToolTip(self.tr("Size of the page"))
        set_look(self.percent_button, "quiet")
        self.in_button = IconButton("plus", self.tr("Larger (Ctrl++)"), "zoom_in_button", self)
        self.width_button = IconButton("fit-width", self.tr("Fit the width"), "fit_width_button", self)
        self.page_button = IconButton("fit-page", self.tr("Fit the page"), "fit_page_button", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.1))
        for widget in (self.previous_button, self.number_edit, self._of, self.next_button):
            row.addWidget(widget)
        row.addStretch(1)
        for button in (
            self.out_button,
            self.percent_button,
            self.in_button,
            self.width_button,
            self.page_button,
        ):
            row.addWidget(button)
        self._connect()
        self._show_zoom()

    def _connect(self) -> None:
        self.previous_button.clicked.connect(self._ask_previous)
        self.next_button.clicked.connect(self._ask_next)
        self.number_edit.returnPressed.connect(self._ask_number)
        self.number_edit.editingFinished.connect(self._show_number)
        self.out_button.clicked.connect(self._view.zoom_out)
        self.in_button.clicked.connect(self._view.zoom_in)
        self.width_button.clicked.connect(self._fit_width)
        self.page_button.clicked.connect(self._fit_page)
        self.percent_button.clicked.connect(self._show_menu)
        self._view.zoom_changed.connect(self._show_zoom)
        self._view.page_step_requested.connect(self._ask_step)

    def set_page(self, number: int, count: int) -> None:
        """Say which page of how many is shown."""
        self._number, self._count = number, count
        self.number_edit.setValidator(QIntValidator(1, max(1, count), self.number_edit))
        digits = self.number_edit.fontMetrics().horizontalAdvance("0" * max(2, len(str(count))))
        self.number_edit.setFixedWidth(digits + em(self, 1.1))
        self._of.setText(self.tr("of {count}").format(count=count))
        self._show_number()
        self.previous_button.setEnabled(number > 1)
        self.next_button.setEnabled(number < count)

    @Slot()
    def _show_number(self) -> None:
        self.number_edit.setText(str(self._number))

    @Slot()
    def _ask_number(self) -> None:
        wanted = int(self.number_edit.text())
        if wanted != self._number:
            self.page_requested.emit(wanted)

    @Slot(int)
    def _ask_step(self, direction: int) -> None:
        if self.isVisible() and 1 <= self._number + direction <= self._count:
            self.page_requested.emit(self._number + direction)

    @Slot()
    def _ask_previous(self) -> None:
        self._ask_step(-1)

    @Slot()
    def _ask_next(self) -> None:
        self._ask_step(1)

    @Slot()
    def _show_zoom(self) -> None:
        words = self.tr("{n} %").format(n=self._view.percent)
        self.percent_button.setText(words)
        self.percent_button.setAccessibleName(self.tr("Size of the page: {n} %").format(n=self._view.percent))
        for button, zoom in ((self.width_button, Zoom.WIDTH), (self.page_button, Zoom.PAGE)):
            button.setCheckable(True)
            button.setChecked(self._view.zoom is zoom)

    @Slot()
    def _fit_width(self) -> None:
        self._view.set_zoom(Zoom.WIDTH)

    @Slot()
    def _fit_page(self) -> None:
        self._view.set_zoom(Zoom.PAGE)

    def make_menu(self) -> QMenu:
        """Return the menu of sizes."""
        menu = fresh_menu(self, "zoom_menu")
        for zoom, words in (
            (Zoom.READING, self.tr("Reading size (Ctrl+0)")),
            (Zoom.WIDTH, self.tr("Fit the width")),
            (Zoom.PAGE, self.tr("Fit the page")),
        ):
            action = QAction(words, menu, checkable=True)
            action.setChecked(self._view.zoom is zoom)
            action.setData(zoom.value)
            menu.addAction(action)
        menu.addSeparator()
        for percent in _PERCENTS:
            action = menu.addAction(self.tr("{n} %").format(n=percent))
            action.setData(percent)
        menu.triggered.connect(self._choose)
        return menu

    @Slot()
    def _show_menu(self) -> None:
        menu = self.make_menu()
        menu.popup(self.percent_button.mapToGlobal(QPoint(0, self.percent_button.height())))

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        wanted = action.data()
        if isinstance(wanted, str):
            self._view.set_zoom(Zoom(wanted))
        else:
            self._view.set_percent(float(wanted))
