"""How much vectors count beside words: by the embedding model, and by the languages of the question and of what was found."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chatbot_app.core.documents import Passage
from chatbot_app.knowledge.embedder import Embedder, is_multilingual
from chatbot_app.knowledge.search.fusion import familiarity_of
from chatbot_app.knowledge.sentences.code_statements import is_of_code
from chatbot_app.knowledge.words.language import differ, language_of
from chatbot_app.knowledge.words.question_language import question_language

# Chosen over kinds of text by `fit_retrieval.py`; a flat optimum: ±0.1 changes less than one point.
VECTOR_WEIGHT = 0.55  # of a text that the embedding model knows
MULTILINGUAL_VECTOR_WEIGHT = 0.7  # of a model that knows the text whatever its language

# Cosines from which a passage is near enough to be shown to a model. Of the passages that answer, 92 % of articles, 93 % of
# abstracts, 70 % of code and 82 % in German are that near by the English model alone, by both joined 97, 94, 88 and 98 %; of
# the five nearest to a question about something else 37 and 50 % of articles, 12 and 14 % of abstracts, 7 and 4 % of reports.
COSINE_FLOOR = 0.35
MULTILINGUAL_COSINE_FLOOR = 0.3
# From one language to another everything is further off: 75 % of what answers German questions about English articles, 59 %
# of Russian ones; of what is about something else 6 and 3 %.
FOREIGN_COSINE_FLOOR = 0.2
# Share of the question, by the rarity of its words, that a sentence must hold where nothing lies that near: where none does, nothing in
# the question's own language answers it, and what is in others has none of its words.
HELD_IN_OWN_LANGUAGE = 0.5
# Familiarity from which single sentences are compared, too, and passages are read: in a language that the model half knows
# (German: .61) the vectors of sentences tell nothing more than those of passages.
KNOWN_WELL = 0.75


@dataclass(frozen=True, slots=True)
class VectorShare:
    """What vectors count for one question.

    `weight` is their share beside words, `familiarity` how well the model that compares sentences knows the
    passages, 0 to 1: 0 where they are foreign. `is_foreign`: what lies nearest is in another language than the question, so that
    words tell nothing; `is_missed`: what is in the question's own language does not answer it. `is_multilingual`: the vectors are
    of a model that knows every language.
    """

    weight: float = 0.0
    familiarity: float = 0.0
    is_foreign: bool = False
    is_multilingual: bool = False
    cosine_floor: float = COSINE_FLOOR
    is_missed: bool = False


NO_VECTORS = VectorShare()


def full_vector_weight(embedder: Embedder | None) -> float:
    """Return the share of the vectors of an embedding model where it knows the text."""
    return MULTILINGUAL_VECTOR_WEIGHT if is_multilingual(embedder) else VECTOR_WEIGHT


def vector_share(
    embedder: Embedder | None,
    question: str,
    found: Sequence[Passage],
    nearest: Sequence[Passage],
    *,
    is_unanswered: bool = False,
    familiarity_counts: bool = True,
) -> VectorShare:
    """Return what the vectors of an embedding model count for a question that found some passages, `nearest` by their vectors.

    `is_unanswered`: nothing that was found comes near it (`nothing_comes_near`); `nearest` are then also those by the model of all languages.

    Where `familiarity_counts`, those of a model for one language count the less, the fewer words of the passages it knows;
    those of a multilingual one, which compares sentences by the former, count the same in every language.
    """
    familiarity = familiarity_of(found) if familiarity_counts else 1.0
    if not is_multilingual(embedder):
        return VectorShare(VECTOR_WEIGHT * familiarity, familiarity)
    asked = language_asked(question)
    if any(differ(asked, language_in(passage)) for passage in (nearest if is_unanswered else nearest[:1])):
        return VectorShare(
            MULTILINGUAL_VECTOR_WEIGHT,
            0.0,
            is_foreign=True,
            is_multilingual=True,
            cosine_floor=FOREIGN_COSINE_FLOOR,
            is_missed=is_unanswered,
        )
    return VectorShare(
        MULTILINGUAL_VECTOR_WEIGHT, familiarity, is_multilingual=True, cosine_floor=MULTILINGUAL_COSINE_FLOOR
    )


def nothing_comes_near(cosine: float, held: float) -> bool:
    """Return whether nothing in a question's own language answers it: by the cosine of the nearest, and by the most of the question
    that one sentence of what was found has, 0 to 1."""
    return cosine < MULTILINGUAL_COSINE_FLOOR and held < HELD_IN_OWN_LANGUAGE


def language_asked(question: str) -> str:
    """Return the language of a question, as `language_of` names it."""
    return question_language(question) or language_of(question)


def language_in(passage: Passage) -> str:
    """Return the language of a passage, as `language_of` names it.

    The words of source code are English, whatever small words of other languages ("do", "as", "no") they look like.
    """
    if is_of_code(passage.context):
        return "en"
    return language_of(passage.text) or question_language(
        passage.text
    )  # a mail of three lines is as short as a question
