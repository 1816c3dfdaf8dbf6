"""Files made to break a reader: FAULTS 32 and 36 to 40, each within its cap or with a named reason."""

from __future__ import annotations

import functools
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import psutil
import pytest

from chatbot_app.core.documents import Block, BlockKind, DocumentState, ImportOutcome, ParsedDocument
from chatbot_app.knowledge.children.parser import ParserProcess
from chatbot_app.knowledge.children.parser_messages import DocumentPart
from chatbot_app.knowledge.formats.refusals import FileUnreadable
from chatbot_app.knowledge.importing.events import DocumentSearchable
from chatbot_app.knowledge.importing.folders import files_in
from chatbot_app.knowledge.importing.importer import Importer
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.splitting.packing import TOKENISED_AT_ONCE
from chatbot_app.knowledge.splitting.splitter import Splitter
from tests.processor_time import processor_seconds

SECOND = "The second file of the batch is a good one."


@pytest.fixture
def parser(new_parser: ParserProcess) -> ParserProcess:
    return new_parser


def imported_beside(library, embedder, path: Path) -> tuple[str, float]:
    """Import `path`, then a good file; return (error of the first, the seconds it computed)."""
    started = processor_seconds()
    report = library.add(path, embedder).report
    seconds = processor_seconds() - started
    assert report.reason or report.outcome is ImportOutcome.IMPORTED
    good = path.with_name("good.txt")
    good.write_text(SECOND + path.name)
    assert library.add(good, embedder).report.outcome is not ImportOutcome.FAILED
    return report.error, seconds


# --- archives ----------------------------------------------------------------------------------------


def packed(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return stream.getvalue()


def with_claimed_size(data: bytes, claimed: int) -> bytes:
    """Return an archive of one member whose directory and header claim another size."""
    changed = bytearray(data)
    entry = changed.rfind(b"PK\x01\x02")
    changed[entry + 24 : entry + 28] = changed[22:26] = claimed.to_bytes(4, "little")
    return bytes(changed)


@functools.cache  # a second and a half: not at every collection of the tests
def bomb() -> bytes:
    return packed({"word/document.xml": b" " * 200_000_000})


@pytest.mark.parametrize("suffix", ["docx", "xlsx", "epub", "odt", "odp"])
@pytest.mark.parametrize("claimed", [1000, 900_000])
def test_36_sizes_that_lie_are_refused(library, embedder, tmp_path: Path, suffix: str, claimed: int) -> None:
    path = tmp_path / f"lied.{suffix}"
    path.write_bytes(with_claimed_size(bomb(), claimed))
    peak = watched_peak(library, embedder, path)
    assert peak < 300 * 1024**2


def test_36_an_archive_in_an_archive_is_not_unpacked(library, embedder, tmp_path: Path) -> None:
    path = tmp_path / "nested.docx"
    path.write_bytes(packed({"word/embeddings/inner.docx": bomb(), "[Content_Types].xml": b"<Types/>"}))
    assert watched_peak(library, embedder, path) < 300 * 1024**2


def watched_peak(library, embedder, path: Path) -> int:
    """Import a file that must fail; return by how many bytes the child's memory grew meanwhile."""
    good = path.with_name("first.txt")
    good.write_text("The child runs already.")
    library.add(good, embedder)
    child = psutil.Process(library.parser.pid)
    before = child.memory_info().rss
    peak = before
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.005):
            try:
                peak = max(peak, child.memory_info().rss)
            except psutil.NoSuchProcess:
                return

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        error, seconds = imported_beside(library, embedder, path)
    finally:
        done.set()
        watcher.join()
    assert error in {"DocumentDamaged", "DocumentTooLarge", "DocumentEmpty"}
    assert seconds < 2
    return peak - before


# --- entities ----------------------------------------------------------------------------------------

CONTAINER = (
    b'<container version="1.0" xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    b'<rootfile full-path="c.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
PACKAGE = (
    b'<package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata/><manifest>'
    b'<item id="p" href="p.xhtml" media-type="application/xhtml+xml"/></manifest>'
    b'<spine><itemref idref="p"/></spine></package>'
)


def test_37_entities_in_books_and_pictures_bring_no_file_and_no_visitor(
    library, embedder, tmp_path: Path
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the hidden treasure map")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.2)
        away = f"http://127.0.0.1:{listener.getsockname()[1]}/x.dtd"
        types = (
            f'<!DOCTYPE x PUBLIC "x" "{away}" [<!ENTITY e SYSTEM "{secret.as_uri()}">'
            f'<!ENTITY n SYSTEM "{away}">]>'
        )
        body = "<body><p>visible &e; words &n;</p></body>"
        chapter = f'{types}<html xmlns="http://www.w3.org/1999/xhtml">{body}</html>'.encode()
        book = tmp_path / "book.epub"
        book.write_bytes(
            packed(
                {
                    "mimetype": b"application/epub+zip",
                    "META-INF/container.xml": CONTAINER,
                    "c.opf": PACKAGE,
                    "p.xhtml": chapter,
                }
            )
        )
        picture = tmp_path / "picture.svg"
        picture.write_text(
            f'{types}<svg xmlns="http://www.w3.org/2000/svg"><text>visible &e;</text><image href="{away}"/></svg>'
        )
        page = tmp_path / "page.html"
        page.write_text(f'{types}<html>{body}<img src="{away}"></html>')
        for path in (book, picture, page):
            imported_beside(library, embedder, path)
        with pytest.raises(TimeoutError):
            listener.accept()
    for document in library.documents.documents():
        assert "treasure" not in library.documents.text(document.id)
    found = Retriever(library.passages, embedder).search("visible words", 10)
    assert {"book", "picture"} & {item.title for item in (*found.evidence, *found.below_floor)}


# --- PDF ---------------------------------------------------------------------------------------------


def pdf(objects: Sequence[bytes], trailer: bytes = b"") -> bytes:
    """Return a PDF of numbered objects; @X in the trailer stands for the place of its own table."""
    out, places = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj%sendobj\n" % (number, body)
    table = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    end = trailer.replace(b"@X", b"%d" % table)
    out += b"trailer<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, end, table)
    return bytes(out)


HELLO = b"BT /F 12 Tf 50 700 Td (A plain sentence stands here.) Tj ET"


def stream(content: bytes, more: bytes = b"") -> bytes:
    return b"<<%s/Length %d>>stream\n%s\nendstream" % (more, len(content), content)


def one_page(content: bytes, catalog: bytes = b"", more: Sequence[bytes] = ()) -> list[bytes]:
    return [
        b"<</Type/Catalog/Pages 2 0 R%s>>" % catalog,
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R"
        b"/Resources<</Font<</F 5 0 R>>/XObject<</X0 6 0 R>>>>>>",
        content,
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        *more,
    ]


def many_pages(count: int) -> bytes:
    kids = b" ".join(b"%d 0 R" % (number + 4) for number in range(count))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, count),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    objects += [
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents %d 0 R/Resources<</Font<</F 3 0 R>>>>>>"
        % (4 + count + number)
        for number in range(count)
    ]
    return pdf(
        [*objects, *(stream(HELLO.replace(b"plain", b"%dth" % number)) for number in range(1, count + 1))]
    )


def forms(depth: int) -> list[bytes]:
    """Return form objects from number 6 on, each drawing the next ten times."""
    made = []
    for level in range(depth):
        last = level == depth - 1
        resources = b"/Font<</F 5 0 R>>" + (b"" if last else b"/XObject<</X0 %d 0 R>>" % (7 + level))
        head = b"/Type/XObject/Subtype/Form/BBox[0 0 600 800]/Resources<<%s>>" % resources
        made.append(stream(HELLO if last else b"/X0 Do " * 10, head))
    return made


LOOPING_OUTLINE = [
    b"<</Type/Outlines/First 7 0 R/Last 7 0 R/Count 1>>",
    b"<</Title(loop)/Parent 6 0 R/Next 7 0 R/First 7 0 R/Last 7 0 R>>",
]
LOCKED = [
    b"<<>>",
    b"<</Filter/Standard/V 1/R 2/O<" + b"41" * 32 + b">/U<" + b"42" * 32 + b">/P -4>>",
]


def spaces() -> bytes:
    return stream(zlib.compress(b" " * 50_000_000, 9), b"/Filter/FlateDecode")


HOSTILE_PDFS: dict[str, tuple[Callable[[], bytes], set[str]]] = {
    "circular": (lambda: pdf(one_page(stream(HELLO)), b"/Prev @X"), {""}),
    "outline": (lambda: pdf(one_page(stream(HELLO), b"/Outlines 6 0 R", LOOPING_OUTLINE)), {"", "ParserStopped"}),
    "locked": (lambda: pdf(one_page(stream(HELLO), b"", LOCKED), b"/Encrypt 7 0 R/ID[<41><41>]"), {"DocumentEncrypted"}),
    "blank": (lambda: pdf(one_page(stream(b" "))), {"DocumentEmpty"}),
    "spaces": (lambda: pdf(one_page(spaces())), {"DocumentEmpty"}),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE_PDFS)
def test_38_hostile_pdfs_end_with_a_reason_and_the_batch_goes_on(
    library, embedder, tmp_path: Path, name: str
) -> None:
    make, errors = HOSTILE_PDFS[name]
    path = tmp_path / f"{name}.pdf"
    path.write_bytes(make())
    error, seconds = imported_beside(library, embedder, path)
    assert error in errors
    assert seconds < 60


def test_38_forms_that_multiply_are_refused_with_the_page_and_the_reason(
    library, embedder, tmp_path: Path
) -> None:
    path = tmp_path / "forms.pdf"
    path.write_bytes(pdf(one_page(stream(b"/X0 Do"), b"", forms(12))))
    report = library.add(path, embedder).report
    assert report.error == "DocumentTooLarge"
    assert "page 1 takes" in report.reason
    assert "drawings repeat" in report.reason
    good = tmp_path / "good.txt"
    good.write_text(SECOND)
    assert library.add(good, embedder).report.outcome is ImportOutcome.IMPORTED


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux hands down the parent's peak")
def test_38_the_memory_of_a_page_is_not_that_of_the_program_that_started_the_parser() -> None:
    ballast = bytearray(b"x") * 400_000_000
    child = "from chatbot_app.knowledge.children import page_watch; print(page_watch.taken_bytes())"
    taken = int(subprocess.run([sys.executable, "-c", child], capture_output=True, check=True).stdout)
    assert 0 < taken < len(ballast) / 2


def test_38_five_thousand_pages_keep_their_numbers(library, embedder, tmp_path: Path) -> None:
    path = tmp_path / "many.pdf"
    path.write_bytes(many_pages(5000))
    document = library.add(path, embedder).document
    assert document.pages == 5000
    passages = library.passages.passages_of(document.id)
    assert next(item.page for item in passages if "4777th" in item.text) == 4777


# --- names and kinds of files ------------------------------------------------------------------------


def test_39_a_file_that_grows_while_it_is_read_is_retried_later(library, embedder, tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_text("The first line of a log.\n")

    class GrowingUnderTheReader:
        def read(self, path: Path) -> Generator[DocumentPart]:
            yield from library.parser.read(path)
            with path.open("a") as log:
                log.write("one more line\n")

    growing = cast(ParserProcess, GrowingUnderTheReader())
    importer = Importer(library.documents, library.passages, growing, embedder)
    *_, last = importer.import_file(path)
    assert last.report.error == FileUnreadable.__name__
    assert "changed while it was read" in last.report.reason
    assert library.add(path, embedder).report.outcome is not ImportOutcome.FAILED


# Root reads everything by two capabilities; a child without them is refused like everybody.
NOT_EVERYTHING = """
import ctypes, os, sys
for capability in (1, 2):  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
    if os.geteuid() == 0:
        assert ctypes.CDLL(None).prctl(24, capability, 0, 0, 0) == 0  # PR_CAPBSET_DROP
os.execv(sys.executable, [sys.executable, "-m", "chatbot_app.knowledge.children.parser"])
"""


def test_39_an_unreadable_file_has_its_reason(tmp_path: Path) -> None:
    locked, good = tmp_path / "locked.txt", tmp_path / "good.txt"
    for path in (locked, good):
        path.write_text(SECOND)
    locked.chmod(0)
    with ParserProcess([sys.executable, "-c", NOT_EVERYTHING]) as parser:
        with pytest.raises(FileUnreadable, match="Permission denied"):
            parser.parse(locked)
        assert parser.parse(good).text == SECOND


def test_39_pipes_folders_and_devices_have_their_reason(library, embedder, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe.txt"
    os.mkfifo(pipe)
    for path in (pipe, tmp_path, Path("/dev/zero")):
        report = library.add(path, embedder).report
        assert report.error == "FileUnreadable"
        assert "not a regular file" in report.reason
    dangling = tmp_path / "dangling.txt"
    dangling.symlink_to(tmp_path / "gone")
    assert library.add(dangling, embedder).report.error == "FileUnreadable"


def test_39_a_link_in_a_folder_does_not_lead_out_of_it(tmp_path: Path) -> None:
    (tmp_path / "good.txt").write_text("text")
    (tmp_path / "system").symlink_to("/etc")
    (tmp_path / "hosts.txt").symlink_to("/etc/hosts")
    assert [path.name for path, is_read in files_in(tmp_path) if is_read] == ["good.txt"]


# --- size --------------------------------------------------------------------------------------------


def test_40_a_gigabyte_is_refused_with_its_reason_before_it_is_read(
    library, embedder, tmp_path: Path
) -> None:
    path = tmp_path / "sparse.txt"
    with path.open("wb") as file:
        file.truncate(1024**3 + 1)
    error, seconds = imported_beside(library, embedder, path)
    assert error == "DocumentTooLarge"
    assert seconds < 5


def test_40_a_line_of_fifty_megabytes_is_read_whole(tmp_path: Path, parser: ParserProcess) -> None:
    path = tmp_path / "line.txt"
    path.write_text("word " * 10_000_000)
    parsed = parser.parse(path)
    assert len(parsed.text) == 50_000_000
    assert len(parsed.blocks) == 1


def test_40_a_long_line_is_tokenised_in_portions() -> None:
    asked: list[int] = []

    def starts(text: str) -> np.ndarray:
        asked.append(len(text))
        return np.array(
            [n for n in range(len(text)) if not text[n].isspace() and (not n or text[n - 1] == " ")]
        )

    for text in ("word " * 100_000, "x" * 500_000):
        block = Block(BlockKind.PARAGRAPH, 0, len(text))
        parsed = ParsedDocument("", text, (block,), "text/plain")
        drafts = list(Splitter(starts).split(parsed))
        assert "".join(draft.text for draft in drafts).replace(" ", "") == text.replace(" ", "")
        assert all(text[draft.start : draft.end] == draft.text for draft in drafts)
    assert max(asked) <= TOKENISED_AT_ONCE


# --- kill −9 before anything is searchable -----------------------------------------------------------

CHILD = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
import conftest
from pathlib import Path
from chatbot_app.knowledge.children.parser_messages import Passages
from chatbot_app.knowledge.children.parser import ParserProcess
stage = sys.argv[4]
def die(*args, **kwargs):
    os.kill(os.getpid(), signal.SIGKILL)
class DyingParser(ParserProcess):
    def read(self, path):
        if stage == "parse":
            die()
        for part in super().read(path):
            yield part
            if stage == "split" and isinstance(part, Passages):  # some of the passages are stored
                die()
library = conftest.open_library(Path(sys.argv[2]), DyingParser([sys.executable, "-m", "chatbot_app.knowledge.children.parser"]))
importer = library.importer(conftest.HashEmbedder())
if stage == "commit":  # all vectors are stored, the document is not flipped to ready
    library.documents.finish = die
runner = library.runner(lambda: importer.embedder, importer)
runner.add([Path(sys.argv[3])], "")
list(runner.run(until_done=True))
"""


@pytest.mark.parametrize("stage", ["parse", "split", "commit"])
def test_32_killed_in_parse_split_and_commit(
    data_dir: Path, tmp_path: Path, parser, embedder, stage: str
) -> None:
    path = tmp_path / "wonders.txt"
    path.write_text(
        "\n".join(f"Paragraph {n} tells of the {n}th wonder in its own words. " * 12 for n in range(60))
    )
    killed = subprocess.run(
        [sys.executable, "-c", CHILD, str(Path(__file__).parent), str(data_dir), str(path), stage],
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    library = sys.modules[type(embedder).__module__].open_library(data_dir, parser)
    try:
        (unfinished,) = library.documents.unfinished()
        stored = unfinished.state is DocumentState.SEARCHABLE
        assert stored == (stage == "commit")
        assert (unfinished.passages > 0) == stored
        assert bool(Retriever(library.passages, None).search("the 17th wonder").evidence) == stored
        events = list(library.importer(embedder).import_file(path))
        assert any(isinstance(event, DocumentSearchable) for event in events) != stored
        library.embed(events[-1].document, embedder)
        (document,) = library.documents.documents()
        assert document.state is DocumentState.READY
        assert library.passages.count_vectors(embedder.model.stamp) == document.passages
        with library.database.read() as connection:
            passages = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
            indexed = connection.execute("SELECT count(*) FROM passage_index_docsize").fetchone()[0]
        assert passages == indexed == events[-1].document.passages
    finally:
        library.database.close()
