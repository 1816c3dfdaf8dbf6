"""What another process does to the same data folder while the window is open is listed there."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtWidgets import QListView

from tests.e2e.person import Launch, Person
from tests.e2e.test_documents import IMPORT_MS

pytestmark = pytest.mark.xdist_group("e2e")

LISTED_MS = 20_000
BEGIN = """
import sys
from pathlib import Path
from chatbot_app.chat.services import create_services
from chatbot_app.storage.database import Access
store = create_services(Path(sys.argv[1]), access=Access.GUEST).conversations
store.rename(store.create_conversation().id, sys.argv[2])
"""


def run(*arguments: str) -> None:
    subprocess.run([sys.executable, *arguments], check=True, capture_output=True, timeout=IMPORT_MS / 1000)


def listed(person: Person) -> list[str]:
    model = person.find(QListView, "conversation_list").model()
    return [str(model.index(row, 0).data()) for row in range(model.rowCount())]


def test_what_another_process_imports_is_listed_and_asked(
    launch: Launch, data_dir: Path, tmp_path: Path
) -> None:
    notes = tmp_path / "Notes"
    notes.mkdir()
    for name, words in (("alpha", "turbine"), ("beta", "harbour")):
        (notes / f"{name}.md").write_text(f"The {words} was opened in 1987.")
    person = launch()
    panel = person.application.window.knowledge_panel
    person.qtbot.waitUntil(lambda: panel.collection_box.itemText(0) == "All documents  (0)")
    run("-m", "chatbot_app", "--data-dir", str(data_dir), "import", str(notes))
    person.qtbot.waitUntil(lambda: panel.list.model().rowCount() == 2, timeout=LISTED_MS)
    person.qtbot.waitUntil(lambda: panel.collection_box.itemText(0) == "All documents  (2)")
    assert person.application.controllers.chat.settings.collections == ()


def test_a_conversation_of_another_process_is_listed(launch: Launch, data_dir: Path) -> None:
    run("-c", BEGIN, str(data_dir), "There before")
    person = launch()
    person.qtbot.waitUntil(lambda: any("There before" in row for row in listed(person)), timeout=LISTED_MS)
    run("-c", BEGIN, str(data_dir), "Begun elsewhere")
    person.qtbot.waitUntil(lambda: any("Begun elsewhere" in row for row in listed(person)), timeout=LISTED_MS)
