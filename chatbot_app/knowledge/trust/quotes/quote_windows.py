"""Which runs of sentences are quoted: where the answer most probably stands, within a quote's length."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from chatbot_app.core.documents import Evidence
from chatbot_app.knowledge.sentences.quotable_sentences import Sentence
from chatbot_app.knowledge.trust.quotes.quote_features import Features

LONGEST_QUOTE = (520, 200, 150)  # characters of the first, second and further quotes
# Characters of the first and of further quotes with all of the sentences that they hold a piece of.
LONGEST_WHOLE = (900, 450)
MOST_SENTENCES = 4  # in one quote
# Of how probably a quote holds the answer, for each paragraph that it takes from: less, and it only makes the quote longer. From a
# twentieth on answers are lost (`bench_answers asked`); articles are the same for any value up to 0.1.
OF_ANOTHER_PARAGRAPH = 0.02
BEHIND_ALL = 20.0  # of a title, below the least of what says something: it makes no quote more probable
WORTH_QUOTING = 0.01  # how probable a further quote must be that it holds the answer, beside the first


def titles_last(scores: Features, sentences: Sequence[Sentence], evidence: Sequence[Evidence]) -> Features:
    """Return scores, shape (sentences,), with the headings that stand above their whole passage behind all other sentences.

    Such a title has the names of a question and none of its answer; what stands below it has them by its context. A comment above a
    setting ("# seconds until it gives up") and a heading within a passage are in no context, and tell what comes.
    """
    titles = np.array([_is_title(one, evidence[one.source].passage.heading_path) for one in sentences])
    if titles.all() or not titles.any():
        return scores
    lowest = scores[~titles].min() - BEHIND_ALL
    behind: Features = np.where(titles, np.minimum(scores, lowest), scores)
    return behind


def _is_title(sentence: Sentence, headings: Sequence[str]) -> bool:
    return sentence.is_heading and all(
        line.strip(" #\t\r") in headings for line in sentence.text.split("\n") if line.strip()
    )


def chosen_windows(
    sentences: Sequence[Sentence], scores: Features, limit: int, apart: npt.NDArray[np.intp] | None = None
) -> list[tuple[int, int]]:
    """Return (first, last) sentence of the quotes, best first; with `apart` the best of each of its numbers before others.

    A quote is the run of sentences of one passage that most probably holds the answer, within its length: the
    softmax of the scores is how probable each sentence is, as they were fitted. What most probably holds nothing is not
    quoted, unless a document was asked for that nothing else is quoted from.
    """
    probable = np.exp(scores - scores.max())
    chosen: list[tuple[int, int]] = []
    best = 0.0
    free = np.ones(len(sentences), bool)
    waiting = np.zeros(len(sentences), bool) if apart is None else apart >= 0
    while len(chosen) < limit and free.any():
        longest = LONGEST_QUOTE[min(len(chosen), len(LONGEST_QUOTE) - 1)]
        begins = free & waiting if (free & waiting).any() else free
        runs = [
            run for first in np.flatnonzero(begins) for run in _runs(sentences, free, int(first), longest)
        ]
        if not runs and begins is free:
            break  # nothing but headings is left
        if not runs:
            waiting[:] = False
            continue
        held = {(first, last): _worth(sentences, probable, first, last) for first, last in runs}
        # The shorter of two that are as good: a neighbour that adds nothing is left out.
        first, last = max(runs, key=lambda run: (round(held[run], 6), run[0] - run[1]))
        best = best or held[first, last]
        if begins is free and held[first, last] < WORTH_QUOTING * best:
            break
        whole = LONGEST_WHOLE[min(len(chosen), len(LONGEST_WHOLE) - 1)]
        first, last = _whole(sentences, free, first, last, whole)
        free[first : last + 1] = False
        if apart is not None:
            waiting &= apart != apart[first]
        chosen.append((first, last))
    return chosen


def _whole(
    sentences: Sequence[Sentence], free: npt.NDArray[np.bool_], first: int, last: int, longest: int
) -> tuple[int, int]:
    """Return a run with the other pieces of the sentences that it begins and ends with, as far as that is read at a glance: to the
    sentence's own end or a semicolon, and from its beginning or behind one.

    A sentence of law is cut for being compared; who reads half of it does not know under which condition it holds.
    """
    source, begins, ends = sentences[first].source, sentences[first].piece_of, sentences[last].piece_of
    stop, place = last, last
    while (
        ends is not None
        and place + 1 < len(sentences)
        and free[place + 1]
        and not _is_closed(sentences[place])
    ):
        place += 1
        if not _is_piece(sentences[place], source, ends):
            break
        if sentences[place].end - sentences[first].start > longest:
            break
        stop = place if _is_closed(sentences[place]) else stop
    start, place = first, first
    while begins is not None and place and free[place - 1] and sentences[place].start > begins[0]:
        place -= 1
        if not _is_piece(sentences[place], source, begins) or _is_closed(sentences[place]):
            start = place + 1
            break
        if sentences[stop].end - sentences[place].start > longest:
            break
        start = place if sentences[place].start == begins[0] else start
    return start, stop


def _is_closed(sentence: Sentence) -> bool:
    """Whether a sentence, or a piece of one, ends where one can stop reading."""
    whole = sentence.piece_of
    return whole is None or sentence.end >= whole[1] or sentence.text.rstrip().endswith((";", ":"))


def _is_piece(sentence: Sentence, source: int, whole: tuple[int, int]) -> bool:
    return sentence.source == source and sentence.piece_of == whole


def _worth(sentences: Sequence[Sentence], probable: Features, first: int, last: int) -> float:
    """Return how probably a run holds the answer; little where another paragraph comes along that hardly adds to it."""
    worth = float(probable[first : last + 1].sum())
    by_paragraph: dict[int, float] = {}
    for place in range(first, last + 1):
        if not sentences[place].is_heading:
            number = sentences[place].paragraph
            by_paragraph[number] = by_paragraph.get(number, 0.0) + float(probable[place])
    return worth if min(by_paragraph.values(), default=worth) >= OF_ANOTHER_PARAGRAPH * worth else 0.0


def _runs(
    sentences: Sequence[Sentence], free: npt.NDArray[np.bool_], first: int, longest: int
) -> Iterator[tuple[int, int]]:
    """Yield the runs that begin with a sentence; it may be longer than a quote by itself, together they may not."""
    start = sentences[first]
    for last in range(first, min(len(sentences), first + MOST_SENTENCES)):
        end = sentences[last]
        is_long = last > first and end.end - start.start > longest
        is_apart = last > first and not _belong_together(start, end)
        if not free[last] or end.source != start.source or is_long or is_apart:
            return
        if end.is_heading:
            if not all(one.is_heading for one in sentences[first:last]):
                return  # another section begins
            if not all(one.is_heading for one in sentences):
                continue  # what it is the heading of comes after it
        yield first, last


def _belong_together(first: Sentence, second: Sentence) -> bool:
    """Whether two sentences may be one quote: both prose, or both rows of a list of labels."""
    if first.is_row and second.is_row:
        return bool(first.value and second.value)
    return not (first.stands_alone or second.stands_alone)
