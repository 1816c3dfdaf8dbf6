"""The line above the documents: how they are sorted, and whether only those that failed are shown."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.knowledge.document_order import DocumentOrder
from chatbot_app.ui.knowledge.document_words import counted
from chatbot_app.ui.menus import fresh_menu
from chatbot_app.ui.theme import colors, em, scale_font, set_look


class ListHeader(QWidget):
    """Says the order and lets it be chosen; offers the failures while there are any."""

    order_chosen = Signal(str)  # a DocumentOrder's value, by the person only
    failures_toggled = Signal(bool)  # by the person only

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("list_header")
        self._order = DocumentOrder.NEWEST
        self.order_button = QPushButton(self)
        self.order_button.setObjectName("document_order_button")
        self.failed_button = QPushButton(self)
        self.failed_button.setObjectName("failed_filter_button")
        self.failed_button.setCheckable(True)
        for button in (self.order_button, self.failed_button):
            set_look(button, "quiet")
            scale_font(button, 0.9)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(em(self, 0.3))
        row.addWidget(self.order_button)
        row.addStretch(1)
        row.addWidget(self.failed_button)
        self.order_button.clicked.connect(self._show_menu)
        self.failed_button.clicked.connect(self._toggle)
        self.set_order(DocumentOrder.NEWEST)
        self.set_failed(0)
        self._tint()

    @property
    def only_failures(self) -> bool:
        """Whether only failures are wanted."""
        return self.failed_button.isChecked()

    def words_of(self, order: DocumentOrder) -> str:
        """Return the name of an order."""
        return {
            DocumentOrder.NEWEST: self.tr("Newest first"),
            DocumentOrder.NAME: self.tr("By name"),
            DocumentOrder.KIND: self.tr("By type"),
            DocumentOrder.SIZE: self.tr("Largest first"),
        }[order]

    def set_order(self, order: DocumentOrder) -> None:
        """Show another order, silently."""
        self._order = order
        words = self.words_of(order)
        self.order_button.setText(words)
        self.order_button.setAccessibleName(self.tr("Order of the documents: {order}").format(order=words))

    def set_failed(self, count: int) -> None:
        """Say how many have failed; without any, and while the filter is off, nothing is said."""
        words = counted(count, self.tr("1 failed"), self.tr("{n} failed"))
        self.failed_button.setText(words)
        self.failed_button.setAccessibleName(words)
        self.failed_button.setVisible(count > 0 or self.only_failures)
        self._say_what_it_does()

    def set_only_failures(self, only: bool) -> None:
        """Turn the filter on or off, silently."""
        self.failed_button.setChecked(only)
        self._say_what_it_does()

    def _say_what_it_does(self) -> None:
        self.failed_button.setToolTip(
            self.tr("Show all documents again") if self.only_failures else self.tr("Show only what failed")
        )

    def make_menu(self) -> QMenu:
        """Return the menu of orders."""
        menu = fresh_menu(self, "document_order_menu")
        for order in DocumentOrder:
            action = QAction(self.words_of(order), menu, checkable=True)
            action.setChecked(order is self._order)
            action.setData(order.value)
            menu.addAction(action)
        menu.triggered.connect(self._choose)
        return menu

    @Slot()
    def _show_menu(self) -> None:
        menu = self.make_menu()
        menu.popup(self.order_button.mapToGlobal(QPoint(0, self.order_button.height())))

    @Slot(QAction)
    def _choose(self, action: QAction) -> None:
        order = DocumentOrder(action.data())
        self.set_order(order)
        self.order_chosen.emit(order.value)

    @Slot()
    def _toggle(self) -> None:
        self._say_what_it_does()
        self.failures_toggled.emit(self.only_failures)

    def _tint(self) -> None:
        shown = colors(self)
        self.order_button.setIcon(icon("chevron-down", shown.muted))
        self.failed_button.setIcon(icon("warning", shown.danger))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "failed_button"):
            self._tint()
