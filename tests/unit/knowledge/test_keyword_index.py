"""Words that stand nearly everywhere, and collections of any size: found as before, at a bounded price."""

from __future__ import annotations

import random

import pytest

from chatbot_app.core.documents import ParsedDocument, PassageDraft
from chatbot_app.knowledge.search import index
from chatbot_app.knowledge.search.index import KeywordIndex
from chatbot_app.knowledge.words.words import pairs_of_characters
from chatbot_app.storage import word_search
from chatbot_app.storage.documents import Source
from tests.unit.knowledge.conftest import Library

TEXTS = 120


@pytest.fixture
def words(library: Library) -> Library:
    """Documents with "often" and "common" in most passages, "seldom" in some."""
    draw = random.Random(4)
    for number in range(TEXTS // 20):
        text, drafts = "", []
        for ordinal in range(20):
            line = [f"filler{draw.randrange(30)}" for _ in range(draw.randrange(5, 40))]
            chances = (("often", 0.8), ("common", 0.7), ("seldom", 0.1))
            line += [word for word, share in chances if draw.random() < share]
            draw.shuffle(line)
            body = " ".join(line)
            drafts.append(PassageDraft(ordinal, len(text), len(text) + len(body), body, None, (), ""))
            text += body + "\n"
        entry = library.documents.register(Source(f"/{number}", f"{number}", len(text), f"{number}"))
        parsed = ParsedDocument(f"{number}", text, (), "text/plain")
        library.documents.store_passages(entry.document.id, parsed, drafts)
    return library


def test_a_common_word_counts_where_a_rare_one_stands_exactly_as_before(
    words: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    keywords = KeywordIndex(words.passages)
    weights = keywords.weights("seldom often")
    exactly = dict(words.passages.words.search('"seldom" OR "often"', 500))
    with_seldom = {passage for passage, _ in words.passages.words.search('"seldom"', 500)}
    monkeypatch.setattr(index, "MAX_POSTINGS", 40)
    found = dict(keywords.search(weights, 500))
    assert found.keys() == with_seldom
    assert found == {passage: pytest.approx(exactly[passage]) for passage in with_seldom}


def test_of_common_words_alone_passages_with_all_of_them_are_found(
    words: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    keywords = KeywordIndex(words.passages)
    weights = keywords.weights("often common")
    both = {passage for passage, _ in words.passages.words.search('"often" AND "common"', 500)}
    assert len(both) > 40
    monkeypatch.setattr(index, "MAX_POSTINGS", 40)
    found = keywords.search(weights, 500)
    assert len(found) == 40  # the first of them are ranked
    assert {passage for passage, _ in found} <= both
    assert [score for _, score in found] == sorted((score for _, score in found), reverse=True)
    one = keywords.search(keywords.weights("often"), 5)
    assert len(one) == 5


def test_the_count_of_a_common_word_is_estimated_from_where_it_was_counted(words: Library) -> None:
    exactly = words.passages.words.count(['"often"'], 10**6)[0]
    (estimated,) = words.passages.words.count(['"often"'], 30)
    assert abs(estimated - exactly) < 0.25 * exactly
    assert words.passages.words.count(['"seldom"', '"nowhere"'], 10**6)[1] == 0


@pytest.mark.parametrize("few", [0, 10**6])
def test_a_collection_of_any_size_is_searched_by_itself(
    words: Library, monkeypatch: pytest.MonkeyPatch, few: int
) -> None:
    monkeypatch.setattr(word_search, "FEW_PASSAGES", few)
    documents = words.documents.documents()
    chosen = words.documents.create_collection("Chosen")
    words.documents.add_to_collection(chosen.id, [document.id for document in documents[:2]])
    inside = {p.id for document in documents[:2] for p in words.passages.passages_of(document.id)}
    every = words.passages.words.search('"often"', 1000)
    expected = [(passage, score) for passage, score in every if passage in inside]
    assert words.passages.words.search('"often"', 1000, [chosen.id]) == expected
    assert words.passages.words.search('"often"', 7, [chosen.id]) == expected[:7]
    ids = [document.id for document in documents[:2]]
    assert words.passages.words.search('"often"', 1000, [], ids) == expected
    assert words.passages.words.search('"often"', 1000, [], ["gone"]) == []
    first = int(words.passages.searchable_documents()[0])
    monkeypatch.setattr(word_search, "hidden_documents", lambda _connection: [first])
    of_first = {p.id for p in words.passages.passages_of(documents[-1].id)}
    left = words.passages.words.search('"often"', 1000)
    assert left == [(passage, score) for passage, score in every if passage not in of_first]


def test_a_word_that_nothing_has_is_a_term_in_scripts_without_spaces_too(library: Library) -> None:
    text = "图书馆星期六开放，遗失图书按原价赔偿。"
    entry = library.documents.register(Source("/rules", "rules", len(text), "rules"))
    drafts = [PassageDraft(0, 0, len(text), text, None, (), "", pairs=pairs_of_characters(text))]
    library.documents.store_passages(
        entry.document.id, ParsedDocument("rules", text, (), "text/plain"), drafts
    )
    keywords = KeywordIndex(library.passages)
    weights = keywords.weights("图书馆星期六的停车费是多少？")
    assert {"停车"} == {term for term in weights if term not in text}
    assert weights["停车"] > weights["图书"]
    assert not keywords.weights("停车费是多少？")  # nothing of it is in the documents' script
    assert keywords.search(weights, 5) == keywords.search(keywords.weights("图书馆星期六"), 5)
