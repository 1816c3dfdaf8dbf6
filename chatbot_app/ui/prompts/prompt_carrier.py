"""Prompts become a file, and come from one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from chatbot_app.core.prompt_exchange import ReadPrompts
from chatbot_app.core.saved_prompts import SavedPrompt
from chatbot_app.storage.prompt_library import PromptLibrary
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.prompts.library_carrier import LibraryCarrier
from chatbot_app.ui.prompts.library_page import LibraryPage
from chatbot_app.workers.task_runner import TaskRunner


class PromptCarrier(LibraryCarrier[SavedPrompt, ReadPrompts]):
    """See LibraryCarrier."""

    def __init__(
        self,
        library: PromptLibrary,
        settings: SettingsStore,
        store: TaskRunner,
        files: TaskRunner,
        page: LibraryPage,
    ) -> None:
        super().__init__(settings, store, files, page)
        self._library = library
        self.title_out, self.title_in = self.tr("Export prompts"), self.tr("Import prompts")
        self.file_name = "prompts.json"
        self.filters = ("JSON (*.json)", self.tr("All files (*)"))

    def _writing(self, chosen: Sequence[SavedPrompt], path: Path) -> Callable[[], None]:
        from chatbot_app.chat.transfer.prompt_files import write_prompts

        return lambda: write_prompts(chosen, path)

    def _exported(self, count: int) -> str:
        return self.tr("%n prompt(s) exported as “{name}”.", "", count)

    def _reading(self, path: Path) -> ReadPrompts:
        from chatbot_app.chat.transfer.prompt_files import read_prompt_file

        return read_prompt_file(path)

    def _take_in(self, read: ReadPrompts) -> int:
        return self._library.take_in(read.prompts)

    def _counts(self, read: ReadPrompts) -> tuple[int, int]:
        return len(read.prompts), read.left_out

    def _told(self, found: int, added: int, left_out: int) -> str:
        words = [self.tr("%n prompt(s) imported.", "", added)]
        if found > added:
            words.append(self.tr("%n prompt(s) were here already.", "", found - added))
        if left_out:
            words.append(self.tr("%n entries without a name and a text were left out.", "", left_out))
        return " ".join(words)
