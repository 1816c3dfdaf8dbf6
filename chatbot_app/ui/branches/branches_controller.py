"""Keeps the map of branches true while it is seen, and goes where it is pointed at."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from chatbot_app.core.messages import Notice
from chatbot_app.storage.branch_names import name_branch
from chatbot_app.storage.conversations import ConversationStore
from chatbot_app.storage.database import Database
from chatbot_app.ui.chat.chat_controller import ChatController
from chatbot_app.ui.chat.running_turns import RunningTurns
from chatbot_app.ui.main_window import MainWindow
from chatbot_app.workers.task_runner import TaskRunner

if TYPE_CHECKING:  # a launch needs none of it
    from chatbot_app.chat.branch_comparison import BranchComparison
    from chatbot_app.chat.branch_map import BranchMap
    from chatbot_app.ui.branches.branches_panel import BranchesPanel


class BranchesController(QObject):
    """The main window owns it; the panel is made when it is first seen, and nothing is read while it is not."""

    def __init__(
        self,
        window: MainWindow,
        chat: ChatController,
        turns: RunningTurns,
        store: ConversationStore,
        database: Database,
        runner: TaskRunner,
        comparer: TaskRunner,
        parent: QObject,
    ) -> None:
        """`comparer` may be busy for seconds."""
        super().__init__(parent)
        self._main = window
        self._chat = chat
        self._store = store
        self._database = database
        self._runner = runner
        self._comparer = comparer
        self._panel: BranchesPanel | None = None
        self._map: BranchMap | None = None
        self._is_seen = False
        self._is_reading = False
        self._is_stale = False  # something changed while it was read
        window.branches_dock.visibilityChanged.connect(self._see)
        chat.conversation_opened.connect(self._follow)
        chat.conversation_begun.connect(self._follow)
        chat.conversation_stored.connect(self._follow)
        chat.branch_shown.connect(self._follow)
        turns.ended.connect(self._follow)
        actions = window.chat_pane.transcript.user_actions
        actions.version_comparison_requested.connect(self._compare_versions)
        if window.branches_dock.isVisible():
            self._see(True)  # it was left open

    @Slot(bool)
    def _see(self, is_seen: bool) -> None:
        self._is_seen = is_seen
        if not is_seen:
            return
        if self._panel is None:
            from chatbot_app.ui.branches.branches_panel import BranchesPanel

            self._panel = panel = BranchesPanel(self._main.branches_dock)
            self._main.branches_dock.setWidget(panel)
            panel.message_chosen.connect(self._go)
            panel.comparison_wanted.connect(self._compare)
            panel.model.name_given.connect(self._name)
        self._read()

    @Slot(object)
    def _follow(self, _: object) -> None:
        if self._is_seen:
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
            read = partial(read_map, self._store, self._database, conversation_id)
            self._runner.run(read, self._take, self._take_none)

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
        else:
            self._complain(notice)

    def _show(self, found: BranchMap | None) -> None:
        self._map = found
        if self._panel is not None:
            self._panel.show_map(found)

    @Slot(str)
    def _go(self, message_id: str) -> None:
        conversation_id = self._chat.conversation_id
        row = None if self._map is None else self._map.row_of.get(message_id)
        if self._map is None or row is None or conversation_id is None or self._panel is None:
            return
        is_shown = self._map.runs[row].is_shown
        if not is_shown and self._chat.is_answering(conversation_id):
            self._panel.say(self.tr("An answer is under way. Stop it first, or wait."))
        elif is_shown:
            self._chat.show_message(message_id)
        else:
            self._chat.open_at(conversation_id, message_id)

    @Slot(str, str)
    def _name(self, message_id: str, name: str) -> None:
        work = partial(name_branch, self._database, message_id, name)
        self._runner.run(work, lambda _: self._read(), self._complain)

    # --- two side by side ----------------------------------------------------------------------------

    @Slot(str, str)
    def _compare(self, left: str, right: str) -> None:
        if self._map is None or self._panel is None:
            return
        rows = [self._map.row_of.get(message_id) for message_id in (left, right)]
        titles = [self._panel.model.title(self._map.runs[row]) for row in rows if row is not None]
        if len(titles) == 2:
            self._show_both(self._map.conversation_id, lambda: (left, right), (titles[0], titles[1]))

    @Slot(str, int, int)
    def _compare_versions(self, message_id: str, place: int, other: int) -> None:
        """Compare a version of a message, and what follows it, with another one."""
        conversation_id = self._chat.conversation_id
        if conversation_id is None:
            return
        first, second = sorted((place, other))
        words = self.tr("Version {place}")

        def ids() -> tuple[str, str]:
            siblings = self._store.siblings(message_id)
            return siblings[min(first, len(siblings)) - 1], siblings[min(second, len(siblings)) - 1]

        titles = (words.format(place=first), words.format(place=second))
        self._show_both(conversation_id, ids, titles)

    def _show_both(
        self, conversation_id: str, ids: Callable[[], tuple[str, str]], titles: tuple[str, str]
    ) -> None:
        from chatbot_app.chat.branch_comparison import compare, read_branches

        def show(compared: BranchComparison) -> None:
            from chatbot_app.ui.branches.comparison_window import ComparisonWindow

            ComparisonWindow(titles, compared, self._main).show()

        self._runner.run(
            lambda: read_branches(self._store, conversation_id, *ids()),
            lambda found: self._comparer.run(lambda: compare(found), show, self._complain),
            self._complain,
        )

    def _complain(self, notice: Notice) -> None:
        if self._is_seen and self._panel is not None:
            self._panel.say(notice.summary)
        else:
            self._main.chat_pane.notice_bar.show_notice(notice)
