"""No write transaction waits for anything but SQLite, none is long, and whoever waits gets its turn."""

from __future__ import annotations

import ast
import sqlite3
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

import chatbot_app
from chatbot_app.core.documents import DocumentState, ParsedDocument, PassageDraft
from chatbot_app.storage.database import Database
from chatbot_app.storage.documents import DocumentGone, DocumentStore, Source
from chatbot_app.storage.passages import PassageStore
from chatbot_app.storage.portions import AT_ONCE, HELD_SECONDS, Portions
from chatbot_app.storage.staging import DocumentFacts, is_being_written
from chatbot_app.storage.turns import WriteLock
from tests.unit.storage.support import Clock, numbered_ids

PACKAGE = Path(chatbot_app.__file__).parent
FACTS = DocumentFacts("Title", "text/plain", 0, 4)

# What takes its time, or may never come back: a caller's function or iterator, files, processes, packing, pauses.
SLOW_MODULES = {"zlib", "hashlib", "time", "subprocess", "shutil", "gzip"}
SLOW_TYPES = {"Callable", "Iterable", "Iterator", "Generator"}
# A look at a clock, a new id; `agree` asks at the last moment whether what was written shall last.
QUICK = {"now", "_now", "new_id", "_new_id", "agree"}


def write_blocks() -> Iterator[tuple[str, ast.With, ast.FunctionDef]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        for function in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(function, ast.FunctionDef):
                continue
            for node in ast.walk(function):
                if isinstance(node, ast.With) and any(
                    isinstance(item.context_expr, ast.Call)
                    and isinstance(item.context_expr.func, ast.Attribute)
                    and item.context_expr.func.attr == "write"
                    and not item.context_expr.args
                    and {keyword.arg for keyword in item.context_expr.keywords} <= {"lasting"}
                    for item in node.items
                ):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node, function


def what_is_slow(block: ast.With, function: ast.FunctionDef) -> list[str]:
    given = [*function.args.args, *function.args.kwonlyargs]
    lazy = {
        argument.arg
        for argument in given
        if argument.annotation is not None
        and any(isinstance(n, ast.Name) and n.id in SLOW_TYPES for n in ast.walk(argument.annotation))
    }
    found = []
    for node in (inner for statement in block.body for inner in ast.walk(statement)):
        if isinstance(node, ast.Yield | ast.YieldFrom | ast.Await | ast.GeneratorExp):
            found.append(type(node).__name__)
        if isinstance(node, ast.Name) and node.id in lazy - QUICK:
            found.append(f"the argument {node.id}")
        if (
            isinstance(node, ast.Attribute)
            and isinstance(node.value, ast.Name)
            and node.value.id in SLOW_MODULES
        ):
            found.append(f"{node.value.id}.{node.attr}")
        if isinstance(node, ast.Name) and node.id in {"open", "sleep"}:
            found.append(node.id)
    return found


def test_no_write_transaction_computes_waits_or_asks_a_caller_for_more() -> None:
    blocks = list(write_blocks())
    assert len(blocks) > 40
    slow = {place: found for place, node, function in blocks if (found := what_is_slow(node, function))}
    assert slow == {}


# --- portions ----------------------------------------------------------------------------------------


def test_portions_shrink_where_a_transaction_takes_long_and_grow_slowly() -> None:
    moment = [0.0]
    waits: list[float] = []
    portions = Portions(clock=lambda: moment[0], sleep=waits.append, size=64)
    sizes = []
    for seconds_a_row in (0.0001, 0.0001, 0.01, 0.01, 0.00001):
        with portions.timed(portions.size):
            moment[0] += portions.size * seconds_a_row
        sizes.append(portions.size)
    assert sizes == [120, 120, 8, 8, 16]
    assert len(waits) == 5
    assert HELD_SECONDS <= 0.02


def test_a_waiting_thread_comes_before_the_one_that_has_just_released() -> None:
    lock = WriteLock()
    order: list[str] = []
    lock.acquire()

    def other() -> None:
        with lock:
            order.append("other")

    thread = threading.Thread(target=other)
    thread.start()
    while not lock.is_wanted:
        pass
    lock.release()
    with lock, lock:  # reentrant
        order.append("first")
    thread.join()
    assert order == ["other", "first"]
    assert not lock.acquire(timeout=0) or lock.release() is None
    with pytest.raises(RuntimeError):
        lock.release()


def test_who_waits_in_vain_leaves_the_queue() -> None:
    lock = WriteLock()
    lock.acquire()
    got: list[bool] = []
    thread = threading.Thread(target=lambda: got.append(lock.acquire(timeout=0.01)))
    thread.start()
    thread.join()
    assert got == [False]
    assert not lock.is_wanted
    lock.release()
    assert lock.acquire(timeout=0)


def test_only_what_may_be_lost_is_not_waited_for_by_the_disk(database: Database) -> None:
    def synchronous(connection: sqlite3.Connection) -> int:
        return int(connection.execute("PRAGMA synchronous").fetchone()[0])

    with database.write(lasting=False) as connection:
        assert synchronous(connection) == 1
    with database.write() as connection:
        assert synchronous(connection) == 2
    with pytest.raises(ZeroDivisionError), database.write(lasting=False):
        raise ZeroDivisionError
    with database.read() as connection:
        assert synchronous(connection) == 2


# --- documents in portions ---------------------------------------------------------------------------


@pytest.fixture
def documents(database: Database) -> DocumentStore:
    return DocumentStore(database, now=Clock(), new_id=numbered_ids())


def drafts(count: int, word: str = "walrus") -> list[PassageDraft]:
    return [PassageDraft(n, n, n + 1, f"{word} number{n}", None, (), "") for n in range(count)]


def add(documents: DocumentStore, count: int, name: str = "a", word: str = "walrus") -> str:
    document = documents.register(Source(f"/{name}", name, count, f"sha-{name}-{count}")).document
    parsed = ParsedDocument(name, "x" * count, (), "text/plain")
    return documents.store_passages(document.id, parsed, drafts(count, word)).id


def found(database: Database, word: str = "walrus") -> int:
    return len(PassageStore(database).words.search(f'"{word}"', 100_000))


def rows(database: Database) -> tuple[int, int, int]:
    """Return how many rows of documents and passages there are, and how many stand in the index."""
    with database.write() as connection:
        connection.execute("INSERT INTO passage_index (passage_index) VALUES ('integrity-check')")
        return tuple(  # type: ignore[return-value]
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("documents", "passages", "passage_index_docsize")
        )


LARGE = 5 * AT_ONCE


def test_nothing_of_a_document_is_seen_before_it_is_whole(
    database: Database, documents: DocumentStore
) -> None:
    document = documents.register(Source("/a", "a", 1, "sha")).document
    with documents.stage(document.id) as staged:
        staged.add_passages(drafts(LARGE))
        assert found(database) == 0
        assert PassageStore(database).words.count(['"walrus"'], 10) == [0]
        assert [d.state for d in documents.documents()] == [DocumentState.IMPORTING]
        assert documents.trash() == []
        assert documents.document(document.id).passages == 0
        assert documents.settling().step() is False  # it is being written: nobody tidies it away
        published = staged.publish(FACTS)
    assert (published.id, published.passages, published.state) == (
        document.id,
        LARGE,
        DocumentState.SEARCHABLE,
    )
    assert found(database) == LARGE
    assert rows(database) == (1, LARGE, LARGE)
    assert list(database.paths.root.glob("import-*.lock")) == []


def test_what_an_import_leaves_behind_is_removed(database: Database, documents: DocumentStore) -> None:
    document = documents.register(Source("/a", "a", 1, "sha")).document
    with documents.stage(document.id) as staged:
        staged.add_passages(drafts(LARGE))  # and the import fails
    assert found(database) == 0
    documents.settling().finish()
    assert rows(database) == (1, 0, 0)
    # A killed process leaves a lock file that nobody holds.
    (database.paths.root / "import-dead.lock").touch()
    assert not is_being_written(database.paths.root, "dead")
    assert list(database.paths.root.glob("import-*.lock")) == []


def test_a_large_document_is_gone_and_back_at_once_and_its_rows_follow(
    database: Database, documents: DocumentStore
) -> None:
    document_id = add(documents, LARGE)
    other = add(documents, 3, "b", "zebra")
    documents.delete(document_id)
    assert (found(database), found(database, "zebra")) == (0, 3)
    settling = documents.settling()
    assert settling.step()
    documents.restore(document_id)  # while its rows are being taken out of the index
    assert [d.id for d in documents.documents()] == [other, document_id]
    assert found(database) == 0  # not in part
    settling.finish()
    assert found(database) == LARGE
    documents.delete(document_id)
    settling.finish()
    assert rows(database) == (2, LARGE + 3, 3)
    documents.purge(document_id)
    with pytest.raises(DocumentGone):
        documents.document(document_id)
    assert documents.trash() == []
    settling.finish()
    assert rows(database) == (1, 3, 3)


def test_reading_anew_changes_a_document_at_once_and_keeps_where_it_belongs(
    database: Database, documents: DocumentStore
) -> None:
    document_id = add(documents, LARGE)
    collection = documents.create_collection("Mine")
    documents.add_to_collection(collection.id, [document_id])
    with documents.stage(document_id) as staged:
        staged.add_passages(drafts(LARGE + 1, "zebra"))
        assert (found(database), found(database, "zebra")) == (LARGE, 0)
        staged.publish(FACTS)
    assert (found(database), found(database, "zebra")) == (0, LARGE + 1)
    assert [d.id for d in documents.documents(collection.id)] == [document_id]
    documents.settling().finish()
    assert rows(database) == (1, LARGE + 1, LARGE + 1)


def test_a_new_version_of_a_large_document_takes_its_place_at_once(
    database: Database, documents: DocumentStore
) -> None:
    old = add(documents, LARGE)
    new = add(documents, LARGE + 1)  # the same path, other bytes
    assert found(database) == LARGE + 1
    assert [d.id for d in documents.trash()] == [old]
    assert [d.id for d in documents.documents()] == [new]
    documents.settling().finish()
    assert rows(database) == (2, 2 * LARGE + 1, LARGE + 1)


def test_a_document_that_was_purged_meanwhile_does_not_come_back(
    database: Database, documents: DocumentStore
) -> None:
    document = documents.register(Source("/a", "a", 1, "sha")).document
    with documents.stage(document.id) as staged:
        staged.add_passages(drafts(3))
        documents.purge(document.id)
        with pytest.raises(DocumentGone):
            staged.publish(FACTS)
    documents.settling().finish()
    assert rows(database) == (0, 0, 0)


def test_a_text_is_read_in_parts(documents: DocumentStore) -> None:
    document = documents.register(Source("/a", "a", 1, "sha")).document
    text = "".join(chr(0x4E00 + n % 5000) for n in range(1_200_001))
    documents.store_passages(document.id, ParsedDocument("a", text, (), "text/plain"), drafts(1))
    assert documents.text(document.id) == text
    for start, end in (
        (0, 10),
        (499_990, 500_010),
        (500_000, 500_000),
        (1_199_999, 1_300_000),
        (1_100_000, None),
    ):
        assert documents.text_between(document.id, start, end) == text[start:end]
