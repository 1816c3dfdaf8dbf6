"""Names of files that are no valid text: imported under their bytes, shown with the replacement sign (FAULTS 65)."""

from __future__ import annotations

import io
import json
import os
import sys
import zipfile
from pathlib import Path

import pytest

from chatbot_app.__main__ import main
from chatbot_app.core.documents import DocumentState, ImportOutcome
from chatbot_app.core.visible_text import visible_text
from chatbot_app.knowledge.importing.folder_watch import FolderWatch
from chatbot_app.storage.import_jobs import ImportQueue
from chatbot_app.storage.watched_folders import WatchedFolderStore
from tests.unit.storage.support import Clock

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only here any bytes are a name")

ODD = os.fsdecode(b"r\xe9sum\xe9 \xff.txt")  # Windows-1252, and a byte that is nothing anywhere
SHOWN = "r\ufffdsum\ufffd \ufffd.txt"


def write(folder: Path, name: str, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_text(text)
    return path


def word_document(text: str) -> bytes:
    whole = io.BytesIO()
    with zipfile.ZipFile(whole, "w") as archive:
        archive.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels"'
            ' ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override'
            ' PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.'
            'wordprocessingml.document.main+xml"/></Types>',
        )
        archive.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship'
            ' Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"'
            ' Target="word/document.xml"/></Relationships>',
        )
        archive.writestr(
            "word/document.xml",
            '<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r>'
            f"<w:t>{text}</w:t></w:r></w:p></w:body></w:document>",
        )
    return whole.getvalue()


def test_a_file_is_imported_found_again_and_shown(library, embedder, tmp_path: Path) -> None:
    path = write(tmp_path / os.fsdecode(b"fold\xffer"), ODD, "The zebra sleeps standing up.")
    finished = library.add(path, embedder)
    assert finished.report.outcome is ImportOutcome.IMPORTED
    (document,) = library.documents.documents()
    assert (document.path, document.title) == (str(path), visible_text(path.stem))
    assert Path(document.path).read_text() == "The zebra sleeps standing up."
    assert visible_text(Path(document.path).name) == SHOWN
    assert library.documents.at_path(str(path)) == [document]
    assert library.add(path, embedder).report.outcome is ImportOutcome.ALREADY_THERE
    path.write_text("The zebra woke up.")
    assert library.add(path, embedder).document.previous_id == document.id
    assert [found.id for found in library.documents.removed_from(str(path))] == [document.id]
    assert library.documents.documents(containing="r")
    assert library.database.integrity_check() == []


def test_every_reader_takes_such_a_name(library, embedder, tmp_path: Path) -> None:
    word = tmp_path / os.fsdecode(b"\xff\xfe.docx")
    word.write_bytes(word_document("The walrus swims."))
    web = write(tmp_path, os.fsdecode(b"\xff.html"), "<p>The quokka smiles.</p>")
    code = write(tmp_path, os.fsdecode(b"\xff.py"), "print('zebra')\n")
    for path, found in ((word, "walrus"), (web, "quokka"), (code, "zebra")):
        finished = library.add(path, embedder)
        assert finished.document is not None, finished.report.reason
        assert finished.document.state is DocumentState.READY, finished.report.reason
        assert found in library.documents.text(finished.document.id)


def test_the_queue_and_the_watched_folders_keep_the_bytes(library, tmp_path: Path) -> None:
    root = tmp_path / os.fsdecode(b"w\xffatched")
    path = write(root, ODD, "The zebra sleeps.")
    os.utime(path, (1, 1))
    jobs = ImportQueue(library.database)
    watch = FolderWatch(
        WatchedFolderStore(library.database, now=Clock()), library.documents, jobs, now=Clock()
    )
    watch.add(root, "")
    assert [folder.path for folder in watch.folders()] == [str(root)]
    (update,) = watch.look()
    assert update.queued == (str(path),)
    assert [job.path for job in jobs.waiting()] == [str(path)]
    assert Path(jobs.waiting()[0].path).exists()
    (update,) = watch.look()
    assert not update.queued  # it is known
    path.unlink()
    for _ in range(2):
        (update,) = watch.look()
    assert update.withdrawn == (str(path),)
    assert jobs.waiting() == []


def test_a_folder_with_such_names_is_imported_from_the_command_line(
    tmp_path: Path, data_dir: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "files"
    write(folder, ODD, "The zebra sleeps standing up.")
    write(folder, os.fsdecode(b"\xfe.bin"), "x")
    (folder / os.fsdecode(b"\xfe.docx")).write_bytes(b"no zip")
    write(folder, "last.txt", "The last one.")
    assert main(["--data-dir", str(data_dir), "import", "--json", str(folder)]) == 1  # one is damaged
    found = json.loads(capsys.readouterr().out)
    assert found["imported"] == 2
    assert {Path(one["path"]).name: one["outcome"] for one in found["files"]} == {
        SHOWN: "imported",
        "last.txt": "imported",
        "\ufffd.docx": "failed",
        "\ufffd.bin": "skipped",
    }
    assert "“\ufffd.docx” is damaged" in next(one["reason"] for one in found["files"] if one["reason"])
    for command in (
        ["import", str(folder)],
        ["documents"],
        ["documents", "--json"],
        ["search", "zebra"],
        ["search", "--json", "zebra"],
    ):
        main(["--data-dir", str(data_dir), *command])
        assert "r\ufffdsum\ufffd" in capsys.readouterr().out


def test_one_file_that_breaks_the_reader_does_not_end_the_batch(
    library, embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad = write(tmp_path, "bad.txt", "bad")
    good = write(tmp_path, "good.txt", "The zebra sleeps.")
    read = library.parser.read

    def reader(path: Path):  # a fault of ours that nobody has thought of
        if path == bad:
            raise ZeroDivisionError("an accident")
        return read(path)

    monkeypatch.setattr(library.parser, "read", reader)
    importer = library.importer(embedder)
    events = [event for path in (bad, good) for event in importer.import_file(path)]
    reports = {Path(e.report.path).name: e.report for e in events if hasattr(e, "report")}
    assert reports["bad.txt"].outcome is ImportOutcome.FAILED
    assert reports["bad.txt"].error == "ZeroDivisionError"
    assert reports["good.txt"].outcome is ImportOutcome.IMPORTED
