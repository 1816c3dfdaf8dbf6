"""Carries out how a person orders conversations: folders, tags, pins, the archive, the order of the list."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QInputDialog

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.core.messages import Conversation
from chatbot_app.storage.conversation_order import LONGEST_NAME, ConversationOrder, Folder
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.conversation_list import ConversationList
from chatbot_app.ui.conversation_rows import Sorting
from chatbot_app.ui.notice_bar import NoticeBar
from chatbot_app.workers.task_runner import TaskRunner

SORTING_SETTING = "ui.conversation_sorting"


class ConversationOrderController(QObject):
    """The window owns it. `new_settings` returns what conversations outside of folders begin with."""

    def __init__(
        self,
        shown: ConversationList,
        notice_bar: NoticeBar,
        chat: ChatController,
        order: Callable[[], ConversationOrder],
        settings: SettingsStore,
        runner: TaskRunner,
        new_settings: Callable[[], GenerationSettings],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._list = shown
        self._notice_bar = notice_bar
        self._chat = chat
        self._order = order
        self._settings = settings
        self._runner = runner
        self._new_settings = new_settings
        self._folders: list[Folder] = []
        self._begun_in = ""  # folder of the conversation that is not stored yet
        wishes = shown.wishes
        wishes.move_requested.connect(self._move)
        wishes.new_folder_requested.connect(self._ask_for_folder)
        wishes.pin_requested.connect(self._pin)
        wishes.archive_requested.connect(self._archive)
        wishes.tag_requested.connect(self._tag)
        wishes.new_tag_requested.connect(self._ask_for_tag)
        wishes.conversation_in_folder_requested.connect(self._begin_in)
        wishes.folder_renaming_requested.connect(self._ask_for_name)
        wishes.folder_settings_requested.connect(self._open_settings)
        wishes.folder_removal_requested.connect(self._remove_folder)
        wishes.fold_requested.connect(self._fold)
        wishes.sorting_requested.connect(self._sort)
        wishes.archive_view_requested.connect(self._show_archive)
        chat.conversation_begun.connect(self._put_into_folder)
        chat.conversation_opened.connect(self._forget_folder)

    @Slot()
    def start(self) -> None:
        """Show folders and tags, and the order that was chosen."""

        def sort(value: Any) -> None:
            if value in set(Sorting):
                self._list.arrange(sorting=Sorting(value))

        self._runner.run(lambda: self._settings.get(SORTING_SETTING), sort, self._complain)
        self.refresh()

    @property
    def folders(self) -> list[Folder]:
        """The folders as they were read last."""
        return self._folders

    @Slot()
    def refresh(self) -> None:
        """Read folders, tags and models anew."""

        def read() -> tuple[list[Folder], list[str], list[str]]:
            order = self._order()
            return order.folders(), [tag for tag, _ in order.tags()], order.models()

        def show(found: tuple[list[Folder], list[str], list[str]]) -> None:
            self._folders, tags, models = found
            self._list.set_folders(self._folders)
            self._list.set_tags(tags)
            self._list.finder.set_names(models=models)

        self._runner.run(read, show, self._complain)

    def _do(self, change: Callable[[ConversationOrder], Any]) -> None:
        """Change something, and show the conversations that come back."""

        def show(changed: Any) -> None:
            for one in changed if isinstance(changed, list) else ():
                self._list.upsert(one)
            self.refresh()

        self._runner.run(lambda: change(self._order()), show, self._complain)

    def _complain(self, notice: Any) -> None:
        self._notice_bar.show_notice(notice)

    def _folder(self, folder_id: str) -> Folder | None:
        return next((folder for folder in self._folders if folder.id == folder_id), None)

    # --- conversations ---------------------------------------------------------------------------------------

    @Slot(list, str)
    def _move(self, names: list[str], folder_id: str) -> None:
        self._do(lambda order: order.move(names, folder_id or None))

    @Slot(list, bool)
    def _pin(self, names: list[str], pinned: bool) -> None:
        self._do(lambda order: order.pin(names, pinned=pinned))

    @Slot(list, bool)
    def _archive(self, names: list[str], archived: bool) -> None:
        self._do(lambda order: order.archive(names, archived=archived))

    @Slot(list, str, bool)
    def _tag(self, names: list[str], tag: str, has_it: bool) -> None:
        tags = {"add" if has_it else "remove": [tag]}
        self._do(lambda order: order.tag(names, **tags))

    @Slot(list)
    def _ask_for_tag(self, names: list[str]) -> None:
        self._ask(
            self.tr("New tag"),
            self.tr("Tag"),
            "",
            lambda tag: self._do(lambda order: order.tag(names, add=[tag])),
        )

    # --- folders -----------------------------------------------------------------------------------------------

    @Slot(list)
    def _ask_for_folder(self, names: list[str]) -> None:
        def make(name: str) -> None:
            self._do(lambda order: order.move(names, order.add_folder(name).id))

        self._ask(self.tr("New folder"), self.tr("Name of the folder"), "", make)

    @Slot(str)
    def _ask_for_name(self, folder_id: str) -> None:
        folder = self._folder(folder_id)
        if folder is not None:
            self._ask(
                self.tr("Rename folder"),
                self.tr("Name of the folder"),
                folder.name,
                lambda name: self._do(lambda order: order.rename_folder(folder_id, name)),
            )

    def _ask(self, title: str, words: str, text: str, then: Callable[[str], None]) -> None:
        dialog = QInputDialog(self._list)
        dialog.setObjectName("conversation_order_dialog")
        dialog.setWindowTitle(title)
        dialog.setLabelText(words)
        dialog.setTextValue(text[:LONGEST_NAME])
        dialog.textValueSelected.connect(lambda value: then(value) if value.strip() else None)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str)
    def _open_settings(self, folder_id: str) -> None:
        folder = self._folder(folder_id)
        if folder is None:
            return
        from chatbot_app.ui.folder_settings_dialog import FolderSettingsDialog

        dialog = FolderSettingsDialog(folder, self._chat.settings, self._list)
        dialog.settings_chosen.connect(self._keep_settings)
        dialog.open()

    @Slot(str, object)
    def _keep_settings(self, folder_id: str, settings: GenerationSettings | None) -> None:
        self._do(lambda order: order.set_folder_settings(folder_id, settings))

    @Slot(str)
    def _remove_folder(self, folder_id: str) -> None:
        self._do(lambda order: order.remove_folder(folder_id))

    @Slot(str, bool)
    def _fold(self, folder_id: str, folded: bool) -> None:
        self._do(lambda order: order.fold(folder_id, folded=folded))

    @Slot(str)
    def _begin_in(self, folder_id: str) -> None:
        folder = self._folder(folder_id)
        if folder is not None:
            self._chat.start_new(folder.settings or self._new_settings())
            self._begun_in = folder_id

    @Slot(object)
    def _forget_folder(self, _: object) -> None:
        self._begun_in = ""

    @Slot(object)
    def _put_into_folder(self, conversation: Conversation) -> None:
        if self._begun_in:
            self._move([conversation.id], self._begun_in)

    # --- the list ------------------------------------------------------------------------------------------------

    @Slot(str)
    def _sort(self, sorting: str) -> None:
        self._list.arrange(sorting=Sorting(sorting))
        self._runner.run(lambda: self._settings.set(SORTING_SETTING, sorting))

    @Slot(bool)
    def _show_archive(self, shown: bool) -> None:
        self._list.arrange(archive=shown)
