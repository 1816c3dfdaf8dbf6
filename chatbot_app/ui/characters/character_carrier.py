"""Characters become a file, and come from files: of ours, and cards of other programs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from chatbot_app.core.character_exchange import ReadCharacters
from chatbot_app.core.characters import Character, Surroundings
from chatbot_app.storage.character_library import CharacterLibrary
from chatbot_app.storage.settings import SettingsStore
from chatbot_app.ui.prompts.library_carrier import LibraryCarrier
from chatbot_app.ui.prompts.library_page import LibraryPage
from chatbot_app.workers.task_runner import TaskRunner


class CharacterCarrier(LibraryCarrier[Character, ReadCharacters]):
    """See LibraryCarrier. `here` reads what servers, models and collections there are."""

    def __init__(
        self,
        library: CharacterLibrary,
        here: Callable[[], Surroundings],
        settings: SettingsStore,
        store: TaskRunner,
        files: TaskRunner,
        page: LibraryPage,
    ) -> None:
        super().__init__(settings, store, files, page)
        self._library = library
        self._here = here
        self.title_out, self.title_in = self.tr("Export characters"), self.tr("Import characters")
        self.file_name = "characters.json"
        self.filters = (self.tr("Characters (*.json *.png)"), self.tr("All files (*)"))

    def _writing(self, chosen: Sequence[Character], path: Path) -> Callable[[], None]:
        from chatbot_app.chat.transfer.character_files import write_characters

        return lambda: write_characters(chosen, self._here(), path)

    def _exported(self, count: int) -> str:
        return self.tr("%n character(s) exported as “{name}”.", "", count)

    def _reading(self, path: Path) -> ReadCharacters:
        from chatbot_app.chat.transfer.character_files import read_character_file

        return read_character_file(path)

    def _take_in(self, read: ReadCharacters) -> int:
        here = self._here()
        return self._library.take_in([one.as_here(here) for one in read.characters])

    def _counts(self, read: ReadCharacters) -> tuple[int, int]:
        return len(read.characters), read.left_out

    def _told(self, found: int, added: int, left_out: int) -> str:
        words = [self.tr("%n character(s) imported.", "", added)]
        if found > added:
            words.append(self.tr("%n character(s) were here already.", "", found - added))
        if left_out:
            words.append(self.tr("%n entries that are no characters were left out.", "", left_out))
        return " ".join(words)
