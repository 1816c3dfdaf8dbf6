"""What is kept of a place in a document, and where in the document as it is now that is."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from chatbot_app.core.citations import Citation
from chatbot_app.core.documents import Passage
from chatbot_app.core.trust import Quote
from chatbot_app.knowledge.places.anchoring import Span, find_anchors, says_the_same, stands_at
from chatbot_app.knowledge.words.letters import letters_of

_BEHIND = 40  # characters by which words with the same letters reach further: their last mark among them
_FEWEST_OF_SENTENCE = 20  # letters that say where a sentence stands whose passage is gone


class Fit(StrEnum):
    """How what stands at a place is what was stored."""

    SAME = ""
    SEVERAL = "several"  # it stands in more than one place, and the nearest is taken
    ALIKE = "alike"  # most of it
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class StoredPlace:
    """`text` stood at `span`; `sentence`, within it, is what is marked most. Without `text` the offsets are believed.

    `around` bounds the passage of a text that is less; `heading` (parts joined with " › ") and `page` tell places with
    the same words apart. `path` is that of the document's file.
    """

    span: Span
    text: str = ""
    sentence: Span | None = None
    around: Span | None = None
    heading: str = ""
    page: int | None = None
    path: str = ""

    @classmethod
    def of_passage(cls, passage: Passage, path: str) -> StoredPlace:
        """Return the place of a passage, as it was read from the store at some time."""
        heading = " › ".join(passage.heading_path)
        span = Span(passage.start, passage.end)
        return cls(span, passage.text, heading=heading, page=passage.page, path=path)

    @classmethod
    def of_source(cls, source: Citation | Quote) -> StoredPlace:
        """Return the place of what an answer cites or quotes, with the sentence that counts."""
        span = Span(source.start, source.end)
        around = sentence = None
        if isinstance(source, Quote):
            sentence = span
            around = Span(min(source.passage_start, source.start), max(source.passage_end, source.end))
        elif source.quote_end > source.quote_start:
            sentence = Span(source.quote_start, source.quote_end)
        return cls(span, source.text, sentence, around, source.heading, source.page, source.path)

    @property
    def words(self) -> str:
        """What was marked most: the sentence, or else all."""
        part = self.sentence
        if part is None or not self.span.start <= part.start < part.end <= self.span.end:
            return self.text
        return self.text[part.start - self.span.start : part.end - self.span.start]


@dataclass(frozen=True, slots=True)
class PresentPlace:
    """A passage and the sentence in it, in the document as it is now. Where it is GONE, `passage` is empty and only says
    where it may have been.
    """

    passage: Span
    sentence: Span | None
    fit: Fit


def present_place(text: str, passages: Sequence[Passage], stored: StoredPlace) -> PresentPlace:
    """Return where something stored stands in the text of its document, whose passages are given in their order.

    Seconds for a text of tens of megabytes that was read anew, at once for others: not for the window's thread.
    """
    span = stored.span
    if not stored.text.strip() or text[max(0, span.start) : max(0, span.end)] == stored.text:
        here = stored.around or span
        start = max(0, min(here.start, len(text)))
        passage = Span(start, max(start, min(here.end, len(text))))
        return PresentPlace(passage, _within(passage, stored.sentence), Fit.SAME)
    if stands_at(text, stored.text, span):
        return _placed(text, passages, stored, _exactly(text, stored), Fit.SAME)
    found = find_anchors(text, stored.text, span.start)
    if found.places:
        where, fit = _chosen(found.places, passages, stored)
        return _placed(text, passages, stored, where, fit)
    words = stored.words
    if words != stored.text and len(letters_of(words)[0]) >= _FEWEST_OF_SENTENCE:
        alone = find_anchors(
            text, words, stored.sentence.start if stored.sentence is not None else span.start
        )
        if alone.places:
            where, fit = _chosen(alone.places, passages, stored)
            return PresentPlace(_passages_around(passages, where, len(text)), where, fit)
    if found.alike is not None:
        return _placed(text, passages, stored, found.alike, Fit.ALIKE)
    likely = _likely(passages, stored, len(text))
    return PresentPlace(Span(likely, likely), None, Fit.GONE)


def _exactly(text: str, stored: StoredPlace) -> Span:
    """Return where words stand that begin at their old place: there may be more between them than there was."""
    start, end = max(0, stored.span.start), stored.span.end
    here = find_anchors(text[start : end + _BEHIND], stored.text, 0).places
    return Span(start + here[0].start, start + here[0].end) if here else Span(start, min(end, len(text)))


def _placed(
    text: str, passages: Sequence[Passage], stored: StoredPlace, where: Span, fit: Fit
) -> PresentPlace:
    """Return a place that was found, and in it the sentence."""
    words = stored.words
    if stored.sentence is None:
        return PresentPlace(where, None, fit)
    if words == stored.text:
        return PresentPlace(_passages_around(passages, where, len(text)), where, fit)
    inside = find_anchors(text[where.start : where.end], words, stored.sentence.start - stored.span.start)
    part = inside.places[0] if inside.places else inside.alike
    sentence = Span(where.start + part.start, where.start + part.end) if part is not None else None
    return PresentPlace(where, sentence, fit)


def _within(passage: Span, sentence: Span | None) -> Span | None:
    if sentence is None or not passage.start <= sentence.start < sentence.end <= passage.end:
        return None
    return sentence


def _chosen(places: Sequence[Span], passages: Sequence[Passage], stored: StoredPlace) -> tuple[Span, Fit]:
    """Return the place under the same heading and on the same page, of several the nearest."""
    if len(places) == 1:
        return places[0], Fit.SAME
    unlike = [_unlike(_passage_at(passages, place.start), stored) for place in places]
    least = min(unlike)
    fit = Fit.SEVERAL if unlike.count(least) > 1 else Fit.SAME
    return places[unlike.index(least)], fit


def _unlike(passage: Passage | None, stored: StoredPlace) -> int:
    """Return how little a passage is where something was stored to be: its heading says more than its page."""
    if passage is None:
        return 3
    is_elsewhere = not _is_same_heading(" › ".join(passage.heading_path), stored.heading)
    return 2 * is_elsewhere + (passage.page != stored.page)


@lru_cache(maxsize=4_096)
def _is_same_heading(one: str, other: str) -> bool:
    return one == other or says_the_same(one, other)


def _likely(passages: Sequence[Passage], stored: StoredPlace, length: int) -> int:
    """Return where something may have stood that is gone: under its heading, on its page, at its old distance."""
    near = max(0, min(stored.span.start, length))
    if not passages or not (stored.heading or stored.page is not None):
        return near
    at = _passage_at(passages, near)
    best = min(passages, key=lambda passage: (_unlike(passage, stored), abs(passage.start - near)))
    if at is None or _unlike(at, stored) > _unlike(best, stored):
        return max(0, min(best.start, length))
    return near


def _passage_at(passages: Sequence[Passage], place: int) -> Passage | None:
    number = bisect_right(passages, place, key=lambda passage: passage.start) - 1
    return passages[max(0, number)] if passages else None


def _passages_around(passages: Sequence[Passage], span: Span, length: int) -> Span:
    """Return a span widened to the passages that it begins and ends in, within a text of some length."""
    start, end = span.start, span.end
    for passage in passages:
        if passage.start < span.end and span.start < passage.end:
            start, end = min(start, passage.start), max(end, passage.end)
    return Span(max(0, start), min(end, length))
