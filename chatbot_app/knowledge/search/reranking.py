"""Passages read sentence by sentence: which comes first, which says the same, which is too far off."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from math import fsum
from typing import NamedTuple, TypeVar

from chatbot_app.core.document_fields import FieldMatch
from chatbot_app.core.documents import Evidence, Retrieval, StageScores
from chatbot_app.knowledge.search.exact_things import ExactThings
from chatbot_app.knowledge.search.vector_share import VectorShare
from chatbot_app.knowledge.sentences.code_statements import folders_above
from chatbot_app.knowledge.tables.named_rows import named_share
from chatbot_app.knowledge.words.neighbouring_words import share_held
from chatbot_app.knowledge.words.questions import is_question
from chatbot_app.knowledge.words.quoted_mail import repeats_from
from chatbot_app.knowledge.words.sentence_ends import sentence_spans
from chatbot_app.knowledge.words.word_forms import WordForms
from chatbot_app.knowledge.words.words import UNSPACED, pieces_of, stem, stems
from chatbot_app.storage.passages import PlacedPassage

# How much the best sentence counts beside words and vectors, where a question is asked: its answer mostly has the
# question's words in one sentence. What is only described ("Wrap the output to strip styles") stands anywhere.
# Chosen over kinds of text by `fit_retrieval.py`, as the weight of the vectors is; both optima are flat.
COVERAGE_OF_A_QUESTION = 1.0
COVERAGE_OF_A_STATEMENT = 0.3

# What words tell beside the best sentence, where no vectors do: the question's neighbouring words that are neighbours in
# the passage, too (Metzler & Croft 2005), and the share of all that was found which its document has (Callan 1994).
# Of what was tried from .05 to .4, by words alone, the best for six kinds of text, whichever of them is left out, and no half
# of one loses. Beside vectors they bring nothing (83.6 / 96.5 % of the answers to 623 questions about 52 articles in the
# first / five passages, with them 83.3 / 96.5), so that they count the less, the more those do.
NEIGHBOURS_WEIGHT = 0.15
DOCUMENT_WEIGHT = 0.1

# A question that names a row asks for its figures: prose about them has the same words more often.
NAMED_ROW_WEIGHT = 0.75

# Who names a thing exactly wants that thing: more than words and vectors give together. In a long statement it is
# one word among many (on retrieval/abstracts the full weight took .013 of nDCG@10, this .002).
EXACT_WEIGHT = 1.0
WORDS_OF_A_SHORT_QUESTION = 3

# What a mail repeats of another one is found there, too, where that is in the library.
REPEATED = 0.9

# A passage is shown to a model when it holds this share of the question's rare words, or is near to it (`VectorShare`).
COVERAGE_FLOOR = 0.3

_Item = TypeVar("_Item")

_SAME_TEXT = 0.9  # share of stems in common: the same passage from another version or copy
_SAME_WORDS = 0.3  # share of words as they are written, below which nobody looks at the stems


@dataclass(frozen=True, slots=True)
class ScoredPassage:
    """A passage and what each stage makes of it."""

    placed: PlacedPassage
    scores: StageScores
    match: FieldMatch = FieldMatch.NONE


class PassageReader:
    """Reads passages for one question, each once: sentence by sentence, for exact things and for named rows.

    What it finds depends on the question alone, so that passages can be read before all scores are known. Not for
    several threads.
    """

    def __init__(self, words: WordForms, exact: ExactThings | None = None, question: str = "") -> None:
        self._words = words
        self._asked = words.neighbours(question)
        self._stems = {stem(word) for word in words.words}
        self._total = fsum(words.weights.values()) or 1.0
        self._exact = exact
        self._exact_weight = EXACT_WEIGHT * min(1.0, WORDS_OF_A_SHORT_QUESTION / max(1, len(words.weights)))
        self._read: dict[int, _Read] = {}

    def read(self, place: PlacedPassage) -> _Read:
        """Return what a passage holds of the question."""
        passage = place.passage
        known = self._read.get(passage.id)
        if known is None:
            above = self._words.inside(f"{folders_above(place.path, passage.context)} {passage.context}")
            found = self._words.at(passage.text)
            held = 0.0
            if self._exact:
                held = self._exact.held_by(passage.text, place.path, place.title, passage.heading_path)
            known = self._read[passage.id] = _Read(
                self._coverage(passage.text, found, above),
                held,
                NAMED_ROW_WEIGHT * named_share(passage.text, self._stems),
                self._exact_weight * held,
                found,
            )
        return known

    def _coverage(self, text: str, found: Sequence[tuple[int, str]], above: Set[str]) -> float:
        """Return the share of the question that one sentence covers; what a mail repeats of another counts a little less."""
        whole = _best_sentence(text, found, self._words.weights, above) / self._total
        own = repeats_from(text)
        if own == len(text) or not whole:
            return whole
        said = [(at, term) for at, term in found if at < own]
        return max(
            _best_sentence(text[:own], said, self._words.weights, above) / self._total, REPEATED * whole
        )

    def neighbours_held(self, place: PlacedPassage) -> float:
        """Return the share of the question's neighbouring words that are neighbours in a passage, too."""
        if not self._asked:
            return 0.0
        held = self._words.neighbours(place.passage.text, self.read(place).found)
        return share_held(self._asked, held, self._words.weights)


class _Read(NamedTuple):
    """What a passage holds of a question: shares, what two of them add to its score, and where its words stand."""

    coverage: float
    held: float
    for_named_row: float
    for_held: float
    found: Sequence[tuple[int, str]]


def rerank(
    placed: Sequence[PlacedPassage],
    reader: PassageReader,
    fused: Mapping[int, float],
    by_words: Mapping[int, float],
    by_vectors: Mapping[int, float],
    *,
    coverage_weight: float = 1.0,
    words_alone: float = 0.0,
) -> list[ScoredPassage]:
    """Return passages, best first: the fused score, what is held exactly, and how much of the question one sentence covers.

    BM25 adds up words from anywhere in a passage; an answer mostly has them in one sentence, the rest being
    in the title or heading. `coverage_weight` is that of the sentence where all of `fused` counts 1. `words_alone`, 0 to 1, is
    how far words must do without vectors: then what stands beside each other in the question counts where it does so in
    the passage, and so does what else of its document was found.
    """
    scored = []
    for place in placed:
        passage = place.passage
        read = reader.read(place)
        scores = StageScores(
            by_words.get(passage.id),
            by_vectors.get(passage.id),
            read.coverage,
            (fused.get(passage.id, 0.0) + coverage_weight * read.coverage) / (1 + coverage_weight)
            + read.for_named_row
            + read.for_held,
            exact=read.held,
        )
        if words_alone:
            for_neighbours = words_alone * NEIGHBOURS_WEIGHT * reader.neighbours_held(place)
            scores = replace(scores, fused=scores.fused + for_neighbours)
        scored.append(ScoredPassage(place, scores))
    if words_alone:
        scored = _with_documents(scored, words_alone * DOCUMENT_WEIGHT)
    return sorted(scored, key=lambda item: (-item.scores.fused, item.placed.passage.id))


def _with_documents(scored: Sequence[ScoredPassage], weight: float) -> list[ScoredPassage]:
    """Return passages with what it counts for them that others of their document were found, too."""
    of_document: dict[str, float] = {}
    for item in scored:
        document = item.placed.passage.document_id
        of_document[document] = of_document.get(document, 0.0) + max(0.0, item.scores.fused)
    total = sum(of_document.values()) or 1.0
    return [
        replace(
            item,
            scores=replace(
                item.scores,
                fused=item.scores.fused + weight * of_document[item.placed.passage.document_id] / total,
            ),
        )
        for item in scored
    ]


def coverage_weight_of(question: str) -> float:
    """Return how much one sentence counts that covers what was asked or described."""
    return COVERAGE_OF_A_QUESTION if is_question(question) else COVERAGE_OF_A_STATEMENT


def _best_sentence(
    text: str, found: Sequence[tuple[int, str]], query: Mapping[str, float], above: Set[str]
) -> float:
    """Return the weight of the query's terms that one sentence holds, or the headings `above` it."""
    # Exactly rounded: in whatever order a set gives them, so that equals stay equal.
    weight_above = fsum(query[term] for term in above)
    best = weight_above
    if found and weight_above + fsum(query[term] for term in {term for _at, term in found} - above) > best:
        place = 0
        for start, end in sentence_spans(text, 0, len(text)):
            inside: set[str] = set()
            while place < len(found) and found[place][0] < end:
                if found[place][0] >= start:
                    inside.add(found[place][1])
                place += 1
            if inside:
                best = max(best, weight_above + fsum(query[term] for term in inside - above))
            if place == len(found):
                break
    return best


def with_first_of_each(
    scored: Sequence[ScoredPassage],
    limit: int,
    by_words: Mapping[int, float],
    by_vectors: Mapping[int, float],
) -> list[ScoredPassage]:
    """Return `scored` with what either list puts first moved to the end of the best `limit`, if it is below.

    What only one of them knows (a paraphrase, a rare name) else drowns among what both half know. On
    retrieval/wikipedia it wins 3 of 623 questions within five (95.8 → 96.3 %); it was chosen on these same
    questions, among many variants, so that the gain is not shown for others.
    """
    ranked = list(scored)
    firsts = {max(scores, key=scores.__getitem__) for scores in (by_words, by_vectors) if scores}
    if limit <= 2 * len(firsts):
        return ranked
    return _moved_to_end(ranked, limit, lambda item: item.placed.passage.id in firsts)


def best_for_model(retrieval: Retrieval, limit: int) -> list[Evidence]:
    """Return the `limit` passages of a search for more that a model is shown, best first.

    What either list put first comes along, as in `with_first_of_each` for a search with that limit; not where the
    question asks about several documents, whose passages come first.
    """
    ranked = list(retrieval.evidence)
    if retrieval.asked is not None and retrieval.asked.several:
        return ranked[:limit]
    meant = [item for item in ranked if item.match is not FieldMatch.DIFFERS]
    firsts = [_first(meant, [item.scores.keyword for item in meant])]
    if retrieval.vector_weight > 0:
        firsts.append(_first(meant, [item.scores.vector for item in meant]))
    if limit > 2 * len(firsts):
        ranked = _moved_to_end(ranked, limit, lambda item: item in firsts)
    return ranked[:limit]


def _moved_to_end(ranked: Sequence[_Item], limit: int, is_first: Callable[[_Item], bool]) -> list[_Item]:
    """Return the items with those that are first somewhere at the end of the best `limit`, if they are below."""
    late = [item for item in ranked[limit:] if is_first(item)]
    rest = [*ranked[:limit], *(item for item in ranked[limit:] if not is_first(item))]
    return [*rest[: limit - len(late)], *late, *rest[limit - len(late) :]]


def _first(items: Sequence[Evidence], scores: Sequence[float | None]) -> Evidence | None:
    """Return the item with the greatest score, None where none has one."""
    known = [(score, -place) for place, score in enumerate(scores) if score is not None]
    return items[-max(known)[1]] if known else None


def apart_from_copies(
    scored: Sequence[ScoredPassage],
    limit: int,
    share: VectorShare,
    *,
    several: bool = False,
    named: Collection[int] = (),
) -> tuple[list[Evidence], list[Evidence]]:
    """Return (evidence, what lies below the floor), without passages that say the same as a better one.

    The better one names the documents of those that are left out. What is `named`, by the ids of passages, is never below. Where `several` documents are asked for, what
    two of them say in the same words counts twice.
    """
    kept: list[Evidence] = []
    below: list[Evidence] = []
    seen: list[tuple[_Words, ScoredPassage]] = []
    also_in: dict[int, dict[str, None]] = {}
    for item in scored:
        if len(kept) + len(below) >= limit:
            break
        passage = item.placed.passage
        words = _Words(passage.text)
        same = next((other for known, other in seen if words.says_same(known)), None)
        if same is not None and not (several and _told_apart(item, same)):
            if same.placed.passage.document_id != passage.document_id:
                also_in.setdefault(same.placed.passage.id, {})[item.placed.title] = None
            continue
        seen.append((words, item))
        placed = item.placed
        evidence = Evidence(passage, placed.title, placed.path, item.scores, placed.fields, item.match)
        near = (item.scores.vector or 0.0) >= share.cosine_floor and share.weight > 0
        holds = item.scores.coverage >= COVERAGE_FLOOR or item.scores.exact > 0 or passage.id in named
        (kept if near or holds else below).append(evidence)
    return _naming(kept, also_in), _naming(below, also_in)


def _told_apart(first: ScoredPassage, second: ScoredPassage) -> bool:
    """Whether both are asked for and their documents' fields say which is which."""
    asked = FieldMatch.FITS, FieldMatch.ALSO
    return (
        first.match in asked
        and second.match in asked
        and first.placed.passage.document_id != second.placed.passage.document_id
        and _identity(first) != _identity(second)
    )


def _identity(item: ScoredPassage) -> tuple[str, str, str]:
    fields = item.placed.fields
    return fields.company, fields.period, fields.date


def _naming(evidence: Sequence[Evidence], also_in: Mapping[int, Mapping[str, None]]) -> list[Evidence]:
    return [
        replace(item, also_in=tuple(also_in[item.passage.id])) if item.passage.id in also_in else item
        for item in evidence
    ]


class _Words:
    """The words of a passage; their stems are looked at only where another one has many of the same."""

    def __init__(self, text: str) -> None:
        self._text = text
        # Without spaces, one other character makes another piece of a whole clause.
        self._is_spaced = text.isascii() or not UNSPACED.search(text)
        self._words = frozenset(pieces_of(text.casefold()))
        self._stems: set[str] | None = None

    def says_same(self, other: _Words) -> bool:
        """Whether both are the same text, but for a word here and there and its forms."""
        are_spaced = self._is_spaced and other._is_spaced
        if are_spaced and _overlap(self._words, other._words) < _SAME_WORDS:
            return False
        return _overlap(self._stemmed(), other._stemmed()) >= _SAME_TEXT

    def _stemmed(self) -> set[str]:
        if self._stems is None:
            self._stems = stems(self._text)
        return self._stems


def _overlap(first: Set[str], second: Set[str]) -> float:
    common = len(first & second)
    return common / max(1, len(first) + len(second) - common)
