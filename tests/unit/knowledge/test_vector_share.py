"""What vectors count beside words: by the model, by what it knows, by the languages of question and text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.embedder import Vectors, checked_vectors, is_multilingual
from chatbot_app.knowledge.search.retriever import Retriever
from chatbot_app.knowledge.search.vector_share import (
    COSINE_FLOOR,
    FOREIGN_COSINE_FLOOR,
    MULTILINGUAL_COSINE_FLOOR,
    MULTILINGUAL_VECTOR_WEIGHT,
    VECTOR_WEIGHT,
    full_vector_weight,
    language_in,
    nothing_comes_near,
    vector_share,
)
from tests.unit.knowledge.conftest import HashEmbedder, Library, SentenceEmbedder

ENGLISH = "The bridge was designed by Ottmar Ammann, and the work on it began in 1927."
GERMAN = "Die Brücke wurde von Ottmar Ammann entworfen, und die Arbeit an ihr begann im Jahr 1927."
ASKED, GEFRAGT = "Who was the bridge designed by?", "Von wem wurde die Brücke entworfen?"


class Multilingual(SentenceEmbedder):
    is_multilingual = True


def passage(text: str, familiarity: float = 1.0) -> Passage:
    return Passage(1, "d1", 0, 0, len(text), text, None, (), "", familiarity)


@pytest.mark.parametrize("familiarity", [0.0, 0.4, 1.0])
def test_vectors_of_a_model_for_one_language_count_as_far_as_it_knows_the_words(familiarity: float) -> None:
    near = passage(ENGLISH, familiarity)
    share = vector_share(HashEmbedder(), ASKED, [near], [near])
    assert (share.weight, share.familiarity) == (VECTOR_WEIGHT * familiarity, familiarity)
    assert (share.is_foreign, share.cosine_floor) == (False, COSINE_FLOOR)
    assert not share.is_multilingual


def test_of_a_server_nobody_knows_which_words_its_model_knows() -> None:
    near = passage(GERMAN, 0.1)
    share = vector_share(HashEmbedder(), GEFRAGT, [near], [near], familiarity_counts=False)
    assert (share.weight, share.familiarity) == (VECTOR_WEIGHT, 1.0)


@pytest.mark.parametrize("familiarity", [0.0, 0.4, 1.0])
def test_vectors_of_a_multilingual_model_count_the_same_in_every_language(familiarity: float) -> None:
    near = passage(GERMAN, familiarity)
    share = vector_share(Multilingual(), GEFRAGT, [near], [near])
    # Sentences are compared by the model for one language: only where that knows them.
    assert (share.weight, share.familiarity) == (MULTILINGUAL_VECTOR_WEIGHT, familiarity)
    assert (share.is_foreign, share.cosine_floor) == (False, MULTILINGUAL_COSINE_FLOOR)
    assert share.is_multilingual
    assert full_vector_weight(Multilingual()) == MULTILINGUAL_VECTOR_WEIGHT


@pytest.mark.parametrize(
    ("question", "text"),
    [
        (GEFRAGT, ENGLISH),
        (ASKED, GERMAN),
        ("Кто спроектировал мост?", ENGLISH),
        ("这座桥是谁设计的?", ENGLISH),
    ],
)
def test_what_is_written_in_another_language_than_asked_in_is_nearer_than_it_looks(
    question: str, text: str
) -> None:
    share = vector_share(Multilingual(), question, [passage(text)], [passage(text)])
    assert share.is_foreign
    assert share.familiarity == 0.0  # words and sentences of one language tell nothing of the other
    assert share.cosine_floor == FOREIGN_COSINE_FLOOR
    assert not vector_share(HashEmbedder(), question, [passage(text)], [passage(text)]).is_foreign


@pytest.mark.parametrize("question", [ASKED, "Ottmar Ammann", "bridge 1927", ""])
def test_names_and_keywords_are_in_no_other_language(question: str) -> None:
    assert not vector_share(Multilingual(), question, [passage(ENGLISH)], [passage(ENGLISH)]).is_foreign


@pytest.mark.parametrize(
    ("cosine", "held", "missed"),
    [(0.1, 0.2, True), (MULTILINGUAL_COSINE_FLOOR, 0.2, False), (0.1, 0.5, False)],
)
def test_where_nothing_in_its_own_language_answers_a_question_others_are_looked_at(
    cosine: float, held: float, missed: bool
) -> None:
    near = [passage(ENGLISH), passage(GERMAN)]
    assert nothing_comes_near(cosine, held) is missed
    share = vector_share(Multilingual(), ASKED, near, near, is_unanswered=nothing_comes_near(cosine, held))
    assert (share.is_foreign, share.is_missed) == (missed, missed)
    alone = vector_share(Multilingual(), ASKED, near[:1], near[:1], is_unanswered=missed)
    assert not alone.is_foreign  # of one language there is nothing else to look at


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Hola, Diego: Tu solicitud ha sido concedida. Debes entregarla antes de octubre.", "es"),
        ("Gentile signora Conti, le invio il preventivo della caldaia.", "it"),
        ("Total net sales 81,797", ""),
    ],
)
def test_the_language_of_a_short_mail_is_told_as_that_of_a_question(text: str, language: str) -> None:
    assert language_in(passage(text)) == language


def test_source_code_is_english_whatever_its_small_words_look_like() -> None:
    code = Passage(
        1, "d1", 0, 0, 40, "if do: no = as_se(do) and no is o or e", None, (), "run.py › main", 1.0
    )
    assert language_in(code) == "en"


def test_only_an_embedding_model_that_says_so_is_multilingual() -> None:
    assert is_multilingual(Multilingual())
    assert not is_multilingual(HashEmbedder())
    assert not is_multilingual(None)


def test_a_search_compares_no_sentence_with_a_question_in_another_language(library, tmp_path) -> None:
    texts = {
        "watt": "Watt made the first steam engine of iron.",
        "iron": "The steam engine there was made of iron.",
        "coal": "Coal is black and it was in the ground.",
        "mill": "The engine drives the mill and the saw.",
    }
    for name, text in texts.items():
        path = tmp_path / f"{name}.txt"
        path.write_text(text, encoding="utf-8")
        library.add(path, HashEmbedder())
    for model, looked_at in ((SentenceEmbedder(), [True, True]), (Multilingual(), [True, False])):
        looked = []
        for question in ("Who made the steam engine of iron?", "Von wem wurde die Steam Engine gemacht?"):
            model.asked.clear()
            found = Retriever(library.passages, model).search(question)
            looked.append(bool(model.asked))
            assert found.is_multilingual is is_multilingual(model)
            assert found.is_foreign is (is_multilingual(model) and question.startswith("Von"))
        assert looked == looked_at


MEANT = {"hund": "dog", "schlaft": "sleep", "schläft": "sleep", "keller": "cellar"}


class Joined(HashEmbedder):
    """Two halves: of the words as they are, and of what they mean in any language."""

    is_multilingual = True

    def embed(self, texts: Sequence[str]) -> Vectors:
        meant = [
            " ".join(MEANT.get(word, word) for word in re.findall(r"\w+", text.casefold())) for text in texts
        ]
        half = HashEmbedder(dimension=self.model.dimension // 2)
        halves = np.concatenate([half.embed(texts), half.embed(meant)], axis=1)
        return checked_vectors(halves, len(texts), self.model)


def test_what_only_another_language_answers_is_found_among_much_in_the_questions_own(
    library: Library, tmp_path: Path
) -> None:
    """Of a passage in another language half of a joined vector says nothing, and of others it says what is beside the question."""
    texts = [
        f"The office plan of the year {year} has a report on the dog show, budgets, chairs, lamps and doors."
        for year in range(1950, 1990)
    ]
    texts.append("Der alte Hund schläft im Keller, und niemand geht dort an ihm vorbei.")
    model = Joined(dimension=8192)  # no two words in one place
    for number, text in enumerate(texts):
        path = tmp_path / f"{number}.txt"
        path.write_text(text, encoding="utf-8")
        library.add(path, model)
    found = Retriever(library.passages, model).search("Does the dog sleep in the cellar?")
    assert (found.is_foreign, found.is_missed) == (True, True)
    assert found.evidence[0].title == "40"
    known = Retriever(library.passages, model).search("What is the office plan of 1971?")
    assert not known.is_missed
    assert "1971" in known.evidence[0].passage.text
