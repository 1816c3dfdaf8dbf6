"""Which documents a conversation may use: none, all, or some collections."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from chatbot_app.core.document_filter import NO_FILTER, DocumentFilter
from chatbot_app.core.documents import Collection
from chatbot_app.knowledge.fields.filtering import Facets
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.icons import RETINT_EVENTS, icon
from chatbot_app.ui.knowledge.document_words import one_line
from chatbot_app.ui.knowledge.field_filter_menu import add_field_menus, filter_from
from chatbot_app.ui.menus import fresh_menu
from chatbot_app.ui.settings.panel import SettingsPanel
from chatbot_app.ui.shortening_button import ShorteningButton
from chatbot_app.ui.theme import colors, em, scale_font, set_look

Chosen = tuple[str, ...] | None
_LONGEST_NAME = 24


class CollectionChoice(ShorteningButton):
    """A button in the composer; `None` stands for no documents, () for all."""

    chosen = Signal(object)  # tuple[str, ...] | None, by the person only
    filter_chosen = Signal(object)  # DocumentFilter, by the person only
    keeps_words = 2  # where a row is narrow

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("collection_choice")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._collections: list[Collection] = []
        self._choice: Chosen = None
        self._facets = Facets()
        self._filter = NO_FILTER
        set_look(self, "quiet")
        scale_font(self, 0.9)
        self.clicked.connect(self._show_menu)
        self._describe()
        self.hide()

    @property
    def choice(self) -> Chosen:
        """What is chosen."""
        return self._choice

    def set_choice(self, choice: Chosen) -> None:
        """Show another choice, silently."""
        self._choice = choice
        self._describe()

    def set_collections(self, collections: Sequence[Collection], *, has_documents: bool) -> None:
        """Offer collections; without any document there is nothing to choose, and the button hides."""
        self._collections = list(collections)
        self.setVisible(has_documents or bool(self._choice))
        self._describe()

    def set_facets(self, facets: Facets) -> None:
        """Offer companies, kinds and periods to keep to."""
        self._facets = facets

    def set_filter(self, chosen: DocumentFilter) -> None:
        """Show another filter, silently."""
        self._filter = chosen

    def choose(self, choice: Chosen) -> None:
        """Choose as the person does."""
        self.set_choice(choice)
        self.chosen.emit(choice)

    def _describe(self) -> None:
        names = {item.id: one_line(item.name) for item in self._collections}
        if self._choice is None:
            words, help_text = self.tr("No documents"), self.tr("Answers use none of your documents.")
        elif not self._choice:
            words, help_text = self.tr("All documents"), self.tr("Answers use all of your documents.")
        elif len(self._choice) == 1:
            words = names.get(self._choice[0], self.tr("Deleted collection"))[:_LONGEST_NAME]
            help_text = self.tr("Answers use the documents of one collection.")
        else:
            words = self.tr("{n} collections").format(n=len(self._choice))
            help_text = self.tr("Answers use the documents of some collections.")
        self._say(words)
        self.setToolTip(f"{words}. {help_text}" if self._is_short else help_text)
        self.setAccessibleName(self.tr("Documents for answers: {choice}").format(choice=words))
        self._tint()

    def _tint(self) -> None:
        shown = colors(self)
        self.setIcon(icon("document", shown.muted if self._choice is None else shown.accent))

    @Slot()
    def open_menu(self) -> None:
        """Let the person choose, with the keyboard as well."""
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self._show_menu()

    @Slot()
    def _show_menu(self) -> None:
        menu = self.make_menu()
        menu.popup(self.mapToGlobal(QPoint(0, -menu.sizeHint().height() - em(self, 0.2))))

    def make_menu(self) -> QMenu:
        """Return the menu of choices."""
        menu = fresh_menu(self, "collection_choice_menu")
        menu.triggered.connect(self._choose_action)
        self._add(menu, self.tr("No documents"), None, checked=self._choice is None)
        self._add(menu, self.tr("All documents"), (), checked=self._choice == ())
        if self._collections:
            menu.addSeparator()
        for item in self._collections:
            some = self._choice or ()
            is_in = item.id in some
            others = tuple(other for other in some if other != item.id)
            wanted = others if is_in else (*some, item.id)
            name = one_line(item.name)[:60].replace("&", "&&")
            # The last one taken away leaves no documents, not all.
            self._add(menu, f"{name}  ({item.documents})", wanted or None, checked=is_in)
        add_field_menus(menu, self._facets, self._filter)
        return menu

    def _add(self, menu: QMenu, words: str, choice: Chosen, *, checked: bool) -> None:
        action = QAction(words, menu, checkable=True)
        action.setChecked(checked)
        action.setData(json.dumps(choice))
        menu.addAction(action)

    @Slot(QAction)
    def _choose_action(self, action: QAction) -> None:
        kept_to = filter_from(action, self._filter)
        if kept_to is not None:
            self.filter_chosen.emit(kept_to)
            return
        chosen = json.loads(action.data())
        self.choose(None if chosen is None else tuple(chosen))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() in RETINT_EVENTS and hasattr(self, "_choice"):
            self._tint()


class CollectionChoiceController(QObject):
    """Keeps the choice in the settings of the conversation, which begins with all documents unless its character says other ones."""

    def __init__(
        self,
        button: CollectionChoice,
        chat: ChatController,
        settings: SettingsPanel,
        parent: QObject | None = None,
    ) -> None:
        """`settings` shows the conversation's other settings and must not bring back an old choice."""
        super().__init__(parent)
        self._button = button
        self._chat = chat
        self._settings = settings
        self._has_documents = False
        button.chosen.connect(self._keep)
        chat.conversation_opened.connect(self._show)
        chat.settings_replaced.connect(self._show)  # a character says what it uses
        self._show()

    @Slot(list, bool)
    def set_library(self, collections: list[Collection], has_documents: bool) -> None:
        """Take over what can be chosen."""
        self._has_documents = has_documents
        self._button.set_collections(collections, has_documents=has_documents)

    @Slot()
    @Slot(object)
    def _show(self, _what: object = None) -> None:
        choice = self._chat.settings.collections
        self._button.set_choice(choice)
        self._button.setVisible(self._has_documents or bool(choice))

    @Slot(object)
    def _keep(self, choice: Chosen) -> None:
        self._settings.flush()
        self._chat.set_settings(replace(self._chat.settings, collections=choice))
        self._settings.set_settings(self._chat.settings, self._chat.conversation_id or "")
