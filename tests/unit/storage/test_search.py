"""Search answers any text, and finds what a person means by it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatbot_app.core.generation import GenerationSettings
from chatbot_app.storage.conversations import ConversationStore
from tests.unit.storage.support import exchange, open_database, open_store


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ConversationStore]:
    folder: Path = tmp_path_factory.mktemp("search")
    with open_database(folder) as database:
        store = open_store(database)
        for title, question, answer in (
            ("Languages", "Is c++ older than c#?", "C++ is from 1985; I don't know about 100% of them."),
            ("Économie", "Qu'est-ce que l'économie ?", "La Ökonomie straße."),
            ("中文", "人工智能研究是什么？", "机器学习是人工智能的一部分 with Python代码."),
            ("Faces", "I like 😀 and foo_bar", 'a -foo flag, NEAR(here) and "quotes"'),
        ):
            conversation = store.create_conversation(GenerationSettings())
            exchange(store, conversation.id, None, question, answer)
            store.rename(conversation.id, title)
        yield store


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("c++", {"Languages"}),
        ("C#", {"Languages"}),
        ("don't", {"Languages"}),
        ("100%", {"Languages"}),
        ("economie", {"Économie"}),
        ("ÉCONO", {"Économie"}),
        ("人工", {"中文"}),
        ("智", {"中文"}),
        ("python代码", {"中文"}),
        ("机器 pytho", {"中文"}),
        ("pytho 机器", set()),
        ("机器 with", {"中文"}),
        ("😀", {"Faces"}),
        ("foo_b", {"Faces"}),
        ("-foo", {"Faces"}),
        ("NEAR(", {"Faces"}),
        ("flag here", {"Faces"}),
        ("fla here", set()),
        ('"quotes"', {"Faces"}),
        ("nothing", set()),
        ("", set()),
        ("   ", set()),
        ("languages", {"Languages"}),
    ],
)
def test_finds(history: ConversationStore, query: str, titles: set[str]) -> None:
    assert {hit.title for hit in history.search(query)} == titles


@pytest.mark.parametrize(
    "query",
    ['"', "'", "*", "(", ")", "NOT", "AND", "a AND", "text:", "^", "{a b}:", "\x00", "x" * 10_000, "x " * 10_000,
     "%", "_", "~", "\ud800", "a*b", "+", "-", ":", "\u0378", "\U000323b0 x", "NEAR(a, 2)"],
)  # fmt: skip
def test_never_raises(history: ConversationStore, query: str) -> None:
    assert isinstance(history.search(query), list)


@settings(
    max_examples=150,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    st.one_of(
        st.text(max_size=60),
        st.text(st.characters(categories=["Cs", "Cc", "Co", "Cn", "Mn", "Lo"]), max_size=20),
        st.text('"*()^+-:{}NEARORANDT ', max_size=30),
    )
)
def test_never_raises_on_arbitrary_text(history: ConversationStore, query: str) -> None:
    for hit in history.search(query, 5):
        assert hit.snippet.count("\x02") == hit.snippet.count("\x03")


def test_snippets_mark_the_match(history: ConversationStore) -> None:
    assert "\x02Ökonomie\x03" in history.search("okonomie")[0].snippet
    assert "人工\x02智能\x03研究" in "".join(hit.snippet for hit in history.search("智能"))
    hits = history.search("languages")
    assert (hits[0].message_id, hits[0].snippet) == (None, "\x02Languages\x03")


def test_newest_first_and_limited(store: ConversationStore) -> None:
    conversation = store.create_conversation(GenerationSettings())
    parent: str | None = None
    for number in range(6):
        parent = exchange(store, conversation.id, parent, f"q{number}", f"needle {number}").id
    assert [hit.snippet[-1] for hit in store.search("needle", 3)] == ["5", "4", "3"]
    assert [hit.snippet[-1] for hit in store.search("nee", 2)] == ["5", "4"]
