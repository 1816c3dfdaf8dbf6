"""Passages: exact places, whole sentences, headings and table headers as context."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatbot_app.core.documents import ParsedDocument
from chatbot_app.knowledge.formats.blocks import code_blocks, markdown_blocks, plain_blocks, values_blocks
from chatbot_app.knowledge.splitting.packing import MAX_CHARACTERS, PASSAGE_TOKENS
from chatbot_app.knowledge.splitting.splitter import Splitter
from chatbot_app.knowledge.words.sentence_ends import sentence_spans
from tests.unit.knowledge.conftest import word_starts


def split(text: str, blocks=markdown_blocks, title: str = "Title"):
    return list(Splitter(word_starts).split(ParsedDocument(title, text, blocks(text), "text/plain")))


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        (
            "It is tall [2]. It is old [1, 3]. So it is.",
            ["It is tall [2].", "It is old [1, 3].", "So it is."],
        ),
        ("Dr. Who met Mr. Smith. They left.", ["Dr. Who met Mr. Smith.", "They left."]),
        ("Am 3. Oktober war es z. B. kalt. Ja!", ["Am 3. Oktober war es z. B. kalt.", "Ja!"]),
        ("黑豹队赢了。他们很高兴！真的？", ["黑豹队赢了。", "他们很高兴！", "真的？"]),
        ("It cost 3.50 in 2015. Then more.", ["It cost 3.50 in 2015.", "Then more."]),
        ("One\nTwo", ["One", "Two"]),
        (
            "- first item of a list that is rather long\n- second",
            ["- first item of a list that is rather long", "- second"],
        ),
        (
            "A sentence that was wrapped by hand at the\nEnd of a line. And another\none.",
            ["A sentence that was wrapped by hand at the\nEnd of a line.", "And another\none."],
        ),
    ],
)
def test_sentences_end_where_people_end_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text, 0, len(text))] == sentences


@settings(max_examples=60)
@given(
    st.text(alphabet="ab .!?\n#|`é黑。\t0", max_size=600),
    st.sampled_from([markdown_blocks, plain_blocks, code_blocks, values_blocks]),
)
def test_every_character_is_in_exactly_one_passage(text: str, blocks) -> None:
    drafts = split(text, blocks)
    covered = np.zeros(len(text), int)
    for draft in drafts:
        assert draft.text == text[draft.start : draft.end]
        assert len(draft.text) <= MAX_CHARACTERS
        covered[draft.start : draft.end] += 1
    assert covered.max(initial=0) <= 1
    for block in blocks(text):
        for place in range(block.start, block.end):
            if not text[place].isspace():
                fence = text[block.start : block.end]
                assert covered[place] == 1 or "```" in fence, (text, place)


def test_a_long_paragraph_is_cut_between_sentences_into_even_passages() -> None:
    text = " ".join(f"Sentence number {n} says something about the matter at hand." for n in range(60))
    drafts = split(text)
    assert len(drafts) > 3
    assert all(draft.text.endswith(".") and draft.text.startswith("Sentence") for draft in drafts)
    lengths = [len(draft.text) for draft in drafts]
    assert max(lengths) - min(lengths) < 250


def test_a_sentence_longer_than_a_passage_is_cut_and_nothing_lost() -> None:
    text = "word " * 2000
    drafts = split(text)
    assert "".join(draft.text for draft in drafts).split() == text.split()
    assert all(len(word_starts(draft.text)) <= PASSAGE_TOKENS for draft in drafts)


def test_fifty_thousand_characters_without_a_space_are_cut() -> None:
    drafts = split("x" * 50_000)
    assert sum(len(draft.text) for draft in drafts) == 50_000


def test_headings_are_the_context_and_part_passages() -> None:
    drafts = split("# One\n\nFirst.\n\n## Deep\n\nSecond.\n\n# Two\n\nThird.\n")
    assert [(draft.context, draft.text) for draft in drafts] == [
        ("Title › One", "# One\n\nFirst."),
        ("Title › One › Deep", "## Deep\n\nSecond."),
        ("Title › Two", "# Two\n\nThird."),
    ]


def test_every_passage_of_a_table_knows_its_header() -> None:
    rows = "\n".join(f"| {n} | name {n} | some text that fills the row |" for n in range(200))
    drafts = split("| id | name | text |\n| --- | --- | --- |\n" + rows)
    assert len(drafts) > 5
    assert all("| id | name | text |" in draft.context for draft in drafts)
    assert all(
        line.startswith("|") and line.endswith("|") for draft in drafts for line in draft.text.split("\n")
    )


def test_a_passage_stands_on_one_page() -> None:
    text = "First page.\n\nSecond page."
    blocks = markdown_blocks(text, page_of={0: 1, 13: 2})
    drafts = list(Splitter(word_starts).split(ParsedDocument("t", text, blocks, "application/pdf", 2)))
    assert [(draft.page, draft.text) for draft in drafts] == [(1, "First page."), (2, "Second page.")]


def test_a_long_text_without_headings_is_cut_as_it_is_read() -> None:
    """A book in one section: its first passages do not wait for its last page, and the work grows with its length."""
    sentences = [f"Sentence {n} tells of the {n}th wonder of the valley." for n in range(12_000)]
    paragraphs = [" ".join(sentences[n : n + 3]) for n in range(0, len(sentences), 3)]
    read = 0

    def token_starts(text: str) -> Any:
        nonlocal read
        read += len(text)
        return word_starts(text)

    for text in ("\n\n".join(paragraphs), " ".join(sentences)):
        read = 0
        document = ParsedDocument("", text, markdown_blocks(text), "text/plain")
        passages = Splitter(token_starts).split(document)
        first = next(passages)
        assert first.start == 0
        assert read < len(text) / 3
        rest = [first, *passages]
        assert "".join("".join(one.text.split()) for one in rest) == "".join(text.split())
        assert all(one.end <= following.start for one, following in pairwise(rest))
        assert read < 1.1 * len(text)
        lengths = [len(one.text) for one in rest]
        assert min(lengths[:-1]) > 300


def test_a_script_that_the_model_spells_out_is_cut_as_long_as_others() -> None:
    """A token of the English model is one Russian letter: 256 of them are two sentences."""

    def letters(text: str) -> Any:
        return np.array([place for place, c in enumerate(text) if not c.isspace()], np.int64)

    sentence = "Защита уступила только триста очков и заняла шестое место в лиге. "
    text = (sentence * 40).strip()
    document = ParsedDocument("", text, plain_blocks(text), "text/plain")
    drafts = list(Splitter(letters).split(document))
    assert "".join(draft.text for draft in drafts).replace(" ", "") == text.replace(" ", "")
    lengths = [len(draft.text) for draft in drafts]
    assert min(lengths) > 400
    assert max(lengths) <= 960
    assert all(draft.text.endswith(".") for draft in drafts)
