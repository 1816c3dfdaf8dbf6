"""Opens the map of branches, keeps it true, and goes where it is pointed at."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.messages import Notice
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:  # a launch needs none of it
    from chatbot_app.chat.branch_comparison import BranchComparison
    from chatbot_app.chat.branch_map import BranchMap
    from chatbot_app.core.message_forest import Run
    from chatbot_app.ui.branches.branches_window import BranchesWindow


class BranchesController(QObject):
    """The main window owns it; the window of branches is made when it is first wanted."""

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        store: ConversationStore,
        name_branch: Callable[[str, str], None],
        runner: TaskRunner,
        comparer: TaskRunner,
        parent: QObject,
    ) -> None:
        """`name_branch(message_id, name)` is blocking; `comparer` may be busy for seconds."""
        super().__init__(parent)
        self._main = window
        self._chat = chat
        self._store = store
        self._name_branch = name_branch
        self._runner = runner
        self._comparer = comparer
        self._window: BranchesWindow | None = None
        self._runs: dict[str, Run] = {}
        self._is_reading = False
        self._is_stale = False  # something changed while it was read
        window.branches_requested.connect(self.open)
        chat.conversation_opened.connect(self._follow)
        chat.conversation_begun.connect(self._follow)
        chat.conversation_stored.connect(self._follow)
        chat.branch_shown.connect(self._follow)

    @Slot()
    def open(self) -> None:
        """Bring the map to the front."""
        if self._window is None:
            from chatbot_app.ui.branches.branches_window import BranchesWindow

            self._window = BranchesWindow(self._main)
            self._window.shown.connect(self._read)
            self._window.message_chosen.connect(self._go)
            self._window.comparison_wanted.connect(self._compare)
            self._window.model.name_given.connect(self._name)
        self._window.show()
        self._window.raise_()
        self._window.activateWindow()
        self._window.list.setFocus()

    @Slot(object)
    def _follow(self, _conversation: object) -> None:
        if self._window is not None and self._window.isVisible():
            self._read()

    @Slot()
    def _read(self) -> None:
        """Read the map anew; what changes meanwhile is read once more afterwards, however often it changes."""
        conversation_id = self._chat.conversation_id
        if conversation_id is None:
            self._show(None)
        elif self._is_reading:
            self._is_stale = True
        else:
            from chatbot_app.chat.branch_map import read_map

            self._is_reading, self._is_stale = True, False
            self._runner.run(lambda: read_map(self._store, conversation_id), self._take, self._take_none)

    def _take(self, found: BranchMap) -> None:
        self._is_reading = False
        if found.conversation_id == self._chat.conversation_id:
            self._show(found)
        else:
            self._is_stale = self._chat.conversation_id is not None
        if self._is_stale:
            self._read()

    def _take_none(self, notice: Notice) -> None:
        self._is_reading = False
        self._show(None)
        if self._is_stale:
            self._read()
        elif self._window is not None:
            self._window.say(notice.summary)

    def _show(self, found: BranchMap | None) -> None:
        self._runs = {} if found is None else {run.first.id: run for run in found.runs}
        if self._window is not None:
            self._window.show_map(found)

    @Slot(str)
    def _go(self, message_id: str) -> None:
        run, conversation_id = self._runs.get(message_id), self._chat.conversation_id
        if run is None or conversation_id is None or self._window is None:
            return
        if not run.is_shown and self._chat.is_answering(conversation_id):
            self._window.say(self.tr("An answer is under way. Stop it first, or wait."))
            return
        if run.is_shown:
            self._chat.show_message(message_id)
        else:
            self._chat.open_at(conversation_id, message_id)

    @Slot(str, str)
    def _name(self, message_id: str, name: str) -> None:
        if self._window is not None:
            self._runner.run(
                lambda: self._name_branch(message_id, name), lambda _: self._read(), self._complain
            )

    @Slot(str, str)
    def _compare(self, left: str, right: str) -> None:
        conversation_id, window = self._chat.conversation_id, self._window
        runs = [self._runs.get(message_id) for message_id in (left, right)]
        if conversation_id is None or window is None or None in runs:
            return
        from chatbot_app.chat.branch_comparison import compare, read_branches

        titles = tuple(window.model.title(run) for run in runs if run is not None)

        def show(compared: BranchComparison) -> None:
            from chatbot_app.ui.branches.comparison_window import ComparisonWindow

            ComparisonWindow((titles[0], titles[1]), compared, window).show()

        self._runner.run(
            lambda: read_branches(self._store, conversation_id, left, right),
            lambda found: self._comparer.run(lambda: compare(found), show, self._complain),
            self._complain,
        )

    def _complain(self, notice: Notice) -> None:
        if self._window is not None:
            self._window.say(notice.summary)
