"""Searching: both lists, collections before ranking, copies, follow-ups, scripts without spaces."""

from __future__ import annotations

import gc
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from unicode_rbnf import RbnfEngine

from chatbot_app.core.documents import Evidence, Passage, StageScores
from chatbot_app.core.errors import StoreError
from chatbot_app.knowledge.children import onnx_session
from chatbot_app.knowledge.children.built_in_embedder import BuiltInEmbedder
from chatbot_app.knowledge.embedder import EmbeddingModel, ServerEmbedder, Vectors
from chatbot_app.knowledge.search.field_ranking import KnownFields
from chatbot_app.knowledge.search.follow_ups import complete_follow_up
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.search.joined_neighbours import join_neighbours
from chatbot_app.knowledge.search.leaning import leaned_on
from chatbot_app.knowledge.search.nearest import Nearest
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.search.vector_matrix import VectorMatrix
from chatbot_app.knowledge.search.vector_search import VectorSearch
from chatbot_app.knowledge.values import spelled_numbers
from chatbot_app.storage.documents import DocumentGone

FACTS = {
    "zebra.txt": "Zebras sleep standing up in the savanna at night.",
    "tower.txt": "The Eiffel Tower was finished in 1889 and is 330 metres tall.",
    "panther.txt": "黑豹队的防守只丢了308分，在联赛中排名第六。",
    "haus.txt": "Die Verteidigung der Panthers gab nur 308 Punkte ab.",
    "thai.txt": "กรุงเทพมหานครเป็นเมืองหลวงของประเทศไทย",
    "weg.txt": "Alle Straßen führen nach Rom.",
    "schutz.txt": "Защитники города заняли Кёнигсберг в апреле.",
}


@pytest.fixture
def filled(library, embedder, tmp_path: Path):
    for name, text in FACTS.items():
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        library.add(path, embedder)
    return library


def test_a_mail_is_found_by_the_name_of_its_file_which_is_not_its_title(library, tmp_path: Path) -> None:
    for number in range(3):
        path = tmp_path / f"{number:04}.eml"
        path.write_text(
            f"Subject: The pump of house {number}\n\nIt costs {number} euros.\n", encoding="utf-8"
        )
        library.add(path, None)
    retriever = Retriever(library.passages, None)
    for question in ("What does 0001.eml say?", 'What is said in "0001.EML"?'):
        [found] = retriever.search(question).evidence
        assert found.title == "The pump of house 1"
    other = library.documents.create_collection("Others").id
    assert not retriever.search("What does 0001.eml say?", collections=(other,)).evidence


@pytest.mark.parametrize(
    ("question", "title"),
    [
        ("How tall is the Eiffel Tower?", "tower"),
        ("where does a zebra sleep", "zebra"),
        ("防守丢了多少分", "panther"),
        ("Wie viele Punkte gab die Verteidigung ab?", "haus"),
        ("เมืองหลวงของไทย", "thai"),
        # Other forms than those that stand there:
        ("Verteidiger für Panthers", "haus"),
        ("защита городов", "schutz"),
        ("Straße nach Rom", "weg"),
    ],
)
def test_questions_in_any_script_find_their_document(filled, embedder, question: str, title: str) -> None:
    assert Retriever(filled.passages, embedder).search(question).evidence[0].title == title
    assert Retriever(filled.passages, None).search(question).evidence[0].title == title


@pytest.mark.parametrize(
    "question",
    [
        '"',
        "c++",
        "don't",
        "*",
        "(",
        "-foo",
        "NEAR(",
        "a\x00b",
        "x" * 10_000,
        "🙂",
        "",
        " ",
        "AND OR NOT",
        "text:zebra",
    ],
)
def test_no_text_breaks_a_search(filled, embedder, question: str) -> None:
    Retriever(filled.passages, embedder).search(question)


def test_what_the_words_found_is_read_before_the_vectors_are_compared(filled, embedder, monkeypatch) -> None:
    steps: list[str] = []
    retriever = Retriever(filled.passages, embedder)
    read = filled.passages.passages
    monkeypatch.setattr(
        filled.passages, "passages", lambda ids: steps.append(f"{len(ids)} read") or read(ids)
    )
    wait_for_result = VectorSearch.wait_for_result
    monkeypatch.setattr(
        VectorSearch, "wait_for_result", lambda search: steps.append("vectors") or wait_for_result(search)
    )
    found = retriever.search("How tall is the Eiffel Tower?", len(FACTS))
    assert found.evidence[0].title == "tower"
    # Each passage once: what only the vectors found comes after them.
    assert steps == ["1 read", "vectors", f"{len(FACTS) - 1} read"]


def test_a_questions_vector_is_begun_before_its_documents_are_known(filled, embedder, monkeypatch) -> None:
    is_embedding = threading.Event()
    embed, wanted = embedder.embed, KnownFields.wanted

    def embedded(texts: Sequence[str]) -> Vectors:
        is_embedding.set()
        return embed(texts)

    def read(*values: Any) -> Any:
        assert is_embedding.wait(20)
        return wanted(*values)

    monkeypatch.setattr(embedder, "embed", embedded)
    monkeypatch.setattr(KnownFields, "wanted", read)
    found = Retriever(filled.passages, embedder, filled.fields).search("How tall is the Eiffel Tower?")
    assert found.evidence[0].title == "tower"


def test_a_search_that_cannot_read_what_is_asked_leaves_no_thread(filled, embedder, monkeypatch) -> None:
    def refused(*_values: Any) -> Any:
        raise StoreError(detail="The disk is gone.")

    monkeypatch.setattr(KnownFields, "wanted", refused)
    with pytest.raises(StoreError):
        Retriever(filled.passages, embedder, filled.fields).search("How tall is the Eiffel Tower?")
    gc.collect()
    for thread in threading.enumerate():
        if thread.name.startswith("vector-search"):
            thread.join(20)
            assert not thread.is_alive()


@pytest.mark.parametrize("comes_first", ["words", "vectors"])
def test_it_is_no_matter_whether_words_or_vectors_are_found_first(
    filled, embedder, monkeypatch, comes_first: str
) -> None:
    question = "How tall is the Eiffel Tower?"
    found = Retriever(filled.passages, embedder).search(question)
    is_awaited, is_compared = threading.Event(), threading.Event()
    nearest, count, embed, wait_for = (
        VectorMatrix.nearest,
        KeywordIndex.count,
        embedder.embed,
        VectorSearch.wait_for_result,
    )

    def waiting(search: VectorSearch) -> dict[int, float]:
        is_awaited.set()
        return wait_for(search)

    def compared(*values: Any) -> Nearest:
        try:
            return nearest(*values)
        finally:
            is_compared.set()

    def counted(index: KeywordIndex) -> int:  # the last thing before the vectors are waited for
        assert comes_first == "words" or is_compared.wait(20)
        return count(index)

    def embedded(texts: Sequence[str]) -> Vectors:
        assert comes_first == "vectors" or is_awaited.wait(20)
        return embed(texts)

    monkeypatch.setattr(VectorSearch, "wait_for_result", waiting)
    monkeypatch.setattr(VectorMatrix, "nearest", compared)
    monkeypatch.setattr(KeywordIndex, "count", counted)
    monkeypatch.setattr(embedder, "embed", embedded)
    again = Retriever(filled.passages, embedder).search(question)
    assert again.evidence == found.evidence
    assert is_awaited.is_set()
    assert is_compared.is_set()


def test_warming_up_loads_what_a_question_needs(
    library, embedder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[int] = []
    opened_session = onnx_session.opened_session

    def open_session(find: Callable[[], Path | bytes], threads: int) -> Any:
        opened.append(threads)
        return opened_session(find, threads)

    monkeypatch.setattr(onnx_session, "opened_session", open_session)
    retriever = Retriever(library.passages, BuiltInEmbedder())
    retriever.warm_up()
    assert opened == []  # a library without documents needs no model
    path = tmp_path / "zebra.txt"
    path.write_text(FACTS["zebra.txt"], encoding="utf-8")
    library.add(path, embedder)
    retriever.warm_up()
    assert len(opened) == 1
    retriever.search("zebra")
    assert len(opened) == 1


def test_after_warming_up_no_question_waits_for_how_a_language_spells_numbers(
    filled, embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    spelled_numbers.spelling_of.cache_clear()  # what tests before this one have read
    spelled_numbers.spellings_beginning.cache_clear()
    retriever = Retriever(filled.passages, embedder)
    retriever.warm_up()
    read: list[str] = []
    monkeypatch.setattr(RbnfEngine, "for_language", read.append)
    for question in (
        "radar zwei savanna",
        "Кто взял город?",
        "黑豹队丢了多少分?",
        "How tall was the tower in 1889?",
    ):
        retriever.search(question)
    assert read == []


def test_a_server_is_not_asked_before_there_is_a_question(filled) -> None:
    asked: list[Sequence[str]] = []

    def request(texts: Sequence[str]) -> list[list[float]]:
        asked.append(texts)
        return [[1.0, 0.0] for _ in texts]

    embedder = ServerEmbedder(EmbeddingModel("far", 2), request)
    retriever = Retriever(filled.passages, embedder)
    retriever.warm_up()
    assert asked == []
    assert [item.title for item in retriever.search("How tall is the Eiffel Tower?", 1).evidence] == ["tower"]


def test_nothing_near_is_shown_as_nothing(filled, embedder) -> None:
    found = Retriever(filled.passages, embedder).search("quantum chromodynamics lattice")
    assert found.evidence == ()


def test_a_collection_limits_the_search_before_the_ranking(library, embedder, tmp_path: Path) -> None:
    chosen = library.documents.create_collection("Chosen")
    for number in range(30):
        path = tmp_path / f"{number}.txt"
        path.write_text(f"Zebra zebra zebra number {number} {'zebra ' * number}")
        library.add(path, embedder)
    weak = tmp_path / "weak.txt"
    weak.write_text("One zebra among many other animals of the wide and open savanna.")
    library.add(weak, embedder, chosen.id)
    found = Retriever(library.passages, embedder).search("zebra", 3, collections=[chosen.id])
    assert [evidence.title for evidence in found.evidence] == ["weak"]
    assert (found.passages, found.kept_passages) == (31, 1)
    assert library.documents.collections()[0].documents == 1
    assert Retriever(library.passages, embedder).search("zebra", 3).kept_passages is None


def test_several_collections_are_searched_together(library, embedder, tmp_path: Path) -> None:
    chosen = [library.documents.create_collection(name).id for name in ("One", "Two", "Three")]
    for name, collection_id in zip(("first", "second", "third"), chosen, strict=True):
        path = tmp_path / f"{name}.txt"
        path.write_text(f"A zebra in the {name} enclosure.")
        library.add(path, embedder, collection_id)
    found = Retriever(library.passages, embedder).search("zebra", 3, collections=chosen[1:])
    assert {evidence.title for evidence in found.evidence} == {"second", "third"}


def test_a_list_of_questions_finds_what_each_would_find_alone(filled, embedder) -> None:
    retriever = Retriever(filled.passages, embedder)
    questions = ["How tall is the Eiffel Tower?", "quantum chromodynamics lattice", ""]
    together = list(retriever.search_many(questions))
    assert [found.question for found in together] == questions
    assert [found.evidence for found in together] == [retriever.search(q).evidence for q in questions]
    assert together[0].evidence


def test_a_copy_with_other_bytes_is_shown_once(library, embedder, tmp_path: Path) -> None:
    for name, end in (("a.txt", "."), ("b.txt", ".\n")):
        path = tmp_path / name
        path.write_text("Zebras sleep standing up in the savanna at night" + end)
        library.add(path, embedder)
    found = Retriever(library.passages, embedder).search("where do zebras sleep")
    assert len(found.evidence) == 1


def test_scores_of_each_stage_are_kept(filled, embedder) -> None:
    found = Retriever(filled.passages, embedder).search("How tall is the Eiffel Tower?")
    scores = found.evidence[0].scores
    assert scores.keyword > 0
    assert 0 < scores.vector <= 1
    assert 0 < scores.coverage <= 1
    assert 0 < found.vector_weight < 1
    assert found.searched == found.question


def test_a_follow_up_is_completed_and_a_whole_question_left_alone() -> None:
    before = ["How much did Acme earn in 2022?"]
    completed = complete_follow_up("And in 2023?", leaned_on("And in 2023?", before))
    assert "acme" in completed
    assert "earn" in completed
    assert "2022" not in completed
    whole = "Who designed the Eiffel Tower?"
    assert complete_follow_up(whole, leaned_on(whole, before)) == whole
    assert complete_follow_up("And in 2023?", leaned_on("And in 2023?", [])) == "And in 2023?"


def test_a_missing_embedder_is_said(filled) -> None:
    assert "keywords only" in Retriever(filled.passages, None).search("zebra").notes[0]


def test_neighbours_become_one(library, embedder, tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text(
        "\n".join(f"The zebra sentence {n} fills a line of this long document. " * 8 for n in range(6))
    )
    document = library.add(path, embedder).document
    passages = library.passages.passages_of(document.id)
    scores = Retriever(library.passages, embedder).search("zebra").evidence[0].scores
    evidence = [Evidence(passages[i], "long", str(path), scores) for i in (1, 4, 0)]
    text = library.documents.text(document.id)
    joined = join_neighbours(evidence, lambda _id, start, end: text[start:end])
    assert [(item.passage.start, item.passage.end) for item in joined] == [
        (passages[0].start, passages[1].end),
        (passages[4].start, passages[4].end),
    ]
    assert joined[0].passage.text == text[passages[0].start : passages[1].end]


@pytest.mark.parametrize("now", ["Another reading. " * 400, None])
def test_neighbours_whose_document_changed_since_they_were_found_stay_apart(now: str | None) -> None:
    scores = StageScores(1.0, None, 0.5, 0.5)
    evidence = [
        Evidence(
            Passage(n, "d", n, n * 20, n * 20 + 19, f"What passage {n} says..", None, (), ""),
            "T",
            "/t",
            scores,
        )
        for n in range(2)
    ]

    def text_between(_id: str, start: int, end: int) -> str:
        if now is None:
            raise DocumentGone
        return now[start:end]

    assert join_neighbours(evidence, text_between) == evidence
