"""Opens the menus of the list of conversations: of those that are marked, of a folder, of the list itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, QPoint, Slot
from PySide6.QtWidgets import QListView, QMenu, QWidget

from chatbot_app.storage.conversation_order import Folder
from chatbot_app.ui.conversation_actions import ConversationActions
from chatbot_app.ui.conversation_menu import conversation_menu, folder_menu, list_menu
from chatbot_app.ui.conversation_model import FOLDER_ROLE, ID_ROLE, ConversationModel


class ConversationListMenus(QObject):
    """Knows the marked rows and the tags there are."""

    def __init__(
        self,
        view: QListView,
        model: ConversationModel,
        wishes: ConversationActions,
        rename: Callable[[str], None],
        parent: QWidget,
    ) -> None:
        super().__init__(parent)
        self._owner = parent
        self._view = view
        self._model = model
        self._wishes = wishes
        self._rename = rename
        self.tags: Sequence[str] = ()

    def marked(self) -> list[str]:
        """Return the ids of all marked conversations, from the top."""
        marked = sorted(self._view.selectionModel().selectedIndexes(), key=lambda index: index.row())
        names = [index.data(ID_ROLE) for index in marked]
        return [name for name in names if name]

    def of(self, conversation_id: str) -> QMenu:
        """Return the menu of a conversation, or of all that are marked where it is one of these."""
        marked = self.marked()
        names = marked if conversation_id in marked else [conversation_id]
        known = [self._model.conversation(name) for name in names]
        return conversation_menu(
            self._owner,
            [one for one in known if one is not None],
            self._wishes,
            self._model.arrangement.folders,
            self.tags,
            rename=lambda: self._rename(conversation_id),
        )

    def of_list(self) -> QMenu:
        """Return the menu of the list itself."""
        return list_menu(self._owner, self._model.arrangement, self._model.archived_count, self._wishes)

    @Slot(QPoint)
    def open_at(self, place: QPoint) -> None:
        """Open the menu of what is at a place of the view."""
        index = self._view.indexAt(place)
        folder = index.data(FOLDER_ROLE) if index.isValid() else None
        if index.isValid() and index.data(ID_ROLE):
            menu = self.of(index.data(ID_ROLE))
        elif isinstance(folder, Folder):
            menu = folder_menu(self._owner, folder, self._wishes)
        else:
            menu = self.of_list()
        menu.popup(self._view.viewport().mapToGlobal(place))
